# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a host's hardware a VM has for itself: NUMA nodes it is bound to, huge pages, PCI devices."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._field_error import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.cpu_set import numbers
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool_source import PciAddress
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._filter import Filter, listed, together
from ansible_collections.tinycloud.libvirt.plugins.module_utils._sizes import describe_size, size_in_bytes


class Hardware:
    """
    :ivar nodes: numbers of the host's NUMA nodes that the memory is to be of
    :ivar strict: whether it may be of no others
    :ivar pages: {size of huge pages, None for the host's default: bytes of memory in them}
    :ivar devices: (address, vendor, product) of PCI devices, either the first or the others are None
    """

    def __init__(self, nodes=(), strict=True, pages=None, devices=()):
        self.nodes = frozenset(nodes)
        self.strict = strict
        self.pages = dict(pages or {})
        self.devices = list(devices)

    @classmethod
    def of(cls, option, said, memory):
        """What a VM's options ask for.

        :param option: where they stand, ``vms[0]``
        """
        numa = said.get("numatune") or {}
        bound = numa.get("memory") or {}
        nodesets = [(option + ".numatune.memory.nodeset", bound.get("nodeset"))] + [
            ("%s.numatune.memnodes[%d].nodeset" % (option, index), one.get("nodeset")) for index, one in enumerate(numa.get("memnodes") or [])]
        try:
            nodes = {number for option, nodeset in nodesets if nodeset is not None for number in numbers("".join(str(nodeset).split()))}
        except ValueError as error:
            raise Refusal("invalid_option", "%s: %s" % (option + ".numatune", error)) from None
        return cls(nodes, (bound.get("mode") or "strict") == "strict", _pages(option, said.get("memory_backing") or {}, memory), _devices(option, said))


def _pages(option, backing, memory):
    """Memory counts with the first size that is said."""
    sizes = [one.get("size") for one in backing.get("pages") or []]
    if not sizes and not backing.get("hugepages"):
        return {}
    try:
        return {size_in_bytes(sizes[0]) if sizes else None: memory}
    except ValueError as error:
        raise Refusal("invalid_option", "%s.memory_backing.pages[0].size: %s" % (option, error)) from None


def _devices(option, said):
    wishes = []
    for index, one in enumerate(said.get("hostdevs") or []):
        source = one.get("source") or {}
        if one.get("type") == "pci":
            try:
                address = PciAddress().normalise(source["address"]) if source.get("address") else None
            except FieldError as error:
                raise Refusal("invalid_option", "%s.hostdevs[%d].source.address: %s" % (option, index, error.message)) from None
            wishes.append((address,) + tuple(str(source[part]).lower() if source.get(part) else None for part in ("vendor", "product")))
    return wishes


def pages_of(host, size, memory):
    """(size, how many) of the huge pages of a host that make so much memory."""
    size = min(host.hugepages, default=None) if size is None else size
    return size, -(-memory // size) if size else 0


def chosen(free, wishes):
    """Addresses of free devices for all wishes, and the first wish for which there is none, or None."""
    taken = []
    # Whoever asks for one by its address leaves no choice.
    for wish in sorted(wishes, key=lambda one: one[0] is None):
        address, vendor, product = wish
        fitting = (name for name, device in sorted(free.items()) if name not in taken and (
            name == address if address else (device.get("vendor"), device.get("product")) == (vendor, product)))
        found = next(fitting, None)
        if found is None:
            return taken, wish
        taken.append(found)
    return taken, None


def _asking(vm):
    return vm.hardware if vm.company is None else vm.company.hardware


class Numa(Filter):
    name = "numa"

    def reason(self, vm, host):
        nodes = vm.hardware.nodes
        if not nodes:
            return None
        missing = nodes - set(host.nodes)
        if missing:
            return "it has no NUMA node %s" % listed(map(str, missing))
        room = sum(host.nodes[node] for node in nodes)
        if vm.hardware.strict and vm.memory > room:
            return "%s wanted of the NUMA nodes %s, which have %s" % (describe_size(vm.memory), listed(map(str, nodes)), describe_size(room))
        return None


class HugePages(Filter):
    name = "hugepages"

    def reason(self, vm, host):
        for size, memory in _asking(vm).pages.items() if vm.hardware.pages else ():
            size, count = pages_of(host, size, memory)
            if size is None or size not in host.hugepages:
                return "it has no huge pages%s" % ("" if size is None else " of %s" % describe_size(size))
            if count > host.hugepages[size]:
                return "%d pages of %s wanted%s, %d left" % (count, describe_size(size), together(vm), max(host.hugepages[size], 0))
        return None


class Pci(Filter):
    name = "pci"

    def reason(self, vm, host):
        if not vm.hardware.devices:
            return None
        missing = chosen(host.devices, _asking(vm).devices)[1]
        if missing is None:
            return None
        address, vendor, product = missing
        return "no PCI device %s is free%s" % (address or "%s:%s" % (vendor, product), together(vm))
