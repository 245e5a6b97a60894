# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What speaks against a declared network by itself: options that do not go together, addresses that cannot be. Pure."""
from __future__ import annotations

import ipaddress

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import addressing
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.forward import DIRECT, OWN_BRIDGE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._network_terms import (
    has_own_bridge, number, outcome, ranges, subnets,
)

# libvirt translates or routes only for a network that has an address itself.
_NEED_SUBNET = ("nat", "route")
# Of these someone else runs the network: libvirt only plugs guests in.
_OF_OWN_BRIDGE = (
    "subnet", "gateway", "dhcp", "tftp_root", "boot_file", "boot_server", "local_ptr", "further_subnets", "reservations", "routes",
    "domain", "domain_local_only", "domain_register", "dns", "forward_plain_names", "dns_hosts", "dns_services", "dns_texts",
    "forwarders", "dnsmasq_options", "stp", "delay", "mtu", "mac", "mac_table_manager", "guest_ipv6", "address_pool",
)
_OF_SUBNET = ("gateway", "dhcp", "tftp_root", "boot_file", "boot_server", "local_ptr", "reservations", "further_subnets", "address_pool")
# option: the modes it goes with
_OF_MODES = {
    "nat": ("nat",), "forward_interfaces": ("nat", "route") + DIRECT, "physical_function": DIRECT + ("hostdev",),
    "virtual_functions": ("hostdev",), "managed": ("hostdev",), "hostdev_driver": ("hostdev",),
    "hostdev_driver_model": ("hostdev",), "bridge": OWN_BRIDGE + ("bridge",),
}
_EMPTY = (None, [])


def objections(terms, actual):
    """(code, sentence that begins with the option, hint) for everything that cannot come true."""
    after = outcome(actual, terms)
    yield from _about_mode(terms, after)
    if not has_own_bridge(after):
        return
    if after.get("subnet") is None:
        if after["mode"] in _NEED_SUBNET:
            yield ("missing_option", "subnet: a network with mode '%s' needs one" % after["mode"],
                   "Write for example subnet: 10.20.0.0/24, or mode: isolated.")
        for name in _OF_SUBNET:
            if terms.get(name) not in _EMPTY or (name == "further_subnets" and after[name]):
                yield ("missing_option", "%s: the network has no subnet that it could belong to" % name,
                       "Give the subnet as well, for example subnet: 10.20.0.0/24.")
    else:
        yield from _about_addresses(terms, after, actual)
    for name in ("domain_local_only", "domain_register"):
        if terms.get(name) is not None and not after.get("domain"):
            yield ("missing_option", "%s: the network has no domain" % name, "Give the domain as well.")


def _about_mode(terms, after):
    mode = after.get("mode") or "nat"
    for name, modes in _OF_MODES.items():
        if terms.get(name) not in _EMPTY and mode not in modes:
            yield ("conflicting_options", "%s: does not go with mode '%s'" % (name, mode),
                   "Leave it out, or use mode %s." % " or ".join(modes))
    if has_own_bridge(after):
        return
    for name in _OF_OWN_BRIDGE:
        if terms.get(name) not in _EMPTY:
            yield ("conflicting_options", "%s: does not go with mode '%s', where libvirt only plugs guests in" % (name, mode),
                   "Leave it out, or use mode nat, route, open or isolated.")
    given = [name for name in ("bridge", "forward_interfaces", "physical_function", "virtual_functions") if after.get(name)]
    # An Open vSwitch's ports may be told by the virtual port alone.
    if not given and not after.get("virtualport"):
        option, hint = {
            "bridge": ("bridge", "Write for example bridge: br0, or forward_interfaces: [eth1] for macvtap; for a bridge that "
                                 "libvirt makes, use another mode."),
            "hostdev": ("physical_function", "Write for example physical_function: eth1, or virtual_functions: ['0000:03:10.1']."),
        }.get(mode, ("forward_interfaces", "Write for example forward_interfaces: [eth1], or physical_function: eth1."))
        yield ("missing_option", "%s: mode '%s' needs something of the host to plug guests into" % (option, mode), hint)
    elif len(given) > 1:
        yield ("conflicting_options", "%s: does not go with %s" % (given[1], given[0]), "Give one of them.")


def _about_addresses(terms, after, actual):
    """What was there before and is not spoken of is nobody's business here, unless the subnet moves away under it."""
    moves = after["subnet"] != actual.get("subnet")
    for prefix, item in subnets(after):
        said = terms if not prefix else item if "further_subnets" in terms else {}
        yield from _about_subnet(prefix, said, item, moves and not prefix)
    yield from _about_pairs(terms, after)
    if "reservations" in terms or "further_subnets" in terms or moves:
        yield from _about_reservations(after)
    yield from _about_pool(terms, after)
    for index, route in enumerate(terms.get("routes") or []):
        if not addressing.lies_in(route["gateway"], _all(after)):
            yield ("address_outside_subnet", "routes[%d].gateway: %s is in no subnet of the network" % (index, route["gateway"]),
                   "Name a router that is in the network.")


def _all(after):
    return [item["subnet"] for _option, item in subnets(after)]


