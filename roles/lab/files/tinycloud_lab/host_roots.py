# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roots that lab hosts run on, and the package repository that bare hosts install from."""

import hashlib
import itertools
import subprocess
from pathlib import Path

import debian
from cache import Artefact

SUITE = "trixie"

# What any Debian server has that Ansible can reach.
BARE = (
    "systemd", "systemd-sysv", "dbus", "openssh-server", "python3", "python3-apt", "iproute2",
    "iputils-ping", "procps", "kmod", "sudo", "ca-certificates", "netcat-openbsd",
)

_ROLE = Path(__file__).resolve().parents[3] / "compute_host"
_FILES = Path(__file__).parent / "roots"


def _compute():
    """What makes a compute host, from the role that says so: one list, whoever installs it."""
    text = (_ROLE / "defaults/main.yml").read_text()
    block = text.partition("\ncompute_host_packages:\n")[2]
    return [line[4:] for line in itertools.takewhile(lambda line: line.startswith("  - "), block.splitlines())]


def bare_root(cache):
    prepare = (_FILES / "prepare.sh").read_text()

    def build(into):
        debian.bootstrap(SUITE, into / "root", BARE, cache.console, "bare root", hooks=[prepare])

    return Artefact(cache, f"root-bare-{SUITE}", build, [SUITE, BARE, prepare])


def compute_root(cache):
    packages = [*BARE, *_compute()]
    prepare = (_FILES / "prepare.sh").read_text()

    def build(into):
        debian.bootstrap(
            SUITE, into / "root", packages, cache.console, "compute root", hooks=[prepare])

    return Artefact(cache, f"root-compute-{SUITE}", build, [SUITE, packages, prepare])


def repository(cache):
    bare, packages = bare_root(cache), _compute()

    def build(into):
        debian.download(SUITE, bare.path / "root", packages, into, cache.console, "repository")
        _index(into)

    return Artefact(cache, f"repository-{SUITE}", build, [SUITE, packages], needs=[bare])


def _index(directory):
    """Packages and Release of a flat repository; dpkg-scanpackages would bring a compiler along."""
    entries = []
    for package in sorted(directory.glob("*.deb")):
        fields = subprocess.run(
            ["dpkg-deb", "--field", package], text=True, capture_output=True, check=True).stdout
        entries.append(
            f"{fields.rstrip()}\nFilename: ./{package.name}\nSize: {package.stat().st_size}\n"
            f"SHA256: {hashlib.sha256(package.read_bytes()).hexdigest()}\n")
    packages = "\n".join(entries).encode()
    (directory / "Packages").write_bytes(packages)
    digest = hashlib.sha256(packages).hexdigest()
    (directory / "Release").write_text(
        f"Origin: tinycloud-lab\nSuite: {SUITE}\nSHA256:\n {digest} {len(packages)} Packages\n")
