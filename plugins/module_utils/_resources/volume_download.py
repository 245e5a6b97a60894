# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files with the content of volumes, or of snapshots of volumes: written whole or not at all, and only anew where something changed."""
from __future__ import annotations

import contextlib
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


class VolumeDownloadOptions(Model):
    """The options of the module volume_download."""

    name = Name(required=True, refers="volume")
    pool = Name(refers="pool")
    snapshot = Name()
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
        self.key = (self.kind, self.dest)

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
        record = scene.registry.get(self.kind, self.dest)
        return record is not None and os.path.isfile(self.dest) and record["made"] == _volume_files.stamp_of(self.dest)

    def is_done(self, scene):
        if not self._is_ours(scene):
            return False
        record, made_of = scene.registry.get(self.kind, self.dest), self._made_of(scene)
        return all(record[fact] == value for fact, value in made_of.items())

    def check(self, scene):
        reading = self._reading(scene)
        if not os.path.isdir(os.path.dirname(self.dest)) or os.path.isdir(self.dest):
            raise self.refusal("unknown_directory", "dest: '%s' is no place for a file: its directory has to be there, and itself be none" % self.dest,
                               "Make the directory first, and name the file in it.")
        if not scene.hypervisor.is_remote and (scene.world.usage.volume_at(self.dest) or scene.world.usage.uses(self.dest)):
            raise self.refusal("volume_in_use", "dest: '%s' is a volume itself" % self.dest,
                               "To copy a volume to another one use clone of tinycloud.libvirt.volume.")
        if os.path.lexists(self.dest) and not self.declared.get("replace") and not self._is_ours(scene):
            raise self.refusal("file_exists", "dest: there is a file '%s', which is not what an earlier run wrote" % self.dest,
                               "Name another one, or write replace: true.")
        if not _volume_files.is_reachable(scene, self.pool) and (reading.snapshot or self.declared.get("format") not in (None, reading.format)):
            raise self.refusal("remote_uri", "%s: what libvirt hands out is the volume as it is, %s"
                               % ("snapshot" if reading.snapshot else "format", reading.format),
                               "Run the task on the compute host itself, with uri: qemu:///system, or leave this out.")

    def plan(self, scene):
        plan = self.new_plan(scene)
        if not self.is_done(scene):
            is_there = os.path.lexists(self.dest)
            plan.verb = plan.verb if is_there else CREATE
            plan.summary = "of %s" % self.label
            plan.changes = [Change(("content",), "another one" if is_there else None, self.label, None)]
            plan.act("download", lambda: self._download(scene))
        elif self._mode() not in (None, self.declared.get("mode") or self._mode()):
            plan.changes = [Change(("mode",), self._mode(), self.declared["mode"], None)]
            plan.act("set the mode", lambda: os.chmod(self.dest, int(self.declared["mode"], 8)))
        return plan

    def _mode(self):
        with contextlib.suppress(FileNotFoundError):
            return "%04o" % (os.stat(self.dest).st_mode & 0o7777)

    def _download(self, scene):
        directory, name = os.path.split(self.dest)
        with scene.registry.lock("download-" + self.dest), _volume_files.drafting(directory, name) as new_draft:
            now = scene.again()
            self.check(now)
            draft, reading, made_of = new_draft(), self._reading(now), self._made_of(now)
            form = self.declared.get("format") or reading.format
            if not _volume_files.is_reachable(now, self.pool):
                with said_of(draft), open(draft, "xb") as file:
                    now.hypervisor.receive_file(reading.handle, file)
            elif reading.snapshot or form != reading.format or reading.standing:
                # An overlay alone would be of no use elsewhere.
                _qemu_img.convert(reading.path, reading.format, draft, form, snapshot=reading.snapshot)
            else:
                _copying.copy_sparse(reading.path, draft)
            os.chmod(draft, int(self.declared.get("mode") or "0600", 8))
            _volume_files.sync(draft)
            made = _volume_files.stamp_of(draft)
            os.rename(draft, self.dest)
            _volume_files.settle(directory)
            now.registry.put(self.kind, self.dest, COMPLETE, made=made, **made_of)

    def facts(self, scene):
        if not os.path.isfile(self.dest):
            return None
        return {"dest": self.dest, "volume": self.name, "pool": self.pool, "snapshot": self.snapshot, "size": os.stat(self.dest).st_size,
                "format": self.declared.get("format") or self._reading(scene).format}
