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


class Memory(Size):
    """The memory that the guest may use now. More than the maximum raises the maximum."""

    def __init__(self, **options):
        super().__init__("currentMemory", unit="KiB", **options)
        self._maximum = Size("memory", unit="KiB")

    def read(self, element):
        current = super().read(element)
        return self._maximum.read(element) if current is None else current

    def write(self, element, value):
        possible = self._maximum.read(element)
        if value is None or possible is None or value >= possible:
            self._maximum.write(element, value)
            _path.drop(element, self.path)
        else:
            super().write(element, value)

    def same_live(self, declared, actual):
        return abs(declared - actual) < _LARGEST_PAGE or is_rounded(declared, actual)


class MaximumMemory(Size):
    """The memory that the guest can have without a restart; null: no more than it has."""

    def __init__(self, **options):
        super().__init__("memory", unit="KiB", **options)
        self._current = Size("currentMemory", unit="KiB")

    def is_content(self, element):
        return self._current.read(element) in (None, self.read(element))

    def write(self, element, value):
        current = self._current.read(element) or self.read(element)
        super().write(element, current if value is None else value)
        if value is None or current is None or current >= value:
            _path.drop(element, "currentMemory")
        else:
            self._current.write(element, current)

    def same_live(self, declared, actual):
        return declared == actual or is_rounded(declared, actual)


def is_rounded(declared, actual):
    """Whether a running guest's memory is what was declared, as it is rounded at the start."""
    return -(-declared // _GRAIN) * _GRAIN == actual
