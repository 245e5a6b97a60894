# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network's DHCP and DNS hosts: which are the user's to list and which stand there for VMs' interfaces. Pure."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network import Network

_RESERVATIONS = Network.fields()["reservations"]
_DNS_HOSTS = Network.fields()["dns_hosts"]


def settled(terms, element, claimed):
    """The declaration whose lists of hosts are complete, as seen from a network's XML.

    What VMs' interfaces put there (``claimed``) is not the user's to list, so it stays.
    """
    wanted = dict(terms)
    if "reservations" in terms:
        items = (terms["reservations"] or []) + [item for item in _undeclared(_RESERVATIONS, terms, element)
                                                 if any(is_claimed_host(item, claim) for claim in claimed)]
        wanted["reservations"] = _without_twins(items, element)
    if "dns_hosts" in terms:
        items = (terms["dns_hosts"] or []) + [dict(item, names=[]) for item in _undeclared(_DNS_HOSTS, terms, element)]
        items = [_with_claimed_names(item, element, claimed) for item in items]
        wanted["dns_hosts"] = [item for item in items if item["names"]]
    return wanted


def _undeclared(field, terms, element):
    _matched, undeclared = field.pairs(terms[field.name], element)
    return [field.model.read(found) for found in undeclared]


def is_claimed_host(item, claim):
    return item.get("address") == claim.address or (claim.mac is not None and item.get("mac") == claim.mac)


def users_hosts(items, claimed):
    """The reservations among these that are the user's."""
    return [item for item in items if not any(is_claimed_host(item, claim) for claim in claimed)]


def users_names(items, claimed):
    """DNS hosts without the names that VMs' interfaces put there."""
    found = [dict(item, names=_without_claimed(item["address"], item["names"], claimed)) for item in items]
    return [item for item in found if item["names"]]


def told(change, claimed):
    """A change as the user is told of it: VMs' names that stay in a DNS host are none of it."""
    if change.path[0] == "dns_hosts" and change.path[-1] == "names":
        change.before, change.after = (_without_claimed(change.path[1], names or [], claimed) for names in (change.before, change.after))
    return change


def _without_claimed(address, names, claimed):
    return [name for name in names if not any(claim.address == address and claim.hostname == name for claim in claimed)]


def _without_twins(items, element):
    """What is not spoken of is left alone, unless another reservation asks for it: then it is given up."""
    matched, _undeclared = _RESERVATIONS.pairs(items, element)
    result = []
    for item, found in matched:
        there = {} if found is None else _RESERVATIONS.model.read(found)
        given_up = {key: None for key in ("mac", "name")
                    if key not in item and there.get(key) and any(other.get(key) == there[key] for other in items)}
        result.append(dict(item, **given_up))
    return result


def _with_claimed_names(item, element, claimed):
    """libvirt keeps one entry for an address: the user's names and a VM's stand in it together."""
    there = [name for other in _DNS_HOSTS.read(element) if other["address"] == item["address"] for name in other["names"]]
    more = [claim.hostname for claim in claimed
            if claim.address == item["address"] and claim.hostname in there and claim.hostname not in item["names"]]
    return dict(item, names=item["names"] + more) if more else item
