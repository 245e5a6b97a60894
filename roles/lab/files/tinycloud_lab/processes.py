# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes that outlive the program that started them, known by number and birth time.

A number alone may have been given to somebody else since; the birth time tells.
"""

import os
import signal
import subprocess
import time
from pathlib import Path


def _stat(pid):
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def birth(pid):
    """When the process started, in clock ticks since boot; None when it is gone or a zombie."""
    fields = _stat(pid)
    return None if fields is None or fields[0] in "ZX" else fields[19]


def children(pid):
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(child) for child in text.split()]


class Recorded:
    """One long-lived process and the file that remembers it."""

    def __init__(self, record):
        self.record = Path(record)

    @property
    def pid(self):
        """The process' number while it lives, else None."""
        try:
            pid, born = self.record.read_text(encoding="ascii").split()
        except (OSError, ValueError):
            return None
        return int(pid) if birth(pid) == born else None

    def start(self, argv, log, env=None):
        with open(log, "ab") as output:
            process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True, cwd="/", env={**os.environ, **(env or {})})
        # Written under another name first: a half-written record would lose the process.
        draft = self.record.with_suffix(".new")
        draft.write_text(f"{process.pid} {birth(process.pid)}\n", encoding="ascii")
        draft.rename(self.record)
        return process

    def signal(self, number):
        pid = self.pid
        if pid:
            send(pid, number)

    def wait_gone(self, timeout):
        deadline = time.monotonic() + timeout
        while self.pid:
            reap()
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def stop(self, timeout=5.0):
        self.signal(signal.SIGTERM)
        if not self.wait_gone(timeout):
            self.signal(signal.SIGKILL)
            self.wait_gone(timeout)
        self.record.unlink(missing_ok=True)


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def reap():
    """Collect our own dead children, so that they do not count as alive."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
