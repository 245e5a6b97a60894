# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images: named, immutable base volumes whose content is known by its digest."""
from __future__ import annotations

import os
import platform

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import KNOWN_AFTER_APPLY, Enum
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import image as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool import DEFAULT_POOL
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import CREATE, DELETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _image_store
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_inspection import inspected
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_obtain import obtain
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_origin import Origin


def find_image(scene, name):
    """The image of a name as it is at this moment (.name .pool .volume .path .format .capacity .sha256), or None.

    It asks libvirt each time, so that it can also be used while a plan runs that makes the image.
    """
    return _image_store.stored(scene, name)


def known_images(scene):
    """Every complete image by its name."""
    found = {name: _image_store.stored(scene, name, record) for name, record in scene.registry.all(_image_store.KIND).items()}
    return {name: image for name, image in found.items() if image is not None}


class ImageOptions(model.Image):
    """The options of the module image."""

    state = Enum(choices=["present", "absent"], default="present")


class Image(Resource):
    kind = "image"
    model = ImageOptions

    def __init__(self, declared):
        super().__init__(self.model.looked_up(declared, platform.machine()))
        self._before = {}

    def before(self, scene):
        """(record or None, Image or None) as this scene found them."""
        if scene not in self._before:
            record = scene.registry.get(self.kind, self.name)
            self._before[scene] = record, _image_store.stored(scene, self.name, record) if record else None
        return self._before[scene]

    def origin(self, scene):
        return Origin(self.declared, self.before(scene)[0] or {})

    def wanted(self, scene):
        """What is to be under the name: what the task says over what was said before."""
        return _image_store.Wanted(self.name, self.pool(scene), self.origin(scene).wanted(scene), self.declared.get("format"),
                                   self.declared.get("user"))

    def pool(self, scene):
        record, image = self.before(scene)
        return self.declared.get("pool") or (image.pool if image else (record or {}).get("pool")) or DEFAULT_POOL

    def is_done(self, scene):
        image = self.before(scene)[1]
        return image is not None and self.wanted(scene).is_met_by(image)

    def needs(self, scene):
        return {("pool", self.pool(scene))} | (set() if self.absent else self.origin(scene).needs())

    def check(self, scene):
        if scene.hypervisor.is_remote:
            raise self.remote_refusal(scene, "uri: images need the file system of the compute host")
        if self.absent:
            self._check_removal(scene)
            return
        if not self.origin(scene).is_known:
            raise self.refusal("missing_option", "source: the new image '%s' needs a URL or a path" % self.name,
                               "Write for example source: https://example.org/debian-12.qcow2, or base: and the name of an image.")
        self._check_pool(scene)
        if not self.is_done(scene):
            self._check_content(scene)

    def _check_pool(self, scene):
        name = self.pool(scene)
        fact = scene.world.pools.get(name)
        if not scene.will_exist("pool", name, scene.world.pools):
            raise self.refusal("unknown_pool", "pool: there is no pool '%s' on this host%s" % (name, _listed(scene.world.pools)),
                               "Name one of these, or make it with tinycloud.libvirt.pool first.")
        declared = scene.declared("pool", name)
        if fact is not None and fact.xml.get("type") not in _image_store.FILE_POOLS:
            raise self.refusal("unsupported_pool", "pool: '%s' is a pool of type %s; images are kept in directory pools"
                               % (name, fact.xml.get("type")), "Name a pool of type dir.")
        if declared.state == "inactive" if declared is not None else not fact.active:
            raise self.refusal("inactive_pool", "pool: the pool '%s' is not active" % name,
                               "Start it: tinycloud.libvirt.pool with state: active.")

    def _check_content(self, scene):
        image, wanted = self.before(scene)[1], self.wanted(scene)
        if image is not None and wanted.format not in (None, image.format) and wanted.origin == image.origin:
            raise self.refusal("format_mismatch", "format: the image '%s' is %s, not %s" % (self.name, image.format, wanted.format),
                               "Write format: %s, or leave it out." % image.format)
        try:
            self.origin(scene).check(scene)
        except Failure as failure:
            raise self.refusal(failure.code, failure.message, failure.hint) from None

    def _check_removal(self, scene):
        record, image = self.before(scene)
        if image is None:
            if record and record["state"] == COMPLETE:
                self._check_lost(record, scene.world.pools.get(record["pool"]))
            return
        _image_store.refuse_removal(scene, image)

    def _check_lost(self, record, pool):
        """Refuse to forget an image whose content is somewhere still."""
        if pool is not None and not pool.active:
            raise self.refusal("inactive_pool", "pool: the pool '%s' of the image '%s' is not active" % (record["pool"], self.name),
                               "Start it first: tinycloud.libvirt.pool with state: active.")
        path = os.path.join(record["directory"], record["volume"])
        if pool is None and os.path.lexists(path):
            raise self.refusal("unknown_pool", "pool: the pool '%s' of the image '%s' is not defined any more, and its content is still there: %s"
                               % (record["pool"], self.name, path), "Define the pool again with tinycloud.libvirt.pool, or delete that file yourself.")

    def plan(self, scene):
        plan = self.new_plan(scene)
        if self.absent:
            self._plan_removal(plan, scene)
        elif not self.is_done(scene):
            self._plan_content(plan, scene)
        return plan

    def _plan_removal(self, plan, scene):
        record, image = self.before(scene)
        if record is None:
            return
        plan.verb = DELETE
        plan.summary = "%s/%s" % (image.pool, image.volume) if image else ""
        plan.changes = [Change(("state",), "present" if image else "incomplete", "absent", None)]
        plan.act("delete", lambda: _image_store.remove(scene, self.name, image))

    def _plan_content(self, plan, scene):
        image = self.before(scene)[1]
        wanted, origin = self.wanted(scene), self.origin(scene)
        after = dict(_told(wanted.origin), sha256=model.known_sha256(wanted.checksum) or KNOWN_AFTER_APPLY)
        before = dict(_told(image.origin), sha256=image.sha256) if image else {}
        if image is None:
            plan.verb = CREATE
            plan.summary = "%s in %s" % (origin.said(), wanted.pool)
            after.update((option, self.declared[option]) for option in ("pool", "format") if self.declared.get(option))
        else:
            if wanted.source and wanted.source == image.source and wanted.checksum is None:
                # A checksum that is no longer asked for has still proved this content.
                after["sha256"] = image.sha256
            after["pool"], before["pool"] = wanted.pool, image.pool
            self._note_what_stays(plan, scene, image, after["sha256"], wanted)
        plan.changes = [Change((option,), before.get(option), after.get(option), None)
                        for option in sorted({*before, *after}) if before.get(option) != after.get(option)]
        if origin.is_fetched and wanted.checksum is None:
            plan.notes.append("image '%s': without a checksum nothing proves that '%s' gives the right content" % (self.name, wanted.source))
        if origin.is_uploaded:
            plan.uploads.append(origin.place["upload"])
        plan.act("fetch" if origin.is_fetched else "build", lambda: self._obtain(scene.again()))

    def _obtain(self, scene):
        """What the recipe is applied to may have come to be only since the plan was made."""
        obtain(scene, self.wanted(scene), self.origin(scene).work)

    def _note_what_stays(self, plan, scene, image, sha256, wanted):
        if sha256 == image.sha256 and wanted.pool == image.pool:
            return
        users = ["%s/%s" % child for child in scene.world.usage.children(image.path)]
        plan.notes.append("image '%s': if the content is another one, the old volume %s/%s stays (%s)" % (
            self.name, image.pool, image.volume, "the base of " + ", ".join(users) if users else "nothing builds on it"))

    def facts(self, scene):
        image = self.before(scene)[1]
        return None if image is None else image_facts(scene, image)

    @classmethod
    def listing(cls, scene, options):
        found = [image for name, image in sorted(known_images(scene).items()) if options.get("name") is None or name in options["name"]]
        facts = [image_facts(scene, image) for image in found]
        if options.get("inspect"):
            for one, image in zip(facts, found):
                one["inspection"] = inspected(scene, image, options.get("passphrase"))
        return facts


