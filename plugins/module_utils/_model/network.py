# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A virtual network's XML, https://libvirt.org/formatnetwork.html"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    FIXED, LIVE, RESTART, Address, Enum, FieldError, Int, Mac, Name, Nodes, Switch, Text, Texts,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.addressing import Dhcp, Gateway, Subnet, contains, subnet_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.ours import Environment, Labels, Protect

DNSMASQ = "http://libvirt.org/schemas/network/dnsmasq/1.0"
LONGEST_LINK_NAME = 15
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST_NAME = dict(pattern=r"%s(\.%s)*" % (_LABEL, _LABEL),
                  meaning="a host name: use letters, digits and '-', parts separated by dots")


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


class Domain(Text):
    """The DNS domain; without a name there is no ``<domain>``."""

    def write(self, element, value):
        if value is None:
            _path.drop(element, "domain")
        else:
            super().write(element, value)


class LinkName(Text):
    def normalise(self, value):
        value = super().normalise(value)
        if len(value) > LONGEST_LINK_NAME:
            raise FieldError("'%s' has %d characters; the kernel takes at most %d in the name of a bridge"
                             % (value, len(value), LONGEST_LINK_NAME))
        return value


class HostNames(Texts):
    def normalise(self, value):
        name = Text(**_HOST_NAME)
        if not value:
            raise FieldError("give at least one name")
        return [name.normalise(one).lower() for one in value]

    def same(self, declared, actual):
        return sorted(declared) == sorted(name.lower() for name in actual)


class DhcpHost(Model):
    """An address that is kept for one client."""

    tag = "host"
    keys = ("mac", "address")
    mac = Mac("@mac", change=LIVE)
    name = Text("@name", change=LIVE, **_HOST_NAME)
    address = Address("@ip", change=LIVE, required=True)

    @classmethod
    def check(cls, declared):
        if declared.get("address") and ":" in declared["address"]:
            if declared.get("mac"):
                raise FieldError("an IPv6 client is not known by its MAC: leave it out and give the name that it sends", ("mac",))
            if not declared.get("name"):
                raise FieldError("an IPv6 reservation needs the name that the client sends", ("name",))
        elif declared.get("address") and not declared.get("mac") and not declared.get("name"):
            raise FieldError("a reservation needs the client's MAC, or the name that it sends", ("mac",))


class DnsHost(Model):
    """Names that the network's DNS server answers with an address."""

    tag = "host"
    keys = ("address",)
    address = Address("@ip", change=LIVE, required=True)
    names = HostNames("hostname", change=LIVE, required=True)


class Forwarder(Model):
    """A DNS server that is asked for what the network does not know, or for one domain."""

    tag = "forwarder"
    keys = ("address", "domain")
    address = Address("@addr")
    domain = Text("@domain", **_HOST_NAME)

    @classmethod
    def check(cls, declared):
        if not declared.get("address") and not declared.get("domain"):
            raise FieldError("a forwarder needs an address, a domain that is asked there only, or both", ("address",))

    @classmethod
    def identity(cls, values):
        return " for ".join(values[key] for key in cls.keys if values.get(key))

    @classmethod
    def mark(cls, values):
        return "domain", cls.identity(values)

    @classmethod
    def _match_by(cls, key, declared, elements):
        """Both together tell one from another."""
        return next((element for element in elements if cls.identity(cls.read(element)) == cls.identity(declared)), None)


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
            if found is None:
                _index, ip = self.place(element, item["address"])
                found = _path.append(element, self.path) if ip is None else _path.append(ip, "dhcp/host")
            self.model.write(found, item)
        for dhcp in element.findall("ip/dhcp"):
            if not len(dhcp) and not dhcp.attrib:
                _path.remove(dhcp)


class DnsmasqOptions(Texts):
    """Lines of dnsmasq's configuration that libvirt has no words for; order does not count."""

    def __init__(self, **options):
        super().__init__("{%s}options" % DNSMASQ, **options)

    def read(self, element):
        block = element.find(self.path)
        return [] if block is None else [option.get("value") for option in block.findall("{%s}option" % DNSMASQ)]

    def write(self, element, value):
        block = element.find(self.path)
        if block is not None:
            element.remove(block)
        if value:
            block = element.makeelement(self.path, {})
            element.append(block)
            for line in value:
                block.append(block.makeelement("{%s}option" % DNSMASQ, {"value": line}))

    def normalise(self, value):
        for index, line in enumerate(value):
            if not str(line).strip() or "\n" in str(line):
                raise FieldError("'%s' is not one line of dnsmasq's configuration" % line, (index,))
        return [str(line) for line in value]


class Network(Model):
    tag = "network"
    name = Name("name", required=True, change=FIXED)
    uuid = Text("uuid", option=False, generated=True)
    mode = Mode("forward/@mode", choices=["nat", "route", "open", "isolated", "bridge"], generated=True)
    bridge = LinkName("bridge/@name", pattern=r"[A-Za-z0-9][A-Za-z0-9_.-]*",
                      meaning="a name for a bridge: use letters, digits, '-', '_' and '.'", generated=True)
    stp = Switch("bridge/@stp", words=("on", "off"), unset=True)
    delay = Int("bridge/@delay", minimum=0, maximum=30)
    mtu = Int("mtu/@size", minimum=68, maximum=65535)
    domain = Domain("domain/@name", **_HOST_NAME)
    domain_local_only = Switch("domain/@localOnly")
    forwarders = Nodes(Forwarder, "dns/forwarder")
    dns_hosts = Nodes(DnsHost, "dns/host", change=LIVE)
    subnet = Subnet("ip")
    gateway = Gateway("ip/@address", generated=True)
    dhcp = Dhcp("ip/dhcp/range", change=RESTART)
    reservations = Reservations(DhcpHost, "ip/dhcp/host", change=LIVE)
    dnsmasq_options = DnsmasqOptions()
    labels = Labels()
    environment = Environment()
    protect = Protect()

    @classmethod
    def check(cls, declared):
        for key in ("mac", "address", "name"):
            seen = set()
            for index, item in enumerate(declared.get("reservations") or []):
                value = (item.get(key) or "").lower()
                if value and value in seen:
                    raise FieldError("'%s' is reserved more than once; each reservation needs its own" % value,
                                     ("reservations", index, key))
                seen.add(value)
