# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A storage pool's XML, https://libvirt.org/formatstorage.html#storage-pool-xml"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FIXED, RESTART, Enum, Field, FieldError, Int, Name, Node, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class Mode(Field):
    """Permission bits, as four octal digits."""

    def normalise(self, value):
        try:
            bits = int(str(value), 8)
        except ValueError:
            raise FieldError("'%s' is not a mode: write octal digits in quotes, '0711'" % value) from None
        return "%04o" % bits

    def parse(self, text):
        return "%04o" % int(text, 8)


class Permissions(Model):
    tag = "permissions"
    keys = ()
    mode = Mode("mode", live=False)
    owner = Int("owner", minimum=-1, live=False)
    group = Int("group", minimum=-1, live=False)


class Pool(Model):
    tag = "pool"
    name = Name("name", required=True, change=FIXED)
    uuid = Text("uuid", option=False, generated=True)
    type = Enum("@type", choices=["dir"], change=FIXED)
    path = Text("target/path", pattern="/.*", meaning="an absolute path", change=RESTART)
    permissions = Node(Permissions, "target/permissions")
