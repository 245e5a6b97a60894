# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an environment has and no longer declares: found by the marks it left, and by nothing else."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import INTENDED, REMOVING
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _volume_files
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._ownership import environment_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm import Vm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume


def undeclared_vms(scene):
    """Names of the environment's VMs that the task says nothing about."""
    return [name for name, fact in sorted(scene.world.domains.items())
            if environment_of(fact) == scene.environment and ("vm", name) not in scene.resources]


def leaving(scene, keeps_volumes):
    """Absent resources for all that the environment has and does not declare, but for what others still use."""
    vms = [Vm(Vm.model.with_defaults({"name": name, "state": "absent", "remove_disks": not keeps_volumes}))
           for name in undeclared_vms(scene)]
    yield from vms
    gone = {vm.name for vm in vms} | {key[1] for key, resource in scene.resources.items() if key[0] == "vm" and resource.absent}
    for name in _undeclared_networks(scene):
        if not _others(scene, gone, name):
            yield Network(Network.model.with_defaults({"name": name, "state": "absent"}))
    if not keeps_volumes:
        taken = {key for vm in vms for key in vm.takes_along(scene)}
        for pool, name in _undeclared_volumes(scene):
            volume = Volume(Volume.model.with_defaults({"name": name, "pool": pool, "state": "absent"}))
            if volume.key not in taken and not _holders(scene, gone, pool, name):
                yield volume


def notes(scene):
    """What stays although nobody declares it, and why."""
    gone = {key[1] for key, resource in scene.resources.items() if key[0] == "vm" and resource.absent}
    for name in _undeclared_networks(scene):
        others = _others(scene, gone, name)
        if others:
            yield "The network '%s' was kept, VMs that stay use it: %s" % (name, ", ".join(others))
    for pool, name in _undeclared_volumes(scene):
        yield "The volume '%s/%s' was kept (prune_volumes: true removes what nothing else needs)" % (pool, name)
    for pool, name in _strange_volumes(scene):
        yield "The volume '%s/%s' was kept, it is another file than the one that this environment made under that name" % (pool, name)


def _records(scene, kind):
    """This environment's records of a kind."""
    found = scene.registry.all(kind).items()
    return [(key, record) for key, record in found if record.get("environment") == scene.environment]


def _undeclared_networks(scene):
    there = {name for name, fact in scene.world.networks.items() if environment_of(fact) == scene.environment}
    cut_short = {record["name"] for _uuid, record in _records(scene, "network")
                 if record["state"] in (INTENDED, REMOVING) and record["name"] not in scene.world.networks}
    return sorted(name for name in there | cut_short if ("network", name) not in scene.resources)


def _others(scene, gone, network):
    """VMs that stay and are plugged into a network, running or not."""
    place = "devices/interface/source[@network='%s']" % network
    return sorted(name for name, fact in scene.world.domains.items() if name not in gone and fact.xml.find(place) is not None)


def _undeclared_volumes(scene):
    """(pool, name) of the environment's volumes that are there and neither declared nor a declared VM's."""
    return [(pool, name) for pool, name, is_another in _recorded_volumes(scene) if not is_another]


def _strange_volumes(scene):
    """(pool, name) of what somebody else made where one of the environment's volumes was."""
    return [(pool, name) for pool, name, is_another in _recorded_volumes(scene) if is_another]


def _recorded_volumes(scene):
    """(pool, name, whether it is another file) of what the environment's records speak of and the task does not."""
    pools = {fact.uuid: name for name, fact in scene.world.pools.items()}
    for key, record in _records(scene, "volume"):
        pool = pools.get(key.partition("/")[0])
        fact = scene.world.volumes(pool).get(record["name"]) if pool is not None else None
        if fact is not None and ("volume", "%s/%s" % (pool, record["name"])) not in scene.resources:
            yield pool, record["name"], _volume_files.is_another(scene, pool, record, fact)


def _holders(scene, gone, pool, name):
    """VMs that stay and need a volume."""
    path = scene.world.volumes(pool)[name].xml.findtext("target/path")
    return [vm for vm in scene.world.usage.vms(path or "") if vm not in gone]
