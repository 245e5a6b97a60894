# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subnets of a network: what follows from one, what lies in it, and how libvirt writes it.

https://libvirt.org/formatnetwork.html#addressing
"""
from __future__ import annotations

import ipaddress

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Address, Field, FieldError

# dnsmasq hands out addresses one by one: libvirt refuses IPv6 ranges that differ in more than the last 16 bits.
_LARGEST_RANGE = 2 ** 16


def _classful_prefix(address):
    """What libvirt assumes where neither prefix nor netmask is written."""
    if address.version == 6:
        return 64
    first = address.packed[0]
    return 8 if first < 128 else 16 if first < 192 else 24


def subnet_of(ip):
    """The subnet of an ``<ip>`` element, or None where it has no (readable) address."""
    try:
        address = ipaddress.ip_address(ip.get("address", ""))
        prefix = ip.get("prefix") or ip.get("netmask") or _classful_prefix(address)
        return ipaddress.ip_network("%s/%s" % (address, prefix), strict=False)
    except ValueError:
        return None


def subnets_of(element):
    """Every subnet of a network's XML."""
    return [subnet for subnet in map(subnet_of, element.findall("ip")) if subnet is not None]


def contains(subnet, address):
    """Whether an address (text) lies in a subnet (text or parsed)."""
    address = ipaddress.ip_address(address)
    subnet = ipaddress.ip_network(subnet)
    return address.version == subnet.version and address in subnet


def lies_in(address, subnets):
    """Whether an address lies in any of the subnets."""
    return any(contains(subnet, address) for subnet in subnets)


def overlap(one, other):
    one, other = ipaddress.ip_network(one), ipaddress.ip_network(other)
    return one.version == other.version and one.overlaps(other)


def is_usable(subnet, address):
    """Whether a host can have the address: in the subnet, neither the network's nor the broadcast address."""
    subnet, address = ipaddress.ip_network(subnet), ipaddress.ip_address(address)
    if address.version != subnet.version or address not in subnet or address == subnet.network_address:
        return False
    return subnet.version == 6 or address != subnet.broadcast_address


def first_address(subnet):
    """The gateway of a subnet that names none."""
    return str(ipaddress.ip_network(subnet)[1])


def default_range(subnet, gateway=None):
    """(first, last) address handed out where no range is given.

    The upper half, so that the lower one is free for reservations and fixed addresses; the lower half where the
    gateway lives in the upper. Of an IPv6 subnet only the first 65536 addresses are considered.
    """
    subnet = ipaddress.ip_network(subnet)
    gateway = ipaddress.ip_address(gateway if gateway and contains(subnet, gateway) else first_address(subnet))
    size = min(subnet.num_addresses, _LARGEST_RANGE) if subnet.version == 6 else subnet.num_addresses
    middle, last = subnet[size // 2], subnet[size - (2 if subnet.version == 4 else 1)]
    if middle <= gateway <= last:
        first = subnet[1]
        return (str(first), str(middle - 1)) if middle > first else (str(gateway), str(gateway))
    return str(middle), str(last)


class Prefix(Field):
    """A subnet that an element has as ``address`` and ``prefix`` (or ``netmask``)."""

    def normalise(self, value):
        text = str(value).strip()
        try:
            interface = ipaddress.ip_interface(text)
        except ValueError:
            raise FieldError("'%s' is not a subnet: write an address and a prefix length, 10.20.0.0/24" % value) from None
        subnet = interface.network
        if "/" not in text:
            raise FieldError("'%s' has no prefix length: write for example %s/24" % (value, text))
        if interface.ip != subnet.network_address:
            raise FieldError("'%s' is an address within a subnet: write %s" % (value, subnet))
        return str(subnet)

    def read(self, element):
        place = _path.find(element, self.path)
        subnet = None if place is None else subnet_of(place)
        return None if subnet is None else str(subnet)

    def write(self, element, value):
        if value is None:
            for attribute in ("address", "prefix", "netmask", "family"):
                _path.find(element, self.path).attrib.pop(attribute, None)
            return
        subnet = ipaddress.ip_network(value)
        place = _path.ensure(element, self.path)
        place.attrib.pop("netmask", None)
        self.put_address(place, subnet)
        place.set("prefix", str(subnet.prefixlen))
        if subnet.version == 6:
            place.set("family", "ipv6")
        else:
            place.attrib.pop("family", None)

    @staticmethod
    def put_address(place, subnet):
        place.set("address", str(subnet.network_address))


class Subnet(Prefix):
    """An ``<ip>`` of a network, as a subnet; the gateway stays while it lies in it."""

    def normalise(self, value):
        text = super().normalise(value)
        if ipaddress.ip_network(text).num_addresses < 4:
            raise FieldError("the subnet '%s' has no room for a gateway and guests: use a shorter prefix" % value)
        return text

    def write(self, element, value):
        if value is None and self.path != ".":
            _path.drop(element, self.path)
        else:
            super().write(element, value)

    @staticmethod
    def put_address(place, subnet):
        if not place.get("address") or not contains(subnet, place.get("address")):
            place.set("address", first_address(subnet))


class Gateway(Address):
    """The network's own address in its subnet; null stands for the first one."""

    def write(self, element, value):
        place = _path.find(element, self.path)
        if value is None and place is not None and subnet_of(place) is not None:
            value = first_address(subnet_of(place))
        if value is not None:
            super().write(element, value)
