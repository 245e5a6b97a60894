# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our element in the metadata of domains and networks: whose they are, and what users tell them apart by."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, Field, FieldError, Switch, Text

NAMESPACE = "urn:tinycloud:libvirt"
OURS = "metadata/{%s}tinycloud" % NAMESPACE


class Environment(Text):
    """The environment that made this; libvirt shows it in the definition alone until the next start."""

    def __init__(self):
        super().__init__(OURS + "/@environment", option=False, live=False, generated=True)


class Protect(Switch):
    """Whether no run may remove this, or stop it."""

    def __init__(self):
        super().__init__(OURS + "/@protect", change=LIVE, live=False)


class Labels(Field):
    """Words about a resource by their names, in our metadata."""

    type = "dict"

    def __init__(self, live=False, **options):
        super().__init__(OURS + "/{%s}label" % NAMESPACE, live=live, **options)

    def normalise(self, value):
        text = Text()
        labels = {}
        for name, word in value.items():
            if isinstance(word, (dict, list)):
                raise FieldError("a label is one word or number, not a list or a mapping", (name,))
            labels[text.normalise(name)] = text.normalise(str(word).lower() if isinstance(word, bool) else word)
        return labels

    def read(self, element):
        return {label.get("name"): label.get("value") for label in element.findall(self.path)}

    def write(self, element, value):
        for _label in element.findall(self.path):
            _path.drop(element, self.path)
        for name, word in sorted((value or {}).items()):
            label = _path.append(element, self.path)
            label.set("name", name)
            label.set("value", word)

    def is_default(self, actual):
        return super().is_default(actual or None)
