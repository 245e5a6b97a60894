# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of the host a VM's memory is made of, https://libvirt.org/formatdomain.html#memory-backing"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, FieldError, Int, Node, Nodes, Presence
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.composite import Composite
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.cpu_set import CpuSet
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.measured import Measured


class Page(Composite):
    tag = "page"
    keys = ("size", "nodeset")
    size = Measured("@size", unit="KiB", required=True)
    nodeset = CpuSet("@nodeset")


class Allocation(Model):
    tag = "allocation"
    keys = ()
    mode = Enum("@mode", choices=["immediate", "ondemand"])
    threads = Int("@threads", minimum=1, since="8.2")


class MemoryBacking(Model):
    tag = "memoryBacking"
    keys = ()
    hugepages = Presence("hugepages")
    pages = Nodes(Page, "hugepages/page")
    nosharepages = Presence("nosharepages")
    locked = Presence("locked")
    source = Enum("source/@type", choices=["anonymous", "file", "memfd"])
    access = Enum("access/@mode", choices=["shared", "private"])
    allocation = Node(Allocation, "allocation")
    discard = Presence("discard")

    @classmethod
    def check(cls, declared):
        if declared.get("pages") and declared.get("hugepages") is False:
            raise FieldError("goes with 'hugepages: true' only", ("pages",))
        if declared.get("hugepages") and declared.get("source") == "file":
            raise FieldError("huge pages are not of a file; leave it out, or write memfd", ("source",))
