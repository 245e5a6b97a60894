# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses that a network hands out, https://libvirt.org/formatnetwork.html#addressing"""
from __future__ import annotations

import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, Address, Field, FieldError, Mac, Name, Node, Nodes, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.addressing import contains, subnet_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.dns import HOST_NAME

INFINITE = "infinite"
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_UNITS = {"seconds": "s", "minutes": "m", "hours": "h"}
# dnsmasq's own limit.
_SHORTEST_LEASE = 120


class LeaseTime(Field):
    """For how long an address is handed out: 90s, 30m, 12h, 7d or infinite."""

    def normalise(self, value):
        text = str(value).strip().lower()
        if text == INFINITE:
            return text
        if not re.fullmatch(r"\d+[smhd]", text):
            raise FieldError("'%s' is not a time: write a number with its unit, 30m, 12h or 7d, or the word infinite" % value)
        if self._seconds(text) < _SHORTEST_LEASE:
            raise FieldError("'%s' is too short: leases take two minutes at least" % value)
        return text

    @staticmethod
    def _seconds(text):
        return 0 if text == INFINITE else int(text[:-1]) * _SECONDS[text[-1]]

    def same(self, declared, actual):
        return self._seconds(declared) == self._seconds(actual)

    def read(self, element):
        lease = element.find(self.path)
        if lease is None:
            return None
        number = lease.get("expiry", "0")
        return INFINITE if number == "0" else number + _UNITS[lease.get("unit", "minutes")]

    def write(self, element, value):
        _path.drop(element, self.path)
        if value is None:
            return
        lease = _path.ensure(element, self.path)
        if value == INFINITE:
            lease.set("expiry", "0")
            return
        number, unit = (int(value[:-1]) * 24, "h") if value[-1] == "d" else (int(value[:-1]), value[-1])
        lease.set("expiry", str(number))
        lease.set("unit", next(word for word, letter in _UNITS.items() if letter == unit))


class Range(Model):
    tag = "range"
    keys = ("start",)
    start = Address("@start", change=LIVE, required=True)
    end = Address("@end", change=LIVE, required=True)
    lease_time = LeaseTime("lease", change=LIVE)


class FurtherRanges(Nodes):
    """The ranges after the first."""

    def found(self, element):
        return super().found(element)[1:]

    def read(self, element):
        return super().read(element) or None


class Ranges(Model):
    """The addresses handed out to anyone who asks; the first range stands for the rest."""

    start = Address("range/@start", change=LIVE)
    end = Address("range/@end", change=LIVE)
    lease_time = LeaseTime("range/lease", change=LIVE)
    further_ranges = FurtherRanges(Range, "range", change=LIVE)


class Dhcp(Node):
    """The addresses handed out to anyone who asks; null for none, as is ``enabled: false``."""

    def __init__(self, path):
        super().__init__(Ranges, path, change=LIVE)

    def spec(self):
        entry = super().spec()
        entry["options"] = dict({"enabled": {"type": "bool"}}, **entry["options"])
        return entry

    def normalise(self, value):
        limits = {name: one for name, one in value.items() if name != "enabled"}
        if value.get("enabled") is False:
            given = [name for name, one in limits.items() if one is not None]
            if given:
                raise FieldError("there is no range where DHCP is off: leave it out, or set enabled: true", given[:1])
            return None
        return super().normalise(limits)

    def read(self, element):
        place = self.place(element)
        return None if place is None or place.find("range") is None else super().read(element)

    def write(self, element, value):
        if value is not None:
            super().write(element, value)
            return
        place = self.place(element)
        for found in [] if place is None else place.findall("range"):
            _path.remove(found)
        if place is not None and not len(place):
            _path.drop(element, self.path)


class ClientId(Text):
    """What a DHCP client calls itself, in octets; libvirt keeps it as it was written."""

    def __init__(self, path, **options):
        super().__init__(path, pattern="[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2})*",
                         meaning="a DUID: write octets in hexadecimal digits, 0:3:0:1:2:0:0:aa:bb:cc", **options)

    def normalise(self, value):
        return super().normalise(value).lower()

    def same(self, declared, actual):
        return [int(octet, 16) for octet in declared.split(":")] == [int(octet, 16) for octet in actual.split(":")]


class DhcpHost(Model):
    """An address that is kept for one client."""

    tag = "host"
    keys = ("mac", "client_id", "address")
    vm = Name(refers="vm")
    mac = Mac("@mac", change=LIVE)
    client_id = ClientId("@id", change=LIVE)
    name = Text("@name", change=LIVE, **HOST_NAME)
    address = Address("@ip", change=LIVE, required=True)
    lease_time = LeaseTime("lease", change=LIVE)

    @classmethod
    def check(cls, declared):
        given = [option for option in ("vm", "mac", "client_id", "name") if declared.get(option)]
        if given[:1] == ["vm"] and given[1:2] not in ([], ["name"]):
            raise FieldError("does not go with vm, whose interface says it", given[1:2])
        if ":" in (declared.get("address") or ""):
            if given[:1] in (["vm"], ["mac"]):
                raise FieldError("an IPv6 client is not known by its MAC: leave it out and give the name that it sends, "
                                 "or its client_id", given[:1])
            if not given:
                raise FieldError("an IPv6 reservation needs the name that the client sends, or its client_id", ("name",))
        elif declared.get("address"):
            if "client_id" in given:
                raise FieldError("libvirt knows IPv4 clients by their MAC or name only; give a line 'dhcp-host=id:…' in dnsmasq_options",
                                 ("client_id",))
            if not given:
                raise FieldError("a reservation needs the client's MAC, the name that it sends, or the VM that it is", ("mac",))


class Reservations(Nodes):
    """DHCP hosts, each in the ``<ip>`` whose subnet its address lies in."""

    def place(self, element, address):
        """The ``<ip>`` for an address and its position among all of them."""
        ips = element.findall("ip")
        for index, ip in enumerate(ips):
            subnet = subnet_of(ip)
            if subnet is not None and contains(subnet, address):
                return index, ip
        return 0, ips[0] if ips else None

    def write(self, element, value):
        matched, undeclared = self.pairs(value, element)
        for found in undeclared:
            _path.remove(found)
        for item, found in matched:
            _index, ip = self.place(element, item["address"])
            if found is None:
                found = _path.append(element, self.path) if ip is None else _path.append(ip, "dhcp/host")
            elif ip is not None and found.getparent().getparent() is not ip:
                _path.remove(found)
                _path.ensure(ip, "dhcp").append(found)
            self.model.write(found, item)
        for dhcp in element.findall("ip/dhcp"):
            if not len(dhcp) and not dhcp.attrib:
                _path.remove(dhcp)
