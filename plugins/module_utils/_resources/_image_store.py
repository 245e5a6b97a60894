# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Getting an image's content into a pool: fetched or found again, verified, and only then given its name."""
from __future__ import annotations

import os
import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _fetch, _image_file, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure, Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.image import is_volume_of, volume_name
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import digests_of, partials_of, said_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE, INTENDED
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._refresh import refresh

KIND = "image"
# Readable for QEMU under any user, writable for none: overlays rely on it.
MODE = 0o444
FILE_POOLS = ("dir", "fs", "netfs")
# What a record says about the content, whatever was asked for.
_CONTENT = ("sha256", "volume", "format", "capacity", "verified", "created")
_GONE = ("no_storage_pool", "no_storage_vol", "operation_invalid")


class Image:
    """A complete image whose volume is there.

    :ivar capacity: size of the disk in it, in bytes
    :ivar record: what was written down when it was verified
    """

    def __init__(self, name, record, pool, path):
        self.name = name
        self.record = record
        self.pool = pool
        self.path = path
        self.volume = record["volume"]
        self.format = record["format"]
        self.capacity = record["capacity"]
        self.sha256 = record["sha256"]
        self.source = record["source"]
        self.checksum = record["checksum"]

    def without_checksum(self):
        return Image(self.name, dict(self.record, checksum=None), self.pool, self.path)


def stored(scene, name, record=None):
    """The Image of a name as it is at this moment, or None."""
    record = record or scene.registry.get(KIND, name)
    if record is None or record["state"] != COMPLETE:
        return None
    pool = _pool_of(scene, record)
    if pool is None:
        return None
    try:
        path = pool.storageVolLookupByName(record["volume"]).path()
    except HypervisorError as error:
        if error.code not in _GONE:
            raise
        return None
    # libvirt goes on naming a file that was removed behind its back.
    return Image(name, record, pool.name(), path) if os.path.isfile(path) else None


def _pool_of(scene, record):
    """The pool of a record: by UUID, else by name (a pool that was defined anew over the same files)."""
    connection = scene.hypervisor.connection
    for look_up, key in ((connection.storagePoolLookupByUUIDString, record["pool_uuid"]),
                         (connection.storagePoolLookupByName, record["pool"])):
        try:
            return look_up(key)
        except HypervisorError as error:
            if error.code != "no_storage_pool":
                raise
    return None


class Wanted:
    """What is to be in the pool under a name."""

    def __init__(self, name, pool, source, checksum, image_format):
        self.name = name
        self.pool = pool
        self.source = source
        self.checksum = checksum
        self.format = image_format

    def is_met_by(self, image):
        return (image.pool == self.pool and image.source == self.source and image.checksum == self.checksum
                and self.format in (None, image.format))


def obtain(scene, wanted):
    """Make the name point to the wanted content; what it pointed to before stays until that is there."""
    with scene.registry.lock("image-" + wanted.name):
        image = stored(scene, wanted.name)
        if image is None or not wanted.is_met_by(image):
            work = _Work(scene, wanted, image)
            with said_of(work.directory):
                work.run()


def refuse_removal(scene, image):
    """Refuse to remove what volumes or VMs stand on, unless these go in the same call."""
    usage = scene.world.usage
    users = ["the volume '%s/%s'" % child for child in usage.children(image.path) if not scene.goes("volume", "%s/%s" % child)]
    users += ["the VM '%s'" % vm for vm in usage.vms(image.path) if not scene.goes("vm", vm)]
    if users:
        raise Refusal("image_in_use", "state: the image '%s' cannot go, on it %s %s"
                      % (image.name, "stands" if len(users) == 1 else "stand", ", ".join(users)), (KIND, image.name),
                      "Remove what stands on it first, or in the same call.")


def remove(scene, name, image):
    """Delete the image's volume and all that was begun for it, and forget the name."""
    with scene.registry.lock("image-" + name):
        record = scene.registry.get(KIND, name) or {}
        if image is not None:
            refuse_removal(scene.again(resources={}), image)
            _pool_of(scene, image.record).storageVolLookupByName(image.volume).delete(0)
        if record.get("directory"):
            _clear_partials(name, record["directory"])
        scene.registry.forget(KIND, name)


