# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes: made once, grown in place, never replaced; removed only where nothing needs them."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, FieldError, Flag, Name, Node
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import constant
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import volume as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change, Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool import DEFAULT_POOL
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import CREATE, DELETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import REMOVING
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _base_volume, _volume_making
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Resource


class BackingOptions(Model):
    """The volume that a new one stands on."""

    name = Name(required=True, refers="volume")
    pool = Name(refers="pool")
    format = Enum(choices=["qcow2", "raw"])


class VolumeOptions(model.Volume):
    """The options of the module volume."""

    pool = Name(refers="pool")
    image = Name(refers="image")
    backing = Node(BackingOptions)
    allow_shrink = Flag()
    protect = Flag()
    state = Enum(choices=["present", "absent"], default="present")

    @classmethod
    def mark(cls, values):
        """Volumes of two pools may share a name."""
        return "name", "%s/%s" % (values.get("pool") or DEFAULT_POOL, values["name"])

    @classmethod
    def check(cls, declared):
        image, backing = declared.get("image"), declared.get("backing")
        if image and backing:
            raise FieldError("a volume stands on an image or on another volume, not on both", ("backing",))
        if (image or backing) and declared.get("format") == "raw":
            raise FieldError("a raw volume cannot stand on another one: write qcow2, or leave format out", ("format",))


