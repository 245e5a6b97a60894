# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a running guest gets another part of the host: CPU time, pins, memory, disks' bandwidth and I/O threads.

What is taken back to libvirt's default waits for a restart where libvirt has no call that does it.
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import constant
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.cpu_set import numbers
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.io_threads import Iothread, thread_ids
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.io_tune import IoTune

# libvirt's word for no bound of memory, in KiB.
_UNLIMITED = (1 << 53) - 1
_SCHEDULER = {"shares": "cpu_shares", "period": "vcpu_period", "quota": "vcpu_quota"}
_SCHEDULER.update((name, name) for part in ("global", "emulator", "iothread") for name in (part + "_period", part + "_quota"))
_DEVICE_BOUNDS = ("weight", "read_bytes_sec", "write_bytes_sec", "read_iops_sec", "write_iops_sec")
_STRICT = ("strict", "restrictive")


def _live():
    return constant("DOMAIN_AFFECT_LIVE")


def _cpu_map(cpuset):
    """A set of CPUs as libvirt's calls take it."""
    chosen = set(numbers(cpuset))
    return tuple(cpu in chosen for cpu in range(max(chosen) + 1))


class Cputune:
    option = "cputune"

    def follows(self, change, _running):
        part = change.path[1:2]
        if part in (("vcpupins",), ("iothreadpins",), ("emulatorpin",)):
            return change.declared is not None
        return part and part[0] in _SCHEDULER and (change.declared is not None or part[0].endswith("_quota") or part == ("quota",))

    def apply(self, domain, changes):
        bounds = {}
        for change in changes:
            part, wanted = change.path[1], change.declared
            if part == "vcpupins":
                domain.pinVcpuFlags(wanted["vcpu"], _cpu_map(wanted["cpuset"]), _live())
            elif part == "iothreadpins":
                domain.pinIOThread(wanted["iothread"], _cpu_map(wanted["cpuset"]), _live())
            elif part == "emulatorpin":
                domain.pinEmulator(_cpu_map(wanted), _live())
            else:
                bounds[_SCHEDULER[part]] = -1 if wanted is None else wanted
        if bounds:
            domain.setSchedulerParametersFlags(bounds, _live())


class Numatune:
    """Memory moves only where it had to be on certain nodes before."""

    option = "numatune"

    def follows(self, change, running):
        memory = running.find("numatune/memory")
        return (change.path == (self.option, "memory", "nodeset") and change.declared is not None
                and memory is not None and memory.get("mode") in _STRICT)

    def apply(self, domain, changes):
        domain.setNumaParameters({"numa_nodeset": changes[-1].declared}, _live())


class Memtune:
    option = "memtune"

    def follows(self, change, _running):
        return change.path[1:] in (("hard_limit",), ("soft_limit",), ("swap_hard_limit",))

    def apply(self, domain, changes):
        # All at once: a bound of memory and swap together is never below that of memory.
        domain.setMemoryParameters({change.path[1]: _UNLIMITED if change.declared is None else change.declared >> 10
                                    for change in changes}, _live())


class Blkiotune:
    option = "blkiotune"

    def follows(self, change, _running):
        return change.path[1:] == ("weight",) and change.declared is not None or change.path[1:2] == ("devices",)

    def apply(self, domain, changes):
        given = {}
        for change in changes:
            if change.path[1] == "weight":
                given["weight"] = change.declared
                continue
            for name in _DEVICE_BOUNDS:
                value = (change.declared or {}).get(name)
                if value is not None or change.element is not None and change.element.find(name) is not None:
                    place = given.setdefault("device_" + name, {})
                    place[change.path[2]] = value or 0
        domain.setBlkioParameters({name: value if name == "weight" else ",".join("%s,%d" % one for one in sorted(value.items()))
                                   for name, value in given.items()}, _live())


class Iothreads:
    """Their number: the lowest free numbers come, as libvirt counts them in a definition, and the highest go."""

    option = "iothreads"

    def follows(self, change, _running):
        return True

    def apply(self, domain, changes):
        there = thread_ids(changes[-1].element)
        wanted = changes[-1].declared or 0
        for thread in sorted(there, reverse=True)[:max(0, len(there) - wanted)]:
            domain.delIOThread(thread, _live())
        for _new in range(wanted - len(there)):
            there.append(next(number for number in range(1, len(there) + 2) if number not in there))
            domain.addIOThread(there[-1], _live())


class IothreadIds:
    option = "iothreadids"
    _names = {"max": "poll_max_ns", "grow": "poll_grow", "shrink": "poll_shrink"}

    def follows(self, change, _running):
        return len(change.path) > 1

    def apply(self, domain, changes):
        seen = set()
        for change in changes:
            thread = int(change.path[1])
            if change.declared is None:
                domain.delIOThread(thread, _live())
            elif thread not in seen:
                seen.add(thread)
                if change.element is None:
                    domain.addIOThread(thread, _live())
                self._set(domain, thread, change.declared)

    def _set(self, domain, thread, item):
        poll = item.get("poll") or {}
        given = {self._names[name]: value for name, value in poll.items() if value is not None}
        given.update((name, item[name]) for name in Iothread.pool if item.get(name) is not None)
        if given:
            domain.setIOThreadParams(thread, given, _live())


class Throttlegroups:
    option = "throttlegroups"

    def follows(self, change, _running):
        return len(change.path) > 1

    def apply(self, domain, changes):
        for name, change in {change.path[1]: change for change in changes}.items():
            if change.declared is None:
                domain.delThrottleGroup(name, _live())
                continue
            there = {} if change.element is None else IoTune.read(change.element)
            domain.setThrottleGroup(name, IoTune.parameters(dict(there, **change.declared)), _live())


class Perf:
    option = "perf"

    def follows(self, change, _running):
        return True

    def apply(self, domain, changes):
        there = {event.get("name"): False for event in changes[-1].element.findall("perf/event") if event.get("enabled") == "yes"}
        domain.setPerfEvents(dict(there, **(changes[-1].declared or {})), _live())


# In this order: threads are there before they are pinned.
WAYS = {way.option: way for way in (
    IothreadIds(), Iothreads(), Cputune(), Numatune(), Memtune(), Blkiotune(), Throttlegroups(), Perf(),
)}
