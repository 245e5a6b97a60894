# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the host's CPUs a VM runs on, and how much of their time it gets, https://libvirt.org/formatdomain.html#cpu-tuning"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, Enum, FieldError, Int, Node, Nodes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.cpu_set import CpuSet
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.resource_control import Cachetune, Memorytune

_REAL_TIME = ("fifo", "rr")


def _period(name):
    """Microseconds."""
    return Int(name, minimum=1000, maximum=1000000, change=LIVE, generated=True)


def _quota(name):
    """Microseconds in a period; less than nothing is without bounds."""
    return Int(name, minimum=-1, maximum=17592186044415, change=LIVE, unset=-1)


class VcpuPin(Model):
    tag = "vcpupin"
    keys = ("vcpu",)
    vcpu = Int("@vcpu", minimum=0, required=True)
    cpuset = CpuSet("@cpuset", required=True, change=LIVE)


class IothreadPin(Model):
    tag = "iothreadpin"
    keys = ("iothread",)
    iothread = Int("@iothread", minimum=1, required=True)
    cpuset = CpuSet("@cpuset", required=True, change=LIVE)


class _Scheduling(Model):
    scheduler = Enum("@scheduler", choices=["batch", "idle", "fifo", "rr"], required=True, generated=True)
    priority = Int("@priority", minimum=0, maximum=99)

    @classmethod
    def check(cls, declared):
        if declared.get("priority") is not None and declared.get("scheduler") not in _REAL_TIME:
            raise FieldError("only fifo and rr have one", ("priority",))
        if declared.get("scheduler") in _REAL_TIME and declared.get("priority") is None:
            raise FieldError("'scheduler: %s' needs it" % declared["scheduler"], ("priority",))

    @classmethod
    def write(cls, element, declared):
        if declared.get("scheduler") not in (None,) + _REAL_TIME:
            element.attrib.pop("priority", None)
        return super().write(element, declared)


class VcpuSched(_Scheduling):
    tag = "vcpusched"
    keys = ("vcpus",)
    vcpus = CpuSet("@vcpus", required=True)


class IothreadSched(_Scheduling):
    tag = "iothreadsched"
    keys = ("iothreads",)
    iothreads = CpuSet("@iothreads", required=True)


class EmulatorSched(_Scheduling):
    tag = "emulatorsched"
    keys = ()


class Cputune(Model):
    tag = "cputune"
    keys = ()
    shares = Int("shares", minimum=1, maximum=262144, change=LIVE)
    period = _period("period")
    quota = _quota("quota")
    global_period = _period("global_period")
    global_quota = _quota("global_quota")
    emulator_period = _period("emulator_period")
    emulator_quota = _quota("emulator_quota")
    iothread_period = _period("iothread_period")
    iothread_quota = _quota("iothread_quota")
    vcpupins = Nodes(VcpuPin, "vcpupin", change=LIVE)
    emulatorpin = CpuSet("emulatorpin/@cpuset", change=LIVE)
    iothreadpins = Nodes(IothreadPin, "iothreadpin", change=LIVE)
    vcpuscheds = Nodes(VcpuSched, "vcpusched")
    iothreadscheds = Nodes(IothreadSched, "iothreadsched")
    emulatorsched = Node(EmulatorSched, "emulatorsched")
    cachetunes = Nodes(Cachetune, "cachetune")
    memorytunes = Nodes(Memorytune, "memorytune")
