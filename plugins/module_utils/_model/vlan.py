# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""VLAN tags, of an interface, a network or a portgroup, https://libvirt.org/formatnetwork.html#setting-vlan-tag-on-supported-network-types-only"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, FieldError, Int, Nodes, Switch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class Trunk(Switch):
    """libvirt makes a trunk of several tags by itself, and has no word for what is none."""

    def read(self, element):
        return super().read(element) is True

    def write(self, element, value):
        super().write(element, value or None)


class Tag(Model):
    tag = "tag"
    keys = ("id",)
    id = Int("@id", minimum=0, maximum=4095, required=True)
    native_mode = Enum("@nativeMode", choices=["tagged", "untagged"])


class Vlan(Model):
    keys = ()
    tags = Nodes(Tag, "tag", required=True)
    trunk = Trunk("@trunk", generated=True)

    @classmethod
    def check(cls, declared):
        tags = declared.get("tags")
        if not tags:
            raise FieldError("give at least one tag, or write null for the VLAN to remove it", ("tags",))
        if declared.get("trunk") is False and (len(tags) > 1 or any(tag.get("native_mode") for tag in tags)):
            raise FieldError("several tags are always a trunk, and so is a native one", ("trunk",))

    @classmethod
    def write(cls, element, declared):
        tags = declared.get("tags")
        # What libvirt made a trunk because of its tags is none with others.
        if tags and declared.get("trunk") is None and (_is_trunk(tags) or _is_trunk(cls.read(element)["tags"])):
            declared = dict(declared, trunk=_is_trunk(tags))
        return super().write(element, declared)


def _is_trunk(tags):
    return len(tags) > 1 or any(tag.get("native_mode") for tag in tags)
