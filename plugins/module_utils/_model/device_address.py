# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a guest finds a device, https://libvirt.org/formatdomain.html#device-addresses"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, FieldError, Int, Node, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

# What the addresses of each type consist of.
_PARTS = {
    "pci": ("domain", "bus", "slot", "function", "multifunction", "zpci"),
    "drive": ("controller", "bus", "target", "unit"),
    "virtio-serial": ("controller", "bus", "port"),
    "ccid": ("controller", "slot"),
    "usb": ("bus", "port"),
    "spapr-vio": ("reg",),
    "ccw": ("cssid", "ssid", "devno"),
    "isa": ("iobase", "irq"),
    "dimm": ("slot", "base"),
    "virtio-mmio": (),
    "unassigned": (),
}
_PCI_LIMITS = {"bus": 0xff, "slot": 0x1f}


class Hexadecimal(Int):
    """A number that libvirt writes in hexadecimal digits."""

    def parse(self, text):
        return int(text, 0)

    def format(self, value):
        return "0x%x" % value


class _Shared(Hexadecimal):
    """A number of PCI, and of other buses that write it in decimal digits."""

    def write(self, element, value):
        super().write(element, value)
        if value is not None and element.get("type") != "pci":
            element.set(self.name, str(value))


def _number(attribute, bits=32, kind=Hexadecimal):
    return kind("@" + attribute, minimum=0, maximum=2 ** bits - 1, generated=True)


class Zpci(Model):
    """The identifiers of a PCI device on s390."""

    keys = ()
    uid = _number("uid", 16)
    fid = _number("fid")


class DeviceAddress(Model):
    """libvirt chooses what is not said, and writes it down."""

    tag = "address"
    keys = ()
    type = Enum("@type", choices=list(_PARTS), required=True)
    domain = _number("domain")
    bus = _number("bus", kind=_Shared)
    slot = _number("slot", kind=_Shared)
    function = _number("function", 3)
    multifunction = Switch("@multifunction", words=("on", "off"), generated=True)
    zpci = Node(Zpci, "zpci", generated=True)
    controller = _number("controller", kind=Int)
    target = _number("target", kind=Int)
    unit = _number("unit", kind=Int)
    port = Text("@port", pattern=r"[0-9]+(\.[0-9]+){0,3}", meaning="a port's number, with dots between those of hubs", generated=True)
    cssid = _number("cssid", 8)
    ssid = _number("ssid", 2)
    devno = _number("devno", 16)
    reg = _number("reg", 64)
    iobase = _number("iobase", 16)
    irq = _number("irq", 4)
    base = _number("base", 64)

    @classmethod
    def check(cls, declared):
        kind = declared.get("type")
        for option, value in declared.items():
            if value is None or option == "type":
                continue
            if option not in _PARTS[kind]:
                raise FieldError("an address of the type %s has %s" % (kind, ", ".join(_PARTS[kind]) or "nothing else"), (option,))
            most = _PCI_LIMITS.get(option) if kind == "pci" else None
            if most is not None and value > most:
                raise FieldError("%d is more than the largest value, %d" % (value, most), (option,))

    @classmethod
    def write(cls, element, declared):
        if element.get("type") != declared.get("type", element.get("type")):
            # A place on another kind of bus says nothing of one on this.
            element.attrib.clear()
            for child in list(element):
                element.remove(child)
        return super().write(element, declared)


def device_address(change):
    """The field of a device that says where it is; null is content with where libvirt put it."""
    return Node(DeviceAddress, "address", change=change, generated=True)


def acpi_index(change):
    """The field of a PCI device by whose value the guest's firmware, and so systemd, names it."""
    return Int("acpi/@index", minimum=0, maximum=2 ** 32 - 1, change=change)
