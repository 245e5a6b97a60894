# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a port tells a switch that is not the kernel's bridge, https://libvirt.org/formatnetwork.html#connectivity"""
from __future__ import annotations

import uuid

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, Enum, Field, FieldError, Int, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class Uuid(Field):
    def normalise(self, value):
        try:
            return str(uuid.UUID(str(value).strip()))
        except ValueError:
            raise FieldError("'%s' is not a UUID" % value) from None

    def parse(self, text):
        return text.lower()


class Number(Int):
    """A number that libvirt takes in hexadecimal digits as well."""

    def parse(self, text):
        return int(text, 0)


class VirtualPort(Model):
    tag = "virtualport"
    type = Enum("@type", choices=["openvswitch", "802.1Qbg", "802.1Qbh", "midonet"], change=LIVE)
    profile_id = Text("parameters/@profileid", pattern=".{1,39}", meaning="a profile's name of 39 characters at most", change=LIVE)
    interface_id = Uuid("parameters/@interfaceid", generated=True, change=LIVE)
    manager_id = Number("parameters/@managerid", minimum=0, maximum=255, change=LIVE)
    type_id = Number("parameters/@typeid", minimum=0, maximum=2 ** 24 - 1, change=LIVE)
    type_version = Number("parameters/@typeidversion", minimum=0, maximum=255, change=LIVE)
    instance_id = Uuid("parameters/@instanceid", generated=True, change=LIVE)
