# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much a tenant may have, as sums over all its hosts. All violations are said at once."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement import _restrictions
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._demand import bytes_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._sizes import describe_size

SIZES = ("memory", "volume_size")
LIMITS = ("instances", "vcpus", "memory", "volumes", "volume_size", "networks", "addresses", "images")


class Leaving:
    """What the tenant has and no longer declares, and which does not count because the run removes it."""

    def __init__(self, prunes=False, prunes_volumes=False):
        self.vms = self.networks = prunes
        self.volumes = prunes and prunes_volumes


def check(demand, quota, restrictions, leaving):
    _refuse_unknown("quota", quota, LIMITS)
    _refuse_unknown("restrictions", restrictions, _restrictions.KINDS)
    wrong = list(_unstated(demand, quota)) + list(_exceeded(demand, quota, leaving)) + list(_restrictions.broken(demand, restrictions))
    if wrong:
        raise Refusal("quota_exceeded", "The tenant '%s' would have what it may not: %s" % (demand.name, "; ".join(wrong)),
                      hint="Declare less, or have the quota raised.")


def _refuse_unknown(option, given, known):
    for name in sorted(set(given) - set(known)):
        raise Refusal("invalid_option", "%s: there is no '%s'" % (option, name), hint="There are: %s." % ", ".join(known))


def _unstated(demand, quota):
    """Only what is said can be counted: defaults would make it up."""
    for entry in demand.entries:
        for option in ("vcpus", "memory"):
            if option in quota and not entry.options.get(option):
                yield "%s: the VM '%s' must state it, it is limited" % (option, entry.name)
        if "volume_size" in quota:
            for disk in entry.options.get("disks") or []:
                if disk.get("image") and not disk.get("size"):
                    yield "size: the disk of image '%s' of the VM '%s' must state it, volume_size is limited" % (disk["image"], entry.name)
    if "volume_size" in quota:
        for volume in demand.volumes:
            if not volume.get("size"):
                yield "size: the volume '%s' must state it, volume_size is limited" % volume["name"]


def _exceeded(demand, quota, leaving):
    sums = usage(demand, leaving)
    for name in LIMITS:
        if quota.get(name) is None:
            continue
        limit = bytes_of("quota." + name, quota[name], 0) if name in SIZES else int(quota[name])
        if sums[name] > limit:
            told = describe_size if name in SIZES else str
            yield "%s: %s in sum, %s allowed" % (name, told(sums[name]), told(limit))


def usage(demand, leaving):
    """What the tenant has after the run, over all hosts."""
    vms = [entry.options for entry in demand.entries]
    made = [disk for vm in vms for disk in vm.get("disks") or [] if disk.get("image")]
    kept = {kind: [] if getattr(leaving, kind) else _undeclared(demand, kind) for kind in ("vms", "networks", "volumes")}
    interfaces = [one for vm in vms for one in vm.get("interfaces") or []]
    return {
        "instances": len(vms) + len(kept["vms"]),
        "vcpus": sum(int(vm.get("vcpus") or 0) for vm in vms) + sum(vm["vcpus"] for vm in kept["vms"]),
        "memory": sum(bytes_of("memory", vm.get("memory"), 0) for vm in vms) + sum(vm["memory"] for vm in kept["vms"]),
        "volumes": len(demand.volumes) + len(made) + len(kept["volumes"]),
        "volume_size": (sum(bytes_of("size", one.get("size"), 0) for one in demand.volumes + made)
                        + sum(one.get("size") or 0 for one in kept["volumes"])),
        "networks": len(demand.networks) + len(set(kept["networks"])),
        "addresses": sum(1 for one in interfaces if one.get("address")) + sum(vm.get("addresses", 0) for vm in kept["vms"]),
        "images": len({disk["image"] for disk in made} | {one["name"] for one in demand.images}),
    }


def _undeclared(demand, kind):
    """What the tenant has and the declaration says nothing about, as host_info tells of it."""
    declared = demand.names_on_host(kind)
    return [one for one in demand.existing(kind) if (one if kind == "networks" else one["name"]) not in declared]
