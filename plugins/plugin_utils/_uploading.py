# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Modules that take files of the controller: each file travels only where the module's own plan wants it.

The module plans first, knowing of each file what costs nothing to know. Only where that is not enough is the file read for its digest,
and only what the plan wants is sent.
"""
from __future__ import annotations

import os
import platform
import tempfile

from ansible.errors import AnsibleError

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _parcel
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._uploads import DIGEST_WANTED
from ansible_collections.tinycloud.libvirt.plugins.plugin_utils._telling import TellingAction, failed


class UploadingAction(TellingAction):
    """
    :cvar lists: options that hold lists of mappings with an upload each
    :cvar waits: whether a run that changes nothing may have something to wait for
    """

    about = "upload"
    lists = ()
    waits = False

    def run(self, tmp=None, task_vars=None):
        names = self._names()
        if not names:
            return super().run(tmp, task_vars)
        refused = self.begin(tmp, task_vars)
        if refused:
            return refused
        try:
            files = {name: self._file(name) for name in names}
        except AnsibleError as error:
            return failed("unknown_file", "upload: %s" % error.message, "Name a file of the controller, as you would for src of copy.")
        told = {name: {"identity": _identity(path)} for name, path in files.items()}
        foreseen = self._plan(task_vars, files, told)
        wanted = foreseen.pop("uploads", [])
        if self.is_over(foreseen) or not (foreseen.get("changed") or self.waits):
            return foreseen
        for number, name in enumerate(wanted):
            told[name].update(self._bring(files[name], self.path_there("upload-%d" % number)))
        result = self.told(task_vars, uploads=told)
        result.pop("uploads", None)
        return result

    def _names(self):
        """Every upload that the task names, once."""
        entries = [self._task.args]
        for option in self.lists:
            entries += [entry for entry in self._task.args.get(option) or [] if isinstance(entry, dict)]
        return sorted({entry["upload"] for entry in entries if entry.get("upload") and entry.get("state") != "absent"})

    def _file(self, name):
        path = self._find_needle("files", name)
        if not os.path.isfile(path):
            raise AnsibleError("'%s' is no file" % path)
        return path

    def _plan(self, task_vars, files, told):
        """What check mode says, the digests told if it asks for them."""
        result = self.foreseen(task_vars, uploads=told)
        if result.get("failure", {}).get("code") != DIGEST_WANTED:
            return result
        for name, path in files.items():
            told[name]["sha256"] = _parcel.sha256_of(self._plain(path))
        return self.foreseen(task_vars, uploads=told)

    def _plain(self, path):
        """The path of what is in a file, which a vault may keep."""
        return self._loader.get_real_file(path)

    def _bring(self, path, there):
        """Send a file to the host; what the module has to know of it."""
        plain = self._plain(path)
        with tempfile.TemporaryDirectory(prefix="tinycloud-") as scratch:
            parcel = os.path.join(scratch, "parcel")
            is_packed = _parcel.pack(plain, parcel)
            self._transfer_file(parcel if is_packed else plain, there)
        self._fixup_perms2((os.path.dirname(there), there))
        return {"path": there, "packed": is_packed, "sha256": _parcel.sha256_of(plain)}


def _identity(path):
    """What tells, without reading it, a file of this controller that was not touched since."""
    found = os.stat(path)
    return [platform.node(), found.st_size, found.st_mtime_ns, found.st_ino]
