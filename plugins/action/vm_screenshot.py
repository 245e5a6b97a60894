# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Brings the picture of a VM's screen to a file of the controller."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.plugin_utils._telling import TellingAction, failed


class ActionModule(TellingAction):
    about = "dest"

    def run(self, tmp=None, task_vars=None):
        refused = self.begin(tmp, task_vars)
        if refused:
            return refused
        dest = os.path.normpath(str(self._task.args.get("dest", "")))
        if not os.path.isdir(os.path.dirname(dest)) or os.path.isdir(dest):
            return failed("unknown_directory", "dest: '%s' is no place for a file of the controller: its directory has to be there, and itself be none." % dest,
                          "Make the directory first, and name the file in it.")
        there = self.path_there("screenshot")
        result = self.told(task_vars, left_at=there)
        if not self.is_over(result):
            self._connection.fetch_file(there, dest)
        return result
