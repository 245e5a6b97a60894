# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices and folders of the host that a VM gets: found by what they are, and looked for before anything is touched."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError, constant
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.hostdev import Hostdev
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool_source import PciAddress

_ADDRESS = PciAddress("address")


def settled(vm, scene, hostdevs):
    """Host devices with their addresses, where they are said by vendor and product."""
    found, own = [], _addresses(vm.fact(scene).xml) if vm.fact(scene) is not None else []
    for item in hostdevs or []:
        if _is_by_ids(item):
            source = item["source"]
            here = [address for address, ids in _pci_devices(scene).items() if ids == (source["vendor"], source["product"])]
            said = [one["source"].get("address") for one in found]
            free = [address for address in here if address not in said and (address in own or address not in _taken(vm, scene))]
            # What the VM has already stays.
            chosen = next((address for address in own if address in free), None) or next(iter(free), None)
            source = {name: value for name, value in source.items() if name not in ("vendor", "product")}
            item = dict(item, source=dict(source, address=chosen))
        found.append(item)
    return found


def check(vm, scene):
    """Refuse what the host does not have; raises Refusal."""
    settled_ones = settled(vm, scene, vm.declared.get("hostdevs"))
    for index, (said, item) in enumerate(zip(vm.declared.get("hostdevs") or [], settled_ones)):
        if item["type"] != "pci":
            continue
        known, option = _pci_devices(scene), "hostdevs[%d].source" % index
        if _is_by_ids(said) and item["source"]["address"] is None:
            raise vm.refusal("unknown_device", "%s: this host has no free PCI device of vendor %s and product %s"
                             % (option, said["source"]["vendor"], said["source"]["product"]), "'lspci -nn' lists those it has.")
        if known and item["source"]["address"] not in known:
            raise vm.refusal("unknown_device", "%s.address: this host has no PCI device '%s'" % (option, item["source"]["address"]),
                             "'virsh nodedev-list --cap pci' lists those it has.")
    if scene.hypervisor.is_remote:
        return
    for index, item in enumerate(vm.declared.get("filesystems") or []):
        if item.get("source") and item.get("type") in (None, "mount") and not os.path.isdir(item["source"]):
            raise vm.refusal("unknown_folder", "filesystems[%d].source: there is no folder '%s' on this host" % (index, item["source"]),
                             "Make it there first.")


def _is_by_ids(item):
    source = item.get("source") or {}
    return item["type"] == "pci" and source.get("vendor") is not None and source.get("product") is not None


def _addresses(element):
    """PCI addresses of the host's devices that a definition has."""
    return [Hostdev.read(found)["source"]["address"] for found in element.findall("devices/hostdev[@type='pci']")]


def _taken(vm, scene):
    return {address for name, fact in scene.world.domains.items() if name != vm.name for address in _addresses(fact.xml)}


def _pci_devices(scene):
    """(vendor, product) of the host's PCI devices by their addresses; none where the driver does not list them."""
    return scene.once("PCI devices", _listed)


def _listed(scene):
    found = {}
    try:
        devices = scene.hypervisor.connection.listAllDevices(constant("CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV"))
    except HypervisorError as error:
        if error.code != "no_support":
            raise
        devices = []
    for device in devices:
        capability = _xml.parse(device.XMLDesc(0)).find("capability[@type='pci']")
        holder = _xml.new("device")
        holder.append(_xml.new("address", {part: capability.findtext(part) for part in ("domain", "bus", "slot", "function")}))
        found[_ADDRESS.read(holder)] = (capability.find("vendor").get("id"), capability.find("product").get("id"))
    return found