def _about_subnet(prefix, said, item, moves):
    subnet, gateway = item["subnet"], item.get("gateway")
    if "gateway" in said and not addressing.is_usable(subnet, gateway):
        yield ("address_outside_subnet", "%sgateway: %s is not an address of a host in the subnet %s" % (prefix, gateway, subnet),
               "Leave it out for %s." % addressing.first_address(subnet))
    if "gateway" in said or "dhcp" in said or moves:
        yield from _about_ranges(prefix + "dhcp", ranges(item), subnet, gateway)
    if item.get("boot_server") and not item.get("boot_file") and "boot_server" in said:
        yield ("missing_option", "%sboot_server: there is no file to be fetched from it" % prefix, "Give the boot_file as well.")
    if ":" in subnet and any(said.get(name) for name in ("boot_file", "boot_server", "tftp_root")):
        yield ("conflicting_options", "%sboot_file: libvirt lets guests boot over IPv4 only" % prefix,
               "Give it with an IPv4 subnet, or write the lines of dnsmasq_options yourself.")


def _about_pairs(terms, after):
    """One subnet of each family may be served, and none may overlap with another."""
    every = subnets(after)
    if not {"subnet", "further_subnets", "dhcp"} & set(terms):
        return
    for index, (_option, one) in enumerate(every):
        for option, other in every[index + 1:]:
            if addressing.overlap(one["subnet"], other["subnet"]):
                yield ("subnet_overlap", "%ssubnet: %s overlaps with %s of the same network" % (option, other["subnet"], one["subnet"]),
                       "Give each its own.")
            elif one.get("dhcp") and other.get("dhcp") and (":" in one["subnet"]) == (":" in other["subnet"]):
                yield ("conflicting_options", "%sdhcp: addresses of %s are handed out already, and libvirt does that for one IPv4 "
                       "and one IPv6 subnet" % (option, one["subnet"]), "Set it to null for one of the two.")


def _about_reservations(after):
    gateways = [item.get("gateway") for _option, item in subnets(after)]
    for index, item in enumerate(after.get("reservations") or []):
        option, address = "reservations[%d].address" % index, item["address"]
        if not any(addressing.is_usable(subnet, address) for subnet in _all(after)):
            yield ("address_outside_subnet", "%s: %s is not an address of a host in the subnet %s"
                   % (option, address, " or ".join(_all(after))), "Reserve an address within the subnet.")
        elif address in gateways:
            yield ("duplicate_address", "%s: %s is the gateway" % (option, address), "Reserve another address.")


def _about_pool(terms, after):
    """A slot's facts are the network's: guests get them by DHCP."""
    forwarders = [item.get("address") for item in after.get("forwarders") or []]
    for index, slot in enumerate(terms.get("address_pool") or []):
        option, address = "address_pool[%d]." % index, slot["address"]
        home = next((item for _option, item in subnets(after) if addressing.is_usable(item["subnet"], address)), None)
        if home is None:
            yield ("address_outside_subnet", "%saddress: %s is not an address of a host in the subnet %s"
                   % (option, address, " or ".join(_all(after))), "Give addresses within the subnet.")
            continue
        network = ipaddress.ip_network(home["subnet"])
        if address == home.get("gateway"):
            yield ("duplicate_address", "%saddress: %s is the gateway" % (option, address), "Leave it out of the pool.")
        if any(number(one["start"]) <= number(address) <= number(one["end"]) for _place, one in ranges(home)):
            yield ("slot_in_range", "%saddress: %s is in the range that is handed out to anyone" % (option, address),
                   "Shorten the range in dhcp, or set dhcp to null.")
        facts = {"gateway": home.get("gateway"), "netmask": str(network.netmask), "broadcast": str(network.broadcast_address)}
        for name, value in facts.items():
            if slot.get(name) not in (None, value):
                yield ("conflicting_options", "%s%s: the network's is %s, which is what guests get" % (option, name, value),
                       "Leave it out, or change the network's.")
        for server in slot.get("dns") or []:
            if server != home.get("gateway") and server not in forwarders:
                yield ("conflicting_options", "%sdns: guests ask the network's DNS server, and that does not ask %s" % (option, server),
                       "Add it to the network's forwarders.")


def _about_ranges(option, found, subnet, gateway):
    spans = []
    for place, item in found:
        sentence = next(_about_range("%s.%s" % (option, place), item, subnet, gateway), None)
        if sentence:
            yield sentence
            continue
        first, last = number(item["start"]), number(item["end"])
        for before, after in spans:
            if first <= after and before <= last:
                yield ("range_overlap", "%s.%sstart: the range %s-%s overlaps with another" % (option, place, item["start"], item["end"]),
                       "Give each its own addresses.")
        spans.append((first, last))


def _about_range(option, item, subnet, gateway):
    for name in ("start", "end"):
        if not addressing.is_usable(subnet, item[name]):
            yield ("range_outside_subnet", "%s%s: %s is not an address of a host in the subnet %s" % (option, name, item[name], subnet),
                   "Leave the range out for %s-%s." % addressing.default_range(subnet, gateway))
            return
    first, last = number(item["start"]), number(item["end"])
    if first > last:
        yield ("range_reversed", "%sstart: %s comes after dhcp.end, %s" % (option, item["start"], item["end"]), "Swap them.")
    elif first <= number(gateway) <= last:
        yield ("gateway_in_range", "%s: the range %s-%s contains the gateway, %s" % (option.rstrip("."), item["start"], item["end"], gateway),
               "Begin after it or end before it.")
    elif first >> 16 != last >> 16 and ":" in item["start"]:
        yield ("range_too_large", "%s: addresses of an IPv6 range may differ in their last four digits only" % option.rstrip("."),
               "Shorten the range to 65536 addresses or fewer.")
