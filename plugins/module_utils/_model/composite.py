# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Items of lists that have no name: all of what marks one together tells it from the others."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class Composite(Model):
    """A model whose items are the same where all of their ``keys`` are."""

    @classmethod
    def identity(cls, values):
        fields = cls.fields()
        return " ".join(str(fields[key].describe(values[key])) for key in cls.keys if values.get(key) is not None)

    @classmethod
    def mark(cls, values):
        return " or ".join(cls.keys), cls.identity(values)

    @classmethod
    def pairs(cls, declared, elements):
        left, matched = list(elements), []
        for item in declared:
            marks = {key: item.get(key) for key in cls.keys}
            found = next((element for element in left if not cls.differing(marks, cls.read(element))), None)
            if found is not None:
                left.remove(found)
            matched.append((item, found))
        return matched, left
