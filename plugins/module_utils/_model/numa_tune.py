# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the host's NUMA nodes a VM's memory is from, https://libvirt.org/formatdomain.html#numa-node-tuning"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, Enum, FieldError, Int, Node, Nodes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.cpu_set import CpuSet

MODES = ["strict", "preferred", "interleave", "restrictive"]


class NumaMemory(Model):
    tag = "memory"
    keys = ()
    mode = Enum("@mode", choices=MODES, unset="strict", generated=True)
    nodeset = CpuSet("@nodeset", change=LIVE)
    placement = Enum("@placement", choices=["static", "auto"], generated=True, live=False)

    @classmethod
    def check(cls, declared):
        if declared.get("placement") == "auto" and declared.get("nodeset"):
            raise FieldError("'placement: auto' has them chosen; it goes without a nodeset", ("nodeset",))

    @classmethod
    def write(cls, element, declared):
        if declared.get("placement") == "auto":
            element.attrib.pop("nodeset", None)
        elif declared.get("nodeset") and declared.get("placement") is None:
            element.attrib.pop("placement", None)
        return super().write(element, declared)


class Memnode(Model):
    tag = "memnode"
    keys = ("cellid",)
    cellid = Int("@cellid", minimum=0, required=True)
    mode = Enum("@mode", choices=MODES, required=True)
    nodeset = CpuSet("@nodeset", required=True)


class Numatune(Model):
    tag = "numatune"
    keys = ()
    memory = Node(NumaMemory, "memory")
    memnodes = Nodes(Memnode, "memnode")
