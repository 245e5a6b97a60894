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
    for field, is_claimed in ((_RESERVATIONS, is_claimed_host), (_DNS_HOSTS, is_claimed_name)):
        if field.name in terms:
            _matched, undeclared = field.pairs(terms[field.name], element)
            kept = [field.model.read(found) for found in undeclared]
            wanted[field.name] = (terms[field.name] or []) + [item for item in kept if any(is_claimed(item, claim) for claim in claimed)]
    if wanted.get("reservations"):
        wanted["reservations"] = _without_twins(wanted["reservations"], element)
    if wanted.get("dns_hosts"):
        wanted["dns_hosts"] = [_with_claimed_names(item, element, claimed) for item in wanted["dns_hosts"]]
    return wanted


def is_claimed_host(item, claim):
    return item.get("address") == claim.address or (claim.mac is not None and item.get("mac") == claim.mac)


def is_claimed_name(item, claim):
    return item.get("address") == claim.address and claim.hostname in item["names"]


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
