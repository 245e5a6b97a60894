# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which I/O threads serve a virtio device's queues, https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms (iothreads)"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError, Int, Texts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class Numbers(Texts):
    """A list of numbers, each in an element of its own; order does not count."""

    reads_path_only = True

    def spec(self):
        return dict(super().spec(), elements="int")

    def read(self, element):
        return [int(number) for number in super().read(element)]

    def write(self, element, value):
        super().write(element, [str(number) for number in value or []])


class ServingThread(Model):
    """An I/O thread, and the queues that are its own; all of them together serve all queues, or none names any."""

    tag = "iothread"
    keys = ("id",)
    id = Int("@id", minimum=1, required=True)
    queues = Numbers("queue/@id")


def refuse_two_ways(declared):
    """One I/O thread, or several."""
    if declared.get("iothread") is not None and declared.get("iothreads"):
        raise FieldError("goes without iothreads, which are several", ("iothread",))
