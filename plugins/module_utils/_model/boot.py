# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a VM's firmware starts, https://libvirt.org/formatdomain.html#operating-system-booting"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import AbsolutePath, Enum, FieldError, Int, Nodes, Switch, Text, Words
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.composite import Composite

_DISKS_FIRST = ["hd"]


class BootDevices(Words):
    """Kinds of devices in the order in which they are tried."""

    def __init__(self, **options):
        super().__init__(["hd", "cdrom", "network", "fd"], path="os/boot", unset=_DISKS_FIRST, **options)

    def normalise(self, value):
        for word in value:
            if value.count(word) > 1:
                raise FieldError("'%s' stands more than once" % word)
        return value

    def read(self, element):
        return [found.get("dev") for found in _path.find_all(element, self.path)]

    def is_default(self, actual):
        return super().is_default(actual or None)

    def write(self, element, value):
        for found in _path.find_all(element, self.path):
            _path.take(element, found)
        for word in value or []:
            _path.append(element, self.path).set("dev", word)


class AcpiTable(Composite):
    """A table that the firmware hands to the guest beside its own."""

    tag = "table"
    keys = ("type", "path")
    type = Enum("@type", choices=["slic", "raw", "rawset", "msdm"], newer={"raw": "11.2", "rawset": "11.2", "msdm": "11.2"}, required=True)
    path = AbsolutePath(".", required=True, generated=True)


class Boot(Model):
    tag = "os"
    keys = ()
    devices = BootDevices()
    menu = Switch("os/bootmenu/@enable")
    menu_timeout = Int("os/bootmenu/@timeout", minimum=0, maximum=65535)
    messages = Switch("os/bios/@useserial")
    reboot_timeout = Int("os/bios/@rebootTimeout", minimum=-1, maximum=65535)
    kernel = AbsolutePath("os/kernel")
    initrd = AbsolutePath("os/initrd")
    cmdline = Text("os/cmdline")
    shim = AbsolutePath("os/shim", since="11.2")
    dtb = AbsolutePath("os/dtb")
    bootloader = AbsolutePath("bootloader")
    bootloader_args = Text("bootloader_args")
    acpi_tables = Nodes(AcpiTable, "os/acpi/table")

    @classmethod
    def check(cls, declared):
        for option in ("initrd", "cmdline", "dtb", "shim"):
            if declared.get(option) and "kernel" in declared and not declared["kernel"]:
                raise FieldError("goes with a kernel only", (option,))
        if declared.get("menu_timeout") is not None and declared.get("menu") is False:
            raise FieldError("goes with 'menu: true' only", ("menu_timeout",))


def settle_order(element, declared):
    """libvirt takes an order of kinds of devices or one of devices, and writes the first where it is given neither."""
    ordered = [place for kind in ("disk", "interface", "hostdev", "redirdev")
               for place in element.findall("devices/%s/boot" % kind)]
    if (declared.get("boot") or {}).get("devices"):
        for place in ordered:
            _path.remove(place)
    elif ordered:
        for place in element.findall("os/boot"):
            _path.remove(place)
