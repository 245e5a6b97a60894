# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network's XML with addresses and names of interfaces in it: of all of them at once, for there may be hundreds."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._claims import all_claims

_RESERVATIONS = Network.fields()["reservations"]
_DNS_HOSTS = Network.fields()["dns_hosts"]


class Batch:
    """Claims of one network that are made true, and claims that are withdrawn.

    :param reservations: the Reservations, present or absent
    """

    def __init__(self, reservations, scene):
        self._coming = [one.claim for one in reservations if not one.absent]
        self._leaving = [one.claim for one in reservations if one.absent]
        self._macs = {one.claim.mac for one in reservations}
        self._addresses = {claim.address for claim in self._coming}
        self._names = {claim.hostname for claim in self._coming}
        self._owners, self._named = scene.once("who claims what", _by_owner)

    def written(self, element):
        """The element, edited to say the coming claims and no longer to say the leaving ones; other entries stay as they are."""
        if not self._macs:
            return element
        hosts = [item for item in _RESERVATIONS.read(element) if item.get("mac") not in self._macs and not self._is_in_the_way(item)]
        hosts += [{"mac": claim.mac, "name": claim.hostname, "address": claim.address} for claim in self._coming]
        names = self._with_names([self._without_names(item) for item in _DNS_HOSTS.read(element)])
        return Network.write(element, {"reservations": hosts, "dns_hosts": [item for item in names if item["names"]]})

    def _is_in_the_way(self, item):
        """Whether an entry has a coming claim's address or name and its owner moves away: libvirt takes each only once."""
        if item.get("address") not in self._addresses and item.get("name") not in self._names:
            return False
        return (self._coming[0].network, item.get("mac"), item.get("address")) not in self._owners

    def _without_names(self, item):
        gone = self._names | {claim.hostname for claim in self._leaving if not self._is_anothers(claim, item)}
        return dict(item, names=[name for name in item["names"] if name not in gone])

    def _is_anothers(self, claim, item):
        """Whether the name, which a leaving claim had, stands at this address for somebody else by now."""
        return item["address"] != claim.address or (claim.network, claim.address, claim.hostname) in self._named

    def _with_names(self, items):
        """libvirt keeps one DNS entry for an address: ours joins what is there."""
        items = list(items)
        places = {item["address"]: place for place, item in reversed(list(enumerate(items)))}
        for claim in self._coming:
            place = places.get(claim.address)
            if place is None:
                items.append({"address": claim.address, "names": [claim.hostname]})
            else:
                items[place] = dict(items[place], names=items[place]["names"] + [claim.hostname])
        return items


def _by_owner(scene):
    """The claims that stand after this call, by whose they are and by their names."""
    claims = all_claims(scene)
    return ({(claim.network, claim.mac, claim.address) for claim in claims},
            {(claim.network, claim.address, claim.hostname) for claim in claims})
