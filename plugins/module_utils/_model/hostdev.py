# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices of the host that the guest gets, https://libvirt.org/formatdomain.html#host-device-assignment"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    RESTART, AbsolutePath, Enum, FieldError, Int, Node, Nodes, Presence, Switch, Text,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device import Device
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import acpi_index
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network_source import Auth, Host
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool_source import PciAddress
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.rom import Rom
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtio_driver import ON_OFF
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtualport import Number, Uuid

# Parts of the host that containers get.
_CAPABILITIES = ("storage", "misc", "net")
_NEEDED = {"pci": ("address",), "mdev": ("uuid",), "scsi_host": ("wwpn",), "storage": ("block",), "misc": ("char",), "net": ("interface",)}


class _Identifier(Text):
    """What a maker calls itself, or its product, on a bus; lspci and others write it in either case."""

    def __init__(self, path):
        super().__init__(path, pattern="0x[0-9a-f]{4}", meaning="a number of four hexadecimal digits, such as 0x1d6b")

    def normalise(self, value):
        return super().normalise(str(value).lower())

    def parse(self, text):
        return text.lower()


class _Pci(PciAddress):
    """Only PCI's addresses have a slot."""

    reads_path_only = True

    def read(self, element):
        place = element.find(self.path)
        return None if place is None or place.get("slot") is None else super().read(element)


class _NotPci(Number):
    reads_path_only = True

    def read(self, element):
        place = element.find("address")
        return None if place is None or place.get("slot") is not None else super().read(element)


class HostSource(Model):
    """Which device of the host it is."""

    keys = ()
    address = _Pci("address")
    vendor = _Identifier("vendor/@id")
    product = _Identifier("product/@id")
    device = Number("address/@device", minimum=1)
    adapter = Text("adapter/@name", pattern="scsi_host[0-9]+", meaning="a SCSI host, such as scsi_host0")
    bus = _NotPci("address/@bus", minimum=0)
    target = Number("address/@target", minimum=0)
    unit = Number("address/@unit", minimum=0)
    uuid = Uuid("address/@uuid")
    protocol = Enum("@protocol", choices=["iscsi", "vhost"])
    name = Text("@name", pattern="[^ ]+", meaning="a target's name, without blanks")
    hosts = Nodes(Host, "host")
    auth = Node(Auth, "auth")
    initiator = Text("initiator/iqn/@name", pattern="iqn[.].+", meaning="an initiator's name, such as iqn.2020-07.com.example:test")
    wwpn = Text("@wwpn", pattern="naa[.][0-9a-f]{16}", meaning="a world wide name, such as naa.5123456789abcde0")
    block = AbsolutePath("block")
    char = AbsolutePath("char")
    interface = Text("interface", pattern="[^/ ]{1,15}", meaning="the name of a network device of the host")
    startup_policy = Enum("@startupPolicy", choices=["mandatory", "requisite", "optional"])
    guest_reset = Enum("@guestReset", choices=["off", "uninitialized", "on"])

    @classmethod
    def write(cls, element, declared):
        super().write(element, declared)
        secret = element.find("auth/secret")
        if secret is not None:
            secret.set("type", "iscsi")
        return element


class HostDriver(Model):
    keys = ()
    name = Enum("@name", choices=["vfio", "xen", "kvm"])
    model = Text("@model", pattern="[A-Za-z0-9_-]+", meaning="a kernel module's name")


class HostTeaming(Model):
    keys = ()
    type = Enum("@type", choices=["transient"])
    persistent = Text("@persistent", pattern="ua-.+", meaning="the alias of a virtio interface, such as ua-front")


class Hostdev(Device):
    tag = "hostdev"
    traits = ("type", "source.address", "source.vendor", "source.product", "source.uuid", "source.adapter", "source.bus", "source.device",
              "source.target", "source.unit", "source.name", "source.wwpn", "source.block", "source.char", "source.interface")
    hot = True
    type = Enum("@type", choices=["pci", "usb", "scsi", "scsi_host", "mdev", "storage", "misc", "net"], required=True)
    source = Node(HostSource, "source", required=True)
    managed = Switch("@managed", unset=False)
    model = Enum("@model", choices=["vfio-pci", "vfio-ccw", "vfio-ap", "virtio", "virtio-transitional", "virtio-non-transitional"])
    driver = Node(HostDriver, "driver")
    display = Switch("@display", words=ON_OFF)
    ramfb = Switch("@ramfb", words=ON_OFF)
    rom = Node(Rom, "rom")
    read_only = Presence("readonly")
    shared = Presence("shareable")
    boot_order = Int("boot/@order", minimum=1)
    boot_loadparm = Text("boot/@loadparm", pattern="[A-Za-z0-9. ]{1,8}", meaning="a parameter of up to 8 letters, digits and dots")
    teaming = Node(HostTeaming, "teaming")
    acpi_index = acpi_index(RESTART)

    @classmethod
    def check(cls, declared):
        kind, source = declared["type"], declared["source"] or {}
        by_ids = source.get("vendor") is not None and source.get("product") is not None
        for option in _NEEDED.get(kind, ()):
            if source.get(option) is None and not (kind == "pci" and by_ids):
                raise FieldError("'type: %s' needs it%s" % (kind, ", or vendor and product" if kind == "pci" else ""), ("source", option))
        if kind == "usb" and not by_ids and (source.get("bus") is None or source.get("device") is None):
            raise FieldError("'type: usb' needs vendor and product, or bus and device", ("source",))
        if kind == "scsi" and source.get("protocol") is None and (source.get("adapter") is None or source.get("unit") is None):
            raise FieldError("'type: scsi' needs the adapter, bus, target and unit, or the protocol iscsi with name and hosts", ("source",))
        if kind == "mdev" and declared.get("model") is None:
            raise FieldError("'type: mdev' needs the model, such as vfio-pci", ("model",))
        if kind == "pci" and by_ids and source.get("address") is not None:
            raise FieldError("goes without vendor and product: either says which it is", ("source", "address"))

    @classmethod
    def is_hot(cls, values):
        return values.get("type") not in _CAPABILITIES

    @classmethod
    def write(cls, element, declared):
        super().write(element, declared)
        element.set("mode", "capabilities" if element.get("type") in _CAPABILITIES else "subsystem")
        return element
