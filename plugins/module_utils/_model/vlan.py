# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""VLAN tags, of an interface, a network or a portgroup, https://libvirt.org/formatnetwork.html#setting-vlan-tag-on-supported-network-types-only"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, FieldError, Int, Nodes, Switch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class Tag(Model):
    tag = "tag"
    keys = ("id",)
    id = Int("@id", minimum=0, maximum=4095, required=True)
    native_mode = Enum("@nativeMode", choices=["tagged", "untagged"])


class Vlan(Model):
    keys = ()
    tags = Nodes(Tag, "tag", required=True)
    # libvirt makes a trunk of several tags by itself.
    trunk = Switch("@trunk", generated=True)

    @classmethod
    def check(cls, declared):
        tags = declared.get("tags")
        if not tags:
            raise FieldError("give at least one tag, or write null for the VLAN to remove it", ("tags",))
        if declared.get("trunk") is False and len(tags) > 1:
            raise FieldError("several tags are always a trunk", ("trunk",))
