# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An image on its way into its pool: under a hidden name until it is whole, right, and fit to be a base."""
from __future__ import annotations

import os
import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _image_file, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.image import volume_name
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import digests_of, partials_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE, INTENDED
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_store import KIND, clear_partials
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._refresh import refresh

# Readable for QEMU under any user, writable for none: overlays rely on it.
_MODE = 0o444
_TIME = "%Y-%m-%dT%H:%M:%SZ"
# What a record says about the content, whatever was asked for.
_CONTENT = ("sha256", "volume", "format", "capacity", "verified", "created", "user", "former")


class Work:
    """One image, under the image's lock. Subclasses say where the content comes from: ``content()``."""

    def __init__(self, scene, wanted, before):
        self.scene = scene
        self.registry = scene.registry
        self.wanted = wanted
        self.before = before
        self.pool = scene.hypervisor.connection.storagePoolLookupByName(wanted.pool)
        self.directory = _xml.parse(self.pool.XMLDesc(0)).findtext("target/path")

    def content(self):
        """(sha256, ImageFile, what it was verified with or None) of the volume that is in its place now."""
        raise NotImplementedError

    def run(self):
        self.take()

    def take(self):
        """Bring the content, and point the name to it."""
        sha256, file, verified = self._settled()
        refresh(self.pool)
        volume = volume_name(self.wanted.name, sha256, file.format)
        self.record(COMPLETE, sha256=sha256, volume=volume, format=file.format, former=self._former(volume),
                    capacity=file.virtual_size, verified=verified, user=self.wanted.user, created=time.strftime(_TIME, time.gmtime()))

    def _former(self, volume):
        """The volumes that the name has pointed to before: overlays may stand on them, until somebody clears them away."""
        if self.before is None:
            return []
        record = self.before.record
        last = {"pool": self.before.pool, "volume": record["volume"], "sha256": record["sha256"],
                "replaced": time.strftime(_TIME, time.gmtime())}
        known = [last] + [one for one in record.get("former", []) if one["volume"] != last["volume"] or one["pool"] != last["pool"]]
        return [one for one in known if (one["pool"], one["volume"]) != (self.wanted.pool, volume)]

    def _settled(self):
        if self.before is None:
            self.record(INTENDED)
        try:
            found = self.content()
        except Failure as failure:
            # A name that never came to be leaves no trace, but for what the next run can go on with.
            if self.before is None and not partials_of(self.wanted.name, self.directory):
                self.registry.forget(KIND, self.wanted.name)
            failure.undone = True
            raise
        clear_partials(self.wanted.name, self.directory)
        return found

    def record(self, state, **facts):
        self.registry.put(KIND, self.wanted.name, state, name=self.wanted.name, pool=self.wanted.pool,
                          pool_uuid=self.pool.UUIDString(), directory=self.directory,
                          **dict({"source": None, "checksum": None}, **dict(self.wanted.origin, **facts)))

    def record_as_before(self):
        """The content stays; only what was asked for is another."""
        self.record(COMPLETE, **{fact: self.before.record[fact] for fact in _CONTENT if fact in self.before.record})

    def publish(self, partial, sha256, source):
        """Give a complete file its final name, if it is what a base must be; returns its ImageFile."""
        accepted = False
        try:
            file = _image_file.inspect(partial.path, source, self.wanted.format)
            path = os.path.join(self.directory, volume_name(self.wanted.name, sha256, file.format))
            if os.path.lexists(path):
                insist_on_same(path, sha256)
                partial.discard()
            else:
                partial.publish(path, _MODE)
            accepted = True
        finally:
            if not accepted:
                partial.discard()
        return file


def insist_on_same(path, sha256):
    """What has the final name already may be the base of overlays: it is kept if it is right, never replaced."""
    if os.path.islink(path) or not os.path.isfile(path) or digests_of(path, {"sha256"})["sha256"] != sha256:
        raise Failure("volume_conflict", "the volume '%s' is in the way: its content is not what its name says" % path,
                      hint="Look what uses it; remove it to have the image made.")
