# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removing a snapshot of a volume: what was written since stays, in the file below.

The layer is written into what it stands on, whoever was above it stands on that, and the layer goes. Where a run is cut short, what is
read through the chain is the same at each moment, so the next run does it again; but never once somebody writes to the file below.
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _qemu_img
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import (
    _block_job, _disk_sources, _snapshot_record, _volume_files, _volume_making,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._snapshot_record import EXTERNAL, INTERNAL, MERGED, MERGING
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._snapshot_taking import is_inside


def remove(snapshot, scene):
    """Under the volume's lock, as the scene shows it."""
    entry = snapshot.entry(scene)
    volumes = scene.world.volumes(snapshot.pool)
    if entry["kind"] == INTERNAL:
        if is_inside(scene, snapshot.pool, entry):
            _qemu_img.delete_snapshot(_path_of(volumes[entry["file"]]), entry["name"])
    elif entry["layer"] in volumes:
        _merge(snapshot, scene, entry)
    _forget(snapshot, scene, entry)


def _merge(snapshot, scene, entry):
    volumes, usage = scene.world.volumes(snapshot.pool), scene.world.usage
    frozen, layer = volumes[entry["frozen"]], volumes[entry["layer"]]
    base, top = _path_of(frozen), _path_of(layer)
    running = next((use for use in usage.uses(top) if use.running and use.target), None)
    if not any(not use.depth and not _is_mirror(use, base) for use in usage.uses(base)):
        _step(snapshot, scene, entry, MERGING)
        if running:
            _merge_live(running, base, top)
        elif entry.get("step") != MERGED or usage.uses(top) or usage.children(top):
            _qemu_img.commit(top, "qcow2", base)
        _step(snapshot, scene, entry, MERGED)
    _stand_on(snapshot, scene, frozen, layer)


def _is_mirror(use, base):
    """A commit that is under way shows what it writes to as a mirror."""
    return use.running and use.target and _block_job.mirror_of(use.handle, use.target) == base


def _merge_live(use, base, top):
    domain, target = use.handle, use.target
    if use.depth:
        _block_job.wait_until_gone(domain, target)
        if top in _block_job.chain_of(domain, target):
            _block_job.commit(domain, target, base, top, active=False)
            _block_job.wait_until_gone(domain, target)
        return
    if _block_job.mirror_of(domain, target) != base:
        _block_job.commit(domain, target, base, top, active=True)
    _block_job.wait_until_ready(domain, target)
    _block_job.pivot(domain, target)


def _stand_on(snapshot, scene, frozen, layer):
    """Whatever stood on the layer, or had it for a disk, gets what is below; then the layer goes."""
    base, top = _path_of(frozen), _path_of(layer)
    form = frozen.xml.find("target/format").get("type")
    now = scene.again()
    for pool, name in now.world.usage.children(top):
        above = now.world.volumes(pool)[name]
        if not any(use.running for use in now.world.usage.uses(_path_of(above))):
            _qemu_img.rebase(_path_of(above), "qcow2", base, form)
    _disk_sources.redirect(now, top, base, form)
    pool = scene.world.pools[snapshot.pool].handle
    _volume_files.refresh(pool)
    now = now.again()
    if now.world.usage.uses(top) or now.world.usage.children(top):
        raise snapshot.refusal("volume_in_use", "name: the layer '%s' is still in use, and is kept" % layer.name, "Run again.")
    handle = _volume_files.have_seen(pool, layer.name)
    if handle is not None:
        _volume_making.delete(handle)


def _forget(snapshot, scene, entry):
    left = [one for one in _snapshot_record.everything(scene, snapshot.pool, snapshot.volume) if one["name"] != snapshot.name]
    if entry["kind"] == EXTERNAL:
        # What was frozen in the layer is in the file below now.
        left = [dict(one, frozen=entry["frozen"]) if one.get("frozen") == entry["layer"] else one for one in left]
    _snapshot_record.write(scene, snapshot.pool, snapshot.volume, left)


def _step(snapshot, scene, entry, step):
    _snapshot_record.put(scene, snapshot.pool, snapshot.volume, dict(entry, step=step))


def _path_of(fact):
    return fact.xml.findtext("target/path")
