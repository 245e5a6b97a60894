# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a tenant may have: sums over all its hosts, and kinds of things it may use. All violations are said at once."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._demand import bytes_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._sizes import describe_size

SIZES = ("memory", "volume_size")
LIMITS = ("instances", "vcpus", "memory", "volumes", "volume_size", "networks", "addresses", "images")
RESTRICTIONS = ("networks", "images", "devices")


def check(demand, quota, restrictions, prunes):
    """
    :param prunes: whether what the tenant has and no longer declares goes, and so does not count
    """
    _refuse_unknown("quota", quota, LIMITS)
    _refuse_unknown("restrictions", restrictions, RESTRICTIONS)
    wrong = list(_unstated(demand, quota)) + list(_exceeded(demand, quota, prunes)) + list(_forbidden(demand, restrictions))
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


def _exceeded(demand, quota, prunes):
    sums = usage(demand, prunes)
    for name in LIMITS:
        if quota.get(name) is None:
            continue
        limit = bytes_of("quota." + name, quota[name], 0) if name in SIZES else int(quota[name])
        if sums[name] > limit:
            told = describe_size if name in SIZES else str
            yield "%s: %s in sum, %s allowed" % (name, told(sums[name]), told(limit))


def usage(demand, prunes=False):
    """What the tenant has after the run, over all hosts."""
    vms = [entry.options for entry in demand.entries]
    volumes = demand.options.get("volumes") or []
    made = [disk for vm in vms for disk in vm.get("disks") or [] if disk.get("image")]
    kept = [] if prunes else _undeclared(demand)
    interfaces = [one for vm in vms for one in vm.get("interfaces") or []]
    return {
        "instances": len(vms) + len(kept),
        "vcpus": sum(int(vm.get("vcpus") or 0) for vm in vms) + sum(vm["vcpus"] for vm in kept),
        "memory": sum(bytes_of("memory", vm.get("memory"), 0) for vm in vms) + sum(vm["memory"] for vm in kept),
        "volumes": len(volumes) + len(made),
        "volume_size": sum(bytes_of("size", one.get("size"), 0) for one in volumes + made),
        "networks": len(demand.options.get("networks") or []),
        "addresses": sum(1 for one in interfaces if one.get("address")),
        "images": len({disk["image"] for disk in made} | {one["name"] for one in demand.options.get("images") or []}),
    }


def _undeclared(demand):
    """VMs of the tenant that the declaration says nothing about."""
    declared = {demand.scoped(entry.name) for entry in demand.entries}
    return [vm for vm in demand.existing() if vm["name"] not in declared]


def _forbidden(demand, restrictions):
    own = {one["name"] for one in demand.options.get("networks") or []}
    kinds = {name for name, field in Vm.fields().items() if field.option and (field.path or "").startswith("devices/")}
    for entry in demand.entries:
        said = entry.options
        for interface in said.get("interfaces") or []:
            plugged = interface.get("network") or interface.get("bridge")
            if "networks" in restrictions and plugged not in own and plugged not in restrictions["networks"]:
                yield "networks: the VM '%s' is plugged into '%s', allowed are its own%s" % (
                    entry.name, plugged, "".join(" and '%s'" % name for name in restrictions["networks"]))
        for disk in said.get("disks") or []:
            if "images" in restrictions and disk.get("image") and disk["image"] not in restrictions["images"]:
                yield "images: the VM '%s' has a disk of '%s', allowed are: %s" % (entry.name, disk["image"], ", ".join(restrictions["images"]) or "none")
        for name in sorted(kinds & set(said)):
            if "devices" in restrictions and said[name] and name not in restrictions["devices"]:
                yield "devices: the VM '%s' has %s, allowed are: %s" % (entry.name, name, ", ".join(restrictions["devices"]) or "none")
