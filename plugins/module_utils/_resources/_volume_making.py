# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making and removing a volume so that a run that is cut short, or a second one beside it, does no harm.

A creation is recorded before it begins and after it ends, both under a lock. What is found recorded as begun
is finished where it is already as declared, and made anew where it holds nothing yet.
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import volume as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE, INTENDED
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base_volume import base_now, wanted_base
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._ownership import record_facts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._refresh import refresh

# Pools whose volumes are files, of any format; elsewhere libvirt knows the one format there is.
FILE_POOLS = ("dir", "fs", "netfs", "gluster", "vstorage")
DEFAULT_FORMAT = "qcow2"
# A fresh qcow2 volume allocates 200 KB; what holds more may hold somebody's data.
EMPTY = 1 << 20


def declared_base(volume):
    """What a volume is declared to stand on, as the registry keeps it."""
    return {"image": volume.declared.get("image"), "backing": volume.backing and "%s/%s" % volume.backing}


def recorded_base(record):
    """What a finished volume was made on; None where that is not known."""
    if record.get("state") != COMPLETE:
        return None
    return {"image": record.get("image"), "backing": record.get("backing")}


def is_leftover(volume, scene, fact):
    """Whether a volume was begun and not finished, is not what was declared, and holds nothing that anyone could miss."""
    if volume.record(scene).get("state") != INTENDED:
        return False
    path = fact.xml.findtext("target/path")
    if int(fact.xml.findtext("allocation") or 0) > EMPTY or scene.world.usage.uses(path) or scene.world.usage.children(path):
        return False
    if volume.model.differing(volume.definition, model.Volume.read(fact.xml)):
        return True
    if not (volume.declared.get("image") or volume.backing):
        return False
    base = wanted_base(volume, scene)
    below = scene.world.usage.chain(path)
    return base is None or not below or not scene.world.usage.same_file(base.path, below[0])


def make(volume, scene):
    pool = scene.hypervisor.connection.storagePoolLookupByName(volume.pool)
    with scene.registry.lock("volume-%s/%s" % (pool.UUIDString(), volume.name)):
        fact = scene.world.volume_now(volume.pool, volume.name)
        if fact is not None and is_leftover(volume, scene.again(), fact):
            fact.handle.delete(0)
            fact = None
        if fact is None and _create(volume, scene, pool):
            return
    # Someone else made it since the plan: then it has to fit like any other that exists.
    now = scene.again()
    volume.check(now)
    for action in volume.plan(now).actions:
        action.run()


def _create(volume, scene, pool):
    """Create the volume; False where it turns out to exist."""
    text = _xml.text(definition(volume, scene, pool))
    key = "%s/%s" % (pool.UUIDString(), volume.name)
    facts = dict(declared_base(volume), name=volume.name, pool=volume.pool, **record_facts(volume, scene))
    scene.registry.put(volume.kind, key, INTENDED, **facts)
    try:
        create_in(pool, text)
    except HypervisorError as error:
        # libvirt cleaned up. A record left behind could one day take somebody else's volume for a leftover.
        scene.registry.forget(volume.kind, key)
        if error.code == "storage_vol_exist":
            return False
        raise
    scene.registry.put(volume.kind, key, COMPLETE, **facts)
    return True


def create_in(pool, text):
    """A new volume's handle; raises HypervisorError, storage_vol_exist where it really exists."""
    try:
        return pool.createXML(text, 0)
    except HypervisorError as error:
        if error.code not in ("storage_vol_exist", "operation_invalid"):
            raise
        # A file came or went behind libvirt's back: have it look, then try once more.
        refresh(pool)
        return pool.createXML(text, 0)


def definition(volume, scene, pool):
    """The XML of a new volume; raises Refusal where what it stands on does not fit."""
    base = base_now(volume, scene)
    values = dict(volume.definition, allocation=0)
    if base is not None:
        values.setdefault("size", base.capacity)
        values.update(backing_path=base.path, backing_format=base.format)
    if _path.get(_xml.parse(pool.XMLDesc(0)), "@type") in FILE_POOLS:
        values.setdefault("format", DEFAULT_FORMAT)
    return model.Volume.build(values)


def finish(volume, scene):
    facts = dict(declared_base(volume), **record_facts(volume, scene, volume.record(scene)))
    scene.registry.put(volume.kind, volume.record_key(scene), COMPLETE, name=volume.name, pool=volume.pool, **facts)


def remove(volume, scene):
    """Delete the volume, after one more look at who needs it."""
    now = scene.again()
    key, fact = volume.record_key(now), volume.fact(now)
    if key is None:
        # Its pool went since the plan, by another hand.
        return
    if fact is not None:
        volume.refuse_removal(now, fact)
    record = volume.record(now)
    # First the record: what is left of a run that is cut short here is removed by the next one, and a record
    # without its volume could one day be taken for that of another volume of this name.
    scene.registry.forget(volume.kind, key)
    try:
        if fact is not None:
            fact.handle.delete(0)
    except HypervisorError as error:
        if error.code != "no_storage_vol":
            if record:
                scene.registry.put(volume.kind, key, **record)
            raise
