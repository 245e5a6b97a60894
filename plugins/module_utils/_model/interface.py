# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM's network interface, https://libvirt.org/formatdomain.html#network-interfaces"""
from __future__ import annotations

import hashlib

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    LIVE, REPLUG, Address, Enum, FieldError, Flag, Int, Mac, Name, Node, Switch, Text,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.alias import Alias, is_nameless, without_name
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.bandwidth import Bandwidth
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import acpi_index, device_address
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.filter_ref import FilterRef
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.rom import Rom
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vlan import Vlan


# In place of an address: any that the network's pool has left.
FROM_POOL = "pool"


class AskedAddress(Address):
    def normalise(self, value):
        return FROM_POOL if str(value).strip().lower() == FROM_POOL else super().normalise(value)


def _kind(element):
    """What an interface is plugged into. A running one of a network shows the bridge or device behind it as well."""
    return "network" if _path.get(element, "source/@network") else element.get("type")


def _plug(element, kind):
    """Make the interface one of a kind; what said where another one leads goes."""
    if _kind(element) != kind or element.get("type") != kind:
        portgroup = _path.get(element, "source/@portgroup") if _kind(element) == kind else None
        for source in element.findall("source"):
            _path.remove(source)
        element.set("type", kind)
        if portgroup:
            _path.put(element, "source/@portgroup", portgroup)


class Attachment(Name):
    """What the interface is plugged into: sets the interface's type along with its source."""

    def __init__(self, kind, **options):
        super().__init__("source/@" + kind, **options)
        self.kind = kind

    def read(self, element):
        return super().read(element) if _kind(element) == self.kind else None

    def write(self, element, value):
        if value is not None:
            if self.read(element) not in (None, value):
                # A portgroup is one of the network that was there.
                _path.drop(element, "source")
            _plug(element, self.kind)
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
        return element.find("source") if _kind(element) == "direct" else None

    def write(self, element, value):
        if value is not None:
            _plug(element, "direct")
        super().write(element, value)


class UserStack(Flag):
    """QEMU's own network stack, which needs no rights on the host."""

    def read(self, element):
        return True if _kind(element) == "user" else None

    def write(self, element, value):
        if value:
            _plug(element, "user")
        elif self.read(element):
            element.attrib.pop("type")


class VirtualPort(Model):
    """How a switch of its own kind, such as Open vSwitch, knows the interface."""

    keys = ()
    type = Enum("@type", choices=["openvswitch", "802.1Qbg", "802.1Qbh", "midonet"], required=True)
    interface_id = Text("parameters/@interfaceid", pattern="[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", meaning="a UUID in lower case",
                        generated=True)
    profile_id = Text("parameters/@profileid", pattern="[^ ]{1,39}", meaning="a profile's name of up to 39 characters")


class Interface(Model):
    tag = "interface"
    keys = ("name", "mac")
    # What it is plugged into: one of these.
    sources = ("network", "bridge", "direct", "user")
    # A running interface may say it otherwise, so a change of something else says it, too.
    restated = sources

    # The running guest has no use for it: its own aliases stay until it starts anew.
    name = Alias("alias/@name", live=False)
    network = Attachment("network", refers="network")
    bridge = Attachment("bridge")
    direct = DirectNode(Direct, "source", change=REPLUG)
    user = UserStack("@type", change=REPLUG)
    portgroup = Name("source/@portgroup", change=LIVE)
    mac = Mac("mac/@address", change=REPLUG, generated=True)
    address = AskedAddress()
    model = Text("model/@type", pattern="[a-z0-9-]+", meaning="a model of network card, such as virtio",
                 change=REPLUG)
    mtu = Int("mtu/@size", minimum=68, maximum=65535, change=REPLUG)
    driver = Enum("driver/@name", choices=["vhost", "qemu"], change=REPLUG)
    queues = Int("driver/@queues", minimum=1, maximum=256, change=REPLUG)
    link = Enum("link/@state", choices=["up", "down"], unset="up", change=LIVE)
    bandwidth = Node(Bandwidth, "bandwidth", change=LIVE)
    filter = Node(FilterRef, "filterref", change=LIVE)
    isolated = Switch("port/@isolated", change=LIVE)
    vlan = Node(Vlan, "vlan", change=LIVE)
    virtualport = Node(VirtualPort, "virtualport", change=REPLUG, generated=True)
    boot_order = Int("boot/@order", minimum=1, change=REPLUG)
    rom = Node(Rom, "rom", change=REPLUG)
    acpi_index = acpi_index(REPLUG)
    device_address = device_address(REPLUG)

    @classmethod
    def check(cls, declared):
        said = [option for option in cls.sources if declared.get(option)]
        if len(said) != 1:
            raise FieldError("say what it is plugged into by one of network, bridge, direct or user%s"
                             % ("; this has %s" % " and ".join(said) if said else ""))
        if declared.get("name") is None and not is_nameless(declared, cls.keys):
            declared["name"] = {"direct": (declared.get("direct") or {}).get("dev"), "user": "user"}.get(said[0], declared[said[0]])
        if declared.get("address") is not None and "network" not in said:
            raise FieldError("an address is reserved in a libvirt network; elsewhere the guest sets its own", ("address",))
        if declared.get("portgroup") is not None and "network" not in said:
            raise FieldError("a portgroup is one of a libvirt network", ("portgroup",))
        if declared.get("model") not in (None, "virtio") and declared.get("queues") is not None:
            raise FieldError("only a card of the model virtio has several queues", ("queues",))

    @classmethod
    def options(cls, told):
        return without_name(super().options(told), cls.keys)


def derived_mac(environment, vm, interface):
    """A MAC that the same names always get: 02: and 40 bits of SHA-256, so that a rebuilt VM keeps its address."""
    digest = hashlib.sha256("\0".join((environment or "", vm, interface)).encode()).hexdigest()
    return ":".join(["02"] + [digest[at:at + 2] for at in range(0, 10, 2)])
