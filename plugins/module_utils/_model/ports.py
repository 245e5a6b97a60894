# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serial and parallel ports, consoles and channels, https://libvirt.org/formatdomain.html#consoles-serial-parallel-channel-devices"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import RESTART, Address, Enum, Field, FieldError, Int, Node, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.chardev import KINDS, Chardev
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device import Device
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import device_address
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.first import First

AGENT = "org.qemu.guest_agent.0"
# libvirt repeats the first serial port as a console of this kind.
_REPEATED = (None, "serial")


class SerialTarget(Model):
    keys = ()
    type = Enum("@type", choices=["isa-serial", "usb-serial", "pci-serial", "spapr-vio-serial", "system-serial", "sclp-serial",
                                  "isa-debug"], generated=True)
    port = Int("@port", minimum=0, generated=True)
    model = Text("model/@name", pattern="[a-z0-9-]+", meaning="a model, such as isa-serial", generated=True)


class SerialPort(Chardev):
    """The first serial port."""

    tag = "serial"
    target = Node(SerialTarget, "target", generated=True)
    device_address = device_address(RESTART)


class Serial(Device, Chardev):
    tag = "serial"
    traits = ("type", "target.type", "target.port")
    target = Node(SerialTarget, "target", generated=True)

    @classmethod
    def is_hot(cls, values):
        return (values.get("target") or {}).get("type") in ("pci-serial", "usb-serial")


class ConsoleNode(First):
    """libvirt repeats the first serial port as the first console."""

    def __init__(self):
        super().__init__(SerialPort, "devices/serial")

    def write(self, element, value):
        for console in element.findall("devices/console"):
            if _path.get(console, "target/@type") in _REPEATED:
                _path.remove(console)
        super().write(element, value)


class ParallelTarget(Model):
    keys = ()
    port = Int("@port", minimum=0, generated=True)


class Parallel(Device, Chardev):
    tag = "parallel"
    traits = ("type", "target.port")
    target = Node(ParallelTarget, "target", generated=True)


class ConsoleTarget(Model):
    keys = ()
    type = Enum("@type", choices=["virtio", "serial", "sclp", "sclplm", "xen", "lxc", "uml", "openvz"], generated=True)
    # libvirt counts them anew at every turn.
    port = Int("@port", option=False, generated=True)


class Console(Device, Chardev):
    tag = "console"
    replugs = True
    traits = ("type", "target.type")
    target = Node(ConsoleTarget, "target", generated=True)

    @classmethod
    def is_hot(cls, values):
        return (values.get("target") or {}).get("type") == "virtio"

    @classmethod
    def is_implied(cls, values):
        return (values.get("target") or {}).get("type") in _REPEATED


class ChannelTarget(Model):
    keys = ()
    implied = {"type": "virtio"}
    type = Enum("@type", choices=["virtio", "guestfwd", "xen"], unset="virtio")
    name = Text("@name", pattern="[^ /]+", meaning="a channel's name, such as org.example.port.0")
    address = Address("@address")
    port = Int("@port", minimum=1, maximum=65535)
    state = Text("@state", option=False)

    @classmethod
    def check(cls, declared):
        forwarded = declared.get("type") == "guestfwd"
        if forwarded and not (declared.get("address") and declared.get("port")):
            raise FieldError("'type: guestfwd' needs the address and the port that the guest speaks to", ("address",))
        if declared.get("name") == AGENT:
            raise FieldError("the guest agent's channel has an option of its own: guest_agent", ("name",))


class Channel(Device, Chardev):
    tag = "channel"
    implied = {"type": "unix"}
    traits = ("target.type", "target.name", "target.address", "target.port")
    hot = replugs = True
    type = Enum("@type", choices=KINDS, unset="unix")
    target = Node(ChannelTarget, "target", required=True)

    @classmethod
    def counts(cls, element):
        return _path.get(element, "target/@name") != AGENT


class GuestAgent(Field):
    """The channel by which the host talks to an agent in the guest."""

    type = "bool"

    def __init__(self):
        super().__init__("devices/channel/target[@name='%s']" % AGENT)

    def read(self, element):
        return _path.find(element, self.path) is not None

    def write(self, element, value):
        for target in _path.find_all(element, self.path):
            _path.take(element, target.getparent())
        if value:
            channel = _path.append(element, "devices/channel")
            channel.set("type", "unix")
            _path.put(channel, "target/@type", "virtio")
            _path.put(channel, "target/@name", AGENT)
