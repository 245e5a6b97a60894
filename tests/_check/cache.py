# SPDX-License-Identifier: GPL-3.0-or-later
"""What is expensive to make is kept outside the checkout, under a name that says what it was made from."""
from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import time

KEEP_RUNS = 5


class Cache:
    def __init__(self, folder: str) -> None:
        self.folder = pathlib.Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)

    @contextlib.contextmanager
    def lock(self, name: str):
        """Two runs on one machine must not build the same thing twice at once."""
        path = self.folder / "locks" / name
        path.parent.mkdir(exist_ok=True)
        with open(path, "w", encoding="utf-8") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

    def run_folder(self) -> pathlib.Path:
        """A fresh folder for this run's trees and logs; of earlier ones the last few stay."""
        runs = self.folder / "runs"
        runs.mkdir(exist_ok=True)
        for old in sorted(runs.iterdir())[:-KEEP_RUNS]:
            if not alive(old.name.rsplit("-", 1)[1]):
                shutil.rmtree(old, ignore_errors=True)
        fresh = runs / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
        fresh.mkdir()
        return fresh

    def venv(self, session, name: str, interpreter: str, requirements: list[pathlib.Path], extra: tuple[str, ...] = (),
             debian: bool = False) -> pathlib.Path:
        """A virtual environment with these requirements: the cached one if it still works, else a new one."""
        made_from = subprocess.run([interpreter, "-VV"], capture_output=True, text=True, check=True).stdout
        made_from += interpreter + "".join(extra) + "".join(path.read_text("utf-8") for path in requirements)
        venv = self.folder / "venvs" / f"{name}-{hashlib.sha256(made_from.encode()).hexdigest()[:12]}"
        with self.lock(venv.name):
            if works(venv):
                return venv
            shutil.rmtree(venv, ignore_errors=True)
            session.report.say(f"making the virtual environment {venv.name}")
            # The marker comes last: a venv cannot be moved, so it is made in place, and one without the marker is not used.
            options = ["--system-site-packages"] if debian else []
            session.must(f"venv-{name}", [interpreter, "-m", "venv", *options, str(venv)])
            arguments = [*extra, *(item for path in requirements for item in ("-r", str(path)))]
            session.must(f"pip-{name}", [str(venv / "bin/pip"), "install", "--progress-bar=off", *arguments])
            (venv / ".complete").touch()
        return venv


def works(venv: pathlib.Path) -> bool:
    """Debian's packages may have changed under a venv that sees them, so being complete is not enough."""
    if not (venv / ".complete").exists():
        return False
    probe = [str(venv / "bin/python"), "-c", "import ansible.release, jinja2, pytest, yaml"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def alive(pid: str) -> bool:
    return os.path.exists(f"/proc/{pid}")
