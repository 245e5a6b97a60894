# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a declared network comes to: derived facts filled in, and what speaks against it. Pure."""
from __future__ import annotations

import hashlib
import ipaddress
import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import addressing
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network import LONGEST_LINK_NAME

# libvirt translates or routes only for a network that has an address itself.
NEED_SUBNET = ("nat", "route")
# A host's own bridge is run by someone else: libvirt only plugs guests into it.
_NOT_ON_HOST_BRIDGE = ("subnet", "gateway", "dhcp", "reservations", "domain", "domain_local_only", "dns_hosts", "forwarders",
                       "dnsmasq_options", "stp", "delay")


def resolved(declared, actual):
    """The declaration with everything that follows from it.

    :param declared: what the user gave (and, for a new network, our defaults)
    :param actual: what the network's definition says now; empty for a new one
    """
    # Null leaves these as they are: libvirt cannot do without.
    terms = {name: value for name, value in declared.items() if value is not None or name not in ("mode", "bridge")}
    subnet = terms["subnet"] if "subnet" in terms else actual.get("subnet")
    if subnet is None:
        return terms
    gateway = _gateway(terms, actual, subnet)
    if gateway is not None:
        terms["gateway"] = gateway
    dhcp = _dhcp(terms, actual, subnet, gateway or actual.get("gateway"))
    if dhcp is not None:
        terms["dhcp"] = dhcp
    return terms


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
    fits = there is not None and all(addressing.contains(subnet, one) for one in there.values())
    if "dhcp" not in terms:
        if fits or (actual and there is None):
            return None
    elif terms["dhcp"] is None or (fits and None not in terms["dhcp"].values()):
        return terms["dhcp"]
    given = {name: value for name, value in terms.get("dhcp", {}).items() if value is not None}
    return dict(_completed(given, subnet, gateway), **given)


def _completed(given, subnet, gateway):
    first, last = addressing.default_range(subnet, gateway)
    network = ipaddress.ip_network(subnet)
    if "end" in given and _number(given["end"]) < _number(first):
        first = next(str(network[at]) for at in (1, 2) if str(network[at]) != gateway)
    if "start" in given and _number(given["start"]) > _number(last):
        last = str(network[-2] if network.version == 4 else network[-1])
    return {"start": first, "end": last}


def _number(address):
    return int(ipaddress.ip_address(address))


def outcome(actual, terms):
    """The network's values when the terms have come true."""
    after = dict(actual, **terms)
    if terms.get("dhcp") and actual.get("dhcp"):
        after["dhcp"] = dict(actual["dhcp"], **terms["dhcp"])
    return after


def objections(terms, actual):
    """(code, sentence that begins with the option, hint) for everything that cannot come true."""
    after = outcome(actual, terms)
    if after.get("mode") == "bridge":
        yield from _about_host_bridge(terms, after)
        return
    subnet = after.get("subnet")
    if subnet is None:
        if after.get("mode") in NEED_SUBNET:
            yield ("missing_option", "subnet: a network with mode '%s' needs one" % after["mode"],
                   "Write for example subnet: 10.20.0.0/24, or mode: isolated.")
        for name in ("gateway", "dhcp", "reservations"):
            if terms.get(name) not in (None, []):
                yield ("missing_option", "%s: the network has no subnet that it could belong to" % name,
                       "Give the subnet as well, for example subnet: 10.20.0.0/24.")
    else:
        yield from _about_addresses(terms, after, subnet != actual.get("subnet"))
    if terms.get("domain_local_only") is not None and not after.get("domain"):
        yield ("missing_option", "domain_local_only: the network has no domain", "Give the domain as well.")


def _about_host_bridge(terms, after):
    if not after.get("bridge"):
        yield ("missing_option", "bridge: mode 'bridge' needs the name of a bridge of the host",
               "Write for example bridge: br0; for a bridge that libvirt makes, use another mode.")
    for name in _NOT_ON_HOST_BRIDGE:
        if terms.get(name) not in (None, []):
            yield ("conflicting_options", "%s: does not go with mode 'bridge', where the host runs the network" % name,
                   "Leave it out, or use mode nat, route, open or isolated.")


def _about_addresses(terms, after, moves):
    """What was there before and is not spoken of is nobody's business here, unless the subnet moves away under it."""
    subnet, gateway, dhcp = after["subnet"], after["gateway"], after.get("dhcp")
    if "gateway" in terms and not addressing.is_usable(subnet, gateway):
        yield ("address_outside_subnet", "gateway: %s is not an address of a host in the subnet %s" % (gateway, subnet),
               "Leave it out for %s." % addressing.first_address(subnet))
    if dhcp and ("gateway" in terms or "dhcp" in terms or moves):
        yield from _about_range(dhcp, subnet, gateway)
    if "reservations" in terms or moves:
        yield from _about_reservations(after, subnet, gateway)


def _about_reservations(after, subnet, gateway):
    for index, item in enumerate(after.get("reservations") or []):
        option, address = "reservations[%d].address" % index, item["address"]
        if not addressing.is_usable(subnet, address) and not addressing.lies_in(address, after.get("further_subnets", [])):
            yield ("address_outside_subnet", "%s: %s is not an address of a host in the subnet %s" % (option, address, subnet),
                   "Reserve an address within the subnet.")
        elif address == gateway:
            yield ("duplicate_address", "%s: %s is the gateway" % (option, address), "Reserve another address.")


def _about_range(dhcp, subnet, gateway):
    outside = [name for name in ("start", "end") if not addressing.is_usable(subnet, dhcp[name])]
    for name in outside:
        yield ("range_outside_subnet", "dhcp.%s: %s is not an address of a host in the subnet %s" % (name, dhcp[name], subnet),
               "Leave the range out for %s-%s." % addressing.default_range(subnet, gateway))
    if outside:
        return
    first, last = _number(dhcp["start"]), _number(dhcp["end"])
    if first > last:
        yield ("range_reversed", "dhcp.start: %s comes after dhcp.end, %s" % (dhcp["start"], dhcp["end"]), "Swap them.")
    elif first <= _number(gateway) <= last:
        yield ("gateway_in_range", "dhcp: the range %s-%s contains the gateway, %s" % (dhcp["start"], dhcp["end"], gateway),
               "Begin after it or end before it.")
    elif first >> 16 != last >> 16 and ":" in dhcp["start"]:
        yield ("range_too_large", "dhcp: addresses of an IPv6 range may differ in their last four digits only",
               "Shorten the range to 65536 addresses or fewer.")


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
