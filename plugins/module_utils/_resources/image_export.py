# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk as a file for other places: in their format, or its root file system as a tar archive, with a checksum beside it."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _appliance, _qemu_img
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, FieldError, Flag
from ansible_collections.tinycloud.libvirt.plugins.module_utils._guest import Guest
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.recipe import Mode
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import digests_of, draft, said_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import CREATE, DELETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_basis import FromDisk, basis_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_store import stored
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.image_file import HostPath

TAR = "tar"
FORMATS = ("qcow2", "raw", "vmdk", "vhdx", TAR)
# What qemu-img can compress, and how a tar archive is.
_COMPRESSIBLE = ("qcow2", "vmdk", TAR)
_DEFAULT_MODE = "0644"


class ExportOptions(FromDisk):
    dest = HostPath(required=True)
    format = Enum(choices=FORMATS)
    compress = Flag()
    mode = Mode()
    state = Enum(choices=["present", "absent"], default="present")

    @classmethod
    def check(cls, declared):
        if declared.get("state") != "absent":
            super().check(declared)
        form = declared.get("format") or "qcow2"
        if declared.get("compress") and form not in _COMPRESSIBLE:
            raise FieldError("a %s file cannot be compressed; %s can" % (form, ", ".join(_COMPRESSIBLE)), ("compress",))


class ImageExport(Resource):
    kind = "image_export"
    model = ExportOptions
    named_by = "dest"

    def check(self, scene):
        if scene.hypervisor.is_remote:
            raise self.remote_refusal(scene, "uri: files are written on the compute host")
        if self.absent:
            return
        folder = os.path.dirname(self.name)
        if not os.path.isdir(folder):
            raise self.refusal("unknown_directory", "dest: there is no directory '%s' on the compute host" % folder, "Make it first.")
        if os.path.isdir(self.name):
            raise self.refusal("file_conflict", "dest: '%s' is a directory" % self.name, "Write the path of a file.")
        try:
            basis_of(scene, self.declared)
            if self._wanted(scene)["format"] == TAR:
                _appliance.insist()
        except Failure as failure:
            raise self.refusal(failure.code, failure.message, failure.hint) from None

    def _wanted(self, scene):
        """What the file is to hold, as it is recorded."""
        image = self.declared.get("image") and stored(scene, self.declared["image"])
        origin = {"sha256": image.sha256} if image else {option: self.declared.get(option) for option in ("from_volume", "from_vm")}
        return {"origin": origin, "format": self.declared.get("format") or "qcow2", "compress": bool(self.declared.get("compress"))}

    def _record(self, scene):
        """What was written there, None where it is gone or another file by now."""
        record = scene.registry.get(self.kind, self.name)
        if record is None or not os.path.isfile(self.name):
            return None
        status = os.stat(self.name)
        return record if [status.st_size, status.st_mtime_ns] == record["file"] else None

    def plan(self, scene):
        plan = self.new_plan(scene)
        record = self._record(scene)
        if self.absent:
            if os.path.isfile(self.name) or os.path.isfile(self._sum) or scene.registry.get(self.kind, self.name):
                self._plan_removal(plan, scene, record)
            return plan
        wanted = dict(self._wanted(scene), mode=self._mode)
        before = {} if record is None else dict({name: record[name] for name in ("origin", "format", "compress")},
                                                mode="%04o" % (os.stat(self.name).st_mode & 0o7777))
        if not before:
            plan.verb = CREATE
            plan.summary = wanted["format"]
        plan.changes = [Change((option,), before.get(option), value, None) for option, value in wanted.items() if before.get(option) != value]
        if plan.changes:
            plan.act("export", lambda: self._export(scene.again()))
        return plan

    def _plan_removal(self, plan, scene, record):
        if record is None and os.path.isfile(self.name):
            raise self.refusal("not_ours", "dest: '%s' is not the file that was exported there" % self.name, "Remove it with ansible.builtin.file.")
        plan.verb = DELETE
        plan.changes = [Change(("state",), "present", "absent", None)]
        plan.act("delete", lambda: self._remove(scene))

    @property
    def _mode(self):
        return self.declared.get("mode") or _DEFAULT_MODE

    @property
    def _sum(self):
        return self.name + ".sha256"

    def _export(self, scene):
        basis, wanted = basis_of(scene, self.declared), self._wanted(scene)
        folder, name = os.path.split(self.name)
        with scene.registry.lock("export-" + self.name), draft(folder, name) as partial, said_of(self.name):
            if wanted["format"] == TAR:
                self._tar(basis, partial.path, wanted["compress"])
            else:
                _qemu_img.convert(basis.path, basis.format, partial.path, wanted["format"], compress=wanted["compress"])
            partial.adopt()
            sha256 = digests_of(partial.path, {"sha256"})["sha256"]
            with draft(folder, name, "sum") as beside:
                with open(beside.path, "w", encoding="utf-8") as file:
                    file.write("%s  %s\n" % (sha256, name))
                beside.adopt()
                partial.publish(self.name, int(self._mode, 8))
                beside.publish(self._sum, 0o644)
            status = os.stat(self.name)
            scene.registry.put(self.kind, self.name, COMPLETE, sha256=sha256, file=[status.st_size, status.st_mtime_ns], **wanted)

    def _tar(self, basis, path, compress):
        with _appliance.Appliance([_appliance.Disk(basis.path, basis.format, read_only=True)]) as appliance:
            if self.declared.get("passphrase"):
                appliance.open_encrypted(self.declared["passphrase"])
            with appliance.mounted(basis.places_by(appliance), read_only=True):
                Guest(appliance).tar_out("/", path, "gzip" if compress else None)

    def _remove(self, scene):
        for path in (self.name, self._sum):
            with said_of(path):
                if os.path.isfile(path):
                    os.unlink(path)
        scene.registry.forget(self.kind, self.name)

    def facts(self, scene):
        record = self._record(scene)
        if record is None:
            return None
        return {"dest": self.name, "format": record["format"], "compress": record["compress"], "sha256": record["sha256"],
                "size": record["file"][0]}
