# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads of QEMU that do the work of disks, https://libvirt.org/formatdomain.html#iothreads-allocation"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, FieldError, Int, Node, Nodes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

_MOST = 2 ** 31 - 1


class ThreadPool(Model):
    keys = ()
    thread_pool_min = Int("@thread_pool_min", minimum=0, maximum=_MOST, change=LIVE, since="8.5", generated=True)
    thread_pool_max = Int("@thread_pool_max", minimum=1, maximum=_MOST, change=LIVE, since="8.5", generated=True)

    @classmethod
    def check(cls, declared):
        least, most = declared.get("thread_pool_min"), declared.get("thread_pool_max")
        if least is not None and most is not None and least > most:
            raise FieldError("%d is more than thread_pool_max, %d" % (least, most), ("thread_pool_min",))


class Poll(Model):
    """Nanoseconds, and what they are multiplied with and divided by."""

    tag = "poll"
    keys = ()
    max = Int("@max", minimum=0, maximum=2 ** 63 - 1, change=LIVE, generated=True)
    grow = Int("@grow", minimum=0, maximum=_MOST, change=LIVE, generated=True)
    shrink = Int("@shrink", minimum=0, maximum=_MOST, change=LIVE, generated=True)


class Iothread(ThreadPool):
    tag = "iothread"
    keys = ("id",)
    id = Int("@id", minimum=1, required=True)
    poll = Node(Poll, "poll", since="9.4", generated=True)


class DefaultIothread(ThreadPool):
    tag = "defaultiothread"


class Iothreads(Int):
    """How many there are; those without an entry of their own get the lowest numbers that are free."""

    def __init__(self):
        super().__init__("iothreads", minimum=1, change=LIVE)

    def write(self, element, value):
        listed = element.findall("iothreadids/iothread")
        for one in listed[value or 0:]:
            _path.take(element, one)
        super().write(element, value)


class IothreadIds(Nodes):
    """The list is of all of them: how many there are follows from it."""

    def __init__(self):
        super().__init__(Iothread, "iothreadids/iothread", change=LIVE)

    def write(self, element, value):
        for _one in element.findall("iothreadids") if not value else ():
            _path.drop(element, "iothreadids")
        super().write(element, value)
        if value:
            _path.put(element, "iothreads", str(len(value)))
