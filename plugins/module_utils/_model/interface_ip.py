# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses and routes that libvirt sets itself, on either end of an interface, https://libvirt.org/formatdomain.html#ip-configuration"""
from __future__ import annotations

import ipaddress

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Address, Enum, FieldError, Int
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


def family_of(address):
    return "ipv%d" % ipaddress.ip_address(address).version


class _WithFamily(Model):
    """libvirt takes an address for one of IPv4, unless it is told."""

    keys = ("address",)
    address = Address("@address", required=True)
    prefix = Int("@prefix", minimum=0, maximum=128)
    family = Enum("@family", choices=["ipv4", "ipv6"], generated=True)

    @classmethod
    def check(cls, declared):
        family = family_of(declared["address"])
        if declared.get("family") not in (None, family):
            raise FieldError("'%s' is an address of %s" % (declared["address"], family), ("family",))
        if family == "ipv4" and (declared.get("prefix") or 0) > 32:
            raise FieldError("%d is more than the largest value, 32" % declared["prefix"], ("prefix",))
        declared["family"] = family


class InterfaceIp(_WithFamily):
    tag = "ip"
    peer = Address("@peer")


class InterfaceRoute(_WithFamily):
    tag = "route"
    gateway = Address("@gateway", required=True)
    metric = Int("@metric", minimum=0)
