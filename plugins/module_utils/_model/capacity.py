# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much a VM has now, and how much it can have while it runs: virtual CPUs and memory.

https://libvirt.org/formatdomain.html#cpu-allocation and https://libvirt.org/formatdomain.html#memory-allocation
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Int, Size

# Memory that a guest gives back goes in its pages.
_LARGEST_PAGE = 64 << 10
# Memory of a starting guest is rounded up to that.
_GRAIN = 1 << 20


class Vcpus(Int):
    """The virtual CPUs that are plugged in, which is all of them where nothing is said. More than the maximum raises it."""

    def __init__(self, **options):
        super().__init__("vcpu/@current", **options)

    def read(self, element):
        plugged = super().read(element)
        possible = _path.get(element, "vcpu")
        return int(possible) if plugged is None and possible else plugged

    def write(self, element, value):
        possible = _path.get(element, "vcpu")
        # Which of them are plugged in is libvirt's record of what was.
        _path.drop(element, "vcpus")
        if value is None and _path.get(element, self.path):
            value = self.unset
        if value is not None and possible and value < int(possible):
            super().write(element, value)
            return
        _path.drop(element, self.path)
        if value is None:
            _path.drop(element, "vcpu")
        else:
            _path.put(element, "vcpu", self.format(value))


class MaximumVcpus(Int):
    """The virtual CPUs that can be plugged in; null: no more than there are."""

    def is_content(self, element):
        online = _path.get(element, "vcpu/@current")
        return online is None or int(online) == self.read(element)

    def write(self, element, value):
        online = _path.get(element, "vcpu/@current") or _path.get(element, "vcpu")
        _path.drop(element, "vcpus")
        super().write(element, int(online) if value is None else value)
        if value is None or online is None or int(online) >= value:
            _path.drop(element, "vcpu/@current")
        else:
            _path.put(element, "vcpu/@current", online)


def in_modules(element):
    """Memory of a definition's memory devices, which libvirt counts among all that there is."""
    return sum(Size("target/size", unit="KiB").read(device) or 0 for device in element.findall("devices/memory"))


def in_modules_now(element):
    """The part of it that libvirt counts among what the guest may use: of a running one modules, and what there is of virtio-mem."""
    if element.get("id") is None:
        return in_modules(element)
    found = 0
    for device in element.findall("devices/memory"):
        places = {"dimm": ("size",), "virtio-mem": ("current", "requested")}.get(device.get("model"), ())
        found += next((size for size in (Size("target/" + place, unit="KiB").read(device) for place in places) if size is not None), 0)
    return found


class Memory(Size):
    """The memory that the guest may use now, beside memory devices. More than the maximum raises the maximum."""

    def __init__(self, **options):
        super().__init__("currentMemory", unit="KiB", **options)
        self._maximum = Size("memory", unit="KiB")

    def read(self, element):
        current, most = super().read(element), self._maximum.read(element)
        if current is None:
            return None if most is None else _beside(most, in_modules(element))
        now = _beside(current, in_modules_now(element))
        return now if most is None else min(now, _beside(most, in_modules(element)))

    def write(self, element, value):
        possible = self._maximum.read(element)
        beside = None if possible is None else _beside(possible, in_modules(element))
        if value is None or beside is None or value >= beside:
            self._maximum.write(element, None if value is None else value + in_modules(element))
            _path.drop(element, self.path)
        else:
            super().write(element, value + in_modules_now(element))

    def same_live(self, declared, actual):
        return abs(declared - actual) < _LARGEST_PAGE or is_rounded(declared, actual)


class MaximumMemory(Size):
    """The memory that the guest can have without a restart, beside memory devices; null: no more than it has."""

    def __init__(self, **options):
        super().__init__("memory", unit="KiB", **options)
        self._current = Size("currentMemory", unit="KiB")

    def read(self, element):
        most = super().read(element)
        return None if most is None else _beside(most, in_modules(element))

    def _now(self, element):
        current = self._current.read(element)
        return self.read(element) if current is None else _beside(current, in_modules_now(element))

    def is_content(self, element):
        return self._now(element) == self.read(element)

    def write(self, element, value):
        current = self._now(element)
        wanted = current if value is None else value
        super().write(element, None if wanted is None else wanted + in_modules(element))
        if value is None or current is None or current >= value:
            _path.drop(element, "currentMemory")
        else:
            self._current.write(element, current + in_modules_now(element))

    def same_live(self, declared, actual):
        return declared == actual or is_rounded(declared, actual)


def _beside(amount, modules):
    """What there is beside memory devices; not every author counted them."""
    return amount - modules if amount > modules else amount


def is_rounded(declared, actual):
    """Whether a running guest's memory is what was declared, as it is rounded at the start."""
    return -(-declared // _GRAIN) * _GRAIN == actual
