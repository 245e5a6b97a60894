# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that a power cut leaves whole: the old one or the new one, never half of it."""
from __future__ import annotations

import contextlib
import os


def settle(directory):
    """What was named, renamed or removed in a directory outlasts a power cut from here on."""
    number = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def write_whole(path, content, mode, draft=None):
    """Write a file under another name first, ``draft`` or the path and ``.new``.

    :param content: bytes
    :param mode: it is never wider than this, not even for a moment
    """
    draft = draft or path + ".new"
    # What a run that was cut short has left may have another mode.
    with contextlib.suppress(FileNotFoundError):
        os.unlink(draft)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    settle(os.path.dirname(path))
