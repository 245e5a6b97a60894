# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file or a folder out of a disk: to a file of the host, or into the result."""
from __future__ import annotations

import base64
import hashlib
import os
import shutil
import tempfile

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _appliance
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._guest import Guest
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.recipe import GuestPath, Mode
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import digests_of, draft, said_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import CREATE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_basis import FromDisk, basis_of

LARGEST_RESULT = 1 << 20
_COMPRESSIONS = {".gz": "gzip", ".tgz": "gzip", ".xz": "xz", ".bz2": "bzip2"}


class HostPath(GuestPath):
    """An absolute path on the compute host."""


class FileOptions(FromDisk):
    path = GuestPath(required=True)
    dest = HostPath()
    mode = Mode()

    @classmethod
    def check(cls, declared):
        super().check(declared)
        if declared.get("mode") is not None and declared.get("dest") is None:
            raise FieldError("it is for the file that dest names", ("mode",))


class Taken:
    """What was read: an open file without a name, which is gone with this process however that ends."""

    def __init__(self, file, is_directory):
        self.file = file
        self.is_directory = is_directory
        self.size = os.fstat(file.fileno()).st_size
        digest = hashlib.sha256()
        file.seek(0)
        for chunk in iter(lambda: file.read(1 << 20), b""):
            digest.update(chunk)
        self.sha256 = digest.hexdigest()

    def copy_to(self, destination):
        self.file.seek(0)
        shutil.copyfileobj(self.file, destination)


class ImageFile(Resource):
    kind = "image_file"
    model = FileOptions
    named_by = "path"

    def check(self, scene):
        if scene.hypervisor.is_remote:
            raise self.remote_refusal(scene, "uri: disks are read on the compute host")
        folder = os.path.dirname(self.declared.get("dest") or "/")
        if not os.path.isdir(folder):
            raise self.refusal("unknown_directory", "dest: there is no directory '%s' on the compute host" % folder, "Make it first.")
        self._taken(scene)

    def _taken(self, scene):
        """Read once a call: the plan after the run needs no second launch."""
        key = (self.kind, self.name)
        if key not in scene.memory:
            try:
                scene.memory[key] = self._take(basis_of(scene, self.declared))
            except Failure as failure:
                raise self.refusal(failure.code, failure.message, failure.hint) from None
        return scene.memory[key]

    def _take(self, basis):
        path, dest = self.declared["path"], self.declared.get("dest")
        folder = os.path.dirname(dest) if dest else None
        with _appliance.Appliance([_appliance.Disk(basis.path, basis.format, read_only=True)]) as appliance:
            if self.declared.get("passphrase"):
                appliance.open_encrypted(self.declared["passphrase"])
            with appliance.mounted(basis.places_by(appliance), read_only=True), said_of(dest or tempfile.gettempdir()):
                guest = Guest(appliance)
                is_directory = guest.is_directory(path)
                file = tempfile.TemporaryFile(dir=folder)
                place = "/proc/self/fd/%d" % file.fileno()
                if not is_directory:
                    if dest is None and guest.is_file(path) and appliance.filesize(path) > LARGEST_RESULT:
                        raise Failure("file_too_large", "path: '%s' is too large for a result" % path, hint="Give dest, a file of the host.")
                    guest.copy_out(path, place)
                elif dest is None:
                    raise Failure("missing_option", "dest: '%s' is a directory, which becomes a tar archive" % path,
                                  hint="Give dest, a file of the host that ends with .tar or .tar.gz.")
                else:
                    guest.tar_out(path, place, _COMPRESSIONS.get(os.path.splitext(dest)[1]))
                return Taken(file, is_directory)

    def plan(self, scene):
        plan = self.new_plan(scene)
        dest, mode = self.declared.get("dest"), self.declared.get("mode")
        if dest is None:
            return plan
        taken = self._taken(scene)
        before = {}
        if os.path.isfile(dest):
            before = {"sha256": digests_of(dest, {"sha256"})["sha256"], "mode": "%04o" % (os.stat(dest).st_mode & 0o7777)}
        else:
            plan.verb = CREATE
            plan.summary = "to %s" % dest
        after = {"sha256": taken.sha256, "mode": mode or before.get("mode") or "0600"}
        plan.changes = [Change((option,), before.get(option), value, None) for option, value in after.items() if before.get(option) != value]
        if plan.changes:
            plan.act("write", lambda: self._write(taken, after["mode"]))
        return plan

    def _write(self, taken, mode):
        dest = self.declared["dest"]
        with draft(os.path.dirname(dest), os.path.basename(dest), taken.sha256) as partial, said_of(dest):
            with open(partial.path, "wb") as file:
                taken.copy_to(file)
            partial.adopt()
            partial.publish(dest, int(mode, 8))

    def facts(self, scene):
        taken = self._taken(scene)
        content = None
        if self.declared.get("dest") is None:
            taken.file.seek(0)
            content = base64.b64encode(taken.file.read()).decode()
        return {"path": self.name, "dest": self.declared.get("dest"), "is_directory": taken.is_directory, "size": taken.size,
                "sha256": taken.sha256, "content": content}
