# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses that VMs' interfaces ask for: they become DHCP reservations and DNS names of the networks, live.

What a VM that is declared now asks for is in its declaration; what the others asked for is in their metadata.
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm


class Claim:
    """One interface's address on a network."""

    def __init__(self, vm, network, mac, address, hostname):
        self.vm = vm
        self.network = network
        self.mac = mac
        self.address = address
        self.hostname = hostname

    def as_values(self):
        return {"mac": self.mac, "network": self.network, "address": self.address, "hostname": self.hostname}


def recorded(fact):
    """The claims that a domain's metadata remembers."""
    field = Vm.fields()["claims"]
    return [Claim(fact.name, one.get("network"), one.get("mac"), one.get("address"), one.get("hostname"))
            for one in field.read(fact.xml)]


def all_claims(scene):
    """Every claim that stands after this call's plan."""
    return scene.once("claims", _all_claims)


def _all_claims(scene):
    found = []
    for resource in scene.resources.values():
        if resource.kind == "vm" and not resource.absent:
            found.extend(resource.claims(scene))
    for name, fact in scene.world.domains.items():
        if ("vm", name) not in scene.resources:
            found.extend(recorded(fact))
    return found


def claims(scene, network_name):
    """The claims on one network, those included that this call withdraws."""
    standing = [claim for claim in all_claims(scene) if claim.network == network_name]
    known = {(claim.mac, claim.address) for claim in standing}
    for fact in scene.world.domains.values():
        standing.extend(claim for claim in recorded(fact)
                        if claim.network == network_name and (claim.mac, claim.address) not in known)
    return standing
