# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads of QEMU that do the work of disks, https://libvirt.org/formatdomain.html#iothreads-allocation"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, FieldError, Int, Node, Nodes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

_MOST = 2 ** 31 - 1


def thread_ids(element):
    """Their numbers in a running domain, which lists them where they are not just counted."""
    listed = [int(one.get("id")) for one in element.findall("iothreadids/iothread")]
    return listed or list(range(1, int(_path.get(element, "iothreads") or 0) + 1))


class ThreadPool(Model):
    keys = ()
    pool = ("thread_pool_min", "thread_pool_max")
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
        listed = sorted(element.findall("iothreadids/iothread"), key=lambda one: int(one.get("id")))
        for one in listed[value or 0:]:
            _path.take(element, one)
        super().write(element, value)


class IothreadIds(Nodes):
    """The list is of all of them: how many there are follows from it. Those that are only counted are known by their numbers."""

    reads_path_only = True
    absent = None

    def __init__(self):
        super().__init__(Iothread, "iothreadids/iothread", change=LIVE)

    def read(self, element):
        return [self.model.read(one) for one in super().found(element)] or None

    def found(self, element):
        return super().found(element) or [_xml.new("iothread", {"id": str(number)}) for number in thread_ids(element)]

    def write(self, element, value):
        for one in self.found(element) if value else ():
            if one.getparent() is None:
                _path.append(element, self.path).set("id", one.get("id"))
        super().write(element, value)
        if value:
            _path.put(element, "iothreads", str(len(value)))
        else:
            for place in ("iothreadids", "iothreads"):
                _path.drop(element, place)
