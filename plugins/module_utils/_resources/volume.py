# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes: made once, changed in place, replaced only where the task says so; removed only where nothing needs them."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import constant
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import volume as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool import DEFAULT_POOL
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import CREATE, DELETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import (
    _volume_checks, _volume_conversion, _volume_facts, _volume_files, _volume_making, _volume_move,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._volume_options import VolumeOptions
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._volume_origin import origin_of

# What says how something is done, and is no fact of the volume.
_POLICY = ("name", "state", "allow_shrink", "convert", "replace", "move_from", "wipe")


class Volume(Resource):
    kind = "volume"
    model = VolumeOptions
    # The VM that declares it along with its disk, if one does.
    of_vm = None

    def __init__(self, declared):
        super().__init__(declared)
        self.pool = declared.get("pool") or DEFAULT_POOL
        self.key = (self.kind, "%s/%s" % (self.pool, self.name))
        self.definition = {name: value for name, value in declared.items()
                           if name in model.Volume.fields() and value is not None}
        self.origin = origin_of(self)

    @property
    def backing(self):
        """(pool, name) of the volume that was declared as the backing one, or None."""
        backing = self.declared.get("backing")
        return backing and (backing.get("pool") or self.pool, backing["name"])

    def fact(self, scene):
        return scene.world.volumes(self.pool).get(self.name)

    def record_key(self, scene):
        """Where the registry keeps this volume; None while its pool does not exist."""
        pool = scene.world.pools.get(self.pool)
        return pool and "%s/%s" % (pool.uuid, self.name)

    def record(self, scene):
        """What is known of this very file: of another one that somebody made in its place, nothing is."""
        fact, key = self.fact(scene), self.record_key(scene)
        if fact is not None:
            return _volume_files.record_of(scene, self.pool, fact)
        return (key and scene.registry.get(self.kind, key)) or {}

    def alone(self, scene):
        """A lock against other runs that make, fill, move or remove this volume."""
        return _volume_making.lock(scene, self.record_key(scene))

    def needs(self, scene):
        needs = {("pool", self.pool)} | self.secrets()
        image = self.declared.get("image") or self.declared.get("copy_of") or self.record(scene).get("image")
        if image:
            needs.add(("image", image))
        if self.backing:
            needs.add((self.kind, "%s/%s" % self.backing))
        clone = self.declared.get("clone")
        if clone:
            needs.add((self.kind, "%s/%s" % (clone.get("pool") or self.pool, clone["name"])))
        if self.declared.get("move_from"):
            needs.add(("pool", self.declared["move_from"]))
        fact = self.fact(scene)
        if self.absent and fact is not None:
            # What is removed together goes from the top down.
            below = map(scene.world.usage.volume_at, scene.world.usage.chain(_path_of(fact)))
            needs.update((self.kind, "%s/%s" % volume) for volume in below if volume)
        return needs

    def check(self, scene):
        _volume_checks.check(self, scene)

    def plan(self, scene):
        plan = self.new_plan(scene)
        fact = self.fact(scene)
        if self.absent:
            if fact is not None:
                plan.verb = DELETE
                plan.changes = [Change(("state",), "present", "absent", None)]
                plan.act("delete", lambda: _volume_making.remove(self, scene))
        elif _volume_move.source(self, scene) is not None:
            self._plan_move(plan, scene)
        elif fact is None or _volume_making.is_leftover(self, scene, fact):
            self._plan_creation(plan)
            self._want_upload(plan)
            plan.act("create", lambda: _volume_making.make(self, scene))
        else:
            self._plan_update(plan, scene, fact)
        return plan

    def _plan_creation(self, plan):
        plan.verb = CREATE
        shown = self.model.describe(self.declared)
        for policy in _POLICY:
            shown.pop(policy, None)
        plan.changes = [Change((name,), None, value, None) for name, value in shown.items() if value is not None]
        base = self.declared.get("image") or (self.backing and "%s/%s" % self.backing)
        said = base and "on %s" % base or self.origin and self.origin.summary
        plan.summary = ", ".join(filter(None, [shown.get("size"), said]))

    def _want_upload(self, plan):
        if self.declared.get("upload"):
            plan.uploads.append(self.declared["upload"])

    def _plan_move(self, plan, scene):
        fact = _volume_move.source(self, scene)
        plan.changes.append(Change(("pool",), self.declared["move_from"], self.pool, None))
        plan.act("move", lambda: _volume_move.move(self, scene))
        rest = self.new_plan(scene)
        self._plan_update(rest, scene, fact)
        plan.changes.extend(rest.changes)
        plan.notes.extend(rest.notes)
        if rest.actions:
            plan.act("change", lambda: self.run_again(scene))

    def run_again(self, scene):
        """Look once more, and do what is left to do."""
        now = scene.again()
        self.check(now)
        for action in self.plan(now).actions:
            action.run()

    def _plan_update(self, plan, scene, fact):
        if _volume_making.is_replaced(self, scene, fact):
            plan.changes.append(_volume_making.content_change(self, scene))
            size = self.declared.get("size")
            if size:
                plan.changes.extend(self.size_changes(fact))
            self._want_upload(plan)
            plan.act("replace the content", lambda: _volume_making.replace(self, scene))
            return
        plan.notes.extend(_volume_checks.notes(self, scene))
        shape = _volume_conversion.changes(self, fact)
        if shape:
            plan.changes.extend(shape)
            plan.act("convert", lambda: _volume_conversion.convert(self, scene))
        size = self.size_changes(fact)
        if size:
            plan.changes.extend(size)
            plan.act("resize", lambda: _volume_making.remember(self, scene, fact, lambda: self.resize(scene, fact)))
        permissions = _volume_checks.permission_changes(self, scene, fact)
        if permissions:
            plan.changes.extend(permissions)
            plan.act("set permissions", lambda: self._set_permissions(fact, [change.path[-1] for change in permissions]))
        if self.record(scene).get("state") == _volume_making.INTENDED:
            plan.act("finish the creation", lambda: _volume_making.finish(self, scene))

    def size_changes(self, fact):
        size = {name: value for name, value in self.definition.items() if name == "size"}
        return model.Volume.compare(size, fact.xml)

    def resize(self, scene, fact):
        """Through every running VM that writes to it, so that the guest sees it; else by libvirt's storage driver."""
        size = self.declared["size"]
        running = [use for use in scene.world.usage.uses(_path_of(fact)) if use.running and use.target]
        for use in running:
            use.handle.blockResize(use.target, size, constant("DOMAIN_BLOCK_RESIZE_BYTES"))
        if not running:
            shrinks = size < int(fact.xml.findtext("capacity"))
            fact.handle.resize(size, constant("STORAGE_VOL_RESIZE_SHRINK") if shrinks else 0)

    def _set_permissions(self, fact, options):
        wanted = {option: self.declared["permissions"].get(option) for option in options}
        _volume_files.set_permissions(_path_of(fact), wanted)
        _volume_files.refresh(fact.handle.storagePoolLookupByVolume())

    def facts(self, scene):
        fact = self.fact(scene)
        return None if fact is None else _volume_facts.volume_facts(scene, self.pool, fact)

    @classmethod
    def listing(cls, scene, options):
        pools = [options["pool"]] if options.get("pool") else sorted(scene.world.pools)
        found = [(pool, fact) for pool in pools for name, fact in sorted(scene.world.volumes(pool).items()) if not _volume_files.is_draft(name)]
        told = [(pool, fact, _volume_facts.volume_facts(scene, pool, fact)) for pool, fact in found]
        return [dict(facts, spec=_volume_facts.volume_spec(scene, pool, fact, facts)) for pool, fact, facts in told]


def _path_of(fact):
    return fact.xml.findtext("target/path")
