# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moving a volume to another pool: all of it is there, and in use there, before the old file goes.

At rest it is copied. Where a running VM writes to it, QEMU copies what was and what comes, and changes over.
"""
from __future__ import annotations

import contextlib
import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _copying, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import volume as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE, INTENDED
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import (
    _block_job, _disk_sources, _snapshot_record, _volume_files, _volume_guard,
)


def source(volume, scene):
    """The fact of the volume in the pool that it is to be moved from, where that is still to be done; else None."""
    pool = volume.declared.get("move_from")
    found = scene.world.volumes(pool).get(volume.name) if pool and not volume.absent else None
    if found is None or volume.fact(scene) is None:
        return found
    return found if volume.record(scene).get("moving") == pool else None


def check(volume, scene):
    """Refuse what cannot be moved; whether there is something to move."""
    pool = volume.declared["move_from"]
    fact = source(volume, scene)
    if fact is None:
        _check_nothing(volume, scene, pool)
        return False
    for one in (pool, volume.pool):
        if scene.world.pools.get(one) is not None and not _volume_files.is_reachable(scene, one):
            raise _volume_guard.out_of_reach(volume, scene, "move_from")
    _volume_guard.refuse_image(volume, scene, "move_from", "move", pool)
    usage, path = scene.world.usage, _volume_guard.path_of(fact)
    if usage.children(path):
        raise volume.refusal("volume_in_use", "move_from: the volume '%s/%s' cannot move, %s"
                             % (pool, volume.name, _volume_guard.said_of_use(usage, path)), "Make these stand on their own first.")
    if _snapshot_record.known(scene, pool, volume.name):
        raise volume.refusal("volume_in_use", "move_from: the volume '%s/%s' has snapshots, which would stay behind"
                             % (pool, volume.name), "Remove these first, with tinycloud.libvirt.volume_snapshot.")
    running = _running(usage, path)
    if len(running) > 1 or any(use.depth or not use.target for use in running):
        raise volume.refusal("volume_in_use", "move_from: the volume '%s/%s' cannot move, %s"
                             % (pool, volume.name, _volume_guard.said_of_use(usage, path)), "Stop these VMs first.")
    return True


def _check_nothing(volume, scene, pool):
    if volume.fact(scene) is None:
        if scene.world.pools.get(pool) is None:
            raise volume.refusal("unknown_pool", "move_from: there is no storage pool '%s'" % pool, "Name the pool that the volume is in.")
        raise volume.refusal("unknown_volume", "move_from: there is no volume '%s' in the pool '%s'" % (volume.name, pool),
                             "Leave move_from out to make a new volume.")
    if volume.name in scene.world.volumes(pool):
        raise volume.refusal("volume_conflict", "move_from: there is a volume '%s' in the pool '%s' as well as in '%s'"
                             % (volume.name, pool, volume.pool), "Give one of them another name, or remove it.")


def _running(usage, path):
    return [use for use in usage.uses(path) if use.running]


def move(volume, scene):
    pool = volume.declared["move_from"]
    keys = sorted("%s/%s" % (scene.again().world.pools[one].uuid, volume.name) for one in (pool, volume.pool))
    with contextlib.ExitStack() as locks:
        for key in keys:
            locks.enter_context(scene.registry.lock("volume-" + key))
        # A run may have been cut short when the copy had its name and libvirt had not looked.
        _volume_files.refresh(scene.hypervisor.connection.storagePoolLookupByName(volume.pool))
        now = scene.again()
        volume.check(now)
        if source(volume, now) is not None:
            _Move(volume, now, pool).run()


class _Move:
    """One volume on its way, under the locks of both its places."""

    def __init__(self, volume, scene, pool):
        self.volume, self.scene, self.pool = volume, scene, pool
        self.fact = source(volume, scene)
        self.values = model.Volume.read(self.fact.xml)
        self.form = self.values.get("format", "raw")
        self.old = self.values["path"]
        self.target = scene.hypervisor.connection.storagePoolLookupByName(volume.pool)
        self.new = os.path.join(_volume_files.directory_of(self.target), volume.name)

    def run(self):
        usage = self.scene.world.usage
        running = _running(usage, self.old)
        if self.volume.fact(self.scene) is not None and not usage.uses(self.new):
            # What an earlier run had begun and nobody came to use.
            self._discard()
        if running and running[0].target:
            self._live(running[0])
        elif not usage.uses(self.new):
            self._at_rest()
        self._finish()

    def _discard(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.new)
        _volume_files.refresh(self.target)

    def _record(self, state, **facts):
        self.scene.registry.put(self.volume.kind, self.volume.record_key(self.scene), state, **dict(
            facts, name=self.volume.name, pool=self.volume.pool))

    def _at_rest(self):
        with _volume_files.drafting(os.path.dirname(self.new), self.volume.name) as new_draft:
            draft = new_draft()
            _copying.copy_sparse(self.old, draft)
            found = os.stat(self.old)
            os.chown(draft, found.st_uid, found.st_gid)
            os.chmod(draft, found.st_mode & 0o7777)
            self._record(INTENDED, moving=self.pool)
            _volume_files.name_new(draft, self.new)
        _volume_files.have_seen(self.target, self.volume.name)

    def _live(self, use):
        domain, target = use.handle, use.target
        if _block_job.mirror_of(domain, target) != self.new:
            self._record(INTENDED, moving=self.pool)
            shape = {name: self.values[name] for name in ("name", "format", "size", "backing_path", "backing_format", "compat", "cluster_size")
                     if name in self.values}
            self.target.createXML(_xml.text(model.Volume.build(dict(shape, allocation=0))), 0)
            _block_job.copy_to(domain, target, self.new, self.form, "backing_path" in self.values)
        try:
            _block_job.wait_until_ready(domain, target)
        except Failure:
            # The guest goes on with the old file; what there was no room for is of no use.
            self._discard()
            self.scene.registry.forget(self.volume.kind, self.volume.record_key(self.scene))
            raise
        _block_job.pivot(domain, target)

    def _finish(self):
        """Whoever uses it uses the new file from here on; the old one goes once nobody does."""
        now = self.scene.again()
        _disk_sources.redirect(now, self.old, self.new)
        now = now.again()
        left = now.world.usage.vms(self.old)
        if left:
            raise self.volume.refusal("volume_in_use", "move_from: the VM '%s' still uses the volume '%s/%s'; both files are kept"
                                      % (left[0], self.pool, self.volume.name), "Run again.")
        self._take_over_the_record(now)
        self.fact.handle.delete(0)
        _volume_files.have_seen(self.target, self.volume.name)
        now.registry.forget(self.volume.kind, self._old_key(now))
        self._record(COMPLETE, **self._kept(now))

    def _old_key(self, scene):
        return "%s/%s" % (scene.world.pools[self.pool].uuid, self.volume.name)

    def _take_over_the_record(self, scene):
        """Before the old one is forgotten."""
        old = _volume_files.record_of(scene, self.pool, self.fact)
        kept = {name: old[name] for name in ("image", "backing", "content", "environment", "protect", "secret") if name in old}
        if kept.get("content"):
            kept["content"] = dict(kept["content"], stamp=_volume_files.stamp_of(self.new))
        elif old.get("inode"):
            kept["inode"] = _volume_files.inode_of(scene, self.volume.pool, self.new)
        self._record(INTENDED, moving=self.pool, **kept)

    def _kept(self, scene):
        record = self.volume.record(scene)
        return {name: value for name, value in record.items() if name not in ("state", "moving", "name", "pool")}
