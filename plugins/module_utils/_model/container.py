# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a container runs, https://libvirt.org/formatdomain.html#container-boot"""
from __future__ import annotations

import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import AbsolutePath, Field, FieldError, Text, Texts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

_ACCOUNT = {"pattern": r"\+?[A-Za-z0-9_.-]+", "meaning": "a name, or a number after a plus sign"}


class Arguments(Texts):
    """Words whose order counts."""

    def same(self, declared, actual):
        return declared == actual


class Variables(Field):
    """Text by names."""

    type = "dict"
    reads_path_only = True
    absent = {}

    def is_default(self, actual):
        return super().is_default(actual or None)

    def normalise(self, value):
        for name in value:
            if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", str(name)):
                raise FieldError("'%s' is not the name of a variable: use letters, digits and _" % name)
        return {str(name): str(text) for name, text in value.items()}

    def read(self, element):
        return {found.get("name"): found.text or "" for found in _path.find_all(element, self.path)}

    def write(self, element, value):
        for found in _path.find_all(element, self.path):
            _path.take(element, found)
        for name, text in (value or {}).items():
            found = _path.append(element, self.path)
            found.set("name", name)
            found.text = text


class Init(Model):
    tag = "os"
    keys = ()
    path = AbsolutePath("os/init", required=True, generated=True)
    args = Arguments("os/initarg")
    env = Variables("os/initenv")
    dir = AbsolutePath("os/initdir")
    user = Text("os/inituser", **_ACCOUNT)
    group = Text("os/initgroup", **_ACCOUNT)
