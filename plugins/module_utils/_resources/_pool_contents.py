# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deleting what is in a pool, together with it: only where the task says so, and only what this collection made the pool for."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import REMOVING

# What a record of a removal says of the contents.
_DELETED = "deleted"
_DIRECTORY_TYPES = ("dir", "netdir")
# A file system makes this one itself.
_BELONGS = "lost+found"


def are_deleted(scene, fact):
    record = scene.registry.get("pool", fact.uuid) or {}
    return record.get("state") == REMOVING and record.get("contents") == _DELETED


def refuse(pool, scene, fact):
    record = scene.registry.get("pool", fact.uuid)
    if record is None or record["name"] != pool.name:
        raise pool.refusal("not_owned", "delete_contents: the pool '%s' was not made by this collection, so its contents are not its to delete" % pool.name,
                           "Leave delete_contents out: the pool goes, its contents stay. Delete them yourself if they are not needed.")
    if are_deleted(scene, fact):
        return
    if not fact.active:
        raise pool.refusal("inactive_pool", "delete_contents: the pool '%s' is not active, what is in it cannot be seen" % pool.name,
                           "Start it first, with state: active.")
    volumes = scene.world.volumes(pool.name)
    directories = sorted(name for name, volume in volumes.items() if volume.xml.get("type") in _DIRECTORY_TYPES and name != _BELONGS)
    if directories:
        raise pool.refusal("pool_not_deletable", "delete_contents: there are directories in the pool '%s', which are no volumes: %s"
                           % (pool.name, ", ".join(directories)), "Look what they are, and move or delete them first.")
    usage = scene.world.usage
    others = sorted({"%s/%s" % child for volume in volumes.values() for child in usage.children(volume.xml.findtext("target/path") or "")
                     if child[0] != pool.name and not scene.goes("volume", "%s/%s" % child)})
    if others:
        raise pool.refusal("pool_in_use", "delete_contents: volumes of other pools stand on those of '%s': %s" % (pool.name, ", ".join(others)),
                           "Remove these first, or in the same call.")


def delete(scene, fact):
    """Every volume, then what held them; a run that is cut short here is finished by the next one."""
    handle = fact.handle
    if not are_deleted(scene, fact):
        for volume in handle.listAllVolumes(0):
            if volume.name() != _BELONGS:
                _delete_volume(volume)
        record = scene.registry.get("pool", fact.uuid)
        scene.registry.put("pool", fact.uuid, **dict(record, contents=_DELETED))
    _forget_records(scene, fact)
    if handle.isActive():
        handle.destroy()
    try:
        handle.delete(0)
    except HypervisorError as error:
        # Not every pool holds something that could go; and a directory that is not empty, or a file system's own, stays.
        if error.code not in ("no_support", "system_error", "internal_error"):
            raise


def _delete_volume(volume):
    try:
        volume.delete(0)
    except HypervisorError as error:
        if error.code != "no_storage_vol":
            raise


def _forget_records(scene, fact):
    scene.registry.forget_below(fact.uuid)
    for name, record in scene.registry.all("image").items():
        if record["pool_uuid"] == fact.uuid:
            scene.registry.forget("image", name)
