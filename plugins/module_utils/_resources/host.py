# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The compute host itself: what it is, what it can do, what is left of it."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError, constant
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import host as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import host_resources as resources
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._claims import recorded
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._ownership import environment_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import pool_facts

_KIB = 1024


def host_facts(scene, options):
    """Everything; sizes in bytes.

    :param options: what else is asked for: ``cpu_definition`` (bool), ``baseline_of`` (CPU definitions of several hosts), ``pci`` (bool)
    """
    connection = scene.hypervisor.connection
    told = _xml.parse(connection.getCapabilities())
    capabilities, numa = model.Host.read(told), resources.cells(told)
    arch = capabilities.get("arch")
    types = next((guest["types"] for guest in capabilities["guests"] if guest["arch"] == arch), [])
    best = "kvm" if "kvm" in types else (types or [None])[0]
    offered = _where_supported(connection.getDomainCapabilities, None, arch, None, best, 0)
    offered = None if offered is None else _xml.parse(offered)
    return {
        "hostname": connection.getHostname(), "uri": scene.hypervisor.uri, "uuid": capabilities.get("uuid"),
        "versions": {"libvirt": _version(connection.getLibVersion()), "hypervisor": _version(connection.getVersion())},
        "driver": connection.getType(), "arch": arch, "kvm": "kvm" in types,
        "cpu": dict(capabilities.get("cpu", {}), count=connection.getInfo()[2], **_compared(connection, arch, best, offered, options)),
        "memory": _memory(connection), "guests": capabilities["guests"],
        "usual": None if offered is None else model.Usual.read(offered),
        "pools": [pool_facts(scene, fact) for _name, fact in sorted(scene.world.pools.items())],
        "vms": _vms(scene.world.domains.values()), "networks": sorted(scene.world.networks),
        "images": sorted(name for name, record in scene.registry.all("image").items() if record["state"] == COMPLETE),
        "numa": numa, "hugepages": resources.hugepages(numa, [domain.xml for domain in scene.world.domains.values()]),
        "environments": _environments(scene), **({"pci": _pci(scene)} if options.get("pci") else {}),
    }


def _pci(scene):
    """The host's PCI devices, and which VM has each, running or not."""
    owners = {address: name for name, domain in sorted(scene.world.domains.items()) for address in resources.pci_addresses(domain.xml)}
    handles = _where_supported(scene.hypervisor.connection.listAllDevices, constant("CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV"))
    devices = [resources.pci_device(_xml.parse(handle.XMLDesc(0))) for handle in handles or ()]
    return [dict(device, vm=owners.get(device["address"])) for device in sorted(devices, key=lambda one: one["address"])]


def _version(number):
    """https://libvirt.org/html/libvirt-libvirt-host.html#virConnectGetLibVersion"""
    return "%d.%d.%d" % (number // 1000000, number // 1000 % 1000, number % 1000)


def _where_supported(call, *arguments):
    """The answer, or None where this driver of libvirt does not know the question."""
    try:
        return call(*arguments)
    except HypervisorError as error:
        if error.code not in ("no_support", "config_unsupported", "argument_unsupported"):
            raise
        return None


def _memory(connection):
    """What caches hold is free: guests get it when they need it."""
    stats = _where_supported(connection.getMemoryStats, constant("NODE_MEMORY_STATS_ALL_CELLS"))
    if not stats:
        return {"total": connection.getInfo()[1] * _KIB * _KIB, "free": None}
    return {"total": stats["total"] * _KIB,
            "free": sum(stats.get(part, 0) for part in ("free", "buffers", "cached")) * _KIB}


def _environments(scene):
    """What each environment has here, as its marks say: for those who place and count what belongs together."""
    found = {}
    for name, domain in sorted(scene.world.domains.items()):
        owner = environment_of(domain)
        if owner is not None:
            share = model.Share.read(domain.xml)
            plugs = sorted({source.get("network") for source in domain.xml.findall("devices/interface/source") if source.get("network")})
            _place(found, owner)["vms"].append(dict(share, name=name, networks=plugs, addresses=len(recorded(domain))))
    for name, network in sorted(scene.world.networks.items()):
        owner = environment_of(network)
        if owner is not None:
            _place(found, owner)["networks"].append(name)
    for record in scene.registry.all("volume").values():
        if record.get("environment"):
            size = scene.world.volumes(record["pool"]).get(record["name"])
            size = None if size is None else int(size.xml.findtext("capacity"))
            _place(found, record["environment"])["volumes"].append({"name": record["name"], "pool": record["pool"], "size": size})
    return found


def _place(found, owner):
    return found.setdefault(owner, {"vms": [], "networks": [], "volumes": []})


def _compared(connection, arch, best, offered, options):
    """What migration between hosts is about: what guests can be given here, and what a set of hosts has in common.

    https://libvirt.org/html/libvirt-libvirt-host.html#virConnectBaselineHypervisorCPU
    """
    found = {}
    if options.get("cpu_definition"):
        found["definition"] = None if offered is None else _definition(offered.find("cpu/mode[@name='host-model']"))
    if options.get("baseline_of"):
        text = _where_supported(connection.baselineHypervisorCPU, None, arch, None, best, options["baseline_of"], 0)
        found["baseline"] = text and model.Definition.read(_xml.parse(text))
    return found


def _definition(mode):
    """The mode host-model as the CPU it stands for."""
    cpu = _xml.new("cpu")
    for child in mode.iterchildren("model", "vendor", "feature"):
        cpu.append(_xml.copy(child))
    return _xml.text(cpu) if len(cpu) else None


def _vms(domains):
    """How many there are, and what they were promised; a running VM counts with what it has now."""
    counts = dict.fromkeys(("defined", "running", "vcpus", "memory", "vcpus_running", "memory_running"), 0)
    for domain in domains:
        share = model.Share.read(domain.live_xml if domain.active else domain.xml)
        counts["defined"] += domain.persistent
        counts["running"] += domain.active
        for part in ("vcpus", "memory"):
            counts[part] += share.get(part, 0)
            counts[part + "_running"] += share.get(part, 0) if domain.active else 0
    return counts
