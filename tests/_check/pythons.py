# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Python fits which ansible-core, and where on this machine there is one."""
from __future__ import annotations

import glob
import os
import subprocess

SYSTEM = "/usr/bin/python3"
DEFAULT_CORE = "2.19"
FIT = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.12", "3.13", "3.14"),
}
OLDEST, NEWEST = min(FIT), max(FIT)
PLACES = ("/usr/local/bin/python3.*", "/opt/*/bin/python3.*", "~/.pyenv/versions/*/bin/python3.*", "~/.local/share/uv/python/*/bin/python3.*")


class NoPython(Exception):
    """There is no interpreter here that this ansible-core runs on."""


def version(interpreter: str) -> str | None:
    """Its major.minor, or None if it is no interpreter that can make a virtual environment."""
    code = "import ensurepip, ssl, sys, venv; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([interpreter, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    except OSError:
        return None
    return done.stdout.strip() or None


def candidates() -> list[str]:
    """Real interpreters, the system's first. A version manager's shims are left out: what they run depends on the folder."""
    found = [SYSTEM, *sorted(glob.glob("/usr/bin/python3.*"))]
    for place in PLACES:
        found += sorted(glob.glob(os.path.expanduser(place)))
    return [path for path in found if path.rsplit("/", 1)[1].replace("python3", "").strip(".").isdigit() or path == SYSTEM]


def find(core: str) -> str:
    """The system's Python if it fits, because it sees Debian's bindings; else the first that does."""
    fit = FIT[core]
    for interpreter in candidates():
        if version(interpreter) in fit:
            return interpreter
    raise NoPython(f"ansible-core {core} needs Python {', '.join(fit[:-1])} or {fit[-1]}, and this machine has none. Install one, for example with pyenv.")
