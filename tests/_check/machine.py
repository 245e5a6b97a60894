# SPDX-License-Identifier: GPL-3.0-or-later
"""The Debian packages of this machine. Nothing that gets installed is started."""
from __future__ import annotations

import contextlib
import os
import subprocess

APT = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=600"]
POLICY = "/usr/sbin/policy-rc.d"

# The base of every stage: what Debian's Python needs to run the engine.
BINDINGS = ("git", "tar", "python3-venv", "python3-libvirt", "python3-lxml", "python3-pycdlib", "python3-jmespath")


def missing(packages: tuple[str, ...]) -> list[str]:
    done = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *packages],
        capture_output=True, text=True, check=False,
    )
    installed = {line.split()[0] for line in done.stdout.splitlines() if line.endswith(" installed")}
    return [package for package in packages if package not in installed]


@contextlib.contextmanager
def services_stay_off():
    """Debian starts a service as soon as it is installed, unless this policy forbids it."""
    ours = not os.path.exists(POLICY)
    if ours:
        with open(POLICY, "w", encoding="utf-8") as policy:
            policy.write("#!/bin/sh\nexit 101\n")
        os.chmod(POLICY, 0o755)
    try:
        yield
    finally:
        if ours:
            os.unlink(POLICY)


def install(session, packages: tuple[str, ...]) -> None:
    """Install what is missing of these packages."""
    if not missing(packages):
        return
    with session.cache.lock("apt"):
        wanted = missing(packages)
        if not wanted:
            return
        session.report.say(f"installing {', '.join(wanted)}")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        with services_stay_off():
            session.must("apt-update", [*APT, "update"], env=environment)
            session.must("apt-install", [*APT, "install", "--no-install-recommends", *wanted], env=environment)
