# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files with the content of volumes, or of snapshots of volumes: written whole or not at all, and only anew where something changed."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _copying, _qemu_img
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, Flag, Name, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change, Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool import DEFAULT_POOL, Mode
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.volume import FORMATS
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import said_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import CREATE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _volume_files, _volume_reading
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._download_file import file_of


class VolumeDownloadOptions(Model):
    """The options of the module volume_download."""

    name = Name(required=True, refers="volume")
    pool = Name(refers="pool")
    snapshot = Name()
    dest_on = Enum(choices=["host", "controller"], default="host")
    dest = Text(required=True, pattern="/.*[^/]", meaning="the absolute path of a file")
    format = Enum(choices=list(FORMATS))
    mode = Mode()
    replace = Flag()


class VolumeDownload(Resource):
    kind = "volume_download"
    model = VolumeDownloadOptions

    def __init__(self, declared):
        super().__init__(declared)
        self.pool = declared.get("pool") or DEFAULT_POOL
        self.snapshot = declared.get("snapshot")
        self.dest = os.path.normpath(declared["dest"])
        self.label = "%s/%s" % (self.pool, self.name) + ("@" + self.snapshot if self.snapshot else "")
        self.on_controller = declared.get("dest_on") == "controller"
        self.key = (self.kind, self.dest)

    def file(self, scene):
        return file_of(scene, self.dest, self.on_controller)

    def needs(self, scene):
        return {("pool", self.pool), ("volume", "%s/%s" % (self.pool, self.name))}

    def _reading(self, scene):
        try:
            return _volume_reading.refuse_unreadable(scene, "name", self.pool, self.name, self.snapshot)
        except Failure as failure:
            raise self.refusal(failure.code, failure.message, failure.hint) from None

    def _made_of(self, scene):
        """What tells whether the volume is what the file was made of; out of reach nothing does."""
        path = self._reading(scene).path if _volume_files.is_reachable(scene, self.pool) else None
        return {"volume": self.label, "format": self.declared.get("format"), "of": _volume_files.stamp_of(path) if path else None}

    def _is_ours(self, scene):
        """Whether the file is what an earlier run wrote, and nobody else did."""
        file = self.file(scene)
        record = scene.registry.get(self.kind, file.key)
        return record is not None and file.stamp is not None and record["made"] == file.stamp

    def is_done(self, scene):
        if not self._is_ours(scene):
            return False
        record, made_of = scene.registry.get(self.kind, self.file(scene).key), self._made_of(scene)
        return all(record[fact] == value for fact, value in made_of.items())

    def check(self, scene):
        reading, file = self._reading(scene), self.file(scene)
        if not file.has_place:
            raise self.refusal("unknown_directory", "dest: '%s' is no place for a file: its directory has to be there, and itself be none" % self.dest,
                               "Make the directory first, and name the file in it.")
        if not self.on_controller and not scene.hypervisor.is_remote and (scene.world.usage.volume_at(self.dest) or scene.world.usage.uses(self.dest)):
            raise self.refusal("volume_in_use", "dest: '%s' is a volume itself" % self.dest,
                               "To copy a volume to another one use clone of tinycloud.libvirt.volume.")
        if file.is_there and not self.declared.get("replace") and not self._is_ours(scene):
            raise self.refusal("file_exists", "dest: there is a file '%s', which is not what an earlier run wrote" % self.dest,
                               "Name another one, or write replace: true.")
        if not _volume_files.is_reachable(scene, self.pool) and (reading.snapshot or self.declared.get("format") not in (None, reading.format)):
            raise self.refusal("remote_uri", "%s: what libvirt hands out is the volume as it is, %s"
                               % ("snapshot" if reading.snapshot else "format", reading.format),
                               "Run the task on the compute host itself, with uri: qemu:///system, or leave this out.")

    def plan(self, scene):
        plan, file = self.new_plan(scene), self.file(scene)
        if not self.is_done(scene):
            plan.verb = plan.verb if file.is_there else CREATE
            plan.summary = "of %s" % self.label
            plan.changes = [Change(("content",), "another one" if file.is_there else None, self.label, None)]
            plan.act("download", lambda: self._download(scene))
        elif file.mode not in (None, self.declared.get("mode") or file.mode):
            plan.changes = [Change(("mode",), file.mode, self.declared["mode"], None)]
            plan.act("set the mode", lambda: file.set_mode(self.declared["mode"]))
        return plan

    def _download(self, scene):
        file = self.file(scene)
        with scene.registry.lock("download-" + file.key), _volume_files.drafting(file.folder, os.path.basename(self.dest)) as new_draft:
            now = scene.again()
            self.check(now)
            draft, reading, made_of = new_draft(), self._reading(now), self._made_of(now)
            form = self.declared.get("format") or reading.format
            if not _volume_files.is_reachable(now, self.pool):
                with said_of(draft), open(draft, "xb") as opened:
                    now.hypervisor.receive_file(reading.handle, opened)
            elif reading.snapshot or form != reading.format or reading.standing:
                # An overlay alone would be of no use elsewhere.
                _qemu_img.convert(reading.path, reading.format, draft, form, snapshot=reading.snapshot)
            else:
                _copying.copy_sparse(reading.path, draft)
            os.chmod(draft, int(self.declared.get("mode") or "0600", 8))
            _volume_files.sync(draft)
            now.registry.put(self.kind, file.key, COMPLETE, made=file.take(draft), **made_of)

    def facts(self, scene):
        file = self.file(scene)
        if file.stamp is None:
            return None
        return {"dest": self.dest, "volume": self.name, "pool": self.pool, "snapshot": self.snapshot, "size": file.size,
                "format": self.declared.get("format") or self._reading(scene).format}