def _told(origin):
    """What an image is made from in the user's terms."""
    return dict(origin, debian=model.Debian.describe(origin["debian"])) if "debian" in origin else origin


def image_facts(scene, image):
    """What users learn about an image; sizes in bytes."""
    volume = scene.world.volumes(image.pool).get(image.volume)
    return {
        "name": image.name, "pool": image.pool, "volume": image.volume, "path": image.path, "format": image.format,
        "sha256": image.sha256, "source": image.source, "checksum": image.checksum, "verified": image.record["verified"],
        "base": image.origin.get("base"), "from_volume": image.origin.get("from_volume"), "from_vm": image.origin.get("from_vm"),
        "recipe": image.origin.get("recipe"), "upload": image.origin.get("upload"),
        "debian": _told(image.origin).get("debian"), "user": image.record.get("user"),
        "created": image.record["created"], "size": image.capacity,
        "allocation": int(volume.xml.findtext("allocation")) if volume else None,
        "children": ["%s/%s" % child for child in scene.world.usage.children(image.path)],
        "former": [_former_facts(scene, one) for one in image.record.get("former", []) if one["volume"] in scene.world.volumes(one["pool"])],
    }


def _former_facts(scene, former):
    """A volume that the image's name pointed to before, and who still needs it."""
    path = scene.world.volumes(former["pool"])[former["volume"]].xml.findtext("target/path")
    usage = scene.world.usage
    return dict(former, used_by=["volume %s/%s" % child for child in usage.children(path)] + ["vm %s" % vm for vm in usage.vms(path)])


def _listed(names):
    return " (there is: %s)" % ", ".join(sorted(names)) if names else ""
