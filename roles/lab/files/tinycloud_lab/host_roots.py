# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roots that lab hosts run on, and the package repository that bare hosts install from."""

import hashlib
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

# What the role compute_host installs (its default list is checked against this one in the tests).
COMPUTE = (
    "libvirt-daemon-system", "libvirt-clients", "libvirt-daemon-driver-qemu",
    "libvirt-daemon-driver-storage-disk", "qemu-system-x86", "qemu-utils", "ovmf", "dnsmasq-base",
    "nftables", "iptables", "python3-libvirt", "python3-lxml", "python3-jmespath",
    "python3-pycdlib",
)

_FILES = Path(__file__).parent / "roots"


def bare_root(cache):
    prepare = (_FILES / "prepare.sh").read_text()

    def build(into):
        debian.bootstrap(SUITE, into / "root", BARE, cache.console, "bare root", hooks=[prepare])

    return Artefact(cache, f"root-bare-{SUITE}", build, [SUITE, BARE, prepare])


def compute_root(cache):
    prepare = (_FILES / "prepare.sh").read_text()

    def build(into):
        debian.bootstrap(
            SUITE, into / "root", BARE + COMPUTE, cache.console, "compute root", hooks=[prepare])

    return Artefact(cache, f"root-compute-{SUITE}", build, [SUITE, BARE, COMPUTE, prepare])


def repository(cache):
    bare = bare_root(cache)

    def build(into):
        debian.download(SUITE, bare.path / "root", COMPUTE, into, cache.console, "repository")
        _index(into)

    return Artefact(cache, f"repository-{SUITE}", build, [SUITE, COMPUTE], needs=[bare])


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
