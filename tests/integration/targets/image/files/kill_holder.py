# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kill the process that has a file in a folder open as soon as the file is as large as that. Arguments: folder, bytes."""
from __future__ import annotations

import os
import pathlib
import signal
import sys
import time

FOLDER, ENOUGH = pathlib.Path(sys.argv[1]), int(sys.argv[2])


def holder(path):
    for link in pathlib.Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(link) == str(path):
                return int(link.parts[2])
        except OSError:
            # It has ended, or closed the file.
            continue
    return None


def kill():
    for path in FOLDER.glob(".*.part"):
        found = holder(path) if path.stat().st_size >= ENOUGH else None
        if found is not None:
            os.kill(found, signal.SIGKILL)
            return path.name
    return None


deadline = time.monotonic() + 40
killed = kill()
while killed is None and time.monotonic() < deadline:
    time.sleep(0.2)
    killed = kill()
if killed is None:
    sys.exit("nobody writes %d bytes into %s" % (ENOUGH, FOLDER))
sys.stdout.write(killed)
