# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a VM wrote to its serial console, as the host keeps it."""
from __future__ import annotations

import os
import re
import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError, Int, Name, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_verb import VmVerb

_PAUSE = 0.3
_LONGEST_LINE = 1 << 12
_TOLD = 5


class Pattern(Text):
    """A regular expression, https://docs.python.org/3/library/re.html#regular-expression-syntax"""

    def normalise(self, value):
        try:
            re.compile(value)
        except re.error as error:
            raise FieldError("'%s' is no regular expression: %s" % (value, error)) from None
        return value


class VmConsoleLogOptions(Model):
    """The options of the module vm_console_log."""

    name = Name(required=True, refers="vm")
    lines = Int(minimum=1, maximum=10000, default=50)
    pattern = Pattern()
    timeout = Int(minimum=0, default=60)


class VmConsoleLog(VmVerb):
    kind = "vm_console_log"
    model = VmConsoleLogOptions

    def check(self, scene):
        if scene.hypervisor.is_remote:
            raise self.remote_refusal(scene, "uri: console logs are files of the compute host")
        self._path(scene)

    def _path(self, scene):
        fact = self.fact(scene)
        now = fact.xml if fact.live_xml is None else fact.live_xml
        log = next((port for kind in ("serial", "console") for port in now.iterfind("devices/%s/log" % kind)), None)
        if log is None:
            raise self.refusal("no_console_log", "name: the host keeps no log of the console of '%s'" % self.name,
                               "New VMs have one; give it to this one with console: {log: PATH} of tinycloud.libvirt.vm.")
        return log.get("file")

    def plan(self, scene):
        plan = self.new_plan(scene)
        if self.outcome is None and self.declared.get("pattern"):
            plan.look("wait for '%s'" % self.declared["pattern"], lambda: self._wait(scene))
        return plan

    def facts(self, scene):
        if self.outcome is None:
            log = _Log(self._path(scene), self.declared["lines"])
            log.match(None)
            self.outcome = self._seen(log, None)
        return self.outcome

    def _seen(self, log, matched):
        return {"name": self.name, "path": log.path, "matched": matched, "lines": log.lines[-self.declared["lines"]:]}

    def _wait(self, scene):
        log, pattern = _Log(self._path(scene), self.declared["lines"]), self.declared["pattern"]
        deadline = time.monotonic() + self.declared["timeout"]
        found = log.match(pattern)
        while found is None:
            if time.monotonic() > deadline:
                raise Failure("pattern_timeout", "pattern: no line like '%s' within %d seconds; the last ones: %s"
                              % (pattern, self.declared["timeout"], " | ".join(log.lines[-_TOLD:]) or "none"), self.key,
                              "Raise timeout, or see whether the guest's console is its serial port (console=ttyS0).")
            time.sleep(_PAUSE)
            found = log.match(pattern)
        self.outcome = self._seen(log, found)


class _Log:
    """The last lines of a file, and what is added to it meanwhile.

    :param most: lines before now that count
    """

    def __init__(self, path, most):
        self.path = path
        size = os.path.getsize(path) if os.path.exists(path) else 0
        self._begin = max(0, size - most * _LONGEST_LINE)
        before = self._text().splitlines(True)[:-most] if size else []
        self._begin += sum(len(line) for line in before)
        self.lines = []

    def _text(self):
        if not os.path.exists(self.path):
            return b""
        with open(self.path, "rb") as file:
            # It may have been rotated away under us.
            file.seek(self._begin if self._begin <= os.path.getsize(self.path) else 0)
            return file.read()

    def match(self, pattern):
        """Look once more; the first line that a pattern is found in."""
        self.lines = [line.rstrip() for line in self._text().decode(errors="replace").splitlines()]
        return next((line for line in self.lines if pattern and re.search(pattern, line)), None)
