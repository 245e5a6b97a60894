# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounds of traffic, of an interface, a network or a portgroup, https://libvirt.org/formatnetwork.html#quality-of-service"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError, Node, Quantity
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class Outbound(Model):
    """Amounts a second; ``burst`` is an amount."""

    keys = ()
    average = Quantity("@average", unit="KiB")
    peak = Quantity("@peak", unit="KiB")
    burst = Quantity("@burst", unit="KiB")

    @classmethod
    def check(cls, declared):
        for option in ("peak", "burst"):
            if declared.get(option) is not None and declared.get("average") is None:
                raise FieldError("say the average, too: it bounds nothing without", (option,))


class Inbound(Outbound):
    floor = Quantity("@floor", unit="KiB")


class Bandwidth(Model):
    keys = ()
    inbound = Node(Inbound, "inbound")
    outbound = Node(Outbound, "outbound")
