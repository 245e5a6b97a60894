# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The DHCP reservation and DNS name behind the address of a VM's interface: brought along by the VM."""
from __future__ import annotations

from collections import defaultdict

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import CREATE, DELETE, UPDATE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _network_update
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._reserved import Batch

_RESERVATIONS = Network.fields()["reservations"]
_DNS_HOSTS = Network.fields()["dns_hosts"]


class Reservation(Resource):
    """One claim made true (or, absent, withdrawn) in a network's persistent and running configuration."""

    kind = "reservation"

    def __init__(self, claim, absent=False):
        super().__init__({"name": "%s on %s" % (claim.hostname, claim.network),
                          "state": "absent" if absent else "present"})
        self.claim = claim
        self.key = (self.kind, "%s/%s" % (claim.network, claim.mac))

    def needs(self, scene):
        return {("network", self.claim.network)}

    def plan(self, scene):
        plan = self.new_plan(scene)
        fact = scene.world.networks.get(self.claim.network)
        views = [] if fact is None else [view for view in (fact.xml, fact.live_xml) if view is not None]
        if views and not self.absent and all(self._stands(scene, view) for view in views):
            return plan
        if views and not any(self._updates(scene, view) for view in views) or not views and self.absent:
            return plan
        before = next((item["address"] for view in views for item in self._own_hosts(view)), None)
        plan.verb = DELETE if self.absent else UPDATE if before else CREATE
        plan.summary = "%s for %s" % (self.claim.address, self.claim.hostname)
        plan.changes = [Change(("address",), before, None if self.absent else self.claim.address, None)]
        plan.act("withdraw" if self.absent else "reserve", lambda: self._settle(scene))
        return plan

    def _stands(self, scene, view):
        """Whether a network's XML says this claim, and nothing else of its address and name; asked of many claims, so by an index."""
        index = scene.once(("said of hosts", id(view)), lambda _scene: _said(view))
        claim = self.claim
        return (index[claim.mac] == index["name", claim.hostname] == index["address", claim.address]
                == [{"mac": claim.mac, "name": claim.hostname, "address": claim.address}]
                and index["dns", claim.hostname] == [claim.address])

    def _own_hosts(self, view):
        return [item for item in _RESERVATIONS.read(view) if item.get("mac") == self.claim.mac]

    def _updates(self, scene, view):
        return _network_update.updates(view, Batch([self], scene).written(_xml.copy(view)))

    def _settle(self, scene):
        """Whoever is first of a network's claims settles all of them: each alone would be a definition for each."""
        settled = scene.memory.setdefault(("reserved", self.claim.network), set())
        if self.key in settled:
            return
        with _network_update.editing(scene, scene.again().world.networks[self.claim.network].uuid):
            if self.key in settled:
                return
            # As it is now: other VMs may have reserved theirs since we looked.
            network = scene.again().world.networks[self.claim.network]
            batch = [self] if self.absent else reservations(scene, self.claim.network)
            _refuse_newcomers(scene, network, batch)
            edited = Batch(batch, scene).written(_xml.copy(network.xml))
            if _network_update.updates(network.xml, edited):
                scene.hypervisor.connection.networkDefineXML(_xml.text(edited))
            if network.active:
                live = _network_update.updates(network.live_xml, Batch(batch, scene).written(_xml.copy(network.live_xml)))
                _network_update.tell(network.handle, live)
            settled.update(reservation.key for reservation in batch)

    def facts(self, scene):
        return self.claim.as_values()


def _said(view):
    """A network's reservations by MAC, name and address, and its DNS addresses by name."""
    index = defaultdict(list)
    for item in _RESERVATIONS.read(view):
        index[item.get("mac")].append(item)
        index["name", item.get("name")].append(item)
        index["address", item.get("address")].append(item)
    for item in _DNS_HOSTS.read(view):
        for name in item["names"]:
            index["dns", name].append(item["address"])
    return index


def reservations(scene, network):
    """The Reservations that this call makes in a network."""
    return [resource for resource in scene.resources.values()
            if resource.kind == Reservation.kind and resource.claim.network == network and not resource.absent]


def _refuse_newcomers(scene, network, batch):
    """Another run may have handed out an address since we looked."""
    seen = scene.world.networks.get(network.name)
    known = [] if seen is None else _RESERVATIONS.read(seen.xml)
    for item in _RESERVATIONS.read(network.xml):
        for reservation in batch:
            claim = reservation.claim
            if item["address"] == claim.address and item.get("mac") != claim.mac and item not in known and not reservation.absent:
                raise Failure("address_taken", "Another run has just given %s to %s" % (claim.address, item.get("name") or item.get("mac")),
                              reservation.key, "Run again.")
