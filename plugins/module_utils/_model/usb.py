# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""USB beyond the host's devices, and smartcards: https://libvirt.org/formatdomain.html#redirected-devices, #hub-devices, #smartcard-devices"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import AbsolutePath, Enum, Field, FieldError, Int, Node, Switch, Text, Texts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.chardev import Chardev
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device import Device
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtualport import Number


class Redirdev(Device, Chardev):
    """Devices at whoever looks at the screen."""

    tag = "redirdev"
    implied = {"bus": "usb"}
    traits = ("type", "bus", "host", "port", "path", "channel")
    hot = replugs = True
    bus = Enum("@bus", choices=["usb"], unset="usb")
    boot_order = Int("boot/@order", minimum=1)

    @classmethod
    def check(cls, declared):
        super().check(declared)
        if declared.get("type") is None:
            raise FieldError("say where the devices come from: spicevmc, tcp or unix", ("type",))


class UsbRule(Model):
    tag = "usbdev"
    keys = ()
    class_ = Number("@class", minimum=-1, maximum=255)
    vendor = Number("@vendor", minimum=-1, maximum=65535)
    product = Number("@product", minimum=-1, maximum=65535)
    version = Text("@version", pattern=r"-1|[0-9]{1,2}([.][0-9]{1,2})?", meaning="a version, such as 1.10")
    allow = Switch("@allow", required=True)


class Rules(Field):
    """A list whose order says which one counts."""

    type = "list"
    reads_path_only = True

    def __init__(self, model, path, **options):
        super().__init__(path, **options)
        self.model = model

    def spec(self):
        return dict(super().spec(), elements="dict", options=self.model.arguments())

    def normalise(self, value):
        rules = []
        for index, item in enumerate(value):
            try:
                rules.append(self.model.normalise(item))
            except FieldError as error:
                raise error.under(index) from None
        # Without a rule there is no filter.
        return rules or None

    def describe(self, value):
        return value and [self.model.describe(item) for item in value]

    def read(self, element):
        return [self.model.read(found) for found in _path.find_all(element, self.path)] or None

    def write(self, element, value):
        for found in _path.find_all(element, self.path):
            _path.take(element, found)
        for item in value or []:
            self.model.write(_path.append(element, self.path), {name: said for name, said in item.items() if said is not None})

    def same(self, declared, actual):
        return [{name: said for name, said in item.items() if said is not None} for item in declared] == actual


class Hub(Device):
    tag = "hub"
    implied = {"type": "usb"}
    traits = ("type",)
    type = Enum("@type", choices=["usb"], unset="usb")


class Certificates(Texts):
    """Names in the database of certificates."""

    def normalise(self, value):
        if len(value) != 3:
            raise FieldError("a smartcard has three certificates; these are %d" % len(value))
        return [str(one) for one in value]


class Smartcard(Device):
    tag = "smartcard"
    traits = ("mode", "source.type")
    mode = Enum("@mode", choices=["host", "host-certificates", "passthrough"], required=True)
    certificates = Certificates("certificate")
    database = AbsolutePath("database")
    source = Node(Chardev)

    @classmethod
    def check(cls, declared):
        mode = declared["mode"]
        for option, of in (("certificates", "host-certificates"), ("database", "host-certificates"), ("source", "passthrough")):
            if declared.get(option) is not None and mode != of:
                raise FieldError("is of 'mode: %s'" % of, (option,))
        if mode == "host-certificates" and not declared.get("certificates"):
            raise FieldError("'mode: host-certificates' needs their three names", ("certificates",))
        if mode == "passthrough" and not (declared.get("source") or {}).get("type"):
            raise FieldError("'mode: passthrough' needs to know where the card is: type spicevmc, tcp or unix", ("source", "type"))
