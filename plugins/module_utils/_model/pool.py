# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A storage pool's XML, https://libvirt.org/formatstorage.html#storage-pool-xml"""
from __future__ import annotations

import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    FIXED, LIVE, RESTART, Enum, Field, FieldError, Int, Name, Node, Text,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

# Where volumes and images are kept that name no pool.
DEFAULT_POOL = "default"


class Mode(Field):
    """Permission bits, as four octal digits."""

    def normalise(self, value):
        text = str(value)
        if not re.fullmatch("[0-7]{3,4}", text):
            raise FieldError("'%s' is not a mode: write three or four octal digits in quotes, '0711'" % value)
        return "%04o" % int(text, 8)

    def parse(self, text):
        return "%04o" % int(text, 8)


class Account(Int):
    """A numeric user or group; -1 leaves it to whoever makes the directory."""

    def __init__(self, path=None, **options):
        super().__init__(path, minimum=-1, **options)

    def same(self, declared, actual):
        return declared in (-1, actual)


class Directory(Text):
    """An absolute path, written as libvirt writes it."""

    def __init__(self, path=None, **options):
        super().__init__(path, pattern="/+[^/].*", meaning="an absolute path of a directory", **options)

    def normalise(self, value):
        return re.sub("/+", "/", super().normalise(value)).rstrip("/")


class Permissions(Model):
    tag = "permissions"
    keys = ()
    mode = Mode("mode", change=LIVE, generated=True)
    owner = Account("owner", change=LIVE, generated=True)
    group = Account("group", change=LIVE, generated=True)


class Pool(Model):
    tag = "pool"
    name = Name("name", required=True, change=FIXED)
    uuid = Text("uuid", option=False, generated=True)
    type = Enum("@type", choices=["dir"], change=FIXED, generated=True)
    path = Directory("target/path", change=RESTART, generated=True)
    permissions = Node(Permissions, "target/permissions", generated=True)
