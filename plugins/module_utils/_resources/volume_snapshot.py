# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of one volume, whatever VM has it for a disk, if any."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, Name
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change, Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool import DEFAULT_POOL
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import CREATE, DELETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import (
    _snapshot_record, _snapshot_removing, _snapshot_taking, _volume_facts, _volume_files, _volume_guard, _volume_making,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._snapshot_record import EXTERNAL, INTERNAL, TAKING


class VolumeSnapshotOptions(Model):
    """The options of the module volume_snapshot."""

    name = Name(required=True)
    volume = Name(required=True, refers="volume")
    pool = Name(refers="pool")
    freeze = Enum(choices=["if_possible", "always", "never"])
    state = Enum(choices=["present", "absent"], default="present")


class VolumeSnapshot(Resource):
    kind = "volume_snapshot"
    model = VolumeSnapshotOptions

    def __init__(self, declared):
        super().__init__(declared)
        self.volume = declared["volume"]
        self.pool = declared.get("pool") or DEFAULT_POOL
        self.key = (self.kind, "%s/%s@%s" % (self.pool, self.volume, self.name))
        self.freeze = declared.get("freeze")
        # Where writing goes while a VM runs on.
        self.layer = "%s.%s" % (self.volume, self.name)

    def entry(self, scene):
        """What is known of it, or None."""
        found = _snapshot_record.everything(scene, self.pool, self.volume)
        return next((one for one in found if one["name"] == self.name), None)

    def top(self, scene):
        """The fact of the volume that is written to now."""
        volumes = scene.world.volumes(self.pool)
        return volumes[_snapshot_record.top(volumes, self.volume, _snapshot_record.everything(scene, self.pool, self.volume))]

    def writer(self, scene):
        """The use of it by the running VM that writes to it, or None."""
        return next(iter(self._writers(scene)), None)

    def _writers(self, scene):
        return [use for use in scene.world.usage.uses(_volume_guard.path_of(self.top(scene))) if use.running and not use.depth]

    def layer_path(self, scene):
        directory = os.path.dirname(_volume_guard.path_of(scene.world.volumes(self.pool)[self.volume]))
        return os.path.join(directory, self.layer)

    def needs(self, scene):
        return {("pool", self.pool), ("volume", "%s/%s" % (self.pool, self.volume))}

    def is_there(self, scene):
        entry = self.entry(scene)
        if entry is None or entry.get("step") == TAKING:
            return False
        return entry["kind"] == INTERNAL or {entry["frozen"], entry["layer"]} <= set(scene.world.volumes(self.pool))

    # What cannot come true

    def check(self, scene):
        if self.volume not in scene.world.volumes(self.pool):
            if not self.absent:
                raise self.refusal("unknown_volume", "volume: there is no volume '%s' in the pool '%s'" % (self.volume, self.pool),
                                   "Make it with tinycloud.libvirt.volume first, or name its pool; the pool has to be active.")
            return
        if not _volume_files.is_reachable(scene, self.pool):
            raise _volume_guard.out_of_reach(self, scene, "volume")
        if self.absent:
            if self.entry(scene) is not None:
                self._check_removal(scene, self.entry(scene))
        elif not self.is_there(scene):
            self._check_taking(scene)

    def _check_taking(self, scene):
        owner = _snapshot_record.owner_of(scene, self.pool, self.volume)
        if owner is not None:
            raise self.refusal("not_a_volume", "volume: '%s' is a layer of the volume '%s'" % (self.volume, owner),
                               "Take the snapshot of '%s'; it has what is in the layer." % owner)
        entry = self.entry(scene)
        if entry is not None and entry.get("step") not in (None, TAKING):
            raise self.refusal("being_removed", "name: the snapshot '%s' was being removed when that run was cut short" % self.name,
                               "Finish that first, with state: absent.")
        if entry is not None and _snapshot_taking.is_taken(self, scene, entry):
            return
        writers = self._writers(scene)
        if len(writers) > 1:
            raise self.refusal("volume_in_use", "volume: several disks write to '%s'" % self.volume, "Stop all of these VMs but one.")
        if writers:
            if entry is None and (os.path.lexists(self.layer_path(scene)) or self.layer in scene.world.volumes(self.pool)):
                raise self.refusal("volume_conflict", "name: the layer would be '%s', and there is a volume of that name" % self.layer,
                                   "Give the snapshot another name.")
            return
        fact = self.top(scene)
        form = fact.xml.find("target/format").get("type")
        if form != "qcow2":
            raise self.refusal("unsupported_format", "volume: '%s' is %s, which holds no snapshots at rest" % (fact.name, form),
                               "Convert it to qcow2 (tinycloud.libvirt.volume with convert: true), clone it, or take the snapshot while a VM runs with it.")
        if scene.world.usage.children(_volume_guard.path_of(fact)):
            raise self.refusal("volume_in_use", "volume: '%s' is what others stand on: %s"
                               % (fact.name, _volume_guard.said_of_use(scene.world.usage, _volume_guard.path_of(fact))), "Take snapshots of these.")

    def _check_removal(self, scene, entry):
        usage, volumes = scene.world.usage, scene.world.volumes(self.pool)
        if entry["kind"] == INTERNAL:
            fact = volumes.get(entry["file"])
            running = [use.vm for use in usage.uses(_volume_guard.path_of(fact)) if use.running] if fact is not None else []
            if running:
                raise self.refusal("volume_in_use", "name: the snapshot '%s' is inside a file that the running VM '%s' has open"
                                   % (self.name, running[0]), "Stop the VM first.")
            return
        if entry["layer"] not in volumes or entry["frozen"] not in volumes:
            return
        inside = [one["name"] for one in _snapshot_record.everything(scene, self.pool, self.volume) if one.get("file") == entry["layer"]]
        if inside:
            raise self.refusal("volume_in_use", "name: the layer of the snapshot '%s' holds newer ones: %s" % (self.name, ", ".join(inside)),
                               "Remove these first.")
        layers = {one["layer"] for one in _snapshot_record.everything(scene, self.pool, self.volume) if one["kind"] == EXTERNAL}
        for fact in (volumes[entry["frozen"]], volumes[entry["layer"]]):
            others = [child for child in usage.children(_volume_guard.path_of(fact)) if child[0] != self.pool or child[1] not in layers]
            if others:
                raise self.refusal("volume_in_use", "name: on the data of the snapshot '%s' stands the volume '%s/%s'" % ((self.name,) + others[0]),
                                   "Remove that first.")

    # What to do

    def plan(self, scene):
        plan = self.new_plan(scene)
        entry = self.entry(scene)
        if self.absent:
            if entry is not None:
                plan.verb = DELETE
                plan.changes = [Change(("state",), "present", "absent", None)]
                plan.act("remove", lambda: self._alone(scene, _snapshot_removing.remove))
        elif not self.is_there(scene):
            plan.verb = CREATE
            plan.changes = [Change(("state",), "absent", "present", None), Change(("kind",), None, self._kind(scene), None)]
            plan.summary = self._kind(scene)
            plan.act("take", lambda: self._alone(scene, _snapshot_taking.take))
        return plan

    def _kind(self, scene):
        entry = self.entry(scene)
        return entry["kind"] if entry else EXTERNAL if self.writer(scene) else INTERNAL

    def _alone(self, scene, work):
        """Under the volume's lock, after one more look."""
        with _volume_making.lock(scene, _snapshot_record.key_of(scene, self.pool, self.volume)):
            now = scene.again()
            self.check(now)
            entry = self.entry(now)
            if (entry is not None) if self.absent else not self.is_there(now):
                work(self, now)

    def facts(self, scene):
        if self.pool not in scene.world.pools:
            return None
        found = _volume_facts.snapshot_facts(scene, self.pool, self.volume)
        return next((one for one in found if one["name"] == self.name), None)
