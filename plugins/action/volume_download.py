# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Brings what a volume holds to a file of the controller: the module leaves it on the host, packed where it has holes."""
from __future__ import annotations

import contextlib
import os
import tempfile

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _parcel
from ansible_collections.tinycloud.libvirt.plugins.module_utils._durable import settle
from ansible_collections.tinycloud.libvirt.plugins.plugin_utils._telling import TellingAction, failed


class ActionModule(TellingAction):
    about = "dest_on"

    def run(self, tmp=None, task_vars=None):
        if self._task.args.get("dest_on") != "controller":
            return super().run(tmp, task_vars)
        refused = self.begin(tmp, task_vars)
        if refused:
            return refused
        dest = os.path.normpath(str(self._task.args.get("dest", "")))
        file = _seen(dest)
        foreseen = self.foreseen(task_vars, file=file)
        if self.is_over(foreseen) or not foreseen.get("changed"):
            return foreseen
        there = self.path_there("download")
        result = self.told(task_vars, file=dict(file, left_at=there))
        left = result.pop("left", None)
        if result.get("failed"):
            return result
        if left and not self._fetch(there, left, dest):
            return failed("checksum_mismatch", "dest: what arrived for '%s' is not what was sent." % dest, "Run again.")
        if self._task.args.get("mode"):
            os.chmod(dest, int(str(self._task.args["mode"]), 8))
        return result

    def _fetch(self, there, left, dest):
        """Whether all arrived as it was; the file is complete before it gets its name."""
        folder, name = os.path.split(dest)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".%s." % name) as scratch:
            parcel, draft = os.path.join(scratch, "parcel"), os.path.join(scratch, "draft")
            self._connection.fetch_file(there, parcel)
            if _parcel.unpack(parcel, left["packed"], draft) != left["sha256"]:
                return False
            # This and its size are what the module knows it by.
            os.utime(draft, ns=(left["time"], left["time"]))
            os.rename(draft, dest)
        settle(folder)
        return True


def _seen(dest):
    """What the module has to know of the file."""
    file = {"is_there": os.path.lexists(dest), "has_place": os.path.isdir(os.path.dirname(dest)) and not os.path.isdir(dest),
            "stamp": None, "mode": None}
    with contextlib.suppress(FileNotFoundError):
        found = os.stat(dest)
        file.update(stamp=[found.st_size, found.st_mtime_ns], mode="%04o" % (found.st_mode & 0o7777))
    return file
