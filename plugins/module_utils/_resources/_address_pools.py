# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slots of a network's address pool, handed to VMs' interfaces that ask for an address and name none.

Whoever has one keeps it: what a VM claims is remembered in its metadata, and is free again when the VM is gone.
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface import FROM_POOL
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._claims import recorded

_POOL = Network.fields()["address_pool"]
_RESERVATIONS = Network.fields()["reservations"]


def with_slots(scene, vm, declared, settled):
    """A VM's interfaces, those that ask the pool with the address (and MAC, if it names one) of their slot."""
    return [_with_slot(scene, vm, index, asked, item) if item.get("address") == FROM_POOL else item
            for index, (asked, item) in enumerate(zip(declared, settled))]


def _with_slot(scene, vm, index, asked, item):
    # Chosen once in a call: what is planned is what is done.
    chosen = scene.memory.setdefault(("slots", item["network"]), {})
    key = (vm.name, item["name"])
    if key not in chosen:
        chosen[key] = _choose(scene, vm, index, asked, item, [slot["address"] for slot in chosen.values()])
    slot = chosen[key]
    return dict(item, address=slot["address"], mac=asked.get("mac") or slot.get("mac") or item["mac"])


def _choose(scene, vm, index, asked, item, chosen):
    slots = _slots(scene, item["network"])
    if not slots:
        raise vm.refusal("no_address_pool", "interfaces[%d].address: the network '%s' has no address_pool" % (index, item["network"]),
                         "Give the network one, or name the address.")
    fact = vm.fact(scene)
    had = [] if fact is None else [claim.address for claim in recorded(fact) if (claim.network, claim.mac) == (item["network"], item["mac"])]
    taken = _taken(scene, vm, item["network"])
    fitting = [slot for slot in slots if not (asked.get("mac") and slot.get("mac")) or asked["mac"] == slot["mac"]]
    free = [slot for slot in fitting if slot["address"] not in taken and slot["address"] not in chosen]
    found = next((slot for slot in free if slot["address"] in had), free[0] if free else None)
    if found is None:
        users = sorted({taken[slot["address"]] for slot in slots if slot["address"] in taken})
        raise vm.refusal("address_pool_exhausted", "interfaces[%d].address: all %d addresses of the pool of the network '%s' are taken%s"
                         % (index, len(slots), item["network"], ", by " + ", ".join(users) if users else ""),
                         "Add slots to the network's address_pool, or remove a VM that has one.")
    return found


def _slots(scene, network):
    declared = next((one for one in scene.asked if one.key == ("network", network)), None)
    if declared is not None and "address_pool" in declared.declared:
        return declared.declared["address_pool"]
    fact = scene.world.networks.get(network)
    return [] if fact is None else _POOL.read(fact.xml)


def _taken(scene, vm, network):
    """{address: who has it}, of what is not this VM's."""
    taken, claimed = {}, set()
    for name, fact in scene.world.domains.items():
        for claim in recorded(fact):
            claimed.add((claim.network, claim.mac))
            if claim.network == network and name != vm.name:
                taken[claim.address] = name
    for other in scene.asked:
        if other.kind == vm.kind and other.name != vm.name and not other.absent:
            for item in other.declared.get("interfaces") or []:
                if item.get("network") == network and item.get("address") not in (None, FROM_POOL):
                    taken[item["address"]] = other.name
    fact = scene.world.networks.get(network)
    for host in [] if fact is None else _RESERVATIONS.read(fact.xml):
        if (network, host.get("mac")) not in claimed:
            taken.setdefault(host["address"], "a reservation")
    return taken


def holders(scene, network):
    """{address: VM} of what VMs hold of a network."""
    return {claim.address: name for name, fact in scene.world.domains.items() for claim in recorded(fact) if claim.network == network}
