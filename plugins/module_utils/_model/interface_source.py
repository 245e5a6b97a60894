# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an interface is plugged into beside networks, bridges and devices of the host: other guests, processes and PCI functions.

https://libvirt.org/formatdomain.html#network-interfaces
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import AbsolutePath, Address, Enum, FieldError, Int, Node, Nodes, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface_ip import InterfaceIp, InterfaceRoute
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pci_place import PciPlace
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.reconnect import Reconnect


def kind_of(element):
    """What an interface is plugged into. A running one of a network shows the bridge or device behind it as well."""
    return "network" if _path.get(element, "source/@network") else element.get("type")


def plug(element, kind):
    """Make the interface one of a kind; what said where another one leads goes."""
    if kind_of(element) != kind or element.get("type") != kind:
        portgroup = _path.get(element, "source/@portgroup") if kind_of(element) == kind else None
        for source in element.findall("source"):
            _path.remove(source)
        element.attrib.pop("managed", None)
        element.set("type", kind)
        if portgroup:
            _path.put(element, "source/@portgroup", portgroup)


class KindOfPlug(Node):
    """The source of an interface of one kind: sets the interface's type along with it.

    :param at: None where parts of the description are beside the source
    """

    def __init__(self, kind, model, at="source", **options):
        super().__init__(model, at, **options)
        self.kind = kind

    def place(self, element):
        return super().place(element) if kind_of(element) == self.kind else None

    def read(self, element):
        if kind_of(element) != self.kind:
            return None
        place = self.place(element)
        return {} if place is None else self.model.read(place)

    def write(self, element, value):
        if value is not None:
            plug(element, self.kind)
        if value or kind_of(element) == self.kind and value is None:
            super().write(element, value)


class VhostUser(Model):
    """A socket that a switch in another process serves, or connects to. passt has one that libvirt makes."""

    keys = ()
    path = AbsolutePath("@path")
    mode = Enum("@mode", choices=["client", "server"])
    reconnect = Node(Reconnect, "reconnect")

    @classmethod
    def check(cls, declared):
        if (declared.get("path") is None) != (declared.get("mode") is None):
            raise FieldError("a socket has a path and a mode", ("mode" if declared.get("mode") is None else "path",))
        if declared.get("reconnect") and declared.get("mode") != "client":
            raise FieldError("goes with 'mode: client' only", ("reconnect",))

    @classmethod
    def write(cls, element, declared):
        if declared.get("path"):
            element.set("type", "unix")
        return super().write(element, declared)


class Vdpa(Model):
    keys = ()
    dev = Text("@dev", pattern="/dev/.+", meaning="the path of a device below /dev", required=True)


class HostInterface(Model):
    """A PCI function of the host, given to the guest."""

    keys = ()
    address = Node(PciPlace, "source/address", required=True)
    managed = Switch("@managed", generated=True)

    @classmethod
    def write(cls, element, declared):
        super().write(element, declared)
        if element.find("source/address") is not None:
            _path.put(element, "source/address/@type", "pci")
        return element


class Ethernet(Model):
    """A tap device, and what the host's end of it has."""

    keys = ()
    ips = Nodes(InterfaceIp, "ip")
    routes = Nodes(InterfaceRoute, "route")


class Socket(Model):
    """Guests that are wired to each other by QEMU itself; nothing of it is encrypted."""

    keys = ()
    address = Address("@address")
    port = Int("@port", minimum=1, maximum=65535, required=True)


class PeerSocket(Socket):
    address = Address("@address", required=True)


class LocalSocket(Model):
    keys = ()
    address = Address("@address", required=True)
    port = Int("@port", minimum=1, maximum=65535, required=True)


class UdpSocket(PeerSocket):
    local = Node(LocalSocket, "local", required=True)


class Backend(Model):
    """What serves the host's end."""

    keys = ()
    type = Enum("@type", choices=["default", "passt"], unset="default", since="9.0")
    log_file = AbsolutePath("@logFile", since="9.0")
    tap = AbsolutePath("@tap")
    vhost = AbsolutePath("@vhost")


class HostDevice(Model):
    """The device at the host's end, which libvirt names vnetN."""

    keys = ()
    dev = Text("@dev", pattern="(?!vnet|vif|macvtap|macvlan)[^/ ]{1,15}", meaning="a device's name that libvirt does not give itself: use up to 15 "
               "characters, and not vnet, vif, macvtap or macvlan at the start", generated=True)
    managed = Switch("@managed", unset=True)


class Coalesce(Model):
    keys = ()
    rx_frames = Int("rx/frames/@max", minimum=0)


class Teaming(Model):
    """Two interfaces that the guest uses as one, the fast one of which goes for a migration."""

    keys = ()
    type = Enum("@type", choices=["persistent", "transient"], required=True)
    persistent = Text("@persistent", pattern="ua-[A-Za-z0-9_-]+", meaning="the alias of the other interface: ua- and its name")
