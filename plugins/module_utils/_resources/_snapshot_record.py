# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of the snapshots of a volume: the registry keeps them in the order in which they were taken.

An internal snapshot lies in the volume's own file. An external one is what a layer stands on: since then, writing goes to
``layer``, and ``frozen`` stays as it was.
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE

KIND = "volume_snapshot"
INTERNAL = "internal"
EXTERNAL = "external"


def key_of(scene, pool, name):
    fact = scene.world.pools.get(pool)
    return fact and "%s/%s" % (fact.uuid, name)


def known(scene, pool, name):
    """The snapshots of a volume, oldest first."""
    key = key_of(scene, pool, name)
    return ((key and scene.registry.get(KIND, key)) or {}).get("snapshots", [])


def write(scene, pool, name, snapshots):
    key = key_of(scene, pool, name)
    if snapshots:
        scene.registry.put(KIND, key, COMPLETE, name=name, pool=pool, snapshots=snapshots)
    else:
        scene.registry.forget(KIND, key)


def top(pool_volumes, name, snapshots):
    """The name of the volume that is written to now: the topmost layer that is really there."""
    layers = [one["layer"] for one in snapshots if one["kind"] == EXTERNAL and one["layer"] in pool_volumes]
    return layers[-1] if layers else name


def owner_of(scene, pool, layer):
    """The name of the volume whose snapshot's layer another volume of the pool is, or None."""
    fact = scene.world.pools.get(pool)
    for key, record in (scene.registry.all(KIND) if fact else {}).items():
        if key.startswith(fact.uuid + "/") and any(one.get("layer") == layer for one in record["snapshots"]):
            return record["name"]
    return None
