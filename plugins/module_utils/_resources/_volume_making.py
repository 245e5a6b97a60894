# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making and removing a volume so that a run that is cut short, or a second one beside it, does no harm.

A creation is recorded before it begins and after it ends, both under a lock. What is found recorded as begun
is finished where it is already as declared, and made anew where it holds nothing yet.
"""
from __future__ import annotations

import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError, constant
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import volume as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE, FILLING, INTENDED, REMOVING
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _pool_kind, _snapshot_record, _volume_files, _volume_transfer
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base_volume import base_now, wanted_base
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._ownership import record_facts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._patience import asked_again
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._refresh import refresh
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._volume_filling import fill

DEFAULT_FORMAT = "qcow2"
# A fresh qcow2 volume allocates 200 KB; what holds more may hold somebody's data.
EMPTY = 1 << 20
# For a LUKS header qemu-img measures how fast this CPU hashes, and gives up where the thread's clock did not tick meanwhile: on fast
# machines that is one time in four (https://gitlab.com/qemu-project/qemu/-/blob/master/crypto/pbkdf.c). libvirt removes its file then.
_MEASURING_SECONDS = 10


def declared_base(volume):
    """What a volume is declared to stand on, as the registry keeps it."""
    return {"image": volume.declared.get("image"), "backing": volume.backing and "%s/%s" % volume.backing}


def recorded_base(record):
    """What a finished volume was made on; None where that is not known."""
    if record.get("state") != COMPLETE:
        return None
    return {"image": record.get("image"), "backing": record.get("backing")}


def lock(scene, key):
    return scene.registry.lock("volume-" + key)


def is_leftover(volume, scene, fact):
    """Whether a volume was begun and not finished, is not what was declared, and holds nothing that anyone could miss."""
    record = volume.record(scene)
    if record.get("state") not in (INTENDED, FILLING):
        return False
    path = fact.xml.findtext("target/path")
    if scene.world.usage.uses(path) or scene.world.usage.children(path):
        return False
    if record["state"] == FILLING:
        # Our own transfer into it was cut short.
        return True
    if record.get("content") or record.get("moving") or int(fact.xml.findtext("allocation") or 0) > EMPTY:
        return False
    if volume.origin is not None:
        return True
    made = {name: volume.definition[name] for name in ("name", "format", "size") if name in volume.definition}
    if volume.model.differing(made, model.Volume.read(fact.xml)):
        return True
    if not (volume.declared.get("image") or volume.backing):
        return False
    base = wanted_base(volume, scene)
    below = scene.world.usage.chain(path)
    return base is None or not below or not scene.world.usage.same_file(base.path, below[0])


def made_from(volume, scene, fact):
    """What the registry says of a volume's content; None where it speaks of another file, whose making was cut short."""
    record = volume.record(scene)
    content = record.get("content")
    if content and record["state"] == INTENDED and _volume_files.stamp_of(fact.xml.findtext("target/path"))[-1] != content["stamp"][-1]:
        return None
    return content


def is_replaced(volume, scene, fact):
    """Whether other content than the declared is there, which the task wants replaced.

    What was not touched since is not read: its size, time and inode say so.
    """
    if volume.origin is None or not volume.declared.get("replace"):
        return False
    content = made_from(volume, scene, fact)
    if content is None or not volume.origin.is_unchanged(scene, content):
        return True
    # What a VM made of it is the VM's.
    return is_touched(scene, fact, content) and not scene.world.usage.uses(fact.xml.findtext("target/path"))


def is_touched(scene, fact, content):
    """Whether somebody else wrote to a volume after it had got its content."""
    return content["stamp"] is not None and not scene.hypervisor.is_remote \
        and content["stamp"] != _volume_files.stamp_of(fact.xml.findtext("target/path"))


def remember(volume, scene, fact, change, path=None):
    """Do what changes a volume's file, and not its content; whether others had touched that stays known.

    :param path: the file that is going to be the volume after the record is written; None where it is the same
    """
    record = {name: value for name, value in volume.record(scene).items() if name != "before"}
    content, here = record.get("content"), fact.xml.findtext("target/path")
    ours = content and not is_touched(scene, fact, content)
    change()
    if path:
        # Until that is so, the file that is there now is the one that the record is about.
        record["before"] = _volume_files.inode_of(scene, volume.pool, here)
    inode = _volume_files.inode_of(scene, volume.pool, path or here)
    if content and content["stamp"]:
        stamp = _volume_files.stamp_of(path or here) if ours else content["stamp"][:-1] + [inode]
        scene.registry.put(volume.kind, volume.record_key(scene), **dict(record, content=dict(content, stamp=stamp)))
    elif record.get("inode"):
        scene.registry.put(volume.kind, volume.record_key(scene), **dict(record, inode=inode))


def content_change(volume, scene):
    """The content's change, in the user's terms."""
    known = volume.record(scene).get("content") or {}
    said = volume.model.describe({volume.origin.option: volume.declared[volume.origin.option]})[volume.origin.option]
    return Change((volume.origin.option,), "changed since" if volume.origin.is_same(scene, known) else known.get("from", "not known"), said, None)


def make(volume, scene):
    pool = scene.hypervisor.connection.storagePoolLookupByName(volume.pool)
    with lock(scene, "%s/%s" % (pool.UUIDString(), volume.name)):
        now = scene.again()
        fact = now.world.volume_now(volume.pool, volume.name)
        if fact is not None and is_leftover(volume, now, fact):
            delete(fact.handle)
            fact = None
        if fact is None and (_create if volume.origin is None else _create_filled)(volume, now, pool):
            return
    # Someone else made it since the plan: then it has to fit like any other that exists.
    volume.run_again(scene)


