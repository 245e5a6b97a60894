# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of the host's CPU cache and memory bandwidth, which its resctrl deals out.

https://libvirt.org/formatdomain.html#cpu-tuning (cachetune, memorytune)
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, Int, Nodes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.composite import Composite
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.cpu_set import CpuSet
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.measured import Measured


class CachePart(Composite):
    tag = "cache"
    keys = ("id", "level", "type")
    id = Int("@id", minimum=0, required=True)
    level = Int("@level", minimum=1, required=True)
    type = Enum("@type", choices=["both", "code", "data"], required=True)
    size = Measured("@size", unit="KiB", required=True)


class CacheMonitor(Composite):
    tag = "monitor"
    keys = ("level", "vcpus")
    level = Int("@level", minimum=1, required=True)
    vcpus = CpuSet("@vcpus", required=True)


class Cachetune(Model):
    tag = "cachetune"
    keys = ("vcpus",)
    vcpus = CpuSet("@vcpus", required=True)
    caches = Nodes(CachePart, "cache")
    monitors = Nodes(CacheMonitor, "monitor")


class NodeBandwidth(Model):
    tag = "node"
    keys = ("id",)
    id = Int("@id", minimum=0, required=True)
    bandwidth = Int("@bandwidth", minimum=1, required=True)


class BandwidthMonitor(Model):
    tag = "monitor"
    keys = ("vcpus",)
    vcpus = CpuSet("@vcpus", required=True)


class Memorytune(Model):
    tag = "memorytune"
    keys = ("vcpus",)
    vcpus = CpuSet("@vcpus", required=True)
    nodes = Nodes(NodeBandwidth, "node")
    monitors = Nodes(BandwidthMonitor, "monitor")
