# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A virtual network's XML, https://libvirt.org/formatnetwork.html"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    FIXED, LIVE, Address, Enum, FieldError, Int, Mac, Name, Node, Nodes, Switch, Text, Texts,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.address_pool import PATH as POOL_PATH, Slot
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.addressing import Gateway, Subnet
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.bandwidth import Bandwidth
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.dhcp import Dhcp, DhcpHost, Reservations
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.dns import HOST_NAME, DnsHost, Domain, Forwarder, Service, TextRecord
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.forward import LINK, LinkName, Links, Mode, Nat, PciAddresses
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.ours import Environment, Labels, Protect
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.portgroup import Portgroup
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.route import Route
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.subnet import ABSOLUTE, FurtherSubnets
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtualport import VirtualPort
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vlan import Vlan

DNSMASQ = "http://libvirt.org/schemas/network/dnsmasq/1.0"


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
    title = Text("title", pattern="[^\n]*", meaning="one line", since="9.7")
    description = Text("description", since="9.7")
    mode = Mode("forward/@mode", choices=["nat", "route", "open", "isolated", "bridge", "private", "vepa", "passthrough", "hostdev"],
                generated=True)
    forward_interfaces = Links(change=LIVE)
    physical_function = LinkName("forward/pf/@dev", **LINK)
    virtual_functions = PciAddresses("forward/address")
    managed = Switch("forward/@managed")
    hostdev_driver = Enum("forward/driver/@name", choices=["vfio", "kvm"])
    hostdev_driver_model = Text("forward/driver/@model", pattern="[A-Za-z0-9_-]+", meaning="the name of a kernel module", since="10.0")
    nat = Node(Nat, "forward/nat")
    bridge = LinkName("bridge/@name", pattern=r"[A-Za-z0-9][A-Za-z0-9_.-]*",
                      meaning="a name for a bridge: use letters, digits, '-', '_' and '.'", generated=True)
    stp = Switch("bridge/@stp", words=("on", "off"), unset=True)
    delay = Int("bridge/@delay", minimum=0, maximum=30)
    zone = Text("bridge/@zone", pattern="[A-Za-z0-9_-]{1,17}", meaning="the name of a firewalld zone")
    mac_table_manager = Enum("bridge/@macTableManager", choices=["kernel", "libvirt"], unset="kernel")
    mac = Mac("mac/@address", generated=True)
    mtu = Int("mtu/@size", minimum=68, maximum=65535)
    virtualport = Node(VirtualPort, "virtualport")
    portgroups = Nodes(Portgroup, "portgroup", change=LIVE)
    vlan = Node(Vlan, "vlan")
    bandwidth = Node(Bandwidth, "bandwidth")
    isolated_ports = Switch("port/@isolated")
    trust_guest_rx_filters = Switch("@trustGuestRxFilters")
    guest_ipv6 = Switch("@ipv6")
    domain = Domain("domain/@name", **HOST_NAME)
    domain_local_only = Switch("domain/@localOnly")
    domain_register = Switch("domain/@register", since="10.1")
    dns = Switch("dns/@enable", unset=True)
    forward_plain_names = Switch("dns/@forwardPlainNames", unset=True)
    forwarders = Nodes(Forwarder, "dns/forwarder")
    dns_hosts = Nodes(DnsHost, "dns/host", change=LIVE)
    dns_services = Nodes(Service, "dns/srv", change=LIVE)
    dns_texts = Nodes(TextRecord, "dns/txt", change=LIVE)
    subnet = Subnet("ip")
    gateway = Gateway("ip/@address", generated=True)
    dhcp = Dhcp("ip/dhcp")
    tftp_root = Text("ip/tftp/@root", **ABSOLUTE)
    boot_file = Text("ip/dhcp/bootp/@file")
    boot_server = Address("ip/dhcp/bootp/@server")
    local_ptr = Switch("ip/@localPtr")
    further_subnets = FurtherSubnets()
    reservations = Reservations(DhcpHost, "ip/dhcp/host", change=LIVE)
    address_pool = Nodes(Slot, POOL_PATH, change=LIVE, live=False)
    routes = Nodes(Route, "route")
    dnsmasq_options = DnsmasqOptions()
    labels = Labels()
    environment = Environment()
    protect = Protect()

    @classmethod
    def check(cls, declared):
        defaults = [index for index, group in enumerate(declared.get("portgroups") or []) if group.get("default")]
        if len(defaults) > 1:
            raise FieldError("there can be one default only", ("portgroups", defaults[1], "default"))
        for group in declared.get("portgroups") or [] if defaults else []:
            # Who becomes the default takes that from whoever was.
            group.setdefault("default", None)
        for key in ("mac", "address", "name"):
            seen = set()
            for index, item in enumerate(declared.get("reservations") or []):
                value = (item.get(key) or "").lower()
                if value and value in seen:
                    raise FieldError("'%s' is reserved more than once; each reservation needs its own" % value,
                                     ("reservations", index, key))
                seen.add(value)
