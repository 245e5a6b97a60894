# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file that a volume is downloaded to: one of this host, or one of the controller, of which the action plugin tells."""
from __future__ import annotations

import contextlib
import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _parcel
from ansible_collections.tinycloud.libvirt.plugins.module_utils._durable import settle
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _volume_files


def file_of(scene, dest, on_controller):
    return _ControllerFile(scene, dest) if on_controller else _HostFile(dest)


class _HostFile:
    def __init__(self, path):
        self.path = path
        self.key = path
        self.folder = os.path.dirname(path)

    @property
    def is_there(self):
        return os.path.lexists(self.path)

    @property
    def has_place(self):
        return os.path.isdir(self.folder) and not os.path.isdir(self.path)

    @property
    def stamp(self):
        """What tells the file from any other; None where there is none."""
        return _volume_files.stamp_of(self.path) if os.path.isfile(self.path) else None

    @property
    def size(self):
        return os.stat(self.path).st_size

    @property
    def mode(self):
        with contextlib.suppress(FileNotFoundError):
            return "%04o" % (os.stat(self.path).st_mode & 0o7777)

    def set_mode(self, mode):
        os.chmod(self.path, int(mode, 8))

    def take(self, draft):
        """Give a complete draft in the same folder its name; the file's stamp."""
        made = _volume_files.stamp_of(draft)
        os.rename(draft, self.path)
        settle(self.folder)
        return made


class _ControllerFile:
    """The plugin brings it there from where it is left here, with the time that is told here."""

    def __init__(self, scene, path):
        self.told = scene.memory["controller"].get("file")
        if self.told is None:
            raise Failure("unknown_controller", "dest_on: nothing is known of the controller's file '%s'" % path,
                          hint="Use this option in a task of a playbook: its action plugin looks at the file.")
        self.key = "controller:" + path
        self.is_there, self.has_place, self.stamp, self.mode = (self.told.get(fact) for fact in ("is_there", "has_place", "stamp", "mode"))

    @property
    def folder(self):
        return os.path.dirname(self.told["left_at"])

    @property
    def size(self):
        return self.stamp[0]

    def set_mode(self, mode):
        # The plugin does.
        self.told["mode"] = mode

    def take(self, draft):
        left_at, made, mode = self.told["left_at"], _volume_files.stamp_of(draft)[:2], _HostFile(draft).mode
        sha256, is_packed = _parcel.sha256_of(draft), _parcel.pack(draft, left_at)
        if not is_packed:
            os.rename(draft, left_at)
        # Whoever the connection logs in as fetches it.
        owner = os.stat(self.folder)
        os.chown(left_at, owner.st_uid, owner.st_gid)
        self.told.update(is_there=True, stamp=made, mode=mode,
                         left={"sha256": sha256, "packed": is_packed, "time": made[1]})
        return made
