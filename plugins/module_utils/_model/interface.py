# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM's network interface, https://libvirt.org/formatdomain.html#network-interfaces"""
from __future__ import annotations

import hashlib

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    LIVE, REPLUG, AbsolutePath, Address, Enum, FieldError, Flag, Int, Known, Mac, Node, Nodes, Switch, Text,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.alias import Alias, is_nameless, without_name
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.bandwidth import Bandwidth
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import acpi_index, device_address
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.filter_ref import FilterRef
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface_driver import InterfaceDriver
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface_ip import InterfaceIp, InterfaceRoute
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface_source import (
    Backend, Coalesce, Ethernet, HostDevice, HostInterface, KindOfPlug, PeerSocket, Socket, Teaming, UdpSocket, Vdpa, VhostUser, kind_of, plug,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.port_forward import PortForward
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.rom import Rom
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtualport import VirtualPort
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vlan import Vlan

# In place of an address: any that the network's pool has left.
FROM_POOL = "pool"


class AskedAddress(Address):
    def normalise(self, value):
        return FROM_POOL if str(value).strip().lower() == FROM_POOL else super().normalise(value)


class Attachment(Known):
    """What the interface is plugged into: sets the interface's type along with its source."""

    def __init__(self, kind, **options):
        super().__init__("source/@" + kind, **options)
        self.kind = kind

    def read(self, element):
        return super().read(element) if kind_of(element) == self.kind else None

    def write(self, element, value):
        if value is not None:
            if self.read(element) not in (None, value):
                # A portgroup is one of the network that was there.
                _path.drop(element, "source")
            plug(element, self.kind)
        super().write(element, value)

    def reach(self, element):
        """Between bridges a running guest keeps its card: libvirt moves the tap device behind it."""
        return LIVE if element.get("type") in ("network", "bridge") else REPLUG


class Direct(Model):
    """A device of the host, shared or passed through by macvtap."""

    keys = ()
    dev = Text("@dev", pattern="[^/ \t\n]{1,15}", meaning="the name of a network device of the host", required=True)
    mode = Enum("@mode", choices=["vepa", "bridge", "private", "passthrough"], unset="vepa")


class DirectNode(Node):
    def place(self, element):
        return element.find("source") if kind_of(element) == "direct" else None

    def write(self, element, value):
        if value is not None:
            plug(element, "direct")
        super().write(element, value)


class UserStack(Flag):
    """QEMU's own network stack, which needs no rights on the host."""

    def read(self, element):
        return True if kind_of(element) == "user" else None

    def write(self, element, value):
        if value:
            plug(element, "user")
        elif self.read(element):
            element.attrib.pop("type")


class UserDevice(Text):
    """The device of the host that packets of QEMU's own stack, or of passt, leave by."""

    def read(self, element):
        return super().read(element) if kind_of(element) in ("user", "vhostuser") else None

    def write(self, element, value):
        if kind_of(element) in ("user", "vhostuser"):
            super().write(element, value)


class Interface(Model):
    tag = "interface"
    keys = ("name", "mac")
    # What it is plugged into: one of these.
    sources = ("network", "bridge", "direct", "user", "ethernet", "vhost_user", "vdpa", "hostdev", "udp", "mcast", "server", "client")
    # A running interface may say it otherwise, so a change of something else says it, too.
    restated = ("network", "bridge", "direct", "user")

    # The running guest has no use for it: its own aliases stay until it starts anew.
    name = Alias("alias/@name", live=False)
    network = Attachment("network", refers="network")
    bridge = Attachment("bridge")
    direct = DirectNode(Direct, "source", change=REPLUG)
    user = UserStack("@type", change=REPLUG)
    ethernet = KindOfPlug("ethernet", Ethernet, change=REPLUG)
    vhost_user = KindOfPlug("vhostuser", VhostUser, change=REPLUG)
    vdpa = KindOfPlug("vdpa", Vdpa, change=REPLUG)
    hostdev = KindOfPlug("hostdev", HostInterface, at=None, change=REPLUG)
    udp = KindOfPlug("udp", UdpSocket, change=REPLUG)
    mcast = KindOfPlug("mcast", PeerSocket, change=REPLUG)
    server = KindOfPlug("server", Socket, change=REPLUG)
    client = KindOfPlug("client", PeerSocket, change=REPLUG)
    backend = Node(Backend, "backend", change=REPLUG)
    # What it reaches the world by; the address that a guest gets from a network is the option address.
    source_dev = UserDevice("source/@dev", pattern="[^/ ]{1,15}", meaning="the name of a network device of the host", change=REPLUG)
    ips = Nodes(InterfaceIp, "ip", change=REPLUG)
    routes = Nodes(InterfaceRoute, "route", change=REPLUG)
    port_forwards = Nodes(PortForward, "portForward", change=REPLUG, since="9.0")
    portgroup = Known("source/@portgroup", change=LIVE)
    mac = Mac("mac/@address", change=REPLUG, generated=True)
    address = AskedAddress()
    model = Text("model/@type", pattern="[a-z0-9-]+", meaning="a model of network card, such as virtio",
                 change=REPLUG)
    mtu = Int("mtu/@size", minimum=68, maximum=65535, change=REPLUG)
    mac_type = Enum("mac/@type", choices=["static", "generated"], generated=True, change=REPLUG)
    mac_check = Switch("mac/@check", generated=True, change=REPLUG)
    driver = Node(InterfaceDriver, "driver", change=REPLUG)
    queues = Int("driver/@queues", minimum=1, maximum=256, change=REPLUG)
    link = Enum("link/@state", choices=["up", "down"], unset="up", change=LIVE)
    bandwidth = Node(Bandwidth, "bandwidth", change=LIVE)
    filter = Node(FilterRef, "filterref", change=LIVE)
    isolated = Switch("port/@isolated", change=LIVE)
    vlan = Node(Vlan, "vlan", change=LIVE)
    virtualport = Node(VirtualPort, "virtualport", change=REPLUG, generated=True)
    trust_guest_rx_filters = Switch("@trustGuestRxFilters", change=LIVE)
    coalesce = Node(Coalesce, "coalesce", change=LIVE)
    target = Node(HostDevice, "target", change=REPLUG, generated=True)
    script = AbsolutePath("script/@path", change=REPLUG)
    downscript = AbsolutePath("downscript/@path", change=REPLUG)
    sndbuf = Int("tune/sndbuf", minimum=0, change=REPLUG)
    teaming = Node(Teaming, "teaming", change=REPLUG)
    backend_domain = Text("backenddomain/@name", change=REPLUG)
    boot_order = Int("boot/@order", minimum=1, change=REPLUG)
    boot_loadparm = Text("boot/@loadparm", pattern="[A-Za-z0-9. ]{1,8}", meaning="a parameter of up to 8 letters, digits and dots", change=REPLUG)
    rom = Node(Rom, "rom", change=REPLUG)
    acpi_index = acpi_index(REPLUG)
    device_address = device_address(REPLUG)

    @classmethod
    def check(cls, declared):
        said = [option for option in cls.sources if declared.get(option) not in (None, False)]
        if len(said) != 1:
            raise FieldError("say what it is plugged into by one of network, bridge, direct, user, ethernet, vhost_user, vdpa, hostdev, udp, "
                             "mcast, server or client%s" % ("; this has %s" % " and ".join(said) if said else ""))
        if declared.get("name") is None and not is_nameless(declared, cls.keys):
            declared["name"] = cls._default_name(declared, said[0])
        cls._check_user(declared, said[0])
        if declared.get("address") is not None and "network" not in said:
            raise FieldError("an address is reserved in a libvirt network; elsewhere the guest sets its own", ("address",))
        if declared.get("portgroup") is not None and "network" not in said:
            raise FieldError("a portgroup is one of a libvirt network", ("portgroup",))
        if declared.get("model") not in (None, "virtio") and declared.get("queues") is not None:
            raise FieldError("only a card of the model virtio has several queues", ("queues",))

    @staticmethod
    def _default_name(declared, kind):
        if kind in ("network", "bridge"):
            return declared[kind]
        return declared["direct"]["dev"] if kind == "direct" else kind.replace("_", "-")

    @staticmethod
    def _check_user(declared, kind):
        passt = (declared.get("backend") or {}).get("type") == "passt"
        if passt and kind not in ("user", "vhost_user"):
            raise FieldError("passt serves interfaces with 'user: true' and vhost_user", ("backend", "type"))
        if kind == "vhost_user" and not passt and declared["vhost_user"].get("path") is None:
            raise FieldError("say the path of the socket, or have a backend of 'type: passt'", ("vhost_user", "path"))
        if declared.get("source_dev") is not None and not (passt or kind == "user"):
            raise FieldError("is an option of 'user: true' and of passt", ("source_dev",))
        if declared.get("port_forwards") and not passt:
            raise FieldError("only passt forwards ports; add a backend of 'type: passt'", ("port_forwards",))

    @classmethod
    def options(cls, told):
        written = super().options(told)
        for kind in ("ethernet", "vhost_user"):
            if told.get(kind) is not None:
                # That it is one may be all there is to say.
                written.setdefault(kind, {})
        return without_name(written, cls.keys)


def derived_mac(environment, vm, interface):
    """A MAC that the same names always get: 02: and 40 bits of SHA-256, so that a rebuilt VM keeps its address."""
    digest = hashlib.sha256("\0".join((environment or "", vm, interface)).encode()).hexdigest()
    return ":".join(["02"] + [digest[at:at + 2] for at in range(0, 10, 2)])
