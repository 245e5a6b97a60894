# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the host's security drivers call a VM's processes and files, https://libvirt.org/formatdomain.html#security-label"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, FieldError, Nodes, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.composite import Composite


class SecLabel(Composite):
    tag = "seclabel"
    keys = ("model", "type")
    type = Enum("@type", choices=["dynamic", "static", "none"], required=True)
    model = Text("@model", pattern="[a-z]+", meaning="a security driver's name, such as selinux, apparmor or dac")
    relabel = Switch("@relabel", generated=True)
    # A running VM has one of libvirt's making.
    label = Text("label", live=False, generated=True)
    baselabel = Text("baselabel", generated=True)
    imagelabel = Text("imagelabel", option=False, live=False, generated=True)

    @classmethod
    def check(cls, declared):
        kind = declared.get("type")
        if kind == "static" and not declared.get("label"):
            raise FieldError("'type: static' needs it", ("label",))
        for option, kinds in (("label", ("static",)), ("baselabel", ("dynamic",))):
            if declared.get(option) and kind not in kinds:
                raise FieldError("goes with 'type: %s' only" % kinds[0], (option,))


class SecLabels(Nodes):
    """A running VM has one of each of the host's drivers as well, of libvirt's making."""

    def __init__(self):
        super().__init__(SecLabel, "seclabel")

    def pairs(self, declared, element):
        matched, undeclared = super().pairs(declared, element)
        if element.get("id") is not None:
            undeclared = [one for one in undeclared if one.get("type") != "dynamic"]
        return matched, undeclared
