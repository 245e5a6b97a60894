# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the content of an image is to come from: what the task says over what was said before."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _appliance, _debian_image, _disk_work, _fetch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import KNOWN_AFTER_APPLY
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import recipe as recipes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.image import ORIGINS
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool import DEFAULT_POOL
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import digests_of, said_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _image_basis, _image_built, _image_store, _uploads
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_debian import Debian
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_fetched import Fetch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_uploaded import Upload
from ansible_collections.tinycloud.libvirt.plugins.module_utils._sizes import describe_size


def contents_of(recipe):
    """Digests of the files of this host that a recipe takes, by their paths."""
    found = {}
    for path in recipes.sources_of(recipe):
        if not os.path.isfile(path):
            raise Failure("unknown_file", "customise.files: there is no file '%s' on the compute host" % path,
                          hint="Copy it there first, or give the text itself as content.")
        with said_of(path):
            found[path] = digests_of(path, {"sha256"})["sha256"]
    return found


class Origin:
    """
    :param declared: the options of the image
    :param record: what is recorded of it, {} where nothing is
    """

    def __init__(self, declared, record):
        self.declared = declared
        self.before = _image_store.origin_of(record)
        self.seen = record.get("seen")
        said = {option: declared[option] for option in ORIGINS if declared.get(option) is not None}
        self.place = said or {option: self.before[option] for option in ORIGINS if option in self.before}

    @property
    def is_known(self):
        return bool(self.place)

    @property
    def is_fetched(self):
        return "source" in self.place

    @property
    def is_uploaded(self):
        return "upload" in self.place

    @property
    def is_installed(self):
        return "debian" in self.place

    @property
    def recipe(self):
        return recipes.said(self.declared.get("customise") or {})

    @property
    def volume(self):
        """(pool, name) of the volume that it is taken from, or None."""
        found = self.place.get("from_volume")
        return found and (found.get("pool") or self.declared.get("pool") or DEFAULT_POOL, found["name"])

    def needs(self):
        found = {("image", self.place["base"])} if "base" in self.place else set()
        return found | ({("volume", "%s/%s" % self.volume)} if self.volume else set())

    def wanted(self, scene):
        """What the record says once it is there; a recipe on something that is only being made is not known yet."""
        if not self.is_known:
            return {}
        if self.is_fetched:
            # These speak of one source: with another one they must be said anew.
            before = self.before if self.place == self._place_before else {}
            said = {option: self.declared.get(option, before.get(option)) for option in ("checksum", "member")}
            return dict(self.place, **{option: value for option, value in said.items() if value})
        if self.is_uploaded:
            return self._uploaded(scene)
        if self.is_installed:
            return dict(self.place)
        if "customise" not in self.declared and self.place == self._place_before:
            return self.before
        return dict(self.place, recipe=self._digest(scene))

    def _uploaded(self, scene):
        """A file of the controller is known by its size and time, or else by its content."""
        if "upload" not in self.declared:
            return self.before
        member = self.declared.get("member")
        is_same = self.place == self._place_before and member == self.before.get("member")
        if is_same and self.seen == _uploads.identity(scene, self.place["upload"]):
            return self.before
        return dict(self.place, uploaded=_uploads.sha256(scene, self.place["upload"]), **({"member": member} if member else {}))

    @property
    def _place_before(self):
        return {option: self.before[option] for option in ORIGINS if option in self.before}

    def _digest(self, scene):
        basis = self.place
        if "base" in self.place:
            declared = scene.declared("image", self.place["base"])
            image = _image_store.stored(scene, self.place["base"])
            if image is None or (declared is not None and not declared.is_done(scene)):
                return KNOWN_AFTER_APPLY
            basis = {"sha256": image.sha256}
        return recipes.digest(self.recipe, basis, contents_of(self.recipe))

    def check(self, scene):
        """Raises Failure where the content cannot be had from there."""
        if self.is_fetched:
            _fetch.check_local(self.place["source"])
            return
        if self.is_uploaded:
            return
        if self.is_installed:
            _debian_image.insist(self.place["debian"].get("archives"))
            return
        if _disk_work.is_needed(self.recipe):
            _appliance.insist()
        basis = self.basis(scene)
        if basis is None:
            self._check_coming(scene)
        else:
            self._check_size(basis)

    def _check_size(self, basis):
        """A disk that became smaller would have lost its end."""
        size = self.recipe.get("size")
        if size is not None and size < basis.capacity:
            raise Failure("size_too_small", "customise.size: %s is less than the %s has, %s"
                          % (describe_size(size), basis.label, describe_size(basis.capacity)),
                          hint="Write %s or more, or leave size out." % describe_size(basis.capacity))

    def _check_coming(self, scene):
        """What is not there must come into being in the same call."""
        if "base" in self.place and not scene.will_exist("image", self.place["base"], ()):
            raise Failure("unknown_image", "base: there is no image '%s'" % self.place["base"],
                          hint="Make it with tinycloud.libvirt.image first.")
        if self.volume and not scene.will_exist("volume", "%s/%s" % self.volume, ()):
            raise Failure("unknown_volume", "from_volume: there is no volume '%s' in the pool '%s'" % (self.volume[1], self.volume[0]),
                          hint="Write the name of its pool in from_volume.pool.")
        if "from_vm" in self.place:
            raise Failure("unknown_vm", "from_vm: there is no VM '%s'" % self.place["from_vm"]["name"])

    def basis(self, scene):
        """The disk that it is made from as it is at this moment, None where it is not there."""
        if "base" in self.place:
            image = _image_store.stored(scene, self.place["base"])
            return image and _image_basis.of_image(image)
        if self.volume:
            return _image_basis.of_volume(scene, *self.volume)
        vm = self.place["from_vm"]
        return _image_basis.of_vm(scene, vm["name"], vm.get("disk"))

    def work(self, scene, wanted, before):
        """The Work that brings the content."""
        if self.is_fetched:
            return Fetch(scene, wanted, before, self.declared.get("headers") or {})
        if self.is_uploaded:
            return Upload(scene, wanted, before)
        if self.is_installed:
            return Debian(scene, wanted, before)
        basis = self.basis(scene)
        if basis is None:
            self._check_coming(scene.again(resources={}))
        self._check_size(basis)
        return _image_built.Build(scene, wanted, before, basis, self.recipe)

    def said(self):
        """The place in one word for people."""
        (option, value), = self.place.items()
        if self.is_installed:
            return "debian %s" % value["suite"]
        if isinstance(value, dict):
            return "%s %s" % (option.replace("_", " "), "%s/%s" % self.volume if self.volume else value["name"])
        return value if option in ("source", "upload") else "%s %s" % (option, value)