def _clear_partials(name, directory, keep=None):
    for path in partials_of(name, directory):
        if path != keep:
            with said_of(path):
                os.unlink(path)


class _Work:
    """One image on its way into its pool, under the image's lock."""

    def __init__(self, scene, wanted, before):
        self.registry = scene.registry
        self.wanted = wanted
        self.before = before
        self.pool = scene.hypervisor.connection.storagePoolLookupByName(wanted.pool)
        self.directory = _xml.parse(self.pool.XMLDesc(0)).findtext("target/path")

    def run(self):
        if self._is_proven_already():
            self._record(COMPLETE, **{fact: self.before.record[fact] for fact in _CONTENT})
            return
        algorithm, digest = _fetch.expected_digest(self.wanted.source, self.wanted.checksum)
        found = self._find_again(algorithm, digest)
        if found is None:
            found = self._fetch(algorithm, digest)
        refresh(self.pool)
        sha256, file = found
        self._record(COMPLETE, sha256=sha256, volume=volume_name(self.wanted.name, sha256, file.format), format=file.format,
                     capacity=file.virtual_size, verified="%s:%s" % (algorithm, digest) if digest else None,
                     created=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))

    def _is_proven_already(self):
        """Whether only a checksum was dropped: what it proved stays true."""
        before = self.before
        return before is not None and self.wanted.checksum is None and self.wanted.is_met_by(before.without_checksum())

    def _record(self, state, **facts):
        self.registry.put(KIND, self.wanted.name, state, name=self.wanted.name, source=self.wanted.source, checksum=self.wanted.checksum,
                          pool=self.wanted.pool, pool_uuid=self.pool.UUIDString(), directory=self.directory, **facts)

    def _find_again(self, algorithm, digest):
        """(sha256, ImageFile) of a volume that already holds the wanted content: its record was lost, or says less."""
        if digest is None:
            return None
        for volume in sorted(os.listdir(self.directory)):
            path = os.path.join(self.directory, volume)
            if not is_volume_of(self.wanted.name, volume) or os.path.islink(path) or not os.path.isfile(path):
                continue
            if algorithm == "sha256" and digest[:12] not in volume:
                continue
            found = digests_of(path, {"sha256", algorithm})
            if found[algorithm] != digest:
                continue
            file = _image_file.inspect(path, self.wanted.source, self.wanted.format)
            if volume == volume_name(self.wanted.name, found["sha256"], file.format):
                return found["sha256"], file
        return None

    def _fetch(self, algorithm, digest):
        if self.before is None:
            self._record(INTENDED)
        settled = False
        try:
            with _fetch.fetch_verified(self.wanted.source, self.directory, self.wanted.name, algorithm, digest) as partial:
                found = self._publish(partial)
            settled = True
        finally:
            # A name that never came to be leaves no trace, but for what the next run can go on with.
            if not settled and self.before is None and not partials_of(self.wanted.name, self.directory):
                self.registry.forget(KIND, self.wanted.name)
        _clear_partials(self.wanted.name, self.directory)
        return found

    def _publish(self, partial):
        accepted = False
        try:
            file = _image_file.inspect(partial.path, self.wanted.source, self.wanted.format)
            sha256 = partial.digest("sha256")
            path = os.path.join(self.directory, volume_name(self.wanted.name, sha256, file.format))
            if os.path.lexists(path):
                self._insist_on_same(path, sha256)
                partial.discard()
            else:
                partial.publish(path, MODE)
            accepted = True
        finally:
            if not accepted:
                partial.discard()
        return sha256, file

    @staticmethod
    def _insist_on_same(path, sha256):
        """What has the final name already may be the base of overlays: it is kept if it is right, never replaced."""
        if os.path.islink(path) or not os.path.isfile(path) or digests_of(path, {"sha256"})["sha256"] != sha256:
            raise Failure("volume_conflict", "the volume '%s' is in the way: its content is not what its name says" % path,
                          hint="Look what uses it; remove it to have the image fetched.")
