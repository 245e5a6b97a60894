# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules that may take minutes: while one works, what it says of its progress is shown beside the task.

The module writes a small file on the host. It is looked at over the task's own connection, and only where the task takes
longer than some seconds; what ends before that costs nothing.
"""
from __future__ import annotations

import contextlib
import secrets
import threading

from ansible import constants
from ansible.errors import AnsibleError

from ansible_collections.tinycloud.libvirt.plugins.module_utils._progress import VARIABLE

_FOLDER = "/tmp"  # noqa: S108 (a random name, made anew and never followed)
_SECONDS = 5


class Watch(threading.Thread):
    """Shows each line of the file when it has become another one."""

    def __init__(self, connection, path, show):
        super().__init__(daemon=True)
        self._connection = connection
        self._path = path
        self._show = show
        self._end = threading.Event()
        self._seen = {}

    def run(self):
        while not self._end.wait(_SECONDS):
            self.look()

    def look(self):
        # Without privileges: to become somebody else is a conversation, and another one goes on over this connection.
        with contextlib.suppress(AnsibleError, OSError):
            code, said, _errors = self._connection.exec_command("cat " + self._path, sudoable=False)
            if code == 0:
                self._tell(said.decode(errors="replace"))

    def _tell(self, text):
        # What has no end of line is being written.
        for line in text.splitlines(True):
            subject, colon, what = line.rstrip("\n").partition(": ")
            if colon and line.endswith("\n") and self._seen.get(subject) != what:
                self._seen[subject] = what
                self._show(subject, what)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self._end.set()
        self.join(_SECONDS)


def is_watchable(connection):
    """Whether a second command can go over a connection while one is going on; a password is handed over in a pipe that there is one of."""
    return connection.transport == "local" or connection.transport == "ssh" and not connection.get_option("password")


class Watched:
    """What an action plugin has to inherit first."""

    def _execute_module(self, *arguments, wrap_async=False, task_vars=None, **options):
        if wrap_async or not is_watchable(self._connection):
            return super()._execute_module(*arguments, wrap_async=wrap_async, task_vars=task_vars, **options)
        path = "%s/.tinycloud-%s" % (_FOLDER, secrets.token_hex(16))
        before = self._task.environment
        self._task.environment = [*([before] if isinstance(before, dict) else before or []), {VARIABLE: path}]
        try:
            with Watch(self._connection, path, self._teller(task_vars)):
                return super()._execute_module(*arguments, wrap_async=wrap_async, task_vars=task_vars, **options)
        finally:
            self._task.environment = before

    def _teller(self, task_vars):
        host = (task_vars or {}).get("inventory_hostname", "")
        return lambda subject, what: self._display.display("%s: %s: %s" % (host, subject, what), color=constants.COLOR_VERBOSE)
