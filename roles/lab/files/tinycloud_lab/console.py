# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user sees while the lab works, and how it runs other programs."""

import os
import re
import subprocess
import sys
import threading
import time


class LabError(Exception):
    """Something the user can act on; shown as one sentence, without a traceback."""


class Console:
    """Progress lines on stderr, so that stdout stays free for the machine-readable result."""

    def __init__(self, verbose=True):
        self.verbose = verbose
        self._lock = threading.Lock()
        self._began = time.monotonic()

    def say(self, subject, text):
        if not self.verbose:
            return
        elapsed = time.monotonic() - self._began
        with self._lock:
            print(f"  {elapsed:5.0f}s  {subject}: {text}", file=sys.stderr, flush=True)


# What mmdebstrap says of itself rather than of its progress.
_CHATTER = re.compile("I: (running --|skipping|finding|automatically|chroot arch|cleaning|success)")


def run(argv, console=None, subject="", tail=15, env=None, stdin=None, cwd=None):
    """Run a program to its end; its output is streamed as progress and quoted when it fails."""
    process = subprocess.Popen(
        argv, text=True, errors="replace", cwd=cwd,
        env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})},
        stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if stdin is not None:
        process.stdin.write(stdin)
        process.stdin.close()
    lines = []
    for line in process.stdout:
        line = line.rstrip()
        lines.append(line)
        if console and line.startswith(("I: ", "E: ")) and not _CHATTER.match(line):
            console.say(subject, line[3:])
    if process.wait():
        said = "\n    ".join(lines[-tail:])
        raise LabError(f"`{' '.join(argv[:6])}` ended with {process.returncode}:\n    {said}")
    return "\n".join(lines)


def quiet(argv, stdin=None):
    """Run a program whose failure is an answer, not an error: returns (ok, output)."""
    done = subprocess.run(argv, text=True, input=stdin, capture_output=True, check=False)
    return done.returncode == 0, (done.stdout + done.stderr).strip()
