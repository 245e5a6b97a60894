# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands in a guest, by its agent."""
from __future__ import annotations

import base64
import shlex

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Field, FieldError, Int, Name, Size, Texts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.container import Variables
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.recipe import Content, GuestPath
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._guest_command import GuestCommand, exists
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_verb import VmVerb

_MOST_OUTPUT = 64 << 20
_LAST = 300


class ExitCodes(Field):
    """Whole numbers that a process may end with."""

    type = "list"

    def spec(self):
        return dict(super().spec(), elements="int")

    def normalise(self, value):
        wrong = [one for one in value if not 0 <= one <= 255]
        if wrong or not value:
            raise FieldError("%s is no exit code: they are from 0 to 255" % wrong[0] if wrong else "name at least one, such as 0")
        return value


class VmExecOptions(Model):
    """The options of the module vm_exec."""

    name = Name(required=True, refers="vm")
    argv = Texts()
    script = Content()
    executable = GuestPath(default="/bin/sh")
    stdin = Content()
    variables = Variables()
    creates = GuestPath()
    removes = GuestPath()
    timeout = Int(minimum=1, default=60)
    exit_codes = ExitCodes(default=[0])
    max_output = Size(default="1MiB")

    @classmethod
    def check(cls, declared):
        if bool(declared.get("argv")) == bool(declared.get("script")):
            raise FieldError("write one of argv (a program and its arguments) and script", ("argv",))
        if declared["max_output"] > _MOST_OUTPUT:
            raise FieldError("at most 64MiB; have the command write to a file in the guest", ("max_output",))


class VmExec(VmVerb):
    kind = "vm_exec"
    model = VmExecOptions

    @property
    def argv(self):
        return self.declared.get("argv") or [self.declared["executable"], "-c", self.declared["script"]]

    @property
    def shown(self):
        """The command, or the first line of a script."""
        script = (self.declared.get("script") or "").strip().splitlines()
        return script[0] + (" ..." if len(script) > 1 else "") if script else shlex.join(self.declared["argv"])

    def check(self, scene):
        if self.outcome is None:
            self.check_agent(scene)

    def is_wanted(self, scene):
        agent = self.agent(scene)
        creates, removes = self.declared.get("creates"), self.declared.get("removes")
        return not (creates and exists(agent, creates)) and not (removes and not exists(agent, removes))

    def said(self):
        return {"script" if self.declared.get("script") else "argv": self.shown}

    def do(self, scene):
        stdin = self.declared.get("stdin")
        command = GuestCommand(self.agent(scene), self.declared["max_output"])
        in_time = command.run(self.argv, self.declared["timeout"], stdin and stdin.encode(), self.declared.get("variables"))
        facts = _facts(command)
        problem = self._problem(in_time, facts)
        if problem:
            problem.returned = {self.kind: facts}
            raise problem
        return facts

    def _problem(self, in_time, facts):
        if not in_time:
            return Failure("command_timeout", "timeout: '%s' did not end within %d seconds, and was killed" % (self.shown, self.declared["timeout"]),
                           self.key, "Raise timeout, or have it go on in the background of the guest.")
        if facts["rc"] in self.declared["exit_codes"]:
            return None
        rc, last = facts["rc"], (facts["stderr"] or facts["stdout"] or "").strip()[-_LAST:]
        ended = "signal %s" % facts["signal"] if rc is None else "exit code %d" % rc
        return Failure("command_failed", "'%s' ended with %s%s" % (self.shown, ended, ": " + last if last else ""), self.key,
                       None if rc is None else "Where that is fine, write exit_codes: %s." % sorted({*self.declared["exit_codes"], rc}))

    def facts(self, scene):
        return self.outcome or {"ran": False}


def _facts(command):
    status, out, err = command.status, command.out, command.err
    facts = {"ran": True, "rc": status.get("exitcode"), "signal": status.get("signal"),
             "truncated": any(stream.size > len(stream.found) for stream in (out, err))}
    for name, stream in (("stdout", out), ("stderr", err)):
        text = stream.text
        facts.update({name: text, name + "_size": stream.size,
                      name + "_base64": base64.b64encode(stream.found).decode() if text is None else None})
    return facts
