# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What libvirt hands on to QEMU as it is, https://libvirt.org/drvqemu.html#pass-through-of-arbitrary-qemu-commands"""
from __future__ import annotations

import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, Field, FieldError, Nodes, Text, Texts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.composite import Composite

_QEMU = "{http://libvirt.org/schemas/domain/qemu/1.0}%s"
_ARGUMENTS, _ENVIRONMENT, _CAPABILITIES, _DEPRECATION, _OVERRIDE = (
    "/".join(_QEMU % step for step in place.split("/"))
    for place in ("commandline/arg", "commandline/env", "capabilities", "deprecation", "override/device"))
_WORD = {"pattern": "[A-Za-z0-9_.-]+", "meaning": "a word of letters, digits and - _ ."}


class Arguments(Texts):
    """Words of a command line: their order counts."""

    def same(self, declared, actual):
        return declared == actual


class Variables(Field):
    """Variables of the process's environment by their names."""

    type = "dict"
    absent = {}
    reads_path_only = True
    _name = re.compile("[A-Za-z_][A-Za-z0-9_]*")

    def normalise(self, value):
        for name in value:
            if not self._name.fullmatch(name):
                raise FieldError("is no name of a variable: use letters, digits and _", (name,))
        return {name: "" if text is None else str(text) for name, text in value.items()}

    def is_default(self, actual):
        return super().is_default(actual or None)

    def read(self, element):
        return {one.get("name"): one.get("value", "") for one in _path.find_all(element, self.path)}

    def write(self, element, value):
        _path.remove_all(element, _path.find_all(element, self.path), prune=not value)
        for name, text in sorted((value or {}).items()):
            variable = _path.append(element, self.path)
            variable.set("name", name)
            if text:
                variable.set("value", text)


class Property(Composite):
    keys = ("name", "type", "value")
    name = Text("@name", required=True, **_WORD)
    type = Enum("@type", choices=["string", "signed", "unsigned", "bool", "remove"], required=True)
    value = Text("@value")

    @classmethod
    def check(cls, declared):
        if (declared.get("type") == "remove") == (declared.get("value") is not None):
            raise FieldError("goes with any type but remove", ("value",))


class DeviceOverride(Model):
    """What QEMU is told of a device in place of what libvirt would tell it."""

    keys = ("alias",)
    alias = Text("@alias", required=True, **_WORD)
    properties = Nodes(Property, "/".join(_QEMU % step for step in ("frontend", "property")))


class Qemu(Model):
    keys = ()
    arguments_ = Arguments(_ARGUMENTS + "/@value")
    environment = Variables(_ENVIRONMENT)
    add_capabilities = Texts("%s/%s/@capability" % (_CAPABILITIES, _QEMU % "add"))
    remove_capabilities = Texts("%s/%s/@capability" % (_CAPABILITIES, _QEMU % "del"))
    deprecation = Enum(_DEPRECATION + "/@behavior", choices=["none", "omit", "reject", "crash"])
    overrides = Nodes(DeviceOverride, _OVERRIDE, since="8.2")
