# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From an environment's declaration to VMs that want hosts, and from their hosts to what each host needs for them."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _groups
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._field_error import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk import Disk
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool import DEFAULT_POOL
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._hardware import Hardware
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._state import Wanted
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_policy import MEMORY, VCPUS
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_spec import made_volume
from ansible_collections.tinycloud.libvirt.plugins.module_utils._sizes import size_in_bytes

WISHES = ("host", "zone", "tags", "together_with", "apart_from", "max_per_host", "prefer_together_with", "prefer_apart_from")


class Demand:
    """
    :param options: the environment: ``name``, ``vms``, ``profiles``, ``flavors``, ``pools``, ``images``, ``networks``, ``volumes``
    :param facts: {name of a host: the result ``host`` of host_info}
    """

    def __init__(self, options, facts):
        self.name = options["name"]
        self.options = options
        self._facts = facts
        try:
            entries = _groups.expanded(options.get("vms"), options.get("profiles"), options.get("flavors"))
        except FieldError as error:
            raise Refusal("invalid_option", "%s: %s" % (error.option_path, error.message)) from None
        self.entries = [entry for entry in entries if entry.options.get("state") != "absent"]
        self._leaving = [entry.name for entry in entries if entry.options.get("state") == "absent"]
        self.networks, self.volumes, self.images = (
            [one for one in options.get(kind) or [] if one.get("state") != "absent"] for kind in ("networks", "volumes", "images"))
        self._networks = {one["name"]: one for one in self.networks}
        self._volumes = {one["name"]: one for one in self.volumes}
        self._homes = self._there("volumes")
        self._plugs_there = {name for found in self._shares() for name in found.get("networks", ())}

    def scoped(self, name):
        return "%s.%s" % (self.name, name)

    def _shares(self):
        """What the environment has on each host, as host_info tells of it."""
        return [(facts.get("environments") or {}).get(self.name, {}) for facts in self._facts.values()]

    def existing(self, what):
        """The environment's VMs, networks or volumes on all hosts."""
        return [one for share in self._shares() for one in share.get(what, [])]

    def names_on_host(self, kind):
        """Names of what is declared, a VM's own disks among the volumes."""
        if kind == "vms":
            return {self.scoped(entry.name) for entry in self.entries}
        named = {self.scoped(one["name"]) for one in self.options.get(kind) or []}
        if kind == "volumes":
            named |= {self._disk_volume(entry, index, disk) for entry in self.entries
                      for index, disk in enumerate(entry.options.get("disks") or []) if disk.get("image")}
        return named

    def _disk_volume(self, entry, index, disk):
        try:
            return made_volume(self.scoped(entry.name), Disk.normalise(disk))
        except FieldError as error:
            error = error.under("vms", entry.index, "disks", index)
            raise Refusal("invalid_option", "%s: %s" % (error.option_path, error.message)) from None

    def owns_network(self, name):
        return name in self._networks or self.scoped(name) in self._plugs_there

    def owns_volume(self, name):
        return name in self._volumes or self.scoped(name) in self._homes

    def standing(self):
        there = self._there("vms")
        return {entry.name: there[self.scoped(entry.name)] for entry in self.entries if self.scoped(entry.name) in there}

    def _there(self, what):
        """{name on the host: the host} of what the environment has already."""
        return {one["name"]: host for host, facts in sorted(self._facts.items())
                for one in (facts.get("environments") or {}).get(self.name, {}).get(what, [])}

    def wanted(self):
        known = {name for entry in self.entries for name in (entry.name, entry.group)}
        return [self._wanted(entry, known) for entry in self.entries]

    def _wanted(self, entry, known):
        option = "vms[%d]" % entry.index
        unknown = sorted(set(entry.placement) - set(WISHES))
        if unknown:
            raise Refusal("invalid_option", "%s.placement: there is no option '%s'" % (option, unknown[0]), hint="There are: %s." % ", ".join(WISHES))
        if entry.placement.get("host") not in {None, *self._facts}:
            raise Refusal("unknown_host", "%s.placement.host: '%s' is none of the hosts %s" % (
                option, entry.placement["host"], ", ".join(sorted(self._facts))))
        said = entry.options
        for wish in WISHES:
            strangers = sorted(set(entry.placement.get(wish) or ()) - known) if wish.endswith(("_with", "_from")) else ()
            if strangers:
                raise Refusal("invalid_option", "%s.placement.%s: there is no VM and no group '%s'" % (option, wish, strangers[0]))
        disks = {}
        for disk in said.get("disks") or []:
            size = self._size(option, disk)
            if size:
                pool = disk.get("pool") or DEFAULT_POOL
                disks[pool] = disks.get(pool, 0) + size
        cpu = said.get("cpu") or {}
        memory = bytes_of(option + ".memory", said.get("memory"), MEMORY)
        return Wanted(
            entry.name, entry.group, self.name, int(said.get("vcpus") or VCPUS), memory, disks,
            [self.scoped(name) if self.owns_network(name) else name for name in self._plugged(entry) if name not in self._networks],
            self._images(entry),
            said.get("arch"), said.get("type"), said.get("machine"), _word(said.get("firmware")), cpu.get("mode"), entry.placement,
            [(name, self._homes[self.scoped(name)]) for name in self._attached(entry) if self.scoped(name) in self._homes],
            [pool["name"] for pool in self.options.get("pools") or []],
            # With those it shares a network with that ends at its host, a VM is on one host.
            ["network " + name for name in self._plugged(entry) if self._is_local(name)],
            Hardware.of(option, said, memory))

    def _size(self, option, disk):
        """What a disk adds to its pool: a volume that is declared here, and is not there yet, or what is written over an image."""
        if disk.get("volume") in self._volumes:
            volume = self._volumes[disk["volume"]]
            return 0 if self.scoped(disk["volume"]) in self._homes else bytes_of("volumes", volume.get("size"), 0)
        return bytes_of(option + ".disks", disk.get("size"), 0) if disk.get("image") else 0

    def _is_local(self, network):
        """Whether a network of this environment ends at the host: one that has a bridge of somebody else's need not."""
        declared = self._networks.get(network)
        return declared is not None and declared.get("mode") != "bridge" and network not in (self.options.get("spanning_networks") or ())

    @staticmethod
    def _plugged(entry):
        return [one["network"] for one in entry.options.get("interfaces") or [] if one.get("network")]

    @staticmethod
    def _attached(entry):
        return [one["volume"] for one in entry.options.get("disks") or [] if one.get("volume")]

    @staticmethod
    def _images(entry):
        return [one["image"] for one in entry.options.get("disks") or [] if one.get("image")]

    def needs(self, assignments):
        """{host: names of the VMs, networks, images and volumes that it has to have}; what no VM needs is on every host, a volume on the first."""
        by_kind = {"networks": self._plugged, "images": self._images, "volumes": self._attached}
        needs = {host: {"vms": [entry.name for entry in self.entries if assignments.get(entry.name) == host] + self._leaving} for host in sorted(self._facts)}
        for kind, names_of in by_kind.items():
            declared = [one["name"] for one in self.options.get(kind) or []]
            used = {name: {assignments.get(entry.name) for entry in self.entries if name in names_of(entry)} for name in declared}
            if kind == "images":
                for volume in self.options.get("volumes") or []:
                    if volume.get("image") in used:
                        used[volume["image"]] |= {assignments.get(entry.name) for entry in self.entries if volume["name"] in self._attached(entry)}
            homes = self._homes if kind == "volumes" else {}
            for index, host in enumerate(sorted(self._facts)):
                needs[host][kind] = [
                    name for name in declared
                    if (host in used[name] if used[name] else
                        (homes[self.scoped(name)] == host if self.scoped(name) in homes else index == 0 or kind != "volumes"))]
        return needs


def bytes_of(option, value, default):
    try:
        return default if value is None else size_in_bytes(value)
    except ValueError as error:
        raise Refusal("invalid_option", "%s: %s" % (option, error)) from None


def _word(value):
    return value if isinstance(value, str) else None
