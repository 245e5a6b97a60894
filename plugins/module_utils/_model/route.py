# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes that the host takes through a network, https://libvirt.org/formatnetwork.html#static-routes"""
from __future__ import annotations

import ipaddress

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Address, FieldError, Int
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.addressing import Prefix


class Route(Model):
    tag = "route"
    keys = ("destination",)
    destination = Prefix(".", required=True)
    gateway = Address("@gateway", required=True)
    metric = Int("@metric", minimum=1)

    @classmethod
    def check(cls, declared):
        destination, gateway = declared.get("destination"), declared.get("gateway")
        if destination and gateway and ipaddress.ip_network(destination).version != ipaddress.ip_address(gateway).version:
            raise FieldError("%s cannot lead to %s: one is IPv4, the other IPv6" % (gateway, destination), ("gateway",))
