# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a network's packets go, https://libvirt.org/formatnetwork.html#connectivity"""
from __future__ import annotations

import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Address, Enum, FieldError, Int, Node, Switch, Text, Texts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

LONGEST_LINK_NAME = 15
# The host makes these networks' bridge, or has none; the others plug guests into what is there.
OWN_BRIDGE = ("nat", "route", "open", "isolated")
# Guests share interfaces of the host, by macvtap.
DIRECT = ("bridge", "private", "vepa", "passthrough")


class Mode(Enum):
    """Where packets go. An isolated network is one that forwards nothing: it has no ``<forward>`` at all."""

    def read(self, element):
        forward = element.find("forward")
        return "isolated" if forward is None else forward.get("mode", "nat")

    def write(self, element, value):
        if value in (None, "isolated"):
            _path.drop(element, "forward")
            return
        super().write(element, value)
        if value != "nat":
            # libvirt refuses address translation where nothing is translated.
            _path.drop(element, "forward/nat")


class LinkName(Text):
    def normalise(self, value):
        value = super().normalise(value)
        if len(value) > LONGEST_LINK_NAME:
            raise FieldError("'%s' has %d characters; the kernel takes at most %d in the name of a network interface"
                             % (value, len(value), LONGEST_LINK_NAME))
        return value


LINK = dict(pattern=r"[A-Za-z0-9][A-Za-z0-9_.:-]*", meaning="the name of a network interface: use letters, digits and - _ . :")


class Links(Texts):
    """Interfaces of the host. Of a single one libvirt writes the attribute ``dev`` as well, always that of the first."""

    def __init__(self, **options):
        super().__init__("forward/interface/@dev", **options)

    def normalise(self, value):
        link = LinkName(**LINK)
        names = [link.normalise(one) for one in value]
        if len(set(names)) < len(names):
            raise FieldError("the same interface stands more than once")
        return names

    def read(self, element):
        single = _path.get(element, "forward/@dev")
        return super().read(element) or ([single] if single else [])

    def write(self, element, value):
        was, wanted = self.read(element), value or []
        super().write(element, [name for name in was if name in wanted] + [name for name in wanted if name not in was])
        if wanted:
            _path.put(element, "forward/@dev", _path.get(element, self.path))
        else:
            _path.drop(element, "forward/@dev")


class PciAddresses(Texts):
    """PCI functions, written as the kernel writes them: 0000:03:10.1"""

    _pattern = re.compile(r"(?:([0-9a-f]{1,8}):)?([0-9a-f]{1,2}):([0-9a-f]{1,2})\.([0-7])")
    _parts = ("domain", "bus", "slot", "function")

    def normalise(self, value):
        found = []
        for index, text in enumerate(value):
            parts = self._pattern.fullmatch(str(text).strip().lower())
            if not parts:
                raise FieldError("'%s' is not a PCI address: write for example 0000:03:10.1" % text, (index,))
            found.append(self._text([int(part or "0", 16) for part in parts.groups()]))
        return found

    @staticmethod
    def _text(numbers):
        domain, bus, slot, function = numbers
        return "%04x:%02x:%02x.%x" % (domain, bus, slot, function)

    def read(self, element):
        return [self._text([int(address.get(part, "0"), 0) for part in self._parts]) for address in element.findall(self.path)]

    def write(self, element, value):
        for _found in element.findall(self.path):
            _path.drop(element, self.path)
        for text in value or []:
            numbers = [int(part or "0", 16) for part in self._pattern.fullmatch(text).groups()]
            address = _path.append(element, self.path)
            address.set("type", "pci")
            for part, number, form in zip(self._parts, numbers, ("0x%04x", "0x%02x", "0x%02x", "0x%x")):
                address.set(part, form % number)


class Addresses(Model):
    start = Address("@start")
    end = Address("@end")

    @classmethod
    def check(cls, declared):
        _both(declared)


class Ports(Model):
    start = Int("@start", minimum=1, maximum=65535)
    end = Int("@end", minimum=1, maximum=65535)

    @classmethod
    def check(cls, declared):
        _both(declared)


def _both(declared):
    for option, other in (("start", "end"), ("end", "start")):
        if declared.get(option) is None and declared.get(other) is not None:
            raise FieldError("a range needs its %s as well" % option, (option,))


class Nat(Model):
    tag = "nat"
    addresses = Node(Addresses, "address")
    ports = Node(Ports, "port")
    ipv6 = Switch("@ipv6")

    @classmethod
    def check(cls, declared):
        for option in ("start", "end"):
            address = (declared.get("addresses") or {}).get(option)
            if address and ":" in address:
                raise FieldError("packets are translated to IPv4 addresses only; for IPv6 set ipv6: true", ("addresses", option))
