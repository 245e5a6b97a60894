# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes whose whole content the engine writes itself: seeds and configurations of VMs."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import volume as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._volume_making import create_in, delete


def put_content(scene, pool_name, volume_name, data):
    """A raw volume that holds just these bytes; returns whether anything had to be written.

    Where other bytes are there, a new volume takes the place of the old: a guest that reads the old one now
    keeps it until it closes it, and never sees half of each.
    """
    pool = scene.hypervisor.connection.storagePoolLookupByName(pool_name)
    with scene.registry.lock("volume-%s/%s" % (pool.UUIDString(), volume_name)):
        existing = find_volume(pool, volume_name)
        if existing is not None:
            if existing.info()[1] == len(data) and scene.hypervisor.download(existing, len(data)) == data:
                return False
            delete(existing)
        text = _xml.text(model.Volume.build({"name": volume_name, "size": len(data), "allocation": 0, "format": "raw"}))
        scene.hypervisor.upload(create_in(pool, text), data)
    return True


def find_volume(pool, name):
    """The handle of a volume that is really there, or None."""
    try:
        volume = pool.storageVolLookupByName(name)
        volume.info()
    except HypervisorError as error:
        if error.code != "no_storage_vol":
            raise
        return None
    return volume


def volume_at(scene, path):
    """The handle of the volume at a path of the host, or None."""
    for pool in scene.world.pools:
        for fact in scene.world.volumes(pool).values():
            if fact.xml.findtext("target/path") == path:
                return fact.handle
    return None
