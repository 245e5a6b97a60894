# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is going on at this moment, for people who wait: a line for each piece of work, in a file that the controller looks at."""
from __future__ import annotations

import atexit
import contextlib
import os
import threading
import time

# The path of the file, where somebody looks at it.
VARIABLE = "TINYCLOUD_PROGRESS"
_SECONDS = 0.5


class _Board:
    def __init__(self, path):
        # Nobody's link is followed, and no file of others written.
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        self._lines = {}
        self._written = 0
        self._lock = threading.Lock()

    def show(self, subject, text, at_once):
        with self._lock:
            if text is None:
                self._lines.pop(subject, None)
            else:
                self._lines[subject] = text
            if at_once or time.monotonic() - self._written > _SECONDS:
                content = "".join("%s: %s\n" % line for line in self._lines.items()).encode(errors="replace")
                os.pwrite(self._file, content, 0)
                os.ftruncate(self._file, len(content))
                self._written = time.monotonic()


_here = threading.local()
_boards = {}
_making = threading.Lock()


def _board():
    """The board of this process, None where nobody looks at it."""
    path = os.environ.get(VARIABLE)
    if not path:
        return None
    with _making:
        if path not in _boards:
            _boards[path] = None
            # Whoever may not write there works without being watched.
            with contextlib.suppress(OSError):
                _boards[path] = _Board(path)
                atexit.register(_remove, path)
        return _boards[path]


def _remove(path):
    with contextlib.suppress(OSError):
        os.unlink(path)


@contextlib.contextmanager
def going(subject, text):
    """While this lasts, ``subject: text`` is what goes on in this thread; ``detail`` says more of it."""
    board = _board()
    if board is None:
        yield
        return
    _here.work = subject, text
    board.show(subject, text, at_once=True)
    try:
        yield
    finally:
        _here.work = None
        board.show(subject, None, at_once=True)


def detail(text, at_once=True):
    """How far the work of this thread is.

    :param at_once: False for what is said so often that some of it can be left out
    """
    board, work = _board(), getattr(_here, "work", None)
    if board is not None and work:
        board.show(work[0], "%s, %s" % (work[1], text), at_once)
