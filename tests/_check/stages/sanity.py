# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-test sanity, where no package index but the configured one can be reached."""
from __future__ import annotations

import os
import pathlib
import re

import pythons

HOME_CACHE = pathlib.Path("~/.ansible/test/cache").expanduser()
STAND_IN = '''\
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the pip bootstrap script that ansible-test would download: the same pip, from the package index."""
import os
import runpy
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), {wheel!r}))
# These two are understood by the bootstrap script only, not by pip.
arguments = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
sys.argv = ["pip", "install", "--upgrade", "--force-reinstall"] + arguments
runpy.run_module("pip", run_name="__main__", alter_sys=True)
'''


def pip_versions(session) -> list[str]:
    """The versions of pip that this ansible-test names, one for each range of Pythons."""
    venv = session.core
    source = next(venv.glob("lib/python3*/site-packages/ansible_test/_internal/python_requirements.py"))
    return sorted(set(re.findall(r"\bpip=(?:'|\")([0-9.]+)", source.read_text("utf-8"))))


def stand_in(session, version: str) -> None:
    script = HOME_CACHE / f"get_pip_{version.replace('.', '_')}.py"
    if script.exists():
        return
    HOME_CACHE.mkdir(parents=True, exist_ok=True)
    pip = [session.core / "bin/pip", "download", "--no-deps", "--only-binary=:all:", "--dest", HOME_CACHE, f"pip=={version}"]
    session.must(f"pip-{version}", pip)
    wheel = next(HOME_CACHE.glob(f"pip-{version}-*.whl"))
    # Renamed into place: another run may look for it at this moment.
    fresh = script.with_suffix(f".{os.getpid()}")
    fresh.write_text(STAND_IN.format(wheel=wheel.name), "utf-8")
    fresh.rename(script)


def count(done) -> tuple[int, int, int]:
    """Ansible-test names each test as it starts it, and those that failed at the end."""
    ran = len(set(re.findall(r"^(?:\S+ )?Running sanity test \"?([\w-]+)", done.output, re.MULTILINE)))
    listed = re.search(r"The (\d+) sanity test\(s\) listed below \(out of \d+\) failed", done.output)
    failed = int(listed.group(1)) if listed else 0
    return max(ran - failed, 0), failed, 0


def complaints(output: str) -> str:
    """Without what pip says while the tests' environments are made."""
    found = re.findall(r"^ERROR:.*|^FATAL:(?:.*\n)*", output, re.MULTILINE)
    return "\n".join(found) or output


def run(session) -> None:
    """ansible-test sanity on the ansible-core under test, everything but pslint (no PowerShell here)"""
    python = pythons.version(str(session.core / "bin/python"))
    command = [session.core / "bin/ansible-test", "sanity", "--local", "--python", python, "--skip-test", "pslint", "--color", "no"]
    # Its own environments are made below the home folder; two runs at once would disturb each other there.
    with session.cache.lock("ansible-test"):
        for version in pip_versions(session):
            stand_in(session, version)
        done = session.check("ansible-test sanity", command, count, complaints, cwd=session.collection, env=session.environment(session.core))
    if "All targets skipped" in done.output:
        session.report.failure("ansible-test found nothing to test: is the work tree inside another git checkout?")
