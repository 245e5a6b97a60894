# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What placing looks at: hosts with what is left of them, and VMs with what they ask for. Sizes are in bytes."""
from __future__ import annotations

from collections import Counter

from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._hardware import Hardware, chosen, pages_of

# As OpenStack's Nova has them; see its configuration options cpu_allocation_ratio and so on.
DEFAULTS = {"cpu_ratio": 4.0, "memory_ratio": 1.0, "disk_ratio": 1.0, "reserved_vcpus": 0, "reserved_memory": 512 << 20, "reserved_disk": 0}


class Host:
    """A compute host.

    :param facts: the result ``host`` of host_info
    :param settings: what its owner says of it: enabled, zone, tags, tenants, max_instances, failures, ratios and reserves
    """

    def __init__(self, name, facts, settings=None):
        said = dict(DEFAULTS, **{option: value for option, value in (settings or {}).items() if value is not None})
        self.name = name
        self.facts = facts
        self.enabled = said.get("enabled", True)
        self.zone = said.get("zone")
        self.tags = frozenset(said.get("tags") or ())
        self.tenants = frozenset(said.get("tenants") or ())
        self.max_instances = said.get("max_instances")
        self.failures = said.get("failures", 0)
        self.busy = said.get("busy", 0)
        promised = facts["vms"]
        self.vcpus = int(facts["cpu"]["count"] * said["cpu_ratio"]) - said["reserved_vcpus"] - promised["vcpus"]
        self.memory = int(facts["memory"]["total"] * said["memory_ratio"]) - said["reserved_memory"] - promised["memory"]
        self.instances = promised["defined"]
        self.pools = {pool["name"]: int(pool["capacity"] * said["disk_ratio"]) - said["reserved_disk"] - (pool["capacity"] - pool["available"])
                      for pool in facts["pools"] if pool["state"] == "active"}
        self.networks = frozenset(facts.get("networks") or ())
        self.images = frozenset(facts.get("images") or ())
        self.guests = {guest["arch"]: guest for guest in facts["guests"]}
        self.nodes = {cell["id"]: cell.get("memory") or 0 for cell in facts.get("numa") or ()}
        self.hugepages = {pages["size"]: pages["count"] - pages["promised"] for pages in facts.get("hugepages") or ()}
        # PCI devices that nobody has.
        self.devices = {device["address"]: device for device in facts.get("pci") or () if device.get("vm") is None}
        # How many VMs of each label (a VM's own name, its group) were put here.
        self.labels = Counter()

    @property
    def disk(self):
        return sum(self.pools.values())

    def take(self, vm, counted=False):
        """Put a VM here; ``counted`` where the facts hold it already."""
        self.labels.update(vm.labels)
        if counted:
            return
        self.vcpus -= vm.vcpus
        self.memory -= vm.memory
        self.instances += 1
        for size, memory in vm.hardware.pages.items():
            size, count = pages_of(self, size, memory)
            if size in self.hugepages:
                self.hugepages[size] -= count
        for address in chosen(self.devices, vm.hardware.devices)[0]:
            del self.devices[address]
        for pool, size in vm.disks.items():
            if pool in self.pools:
                self.pools[pool] -= size


class Wanted:
    """A VM that wants a host.

    :param company: further labels that it shares with those it must be together with
    :param hardware: what it asks for of the host's hardware
    :param wishes: ``host``, ``zone``, ``tags``, ``together_with``, ``apart_from``, ``max_per_host``, ``prefer_together_with``,
        ``prefer_apart_from``
    """

    def __init__(self, name, group=None, tenant=None, vcpus=1, memory=0, disks=None, networks=(), images=(), arch=None, hypervisor=None,
                 machine=None, firmware=None, cpu=None, wishes=None, volumes=(), new_pools=(), company=(), hardware=None):
        wishes = wishes or {}
        self.name = name
        self.labels = frozenset((name, group or name) + tuple(company))
        self.tenant = tenant
        self.vcpus = vcpus
        self.memory = memory
        self.disks = disks or {}
        self.networks = frozenset(networks)
        self.images = frozenset(images)
        self.volumes = frozenset(volumes)
        # Pools that are made where they are missing.
        self.new_pools = frozenset(new_pools)
        self.arch, self.hypervisor, self.machine, self.firmware, self.cpu = arch, hypervisor, machine, firmware, cpu
        self.hardware = hardware or Hardware()
        self.host = wishes.get("host")
        self.zone = wishes.get("zone")
        self.tags = frozenset(wishes.get("tags") or ())
        self.max_per_host = wishes.get("max_per_host", 1)
        self.together = frozenset(wishes.get("together_with") or ()) | frozenset(company)
        self.apart = frozenset(wishes.get("apart_from") or ())
        self.near = frozenset(wishes.get("prefer_together_with") or ())
        self.away = frozenset(wishes.get("prefer_apart_from") or ())
        # What those that must be on one host ask for altogether, as long as none of them has a host.
        self.company = None

    @property
    def kind(self):
        """VMs of one kind are alike to every filter that looks at no room and no neighbours."""
        return (self.tenant, self.host, self.zone, self.tags, self.networks, frozenset(self.disks), self.volumes, self.arch, self.hypervisor,
                self.machine, self.firmware, self.cpu)


class Company:
    """VMs that must share a host: what they ask for together, and what is left to ask once some have theirs."""

    def __init__(self, members):
        self.members = members
        self.vcpus = sum(vm.vcpus for vm in members)
        self.memory = sum(vm.memory for vm in members)
        self.hardware = Hardware(devices=[wish for vm in members for wish in vm.hardware.devices])
        for vm in members:
            for size, memory in vm.hardware.pages.items():
                self.hardware.pages[size] = self.hardware.pages.get(size, 0) + memory
        self.host = None

    def take(self, vm, host):
        self.host = host
        self.vcpus -= vm.vcpus
        self.memory -= vm.memory
        for size, memory in vm.hardware.pages.items():
            self.hardware.pages[size] -= memory
        for wish in vm.hardware.devices:
            self.hardware.devices.remove(wish)


def found_companies(vms):
    """Give every VM the company it has to keep: whoever is tied to somebody is tied to all that one is tied to."""
    tied = {label for vm in vms for label in vm.together}
    parents = {}

    def root(one):
        while parents.setdefault(one, one) is not one:
            one = parents[one]
        return one

    for vm in vms:
        for label in sorted(vm.together | (vm.labels & tied)):
            parents[root(vm)] = root(("label", label)) if root(vm) is not root(("label", label)) else root(vm)
    members = {}
    for vm in vms:
        if vm.together or vm.labels & tied:
            members.setdefault(root(vm), []).append(vm)
    for found in members.values():
        company = Company(found)
        for vm in found:
            vm.company = company
