# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of the snapshots of a volume: the registry keeps them in the order in which they were taken.

An internal snapshot lies in the volume's own file, or in that of a layer (``file``). An external one is what a layer stands on: since
then, writing goes to ``layer``, and ``frozen`` stays as it was. Both are names of volumes in the same pool. ``step`` says what a run
was about to do with it, so that the next one finishes that if it was cut short.
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _volume_files

KIND = "volume_snapshot"
INTERNAL = "internal"
EXTERNAL = "external"
# Steps; a snapshot that is there and stays has none.
TAKING = "taking"
MERGING = "merging"
MERGED = "merged"


def key_of(scene, pool, name):
    fact = scene.world.pools.get(pool)
    return fact and "%s/%s" % (fact.uuid, name)


def everything(scene, pool, name):
    """The snapshots of a volume, oldest first, those included that are being taken or removed."""
    key = key_of(scene, pool, name)
    found = ((key and scene.registry.get(KIND, key)) or {}).get("snapshots", [])
    return [one for one in found if not _was_in_another(scene, pool, one)]


def _was_in_another(scene, pool, snapshot):
    """Whether an internal snapshot went with its file, and there is another one of that name."""
    fact = scene.world.volumes(pool).get(snapshot.get("file"))
    if fact is None or snapshot.get("inode") is None:
        return False
    return _volume_files.inode_of(scene, pool, fact.xml.findtext("target/path")) not in (None, snapshot["inode"])


def known(scene, pool, name):
    """The snapshots that can be used."""
    return [one for one in everything(scene, pool, name) if not one.get("step")]


def write(scene, pool, name, snapshots):
    key = key_of(scene, pool, name)
    if snapshots:
        scene.registry.put(KIND, key, COMPLETE, name=name, pool=pool, snapshots=snapshots)
    else:
        scene.registry.forget(KIND, key)


def put(scene, pool, name, snapshot):
    """Remember one snapshot, the newest one or with other facts than before."""
    others = everything(scene, pool, name)
    names = [one["name"] for one in others]
    if snapshot["name"] in names:
        others[names.index(snapshot["name"])] = snapshot
    else:
        others.append(snapshot)
    write(scene, pool, name, others)


def top(volumes, name, snapshots):
    """The name of the volume that is written to now: the topmost layer that is really there."""
    layers = [one["layer"] for one in snapshots if one["kind"] == EXTERNAL and one["layer"] in volumes and one.get("step") != TAKING]
    return layers[-1] if layers else name


def owner_of(scene, pool, layer):
    """The name of the volume to whose snapshots a layer belongs, or None."""
    fact = scene.world.pools.get(pool)
    for key, record in scene.registry.all(KIND).items():
        if fact and key.startswith(fact.uuid + "/") and any(one.get("layer") == layer for one in record["snapshots"]):
            return record["name"]
    return None
