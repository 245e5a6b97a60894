# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How QEMU works on a disk's data, https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms (driver)"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, Int, Node, Nodes, Size, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.iothread_map import ServingThread, refuse_two_ways
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtio_driver import ON_OFF, VirtioDriver


class MetadataCache(Model):
    keys = ()
    max_size = Size("max_size", unit="B")


class DiskDriver(VirtioDriver):
    """What has no option of its own beside the driver."""

    name = Text("@name", pattern="[a-zA-Z0-9_+-]+", meaning="the name of a driver, such as qemu", generated=True)
    error_policy = Enum("@error_policy", choices=["stop", "report", "ignore", "enospace"])
    rerror_policy = Enum("@rerror_policy", choices=["stop", "report", "ignore"])
    copy_on_read = Switch("@copy_on_read", words=ON_OFF)
    discard_no_unref = Switch("@discard_no_unref", words=ON_OFF, since="9.5")
    event_idx = Switch("@event_idx", words=ON_OFF)
    ioeventfd = Switch("@ioeventfd", words=ON_OFF)
    queues = Int("@queues", minimum=1)
    queue_size = Int("@queue_size", minimum=2)
    iothread = Int("@iothread", minimum=1)
    iothreads = Nodes(ServingThread, "iothreads/iothread", since="10.0")
    metadata_cache = Node(MetadataCache, "metadata_cache")

    @classmethod
    def check(cls, declared):
        refuse_two_ways(declared)
