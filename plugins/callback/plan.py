# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
name: plan
type: aggregate
short_description: Tell what the modules of this collection plan or did, as one plan
version_added: 0.2.0
description:
  - Prints a line for each resource that a task of this collection changes, with its host, what is changed in it and what waits for a restart,
    and at the end of the play the sums over all tasks and hosts.
  - In check mode these are plans, otherwise what was done. A task in check mode that only sees whether a plan in a file is still good, with
    the run to follow, is not told.
author: tinycloud.libvirt contributors (@tinycloud)
requirements:
  - C(callbacks_enabled = tinycloud.libvirt.plan) in the section C([defaults]) of C(ansible.cfg), or E(ANSIBLE_CALLBACKS_ENABLED)
"""

from ansible import constants, context
from ansible.plugins.callback import CallbackBase

_OURS = "tinycloud.libvirt."
_COLOURS = {"+": constants.COLOR_OK, "~": constants.COLOR_CHANGED, "-": constants.COLOR_ERROR}


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "tinycloud.libvirt.plan"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self._counts = {"create": 0, "update": 0, "delete": 0}
        # A resource that several tasks of a play speak of waits once.
        self._waiting = set()
        self._seen = self._checked = False

    def v2_runner_on_ok(self, result):
        if not result._result.get("results"):
            self._tell(result)

    def v2_runner_item_on_ok(self, result):
        self._tell(result)

    def _tell(self, result):
        said = result._result
        if not str(result._task.resolved_action or result._task.action).startswith(_OURS) or "plan" not in said or "summary" not in said:
            return
        if _is_rehearsal(result):
            return
        host = result._host.get_name()
        self._seen = True
        self._checked = self._checked or bool(result._task.check_mode)
        for resource in said["plan"]:
            if resource["action"] in self._counts:
                self._counts[resource["action"]] += 1
        self._waiting |= {(host, one["resource"]) for one in said.get("restart_required") or []}
        for line in said["summary"][:-1]:
            self._display.display("  %s  [%s]" % (line, host), color=_COLOURS.get(line[:1]))

    def v2_playbook_on_stats(self, stats):
        if not self._seen:
            return
        text = "%s: {create} to add, {update} to change, {delete} to destroy" if self._checked else "%s: {create} added, {update} changed, {delete} destroyed"
        text = (text % ("Plan" if self._checked else "Done")).format(**self._counts)
        if self._waiting:
            text += ", %d %s for restart" % (len(self._waiting), "waits" if len(self._waiting) == 1 else "wait")
        self._display.display(text, color=constants.COLOR_HIGHLIGHT)


def _is_rehearsal(result):
    """Whether the play goes on to do what this task in check mode compares with an agreed plan."""
    arguments = (result._result.get("invocation") or {}).get("module_args") or {}
    return bool(arguments.get("plan_in") and result._task.check_mode and not context.CLIARGS.get("check"))
