# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that are made from what is on this host: another image, a volume or a VM's disk, with or without a recipe."""
from __future__ import annotations

import contextlib
import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _disk_work, _fetch, _image_file, _progress, _qemu_img
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.image import volume_name
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import digests_of, draft
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _image_store
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_work import Work, insist_on_same

QCOW2 = "qcow2"


class Build(Work):
    """
    :param basis: a Basis
    :param recipe: the declaration, {} for just a copy
    """

    def __init__(self, scene, wanted, before, basis, recipe):
        super().__init__(scene, wanted, before)
        self.basis = basis
        self.recipe = recipe

    def content(self):
        # Who wants the same thing at the same time waits, and finds it.
        with self.registry.lock("recipe-" + self.wanted.recipe):
            sha256, file = self._shared() or self._made()
        return sha256, file, None

    def _shared(self):
        """What the same recipe has already made of the same basis, under whatever name."""
        if not self.basis.lasting:
            return None
        for name, record in self.registry.all(_image_store.KIND).items():
            if record.get("recipe") == self.wanted.recipe:
                twin = _image_store.stored(self.scene, name, record)
                if twin is not None and self.wanted.format in (None, twin.format):
                    return self._take(twin)
        return None

    def _take(self, twin):
        path = os.path.join(self.directory, volume_name(self.wanted.name, twin.sha256, twin.format))
        if os.path.lexists(path):
            insist_on_same(path, twin.sha256)
            return twin.sha256, _image_file.ImageFile(twin.format, twin.capacity)
        with contextlib.suppress(OSError):
            # Neither is ever written, so both may be one file; on another file system it has to be copied.
            os.link(twin.path, path)
            return twin.sha256, _image_file.ImageFile(twin.format, twin.capacity)
        with _fetch.fetch(twin.path, self.directory, self.wanted.name, (), verified=True) as partial:
            return twin.sha256, self.publish(partial, twin.sha256, twin.path)

    def _made(self):
        name, recipe = self.wanted.name, self.recipe
        image_format = self.wanted.format or QCOW2
        with draft(self.directory, name, self.wanted.recipe, "work") as work, draft(self.directory, name, self.wanted.recipe) as result:
            source, source_format = self.basis.path, self.basis.format
            if _disk_work.is_needed(recipe):
                _qemu_img.create_overlay(work.path, self.basis.path, self.basis.format, recipe.get("size"))
                _disk_work.work_on(work.path, QCOW2, recipe)
                source, source_format = work.path, QCOW2
            _progress.detail("writing the image")
            _qemu_img.convert(source, source_format, result.path, image_format, compress=bool(recipe.get("compress")))
            result.adopt()
            sha256 = digests_of(result.path, {"sha256"})["sha256"]
            return sha256, self.publish(result, sha256, "the recipe")
