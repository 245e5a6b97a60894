# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A command in a guest, by its agent: begun, waited for, ended where it takes too long, and what it wrote.

What it writes goes to files in the guest first. The agent itself would hand out all of it at once, and of more than 10 MiB nothing.
"""
from __future__ import annotations

import base64
import secrets
import time

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_PAUSE = 0.1
# A session of its own, so that what it begins ends with it. The first argument is the folder.
_BEGIN = """
umask 077 && mkdir "$1" && exec > "$1/out" 2> "$1/err" || exit 125
shift
if command -v setsid > /dev/null; then exec setsid "$@"; fi
exec "$@"
"""
_END = 'kill -s KILL -- "-$1" || kill -s KILL "$1"'


class Stream:
    """What a command wrote: its first bytes, and how many there are in all."""

    def __init__(self, found, size):
        self.found = found
        self.size = size

    @property
    def text(self):
        """None where it is no text."""
        try:
            return self.found.decode()
        except UnicodeDecodeError as error:
            # A character may have been cut in two at the end of what is taken.
            if self.size > len(self.found) and error.reason == "unexpected end of data":
                return self.found[:error.start].decode()
            return None


class GuestCommand:
    """
    :param agent: the guest's GuestAgent
    :param limit: bytes that are taken of each stream
    :ivar status: what guest-exec-status said last
    """

    def __init__(self, agent, limit):
        self._agent = agent
        self._limit = limit
        # The command that begins in it makes it, and ends where there is one.
        self._folder = "/tmp/.tinycloud-" + secrets.token_hex(8)  # noqa: S108
        self._pid = None
        self.status = None
        self.out = self.err = Stream(b"", 0)

    def run(self, argv, seconds, stdin=None, environment=None):
        """Run it; returns whether it ended by itself in time."""
        given = {"input-data": base64.b64encode(stdin).decode()} if stdin else {}
        env = ["%s=%s" % pair for pair in dict({"PATH": _PATH}, **(environment or {})).items()]
        begin = ["-c", _BEGIN, "tinycloud", self._folder, *argv]
        self._pid = self._agent.ask("guest-exec", path="/bin/sh", arg=begin, env=env, **given)["pid"]
        try:
            ended = self._wait(seconds)
            if not ended:
                quick(self._agent, _END, str(self._pid))
            self.out, self.err = (Stream(*self._agent.read("%s/%s" % (self._folder, name), self._limit)) for name in ("out", "err"))
        finally:
            quick(self._agent, 'rm -rf "$1"', self._folder)
        return ended

    def _wait(self, seconds):
        deadline = time.monotonic() + seconds
        while True:
            self.status = self._agent.ask("guest-exec-status", pid=self._pid)
            if self.status["exited"]:
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(_PAUSE)


def quick(agent, text, *arguments):
    """(exit code, output) of a few words of shell, which answer at once and write little."""
    pid = agent.ask("guest-exec", path="/bin/sh", arg=["-c", text, "tinycloud", *arguments], **{"capture-output": True})["pid"]
    while True:
        status = agent.ask("guest-exec-status", pid=pid)
        if status["exited"]:
            return status.get("exitcode"), base64.b64decode(status.get("out-data", "")).decode(errors="replace")
        time.sleep(_PAUSE)


def exists(agent, path):
    """Whether there is something of that name in the guest."""
    return quick(agent, 'test -e "$1"', path)[0] == 0
