# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the first content of a volume comes from, and whether what is there is still that."""
from __future__ import annotations

import contextlib
import hashlib
import os
from collections import namedtuple

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _fetch, _image_file
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.image import local_path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool import DEFAULT_POOL
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import digests_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _uploads, _volume_files, image
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._volume_reading import reading

# path and format of the bytes; consumed: the file may become the volume itself; sha256: where it is known; secret: what opens it.
Brought = namedtuple("Brought", "path format consumed sha256 snapshot secret", defaults=(None,))


def origin_of(volume):
    """The Origin that a declaration names, or None where the volume is made empty or as an overlay."""
    declared = volume.declared
    if declared.get("content") is not None:
        return _Literal(declared["content"].encode())
    if declared.get("source"):
        return _Fetched(declared["source"], declared.get("checksum"), declared.get("source_format"))
    if declared.get("upload"):
        return _Uploaded(declared["upload"], declared.get("source_format"))
    if declared.get("clone"):
        return Clone(declared["clone"], volume.pool)
    if declared.get("copy_of"):
        return _ImageCopy(declared["copy_of"])
    return None


class _Literal:
    """Text that the task itself holds."""

    option = "content"
    format = "raw"
    summary = None

    def __init__(self, data):
        self.data = data
        self.sha256 = hashlib.sha256(data).hexdigest()

    def record(self, _scene):
        return {"from": "content", "sha256": self.sha256}

    def is_same(self, _scene, record):
        return record.get("from") == "content" and record.get("sha256") == self.sha256

    is_unchanged = is_same

    @contextlib.contextmanager
    def brought(self, _scene, _directory, _name, new_draft):
        draft = new_draft()
        with open(draft, "xb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(self.data)
        yield Brought(draft, "raw", True, self.sha256, None)


class _Fetched:
    """A file on the compute host, or a URL that it fetches."""

    option = "source"

    def __init__(self, source, checksum, form):
        self.source = source
        self.summary = "of " + source
        self.checksum = checksum
        self.format = form
        self.path = local_path(source)

    def _identity(self):
        """Of a file on this host: what it is without reading it."""
        with contextlib.suppress(OSError):
            return _volume_files.stamp_of(self.path) if self.path else None

    def record(self, _scene):
        return {"from": self.source, "checksum": self.checksum, "identity": self._identity()}

    def is_same(self, _scene, record):
        """Whether it is what the volume was made from, as far as the declaration says."""
        return record.get("from") == self.source and self.checksum in (None, record.get("checksum"))

    def is_unchanged(self, scene, record):
        """Whether its content is what the volume was made from; what has not been touched is not read again."""
        if not self.is_same(scene, record):
            return False
        identity = self._identity()
        if identity is None or identity == record.get("identity"):
            return True
        return record.get("sha256") is not None and digests_of(self.path, {"sha256"})["sha256"] == record["sha256"]

    @contextlib.contextmanager
    def brought(self, _scene, directory, name, _new_draft):
        if self.path and self.checksum is None:
            _fetch.check_local(self.source)
            yield Brought(self.path, _format_of(self.path, self.source, self.format), False, None, None)
            return
        algorithm, digest = _fetch.expected_digest(self.source, self.checksum)
        with _fetch.fetch_verified(self.source, directory, name, algorithm, digest) as partial:
            form = _format_of(partial.path, self.source, self.format)
            yield Brought(partial.path, form, True, partial.digest("sha256"), None)


def _format_of(path, source, said):
    """The format of a file that strangers may have made."""
    if said not in (None, "qcow2", "raw"):
        # Others cannot be told by their first bytes alone; qemu-img is told what it is, and sees whether that is so.
        return said
    with open(path, "rb") as file:
        is_qcow2 = file.read(4).startswith(b"QFI\xfb")
    if is_qcow2:
        return _image_file.inspect(path, source, said).format
    if said == "qcow2":
        raise Failure("format_mismatch", "source_format: '%s' is not qcow2" % source, hint="Leave it out.")
    return "raw"


class _Uploaded:
    """A file of the controller."""

    option = "upload"

    def __init__(self, file, form):
        self.file = file
        self.summary = "of " + file
        self.format = form

    def record(self, scene):
        return {"from": "controller " + self.file, "identity": _uploads.identity(scene, self.file), "sha256": _uploads.sha256(scene, self.file)}

    def is_same(self, scene, record):
        """By its name, or, where it lies elsewhere today, by its content."""
        if record.get("from") == "controller " + self.file:
            return True
        return record.get("sha256") is not None and record["sha256"] == _uploads.sha256(scene, self.file)

    def is_unchanged(self, scene, record):
        if record.get("sha256") is None:
            return False
        return record.get("identity") == _uploads.identity(scene, self.file) or record["sha256"] == _uploads.sha256(scene, self.file)

    @contextlib.contextmanager
    def brought(self, scene, _directory, _name, new_draft):
        draft = new_draft()
        _uploads.bring(scene, self.file, draft)
        yield Brought(draft, _format_of(draft, self.file, self.format), True, _uploads.sha256(scene, self.file), None)


class _ImageCopy:
    """All of an image, which the volume then needs no longer."""

    option = "copy_of"
    format = None

    def __init__(self, name):
        self.name = name
        self.summary = "copy of image '%s'" % name

    def record(self, _scene):
        return {"from": "image " + self.name}

    def is_same(self, _scene, record):
        return record.get("from") == "image " + self.name

    is_unchanged = is_same

    @contextlib.contextmanager
    def brought(self, scene, _directory, _name, _new_draft):
        found = image.find_image(scene.again(), self.name)
        if found is None:
            raise Failure("unknown_image", "copy_of: there is no image '%s'" % self.name, hint="Make it with tinycloud.libvirt.image first.")
        yield Brought(found.path, found.format, False, None, None)


class Clone:
    """Another volume, or a snapshot of one."""

    option = "clone"
    format = None

    def __init__(self, declared, pool):
        self.pool = declared.get("pool") or pool or DEFAULT_POOL
        self.name = declared["name"]
        self.snapshot = declared.get("snapshot")
        self.label = "%s/%s" % (self.pool, self.name) + ("@" + self.snapshot if self.snapshot else "")
        self.summary = "copy of " + self.label

    def record(self, _scene):
        return {"from": "clone " + self.label}

    def is_same(self, _scene, record):
        return record.get("from") == "clone " + self.label

    # It is the volume as it was once, whatever became of that since.
    is_unchanged = is_same

    @contextlib.contextmanager
    def brought(self, scene, _directory, _name, _new_draft):
        with reading(scene, self.pool, self.name, self.snapshot) as found:
            known = _volume_files.record_of(scene, self.pool, scene.world.volumes(self.pool)[self.name])
            yield Brought(found.path, found.format, False, None, found.snapshot, known.get("secret"))
