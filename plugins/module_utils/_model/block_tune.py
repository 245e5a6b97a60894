# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of the host's disks a VM gets, in all and of each, https://libvirt.org/formatdomain.html#block-i-o-tuning"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, AbsolutePath, Int, Nodes, Quantity
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


def _weight():
    return Int("weight", minimum=10, maximum=1000, change=LIVE)


class BlockDevice(Model):
    tag = "device"
    keys = ("path",)
    path = AbsolutePath("path", required=True)
    weight = _weight()
    read_bytes_sec = Quantity("read_bytes_sec", unit="B", change=LIVE, unset=0)
    write_bytes_sec = Quantity("write_bytes_sec", unit="B", change=LIVE, unset=0)
    read_iops_sec = Int("read_iops_sec", minimum=1, change=LIVE, unset=0)
    write_iops_sec = Int("write_iops_sec", minimum=1, change=LIVE, unset=0)


class Blkiotune(Model):
    tag = "blkiotune"
    keys = ()
    weight = _weight()
    devices = Nodes(BlockDevice, "device", change=LIVE)
