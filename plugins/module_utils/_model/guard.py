# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What watches over a guest and remembers its end: https://libvirt.org/formatdomain.html#watchdog-devices, #panic-device, #pstore"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import RESTART, AbsolutePath, Enum, Size
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device import Device, has_pci_slots
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import device_address


class Watchdog(Device):
    tag = "watchdog"
    traits = ("model",)
    replugs = True
    model = Enum("@model", choices=["i6300esb", "itco", "ib700", "diag288"], required=True)
    action = Enum("@action", choices=["reset", "shutdown", "poweroff", "pause", "none", "dump", "inject-nmi"], unset="reset")

    @classmethod
    def is_hot(cls, values):
        return values.get("model") == "i6300esb"

    @classmethod
    def fits(cls, guest):
        return has_pci_slots(guest)

    @classmethod
    def is_implied(cls, values):
        # The machine q35 has it built in.
        return values.get("model") == "itco"


class Panic(Device):
    tag = "panic"
    traits = ("model",)
    model = Enum("@model", choices=["isa", "pvpanic", "hyperv", "pseries", "s390"], generated=True)

    @classmethod
    def is_implied(cls, values):
        return values.get("model") in ("pseries", "s390")


class Pstore(Model):
    tag = "pstore"
    keys = ()
    backend = Enum("@backend", choices=["acpi-erst"], required=True)
    path = AbsolutePath("path", required=True)
    size = Size("size", unit="KiB", required=True)
    device_address = device_address(RESTART)
