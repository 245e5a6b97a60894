# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the hosts that can take a VM should: each weigher knows one virtue, more is better.

A weigher of one's own is a class with ``name`` and ``weight(vm, host)``, named by its Python path.
"""
from __future__ import annotations


class Weigher:
    """
    :cvar multiplier: how much it counts beside the others, if nobody says otherwise
    """

    name = None
    multiplier = 1.0

    def weight(self, vm, host):
        raise NotImplementedError


class FreeMemory(Weigher):
    name = "memory"

    def weight(self, vm, host):
        return host.memory


class FreeVcpus(Weigher):
    name = "vcpus"

    def weight(self, vm, host):
        return host.vcpus


class FreeDisk(Weigher):
    name = "disk"

    def weight(self, vm, host):
        return host.disk


class SoftAffinity(Weigher):
    name = "soft_affinity"

    def weight(self, vm, host):
        return sum(host.labels[label] for label in vm.near)


class SoftAntiAffinity(Weigher):
    name = "soft_anti_affinity"

    def weight(self, vm, host):
        return -sum(host.labels[label] for label in vm.away)


class Busy(Weigher):
    """Work that goes on there: images being fetched, disks being copied."""

    name = "busy"
    multiplier = -1.0

    def weight(self, vm, host):
        return host.busy


class Instances(Weigher):
    name = "instances"
    multiplier = 0.0

    def weight(self, vm, host):
        return host.instances


class CachedImage(Weigher):
    name = "image"

    def weight(self, vm, host):
        return len(vm.images & host.images)


class Failures(Weigher):
    """Where making VMs failed lately."""

    name = "failures"
    multiplier = -1000.0

    def weight(self, vm, host):
        return host.failures


WEIGHERS = {one.name: one for one in (
    FreeMemory, FreeVcpus, FreeDisk, SoftAffinity, SoftAntiAffinity, Busy, Instances, CachedImage, Failures,
)}
