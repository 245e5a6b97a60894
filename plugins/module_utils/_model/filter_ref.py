# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network filter that an interface's traffic passes, https://libvirt.org/formatnwfilter.html#usage-of-variables-in-filters"""
from __future__ import annotations

import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Field, FieldError, Known
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class Parameters(Field):
    """Values of a filter's variables by name; a variable may have several."""

    type = "dict"
    _name = re.compile("[A-Za-z0-9_]+")
    _value = re.compile(r"[A-Za-z0-9_./:-]+")

    def normalise(self, value):
        found = {}
        for name, one in value.items():
            values = [str(each) for each in (one if isinstance(one, list) else [one])]
            if not self._name.fullmatch(str(name)):
                raise FieldError("'%s' is not the name of a variable: use letters, digits and _" % name)
            for text in values:
                if not self._value.fullmatch(text):
                    raise FieldError("'%s' is not a value that a filter takes: use letters, digits and _ . / : -" % text, (name,))
            found[str(name)] = values
        return found

    def read(self, element):
        found = {}
        for one in _path.find_all(element, self.path):
            found.setdefault(one.get("name"), []).append(one.get("value"))
        return found or None

    def write(self, element, value):
        for one in _path.find_all(element, self.path):
            _path.remove(one)
        for name, texts in (value or {}).items():
            for text in texts:
                parameter = _path.append(element, self.path)
                parameter.set("name", name)
                parameter.set("value", text)

    def same(self, declared, actual):
        return {name: sorted(texts) for name, texts in declared.items()} == {name: sorted(texts) for name, texts in actual.items()}

    def describe(self, value):
        return {name: texts[0] if len(texts) == 1 else texts for name, texts in value.items()}


class FilterRef(Model):
    keys = ()
    name = Known("@filter", required=True)
    parameters = Parameters("parameter")