class Volume(Resource):
    kind = "volume"
    model = VolumeOptions

    def __init__(self, declared):
        super().__init__(declared)
        self.pool = declared.get("pool") or DEFAULT_POOL
        self.key = (self.kind, "%s/%s" % (self.pool, self.name))
        self.definition = {name: value for name, value in declared.items()
                           if name in model.Volume.fields() and value is not None}

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
        key = self.record_key(scene)
        return (key and scene.registry.get(self.kind, key)) or {}

    def needs(self, scene):
        needs = {("pool", self.pool)}
        image = self.declared.get("image") or self.record(scene).get("image")
        if image:
            needs.add(("image", image))
        if self.backing:
            needs.add((self.kind, "%s/%s" % self.backing))
        fact = self.fact(scene)
        if self.absent and fact is not None:
            # What is removed together goes from the top down.
            below = map(scene.world.usage.volume_at, scene.world.usage.chain(_path_of(fact)))
            needs.update((self.kind, "%s/%s" % volume) for volume in below if volume)
        return needs

    # What cannot come true

    def check(self, scene):
        if not self._pool_is_there(scene):
            return
        fact = self.fact(scene)
        if fact is not None and fact.xml.get("type") in ("dir", "netdir"):
            raise self.refusal("not_a_volume", "name: '%s' is a directory in the pool '%s'" % (self.name, self.pool),
                               "Give the volume another name.")
        if self.absent:
            if fact is not None:
                self.refuse_removal(scene, fact)
        elif fact is None:
            self._check_new(scene)
        elif not _volume_making.is_leftover(self, scene, fact):
            self._check_kept(scene, fact)
            self._check_size(scene, fact)

    def _pool_is_there(self, scene):
        """Refuse unless the pool is, or is going to be, there and active; False where nothing can be to remove."""
        fact, declared = scene.world.pools.get(self.pool), scene.declared("pool", self.pool)
        if fact is not None and self.absent and not fact.active and not (declared and declared.state == "active"):
            if scene.goes("pool", self.pool) and scene.registry.state("pool", fact.uuid) == REMOVING:
                # An earlier removal was cut short after the pool had stopped: its volumes went before that.
                return False
            raise self.refusal("inactive_pool", "pool: the pool '%s' is not active, what is in it cannot be seen" % self.pool,
                               "Start it with tinycloud.libvirt.pool and state: active.")
        if self.absent:
            return fact is not None
        if not scene.will_exist("pool", self.pool, scene.world.pools):
            known = sorted(scene.world.pools)
            raise self.refusal("unknown_pool", "pool: there is no storage pool '%s'" % self.pool,
                               "There %s." % _base_volume.listed(known) if known else "Make one with tinycloud.libvirt.pool first.")
        state = declared.state if declared else "present"
        if state == "inactive" or (state == "present" and not (fact and fact.active)):
            raise self.refusal("inactive_pool", "pool: the storage pool '%s' is not active" % self.pool,
                               "Start it with tinycloud.libvirt.pool and state: active.")
        return True

    def _check_new(self, scene):
        _base_volume.refuse_unknown_base(self, scene)
        _base_volume.refuse_too_small(self, _base_volume.wanted_base(self, scene))
        if not (self.declared.get("size") or self.declared.get("image") or self.backing):
            raise self.refusal("missing_option", "size: the new volume '%s' needs a size" % self.name, "Write for example size: 20GiB")

    def _check_kept(self, scene, fact):
        """Refuse what only a replacement could bring."""
        hint = "Its data is never replaced: give a new volume another name, or remove this one first."
        wanted, actual = self.declared.get("format"), model.Volume.read(fact.xml).get("format")
        if wanted and wanted != actual:
            raise self.refusal("fixed_option", "format: the volume '%s' is %s, which cannot become %s" % (self.key[1], actual, wanted), hint)
        option = next((name for name in ("image", "backing") if self.declared.get(name)), None)
        below = scene.world.usage.chain(_path_of(fact))
        if option is None:
            if any(name in self.declared for name in ("image", "backing")) and below:
                raise self.refusal("fixed_option", "backing: the volume '%s' stands on %s, and stays there" % (self.key[1], below[0]), hint)
            return
        if _volume_making.recorded_base(self.record(scene)) == _volume_making.declared_base(self):
            # So it was made, whatever its chain came to be since.
            return
        _base_volume.refuse_unknown_base(self, scene)
        base = _base_volume.wanted_base(self, scene)
        if base is None or not any(scene.world.usage.same_file(base.path, path) for path in below):
            raise self.refusal("fixed_option", "%s: the volume '%s' stands on %s instead"
                               % (option, self.key[1], below[0] if below else "nothing"), hint)

    def _check_size(self, scene, fact):
        change = self._size_change(fact)
        if change is None:
            return
        self._refuse_image(scene, "size", "change")
        usage, path = scene.world.usage, _path_of(fact)
        shrinks = self.declared["size"] < int(fact.xml.findtext("capacity"))
        if shrinks and not self.declared.get("allow_shrink"):
            raise self.refusal("shrink_refused", "size: the volume '%s' has %s; shrinking it to %s would cut data off"
                               % (self.key[1], change.before, change.after),
                               "Write allow_shrink: true if what is in it was made smaller before.")
        if usage.children(path):
            raise self.refusal("volume_in_use", "size: the volume '%s' cannot change, %s" % (self.key[1], _said(usage, path)),
                               "Change the volume on top of it.")
        running = [use for use in usage.uses(path) if use.running]
        if shrinks and running:
            raise self.refusal("volume_in_use", "size: the volume '%s' cannot shrink, %s" % (self.key[1], _said(usage, path)),
                               "Stop the VM first.")
        if any(use.depth for use in running):
            raise self.refusal("volume_in_use", "size: the VM '%s' writes to a snapshot on top of the volume '%s'"
                               % (running[0].vm, self.key[1]), "Commit the snapshot first, or grow after the VM was stopped.")

    def refuse_removal(self, scene, fact):
        """Refuse to remove what VMs or other volumes need, unless these go in the same call."""
        self._refuse_image(scene, "state", "go")
        usage, path = scene.world.usage, _path_of(fact)
        vms = [vm for vm in usage.vms(path) if not scene.goes("vm", vm)]
        children = [child for child in usage.children(path) if not scene.goes(self.kind, "%s/%s" % child)]
        if vms or children:
            raise self.refusal("volume_in_use", "state: the volume '%s' cannot go, %s" % (self.key[1], _needed_by(vms, children)),
                               "Remove these first.")

    def _refuse_image(self, scene, option, verb):
        name = _base_volume.image_in(scene, self.pool, self.name)
        if name:
            raise self.refusal("volume_in_use", "%s: the volume '%s' cannot %s, it is the image '%s'" % (option, self.key[1], verb, name),
                               "Images are the business of tinycloud.libvirt.image.")

    # What to do

    def plan(self, scene):
        plan = self.new_plan(scene)
        fact = self.fact(scene)
        if self.absent:
            if fact is not None:
                plan.verb = DELETE
                plan.changes = [Change(("state",), "present", "absent", None)]
                plan.act("delete", lambda: _volume_making.remove(self, scene))
        elif fact is None or _volume_making.is_leftover(self, scene, fact):
            self._plan_creation(plan)
            plan.act("create", lambda: _volume_making.make(self, scene))
        else:
            self._plan_update(plan, scene, fact)
        return plan

    def _plan_creation(self, plan):
        plan.verb = CREATE
        shown = self.model.describe(self.declared)
        for policy in ("name", "state", "allow_shrink"):
            shown.pop(policy, None)
        plan.changes = [Change((name,), None, value, None) for name, value in shown.items() if value is not None]
        base = self.declared.get("image") or (self.backing and "%s/%s" % self.backing)
        plan.summary = ", ".join(filter(None, [shown.get("size"), base and "on %s" % base]))

    def _plan_update(self, plan, scene, fact):
        change = self._size_change(fact)
        if change is not None:
            plan.changes.append(change)
            plan.act("resize", lambda: self.resize(scene, fact))
        if self.record(scene).get("state") == _volume_making.INTENDED:
            plan.act("finish the creation", lambda: _volume_making.finish(self, scene))

    def _size_change(self, fact):
        size = {name: value for name, value in self.definition.items() if name == "size"}
        return next(iter(model.Volume.compare(size, fact.xml)), None)

    def resize(self, scene, fact):
        """Through every running VM that writes to it, so that the guest sees it; else by libvirt's storage driver."""
        size = self.declared["size"]
        running = [use for use in scene.world.usage.uses(_path_of(fact)) if use.running and use.target]
        for use in running:
            use.handle.blockResize(use.target, size, constant("DOMAIN_BLOCK_RESIZE_BYTES"))
        if not running:
            shrinks = size < int(fact.xml.findtext("capacity"))
            fact.handle.resize(size, constant("STORAGE_VOL_RESIZE_SHRINK") if shrinks else 0)

    # What users learn

    def facts(self, scene):
        fact = self.fact(scene)
        return None if fact is None else volume_facts(scene, self.pool, fact)

    @classmethod
    def listing(cls, scene, options):
        pools = [options["pool"]] if options.get("pool") else sorted(scene.world.pools)
        return [volume_facts(scene, pool, fact) for pool in pools for _name, fact in sorted(scene.world.volumes(pool).items())]


def _path_of(fact):
    return fact.xml.findtext("target/path")


def _needed_by(vms, children):
    said = ["the VM '%s' uses it" % vm for vm in vms] + ["the volume '%s/%s' stands on it" % child for child in children]
    return " and ".join(said)


def _said(usage, path):
    return _needed_by(usage.vms(path), usage.children(path))


def volume_facts(scene, pool, fact):
    """What users learn about a volume; sizes in bytes."""
    values = model.Volume.read(fact.xml)
    path, form = values.pop("backing_path", None), values.pop("backing_format", None)
    key = "%s/%s" % (scene.world.pools[pool].uuid, fact.name)
    record = scene.registry.get(Volume.kind, key) or {}
    return dict(values, pool=pool, backing={"path": path, "format": form} if path else None,
                image=record.get("image"), used_by=scene.world.usage.vms(values["path"]))
