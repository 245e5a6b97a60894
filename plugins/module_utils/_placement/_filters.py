# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a VM cannot go to a host: each filter knows one reason.

A filter of one's own is a class with ``name`` and ``reason(vm, host)``, named by its Python path.
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement import _hardware
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._filter import Filter, listed, together
from ansible_collections.tinycloud.libvirt.plugins.module_utils._sizes import describe_size


class _Lasting(Filter):
    lasting = True


class Enabled(_Lasting):
    name = "enabled"

    def reason(self, vm, host):
        return None if host.enabled else "it takes no new VMs"


class Named(_Lasting):
    """The host that the VM names."""

    name = "host"

    def reason(self, vm, host):
        return None if vm.host in (None, host.name) else "it is to be on %s" % vm.host


class Zone(_Lasting):
    name = "zone"

    def reason(self, vm, host):
        return None if vm.zone in (None, host.zone) else "it is in the zone %s, not in %s" % (host.zone or "(none)", vm.zone)


class Tags(_Lasting):
    name = "tags"

    def reason(self, vm, host):
        missing = vm.tags - host.tags
        return "it lacks the tags %s" % listed(missing) if missing else None


class Tenant(_Lasting):
    """A host that is kept for tenants takes no others' VMs."""

    name = "tenant"

    def reason(self, vm, host):
        if not host.tenants or vm.tenant in host.tenants:
            return None
        return "it is kept for %s" % listed(host.tenants)


class Arch(_Lasting):
    name = "arch"

    def reason(self, vm, host):
        if vm.arch and vm.arch not in host.guests:
            return "it runs no guests of %s" % vm.arch
        if vm.hypervisor == "kvm" and "kvm" not in host.guests.get(vm.arch or host.facts["arch"], {}).get("types", ()):
            return "it has no KVM"
        return None


class Machine(_Lasting):
    name = "machine"
    # These stand for whatever version of them the host has.
    _families = ("q35", "pc", "virt")

    def reason(self, vm, host):
        machines = host.guests.get(vm.arch or host.facts["arch"], {}).get("machines") or ()
        if vm.machine in (None,) + self._families or vm.machine in machines or not machines:
            return None
        return "it has no machine type %s" % vm.machine


class Firmware(_Lasting):
    name = "firmware"

    def reason(self, vm, host):
        known = (host.facts.get("usual") or {}).get("firmware") or ()
        return "it has no firmware %s" % vm.firmware if vm.firmware and known and vm.firmware not in known else None


class Cpu(_Lasting):
    """The way its CPU is shown to the guest."""

    name = "cpu"

    def reason(self, vm, host):
        known = (host.facts.get("usual") or {}).get("cpu_modes") or ()
        return "its CPU has no mode %s" % vm.cpu if vm.cpu and known and vm.cpu not in known else None


class Network(_Lasting):
    name = "network"

    def reason(self, vm, host):
        missing = vm.networks - host.networks
        return "it has no network %s" % listed(missing) if missing else None


class Pool(_Lasting):
    name = "pool"

    def reason(self, vm, host):
        missing = set(vm.disks) - set(host.pools) - vm.new_pools
        return "it has no active pool %s" % listed(missing) if missing else None


class Volume(_Lasting):
    """Data that is on a host already binds the VM to it."""

    name = "volume"

    def reason(self, vm, host):
        elsewhere = {volume for volume, home in vm.volumes if home != host.name}
        return "its volume %s is on another host" % listed(elsewhere) if elsewhere else None


class Vcpus(Filter):
    name = "vcpus"

    def reason(self, vm, host):
        wanted = vm.vcpus if vm.company is None else vm.company.vcpus
        return None if wanted <= host.vcpus else "%d vcpus wanted%s, %d left" % (wanted, together(vm), max(host.vcpus, 0))


class Memory(Filter):
    name = "memory"

    def reason(self, vm, host):
        wanted = vm.memory if vm.company is None else vm.company.memory
        if wanted <= host.memory:
            return None
        return "%s wanted%s, %s left" % (describe_size(wanted), together(vm), describe_size(max(host.memory, 0)))


class Disk(Filter):
    name = "disk"

    def reason(self, vm, host):
        for pool, size in vm.disks.items():
            if pool in host.pools and size > host.pools[pool]:
                return "%s wanted in the pool %s, %s left" % (describe_size(size), pool, describe_size(max(host.pools[pool], 0)))
        return None


class Instances(Filter):
    name = "instances"

    def reason(self, vm, host):
        full = host.max_instances is not None and host.instances >= host.max_instances
        return "it has its %d VMs" % host.max_instances if full else None


class Affinity(Filter):
    name = "affinity"

    def reason(self, vm, host):
        home = vm.company and vm.company.host
        return "what it must be together with is on %s" % home.name if home and home is not host else None


class AntiAffinity(Filter):
    name = "anti_affinity"

    def reason(self, vm, host):
        for label in vm.apart:
            if host.labels[label] >= vm.max_per_host:
                return "%d of %s %s there" % (host.labels[label], label, "is" if host.labels[label] == 1 else "are")
        return None


# In this order: what is told of a host is the first that speaks against it.
FILTERS = {one.name: one for one in (
    Enabled, Named, Zone, Tags, Tenant, Arch, Machine, Firmware, Cpu, Network, Pool, Volume,
    Instances, Vcpus, Memory, Disk, _hardware.Numa, _hardware.HugePages, _hardware.Pci, Affinity, AntiAffinity,
)}
