# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A PCI device of the host, https://libvirt.org/formatdomain.html#usb-pci-scsi-devices"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import Hexadecimal


def _number(attribute, most, **options):
    return Hexadecimal("@" + attribute, minimum=0, maximum=most, **options)


class PciPlace(Model):
    """Its address there, as lspci shows it."""

    keys = ()
    domain = _number("domain", 2 ** 32 - 1, unset=0)
    bus = _number("bus", 0xff, required=True)
    slot = _number("slot", 0x1f, required=True)
    function = _number("function", 7, unset=0)
