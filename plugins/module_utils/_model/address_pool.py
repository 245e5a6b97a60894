# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses of a network that VMs may ask for without naming one, kept in our metadata."""
from __future__ import annotations

import ipaddress

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, Address, Field, FieldError, Mac, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.dns import HOST_NAME
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.ours import NAMESPACE, OURS

PATH = OURS + "/{%s}slot" % NAMESPACE


class Addresses(Field):
    """Several addresses in one attribute."""

    type = "list"

    def spec(self):
        return dict(super().spec(), elements="str")

    def normalise(self, value):
        address = Address()
        return [address.normalise(one) for one in value]

    def parse(self, text):
        return text.split()

    def format(self, value):
        return " ".join(value)


class Slot(Model):
    tag = "{%s}slot" % NAMESPACE
    keys = ("address",)
    name = Text("@name", change=LIVE, **HOST_NAME)
    address = Address("@address", required=True, change=LIVE)
    gateway = Address("@gateway", change=LIVE)
    broadcast = Address("@broadcast", change=LIVE)
    netmask = Address("@netmask", change=LIVE)
    dns = Addresses("@dns", change=LIVE)
    mac = Mac("@mac", change=LIVE)

    @classmethod
    def check(cls, declared):
        if declared.get("netmask"):
            try:
                ipaddress.ip_network("0.0.0.0/" + declared["netmask"])
            except ValueError:
                raise FieldError("'%s' is not the mask of a subnet" % declared["netmask"], ("netmask",)) from None
