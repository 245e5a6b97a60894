# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret's XML, https://libvirt.org/formatsecret.html"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FIXED, LIVE, Enum, FieldError, Name, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

# What libvirt calls the element that holds a secret's name, where that is not "name".
_NAMED_BY = {"iscsi": "target", "volume": "volume"}
TYPES = ("ceph", "iscsi", "tls", "volume", "vtpm")


class UsageName(Name):
    """What libvirt knows a secret by among those of its type; it has no other name.

    libvirt documents a volume's path for the type volume, and takes any word.
    """

    def __init__(self, **options):
        super().__init__("usage/name", **options)
        # Ceph's own examples have spaces in names.
        self.pattern = r"(?! )(?!.* $)%s|/[^\x00-\x1f]{1,4000}" % self.pattern.replace("[A-Z", "[ A-Z")
        self.meaning = self.meaning.replace("letters, digits", "letters, digits, spaces") + ", or write the absolute path of a volume"

    @staticmethod
    def _child(usage):
        return _NAMED_BY.get(usage.get("type"), "name")

    def read(self, element):
        usage = element.find("usage")
        return None if usage is None else usage.findtext(self._child(usage))

    def write(self, element, value):
        usage = element.find("usage")
        if usage is None:
            super().write(element, value)
            return
        child = usage.find(self._child(usage))
        if value is None:
            element.remove(usage)
        elif child is None:
            usage.append(usage.makeelement(self._child(usage), {}))
            usage[-1].text = value
        else:
            child.text = value


class Secret(Model):
    tag = "secret"
    uuid = Text("uuid", option=False, generated=True)
    description = Text("description", change=LIVE)
    ephemeral = Switch("@ephemeral", change=LIVE)
    private = Switch("@private", change=LIVE)
    type = Enum("usage/@type", choices=TYPES, change=FIXED, generated=True)
    name = UsageName(required=True, change=FIXED)

    @classmethod
    def check(cls, declared):
        """A path names a volume's secret and nothing else."""
        if declared.get("name", "").startswith("/") and declared.get("type") not in (None, "volume"):
            raise FieldError("only a secret of type volume is named by a path, not one of type %s" % declared["type"], ("name",))
