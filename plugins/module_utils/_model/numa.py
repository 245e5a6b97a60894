# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The NUMA nodes that a guest sees, https://libvirt.org/formatdomain.html#cpu-model-and-topology (numa)"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, FieldError, Int, Nodes, Switch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.capacity import is_rounded
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.composite import Composite
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.cpu_set import CpuSet, numbers
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.measured import Measured


class Sibling(Model):
    tag = "sibling"
    keys = ("id",)
    id = Int("@id", minimum=0, required=True)
    value = Int("@value", minimum=10, maximum=255, required=True)


class CellCache(Model):
    tag = "cache"
    keys = ("level",)
    level = Int("@level", minimum=0, required=True)
    associativity = Enum("@associativity", choices=["none", "direct", "full"], required=True)
    policy = Enum("@policy", choices=["none", "writeback", "writethrough"], required=True)
    size = Measured("size/@value", unit="KiB", required=True)
    line = Measured("line/@value", unit="B", required=True)


class CellMemory(Measured):
    def same_live(self, declared, actual):
        return declared == actual or is_rounded(declared, actual)


class Cell(Model):
    tag = "cell"
    keys = ("id",)
    id = Int("@id", minimum=0, required=True)
    cpus = CpuSet("@cpus")
    memory = CellMemory("@memory", unit="KiB", required=True)
    mem_access = Enum("@memAccess", choices=["shared", "private"])
    discard = Switch("@discard")
    distances = Nodes(Sibling, "distances/sibling")
    caches = Nodes(CellCache, "cache")


class Latency(Composite):
    """Nanoseconds."""

    tag = "latency"
    keys = ("initiator", "target", "cache", "type")
    initiator = Int("@initiator", minimum=0, required=True)
    target = Int("@target", minimum=0, required=True)
    cache = Int("@cache", minimum=0)
    type = Enum("@type", choices=["access", "read", "write"], required=True)
    value = Int("@value", minimum=1, required=True)


class Bandwidth(Composite):
    """A second."""

    tag = "bandwidth"
    keys = ("initiator", "target", "cache", "type")
    initiator = Int("@initiator", minimum=0, required=True)
    target = Int("@target", minimum=0, required=True)
    cache = Int("@cache", minimum=0)
    type = Enum("@type", choices=["access", "read", "write"], required=True)
    value = Measured("@value", unit="KiB", required=True)


class Numa(Model):
    tag = "numa"
    keys = ()
    cells = Nodes(Cell, "cell", required=True, generated=True)
    latencies = Nodes(Latency, "interconnects/latency")
    bandwidths = Nodes(Bandwidth, "interconnects/bandwidth")

    @classmethod
    def check(cls, declared):
        taken = {}
        for index, cell in enumerate(declared.get("cells") or []):
            for cpu in numbers(cell["cpus"]) if cell.get("cpus") else ():
                if cpu in taken:
                    raise FieldError("virtual CPU %d is in cell %d already" % (cpu, taken[cpu]), ("cells", index, "cpus"))
                taken[cpu] = cell.get("id", index)


def memory_of(numa):
    """Bytes of all cells."""
    return sum(cell["memory"] for cell in numa.get("cells") or [])
