# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a declared network comes to: the facts that follow from what the user gave. Pure."""
from __future__ import annotations

import hashlib
import ipaddress
import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import addressing
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.forward import LONGEST_LINK_NAME, OWN_BRIDGE


def has_own_bridge(values):
    """Whether libvirt makes the network's bridge, and so runs its addresses, DHCP and DNS."""
    return (values.get("mode") or "nat") in OWN_BRIDGE


def resolved(declared, actual):
    """The declaration with everything that follows from it.

    :param declared: what the user gave (and, for a new network, our defaults)
    :param actual: what the network's definition says now; empty for a new one
    """
    # Null leaves these as they are: libvirt cannot do without.
    terms = {name: value for name, value in declared.items() if value is not None or name not in ("mode", "bridge")}
    if terms.get("further_subnets"):
        terms["further_subnets"] = _further(terms, actual)
    subnet = terms["subnet"] if "subnet" in terms else actual.get("subnet")
    return terms if subnet is None else _addressed(terms, actual, subnet)


def _addressed(terms, actual, subnet, serve=True):
    """Gateway and range of one subnet filled in; where not ``serve``, no range is derived for a new one."""
    terms = dict(terms)
    gateway = _gateway(terms, actual, subnet)
    if gateway is not None:
        terms["gateway"] = gateway
    if not serve and "dhcp" not in terms:
        return terms
    dhcp = _dhcp(terms, actual, subnet, gateway or actual.get("gateway"))
    if dhcp is not None:
        terms["dhcp"] = dhcp
    return terms


def _further(terms, actual):
    """libvirt hands out addresses of one subnet of each family: what says nothing is served where no other is."""
    there = {item["subnet"]: item for item in actual.get("further_subnets") or []}
    items = terms["further_subnets"]
    served = {_version(item["subnet"]) for item in items if dict(there.get(item["subnet"], {}), **item).get("dhcp")}
    first = terms["subnet"] if "subnet" in terms else actual.get("subnet")
    if first is not None and not ("dhcp" in terms and terms["dhcp"] is None):
        served.add(_version(first))
    found = []
    for item in items:
        version = _version(item["subnet"])
        found.append(_addressed(item, there.get(item["subnet"], {}), item["subnet"], serve=version not in served))
        served.add(version)
    return found


def _version(subnet):
    return ipaddress.ip_network(subnet).version


def _gateway(terms, actual, subnet):
    """The gateway to be declared, or None where the one that is there stays."""
    if terms.get("gateway"):
        return terms["gateway"]
    there = actual.get("gateway")
    if "gateway" not in terms and there and addressing.contains(subnet, there):
        return None
    return addressing.first_address(subnet)


def _dhcp(terms, actual, subnet, gateway):
    """The range to be declared, or None where there is nothing to say about it."""
    there = actual.get("dhcp")
    fits = there is not None and all(addressing.contains(subnet, there[end]) for end in ("start", "end"))
    if "dhcp" not in terms:
        if fits or (actual and there is None):
            return None
    elif terms["dhcp"] is None or (fits and not any(terms["dhcp"].get(end, "") is None for end in ("start", "end"))):
        return terms["dhcp"]
    given = {name: value for name, value in terms.get("dhcp", {}).items() if value is not None or name not in ("start", "end")}
    return dict(_completed(given, subnet, gateway), **given)


def _completed(given, subnet, gateway):
    first, last = addressing.default_range(subnet, gateway)
    network = ipaddress.ip_network(subnet)
    if "end" in given and number(given["end"]) < number(first):
        first = next(str(network[at]) for at in (1, 2) if str(network[at]) != gateway)
    if "start" in given and number(given["start"]) > number(last):
        last = str(network[-2] if network.version == 4 else network[-1])
    return {"start": first, "end": last}


def number(address):
    return int(ipaddress.ip_address(address))


def outcome(actual, terms):
    """The network's values when the terms have come true."""
    after = _merged(actual, terms)
    there = {item["subnet"]: item for item in actual.get("further_subnets") or []}
    after["further_subnets"] = [_merged(there.get(item["subnet"], {}), item) for item in after.get("further_subnets") or []]
    return after


def _merged(actual, terms):
    after = dict(actual, **terms)
    if terms.get("dhcp") and actual.get("dhcp"):
        after["dhcp"] = dict(actual["dhcp"], **terms["dhcp"])
    return after


def subnets(values):
    """(option that holds it, values) of every subnet of a network."""
    found = [("", values)] if values.get("subnet") else []
    return found + [("further_subnets[%d]." % index, item) for index, item in enumerate(values.get("further_subnets") or [])]


def ranges(item):
    """(option within dhcp, values) of every range of a subnet."""
    dhcp = item.get("dhcp")
    if not dhcp:
        return []
    return [("", dhcp)] + [("further_ranges[%d]." % index, one) for index, one in enumerate(dhcp.get("further_ranges") or [])]


def bridge_name(network, taken):
    """A name for a new network's bridge: readable, short enough for the kernel, and nobody else's."""
    plain = "br-" + network
    if len(plain) <= LONGEST_LINK_NAME and re.fullmatch(r"[A-Za-z0-9-]+", plain) and plain not in taken:
        return plain
    word = re.sub(r"[^A-Za-z0-9]", "", network.rpartition(".")[2])[:5]
    attempt = 0
    while True:
        digest = hashlib.sha256(("%s\0%d" % (network, attempt)).encode()).hexdigest()
        name = "br-%s-%s" % (word, digest[:LONGEST_LINK_NAME - len(word) - 4][:6])
        if name not in taken:
            return name
        attempt += 1
