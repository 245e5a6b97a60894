# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Classes of a network's ports, https://libvirt.org/formatnetwork.html#portgroups"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, Node, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.bandwidth import Bandwidth
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtualport import VirtualPort
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vlan import Vlan


class Portgroup(Model):
    tag = "portgroup"
    name = Text("@name", pattern=r"[A-Za-z0-9_.:-]+", meaning="a port group's name: use letters, digits and . _ - :", required=True, change=LIVE)
    default = Switch("@default", change=LIVE)
    trust_guest_rx_filters = Switch("@trustGuestRxFilters", change=LIVE)
    vlan = Node(Vlan, "vlan", change=LIVE)
    virtualport = Node(VirtualPort, "virtualport", change=LIVE)
    bandwidth = Node(Bandwidth, "bandwidth", change=LIVE)
