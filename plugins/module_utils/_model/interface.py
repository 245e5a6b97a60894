# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM's network interface, https://libvirt.org/formatdomain.html#network-interfaces"""
from __future__ import annotations

import hashlib

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    FIXED, REPLUG, Address, Enum, FieldError, Int, Mac, Name, Text,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.alias import Alias


class Attachment(Name):
    """What the interface is plugged into: sets the interface's type along with its source."""

    def __init__(self, kind, **options):
        super().__init__("source/@" + kind, **options)
        self.kind = kind

    def read(self, element):
        return super().read(element) if element.get("type") == self.kind else None

    def write(self, element, value):
        super().write(element, value)
        if value is not None:
            element.set("type", self.kind)


class Interface(Model):
    tag = "interface"
    keys = ("name", "mac")

    name = Alias("alias/@name", change=FIXED)
    network = Attachment("network", change=REPLUG, refers="network")
    bridge = Attachment("bridge", change=REPLUG)
    mac = Mac("mac/@address", change=REPLUG, generated=True)
    address = Address()
    model = Text("model/@type", pattern="[a-z0-9-]+", meaning="a model of network card, such as virtio",
                 change=REPLUG)
    mtu = Int("mtu/@size", minimum=68, maximum=65535, change=REPLUG)
    link = Enum("link/@state", choices=["up", "down"], unset="up", change=REPLUG)

    @classmethod
    def check(cls, declared):
        said = [option for option in ("network", "bridge") if declared.get(option) is not None]
        if len(said) != 1:
            raise FieldError("say what it is plugged into by one of network or bridge")
        if declared.get("address") is not None and "network" not in said:
            raise FieldError("an address is reserved in a libvirt network; on a bridge the guest sets its own",
                             ("address",))
        if declared.get("name") is None:
            declared["name"] = declared[said[0]]


def derived_mac(environment, vm, interface):
    """A MAC that the same names always get: 02: and 40 bits of SHA-256, so that a rebuilt VM keeps its address."""
    digest = hashlib.sha256("\0".join((environment or "", vm, interface)).encode()).hexdigest()
    return ":".join(["02"] + [digest[at:at + 2] for at in range(0, 10, 2)])