def replace(volume, scene):
    pool = scene.hypervisor.connection.storagePoolLookupByName(volume.pool)
    with volume.alone(scene):
        now = scene.again()
        volume.check(now)
        if is_replaced(volume, now, volume.fact(now)):
            fill(volume, now, pool, volume.origin, instead=True)


def _create_filled(volume, scene, pool):
    """Create the volume with its content, so that it has it from its first moment where it can be had so."""
    if not _volume_files.is_reachable(scene, volume.pool):
        _volume_transfer.create(volume, scene, pool)
    elif _volume_files.have_seen(pool, volume.name) is None:
        fill(volume, scene, pool, volume.origin)
    else:
        return False
    return True


def _create(volume, scene, pool):
    """Create the volume; False where it turns out to exist."""
    text = _xml.text(definition(volume, scene, pool))
    key = "%s/%s" % (pool.UUIDString(), volume.name)
    facts = dict(declared_base(volume), name=volume.name, pool=volume.pool, **record_facts(volume, scene))
    scene.registry.put(volume.kind, key, INTENDED, **facts)
    try:
        made = asked_again(lambda: create_in(pool, text, creation_flags(volume)), _MEASURING_SECONDS if volume.declared.get("encryption") else 0)
    except HypervisorError as error:
        # libvirt cleaned up. A record left behind could one day take somebody else's volume for a leftover.
        scene.registry.forget(volume.kind, key)
        if error.code == "storage_vol_exist":
            return False
        raise
    scene.registry.put(volume.kind, key, COMPLETE, inode=_volume_files.inode_of(scene, volume.pool, made.path()), **facts)
    return True


def creation_flags(volume):
    """With preallocated metadata; libvirt reserves room for all data where the allocation is as large as the capacity."""
    if volume.declared.get("preallocation") in (None, "off") or volume.declared.get("format") == "raw":
        return 0
    return constant("STORAGE_VOL_CREATE_PREALLOC_METADATA")


def create_in(pool, text, flags=0):
    """A new volume's handle; raises HypervisorError, storage_vol_exist where it really exists."""
    try:
        return pool.createXML(text, flags)
    except HypervisorError as error:
        if error.code not in ("storage_vol_exist", "operation_invalid"):
            raise
        # A file came or went behind libvirt's back: have it look, then try once more.
        refresh(pool)
        return pool.createXML(text, flags)


def definition(volume, scene, pool):
    """The XML of a new volume; raises Refusal where what it stands on does not fit."""
    base = base_now(volume, scene)
    values = dict(volume.definition)
    if base is not None:
        values.setdefault("size", base.capacity)
        values.update(backing_path=base.path, backing_format=base.format)
    if volume.declared.get("preallocation") == "full":
        values["allocation"] = values["size"]
    values.setdefault("allocation", _pool_kind.allocation(pool, values["size"]))
    if _pool_kind.holds_files(pool):
        values.setdefault("format", DEFAULT_FORMAT)
    return model.Volume.build(values)


def finish(volume, scene):
    """Nothing is missing but the record's last word; the draft may still have its own name besides."""
    with volume.alone(scene):
        if _volume_files.is_reachable(scene, volume.pool):
            _volume_files.clear_drafts(_volume_files.directory_of(scene.world.pools[volume.pool].handle), volume.name)
        _record_the_end(volume, scene)


def _record_the_end(volume, scene):
    record = volume.record(scene)
    facts = dict(declared_base(volume), **record_facts(volume, scene, record))
    if record.get("content"):
        facts["content"] = record["content"]
    else:
        facts["inode"] = _volume_files.inode_of(scene, volume.pool, volume.fact(scene).xml.findtext("target/path"))
    scene.registry.put(volume.kind, volume.record_key(scene), COMPLETE, name=volume.name, pool=volume.pool, **facts)


def remove(volume, scene):
    """Delete the volume, after one more look at who needs it."""
    now = scene.again()
    key, fact = volume.record_key(now), volume.fact(now)
    if key is None:
        # Its pool went since the plan, by another hand.
        return
    if fact is not None:
        volume.check(now)
    record = volume.record(now)
    if fact is not None and volume.declared.get("wipe"):
        # From here on nobody shall take it for a volume, however far this comes.
        scene.registry.put(volume.kind, key, REMOVING, name=volume.name, pool=volume.pool)
        fact.handle.wipePattern(constant("STORAGE_VOL_WIPE_ALG_" + volume.declared["wipe"].upper()), 0)
    # First the record: what is left of a run that is cut short here is removed by the next one, and a record
    # without its volume could one day be taken for that of another volume of this name.
    scene.registry.forget(volume.kind, key)
    _snapshot_record.write(now, volume.pool, volume.name, [])
    try:
        if fact is not None:
            delete(fact.handle)
    except HypervisorError as error:
        if error.code != "no_storage_vol":
            if record:
                scene.registry.put(volume.kind, key, **record)
            raise


def delete(handle, patience=5):
    """Delete a volume; libvirt holds it for a moment after a transfer has ended."""
    deadline = time.monotonic() + patience
    while True:
        try:
            handle.delete(0)
            return
        except HypervisorError as error:
            if error.code != "operation_invalid" or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
