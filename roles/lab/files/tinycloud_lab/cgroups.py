# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a host's processes are counted: control groups of its own, under every layout.

With systemd in charge of the machine the host runs in a scope that systemd delegates. Without
it (a container, a small VM) the directories are made by hand, in the pure cgroup2 hierarchy or,
on a machine that still mixes both versions, in `unified` and in the named hierarchy `systemd`.
"""

import os
import signal
import time
from pathlib import Path

from console import quiet
from processes import send

_TOP = Path("/sys/fs/cgroup")
_OURS = "tinycloud-lab"


def systemd_rules():
    return Path("/run/systemd/system").is_dir()


def _hierarchies():
    if (_TOP / "cgroup.procs").exists():
        return [_TOP]
    return [_TOP / name for name in ("systemd", "unified") if (_TOP / name).is_dir()]


def directories(lab, host):
    """The directories the host's starter has to move into; none where systemd does it."""
    if systemd_rules():
        return []
    return [top / _OURS / lab / host for top in _hierarchies()]


_JOIN = """
groups=$1; shift
for group in $groups; do echo $$ > "$group/cgroup.procs" || exit 1; done
exec "$@"
"""


def start_in(lab, host, argv):
    """The command that starts `argv` in the host's control group, which is made ready for it."""
    if systemd_rules():
        return ["systemd-run", "--scope", "--quiet", "--collect",
                f"--unit=tinycloud-lab-{lab}-{host}", f"--description=tinycloud lab {lab}: {host}",
                "--property=Delegate=yes", *argv]
    groups = directories(lab, host)
    for directory in groups:
        directory.mkdir(parents=True, exist_ok=True)
    return ["sh", "-c", _JOIN, "lab-join", " ".join(map(str, groups)), *argv]


def remove(lab, host=None):
    """Remove what `start_in` made, and what the host's own systemd made below it."""
    if systemd_rules():
        return
    for top in _hierarchies():
        ours = top / _OURS / lab
        _remove_tree(ours / host if host else ours)
        if host is None:
            try:
                ours.parent.rmdir()
            except OSError:
                pass  # Another lab is still in there, or there never was one.


def _remove_tree(directory):
    for path, _folders, _files in os.walk(directory, topdown=False):
        for _attempt in range(50):
            try:
                os.rmdir(path)
                break
            except FileNotFoundError:
                break
            except OSError:
                # Dead processes leave a group a moment after they are gone.
                time.sleep(0.02)


def kill(lab, host):
    """End what is still in the host's group: it is ours by construction, whatever its number."""
    if systemd_rules():
        unit = f"tinycloud-lab-{lab}-{host}.scope"
        quiet(["systemctl", "kill", "--kill-whom=all", "--signal=KILL", unit])
        quiet(["systemctl", "stop", unit])
        return
    for directory in directories(lab, host):
        for path, _folders, files in os.walk(directory):
            if "cgroup.procs" in files:
                for pid in Path(path, "cgroup.procs").read_text(encoding="ascii").split():
                    send(int(pid), signal.SIGKILL)
