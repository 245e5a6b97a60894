# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The subnets of a network beside its first, https://libvirt.org/formatnetwork.html#addressing"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Address, Nodes, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.addressing import Gateway, Subnet
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.dhcp import Dhcp

ABSOLUTE = dict(pattern="/.*", meaning="an absolute path")


class FurtherSubnet(Model):
    """One ``<ip>``: what the network itself says of its first."""

    tag = "ip"
    keys = ("subnet",)
    subnet = Subnet(".", required=True)
    gateway = Gateway("@address", generated=True)
    dhcp = Dhcp("dhcp")
    tftp_root = Text("tftp/@root", **ABSOLUTE)
    boot_file = Text("dhcp/bootp/@file")
    boot_server = Address("dhcp/bootp/@server")
    local_ptr = Switch("@localPtr")


class FurtherSubnets(Nodes):
    """Every ``<ip>`` but the first."""

    def __init__(self):
        super().__init__(FurtherSubnet, "ip")

    def found(self, element):
        return super().found(element)[1:]
