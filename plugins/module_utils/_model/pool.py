# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A storage pool's XML, https://libvirt.org/formatstorage.html#storage-pool-xml"""
from __future__ import annotations

import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    FIXED, LIVE, RESTART, Enum, Field, FieldError, Int, Name, Node, Size, Switch, Text, Texts,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool_source import PoolSource, tidy
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool_types import TYPES

# Where volumes and images are kept that name no pool.
DEFAULT_POOL = "default"
MOUNT_OPTIONS = "http://libvirt.org/schemas/storagepool/fs/1.0"
RBD_OPTIONS = "http://libvirt.org/schemas/storagepool/rbd/1.0"


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
        text = tidy(super().normalise(value))
        if {".", ".."} & set(text.split("/")):
            raise FieldError("'%s' leads back on itself: write the path without . and .." % value)
        return text

    def parse(self, text):
        return tidy(text)


class MountOptions(Texts):
    """Options of mount, each a word; order does not count."""

    def __init__(self, **options):
        super().__init__("{%s}mount_opts" % MOUNT_OPTIONS, **options)

    def normalise(self, value):
        for index, word in enumerate(value):
            if not re.fullmatch(r"[^\s,]+", str(word)):
                raise FieldError("'%s' is not one option of mount: write one word for each" % word, (index,))
        return [str(word) for word in value]

    def read(self, element):
        block = element.find(self.path)
        return [] if block is None else [option.get("name") for option in block]

    def write(self, element, value):
        _rewrite(element, self.path, [("{%s}option" % MOUNT_OPTIONS, {"name": word}) for word in value or []])


class ConfigOptions(Field):
    """Settings of librados by their names."""

    type = "dict"

    def __init__(self, **options):
        super().__init__("{%s}config_opts" % RBD_OPTIONS, **options)

    def normalise(self, value):
        for name, setting in value.items():
            if isinstance(setting, (dict, list)) or not str(setting).strip() or not re.fullmatch(r"\S+", str(name)):
                raise FieldError("'%s' is not a setting: write a name and a text or number" % name, (name,))
        return {str(name): str(setting) for name, setting in value.items()}

    def read(self, element):
        block = element.find(self.path)
        return None if block is None else {option.get("name"): option.get("value") for option in block}

    def write(self, element, value):
        _rewrite(element, self.path, [("{%s}option" % RBD_OPTIONS, {"name": name, "value": value[name]}) for name in value or {}])


def _rewrite(element, path, children):
    """The whole block anew, or no block."""
    block = element.find(path)
    if block is not None:
        element.remove(block)
    if children:
        block = element.makeelement(path, {})
        element.append(block)
        block.extend(block.makeelement(*child) for child in children)


class Permissions(Model):
    tag = "permissions"
    keys = ()
    mode = Mode("mode", change=LIVE, generated=True)
    owner = Account("owner", change=LIVE, generated=True)
    group = Account("group", change=LIVE, generated=True)
    # What runs shows the label that the directory has, whoever gave it.
    label = Text("label", live=False)


class Pool(Model):
    tag = "pool"
    name = Name("name", required=True, change=FIXED)
    uuid = Text("uuid", option=False, generated=True)
    type = Enum("@type", choices=sorted(TYPES), change=FIXED, generated=True)
    capacity = Size("capacity", option=False)
    allocation = Size("allocation", option=False)
    available = Size("available", option=False)
    copy_on_write = Switch("features/cow/@state")
    source = Node(PoolSource, "source", generated=True)
    path = Directory("target/path", change=RESTART, generated=True)
    permissions = Node(Permissions, "target/permissions", generated=True)
    refresh_allocation = Enum("refresh/volume/@allocation", choices=["default", "capacity"], unset="default")
    mount_options = MountOptions()
    config_options = ConfigOptions()
