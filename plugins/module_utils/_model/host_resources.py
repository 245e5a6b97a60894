# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a compute host is given to one VM at a time: memory of its NUMA nodes in huge pages, and PCI devices.

https://libvirt.org/formatcaps.html and https://libvirt.org/formatnode.html; nothing here can be set.
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Int, Nodes, Quantity, Size, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool_source import PciAddress

_ADDRESS = PciAddress("source/address")


class Pages(Model):
    """Memory in pages of one size."""

    tag = "pages"
    keys = ("size",)
    size = Quantity("@size", unit="KiB", option=False)
    count = Int(".", option=False)


class Cell(Model):
    """A NUMA node."""

    tag = "cell"
    keys = ("id",)
    id = Int("@id", option=False)
    memory = Size("memory", unit="KiB", option=False)
    cpus = Int("cpus/@num", option=False)
    pages = Nodes(Pages, "pages", option=False)


class Topology(Model):
    tag = "capabilities"
    cells = Nodes(Cell, "host/topology/cells/cell", option=False)


class PciDevice(Model):
    tag = "device"
    name = Text("name", option=False)
    vendor = Text("capability/vendor/@id", option=False)
    product = Text("capability/product/@id", option=False)
    # The PCI class, such as 0x020000 of an Ethernet card.
    kind = Text("capability/class", option=False)
    driver = Text("driver/name", option=False)
    iommu_group = Int("capability/iommuGroup/@number", option=False)
    node = Int("capability/numa/@node", option=False)
    domain = Int("capability/domain", option=False)
    bus = Int("capability/bus", option=False)
    slot = Int("capability/slot", option=False)
    function = Int("capability/function", option=False)


class BackedBy(Model):
    """Huge pages that a VM's memory is made of: the first size that it says."""

    tag = "domain"
    size = Quantity("memoryBacking/hugepages/page/@size", unit="KiB", option=False)
    memory = Size("memory", unit="KiB", option=False)


def cells(capabilities):
    """NUMA nodes, with their huge pages alone: the smallest pages are all the rest."""
    found = Topology.read(capabilities).get("cells") or []
    for cell in found:
        pages = sorted(cell.pop("pages", []), key=lambda one: one["size"])
        cell["hugepages"] = pages[1:]
    return found


def hugepages(found, domains):
    """Huge pages over all nodes by their size, and how many of them were promised to VMs, running or not."""
    counts = {}
    for cell in found:
        for pages in cell["hugepages"]:
            counts[pages["size"]] = counts.get(pages["size"], 0) + pages["count"]
    promised = dict.fromkeys(counts, 0)
    for domain in domains if counts else ():
        if domain.find("memoryBacking/hugepages") is not None:
            backed = BackedBy.read(domain)
            # Without a size it is the host's default, which is the smallest almost everywhere.
            size = backed.get("size", min(counts))
            if size in promised:
                promised[size] += -(-backed.get("memory", 0) // size)
    return [{"size": size, "count": count, "promised": promised[size]} for size, count in sorted(counts.items())]


def pci_device(element):
    """What there is to know of a PCI device, but not who has it."""
    values = PciDevice.read(element)
    values.pop("name", None)
    return dict(values, address="%04x:%02x:%02x.%x" % tuple(values.pop(part, 0) for part in ("domain", "bus", "slot", "function")))


def pci_addresses(domain):
    """Addresses of the host's PCI devices that a domain has."""
    return [_ADDRESS.read(found) for place in ("devices/hostdev[@type='pci']", "devices/interface[@type='hostdev']") for found in domain.findall(place)]
