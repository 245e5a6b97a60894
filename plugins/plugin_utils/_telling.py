# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Modules that have to do with files of the controller: the plugin tells them what it sees there, and has them plan before they run."""
from __future__ import annotations

from ansible.plugins.action.normal import ActionModule as NormalAction


class TellingAction(NormalAction):
    """
    :cvar about: the option that speaks of a file of the controller
    """

    about = None

    def begin(self, tmp, task_vars):
        """What an action plugin begins with, without running the module at once; a result if it cannot go on."""
        super(NormalAction, self).run(tmp, task_vars)
        if self._task.async_val:
            return failed("invalid_option", "%s: a task that goes on in the background moves no file of the controller." % self.about, "Leave async out.")
        return None

    def told(self, task_vars, **told):
        """The module's answer."""
        return self._execute_module(module_args=dict(self._task.args, _controller=told), task_vars=task_vars)

    def foreseen(self, task_vars, **told):
        """What it says in check mode."""
        asked = self._task.check_mode
        self._task.check_mode = True
        try:
            return self.told(task_vars, **told)
        finally:
            self._task.check_mode = asked

    def is_over(self, foreseen):
        """Whether the plan is all that is to be said."""
        return self._task.check_mode or foreseen.get("failed", False)

    def path_there(self, name):
        """A path in the task's temporary directory on the host."""
        shell = self._connection._shell
        if shell.tmpdir is None:
            self._make_tmp_path()
        return shell.join_path(shell.tmpdir, name)


def failed(code, message, hint):
    return {"failed": True, "changed": False, "msg": "%s %s" % (message, hint), "failure": {"code": code, "message": message, "hint": hint}}
