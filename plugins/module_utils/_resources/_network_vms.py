# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reservations that name a VM: they follow the MAC of its interface, whoever made it, and the name it goes by."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface import Interface
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm

_ENVIRONMENT = Vm.fields()["environment"]


def with_vms(network, scene, declared):
    """The declaration, in which each reservation says what the network's DHCP server knows the VM by."""
    items = declared.get("reservations") or []
    if not any(item.get("vm") for item in items):
        return declared
    known = [_known(network, scene, index, item) if item.get("vm") else item for index, item in enumerate(items)]
    for key in ("mac", "name"):
        owners = {}
        for index, item in enumerate(known):
            if item.get(key) and owners.setdefault(item[key], index) != index:
                raise network.refusal("invalid_option", "reservations[%d]: '%s' is reserved more than once; each reservation needs its own"
                                      % (index, item[key]), "Leave one of them out.")
    return dict(declared, reservations=known)


def _known(network, scene, index, item):
    """Who has no interface in the network yet is known by the name that it is going to send."""
    macs, name = _cards(network, scene, item["vm"])
    if len(macs) > 1:
        raise network.refusal("ambiguous_vm", "reservations[%d].vm: '%s' has %d interfaces in the network '%s': %s"
                              % (index, item["vm"], len(macs), network.name, ", ".join(macs)), "Give the mac of the one that is meant.")
    found = dict({"name": name}, **{option: value for option, value in item.items() if option != "vm"})
    return dict(found, mac=macs[0]) if macs else found


def _cards(network, scene, vm):
    """The MACs of a VM's interfaces in a network as they are after this call, and its host name."""
    declared, fact = scene.declared("vm", vm), scene.world.domains.get(vm)
    if declared is not None and "interfaces" in declared.declared:
        return [item["mac"] for item in declared.interfaces(scene) if item.get("network") == network.name], declared.short_name
    if fact is None or scene.goes("vm", vm):
        return [], vm if declared is None else declared.short_name
    cards = [Interface.read(element) for element in fact.xml.findall("devices/interface")]
    environment = _ENVIRONMENT.read(fact.xml)
    name = vm[len(environment) + 1:] if environment and vm.startswith(environment + ".") else vm
    return [card["mac"] for card in cards if card.get("network") == network.name], name
