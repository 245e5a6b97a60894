# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roots that lab hosts run on, and the package repository that bare hosts install from."""

import hashlib
import subprocess
from pathlib import Path

import debian
import yaml
from cache import Artefact

DEFAULT_SUITE = "trixie"
SUITES = (DEFAULT_SUITE, "bookworm")

# What any Debian server has that Ansible can reach.
BARE = (
    "systemd", "systemd-sysv", "dbus", "openssh-server", "python3", "python3-apt", "iproute2",
    "iputils-ping", "procps", "kmod", "sudo", "ca-certificates", "netcat-openbsd",
)

# What the tests of storage pools stand on: an iSCSI target, tools that make file systems, and backends that
# a compute host only has if asked for. Debian 12 keeps some of those in the daemon's own package.
_TOOLS = ("e2fsprogs", "lvm2", "parted", "tgt", "libvirt-daemon-driver-storage-iscsi-direct")
STORAGE = {
    "trixie": (*_TOOLS, "libvirt-daemon-driver-storage-disk", "libvirt-daemon-driver-storage-logical"),
    "bookworm": _TOOLS,
}
# What the tests of networks stand on: a switch that is not the kernel's, and the firewalls that people have.
NETWORKS = ("openvswitch-switch", "firewalld", "ufw")
# Who needs one of these starts it.
_IDLE = 'cd "$1/etc/systemd/system" && rm -f dbus-org.fedoraproject.FirewallD1.service ' + " ".join(
    f"*.wants/{unit}.service" for unit in ("tgt", "openvswitch-switch", "ovs-record-hostname", "firewalld", "ufw"))
# What a compute host has from the start, and what a bare one may be asked to install besides.
_INSTALLED = ("base", "emulator", "uefi")
_OFFERED = (*_INSTALLED, "access", "sasl", "tpm")
# What else is tried on bare hosts: firewalls, and being its own controller, for which Debian 12's Ansible is too old.
_BESIDES = {"trixie": ["ansible-core", "firewalld"], "bookworm": ["ufw"]}

_ROLE = Path(__file__).resolve().parents[3] / "compute_host"
_FILES = Path(__file__).parent / "roots"


def suffix(suite):
    """What tells a suite's artefacts from those of the default one."""
    return "" if suite == DEFAULT_SUITE else f"-{suite}"


def suite_of(root):
    """The suite of a kind of root, such as compute-bookworm."""
    return next((suite for suite in SUITES if root.endswith(f"-{suite}")), DEFAULT_SUITE)


def is_bare(root):
    return root.startswith("bare")


# A lab host runs on the machine's kernel; libguestfs starts one of its own.
_APPLIANCE_KERNEL = "linux-image-cloud-amd64"


def _packages(*purposes):
    """What makes a compute host, from the role that says so: one list, whoever installs it."""
    lists = yaml.safe_load((_ROLE / "vars/os/debian.yml").read_text())["__compute_host_os"]["packages"]
    chosen = [lists[purpose] for purpose in purposes]
    return [name for names in chosen for name in (names["x86_64"] if isinstance(names, dict) else names)]


def bare_root(cache, suite):
    prepare = (_FILES / "prepare.sh").read_text()

    def build(into):
        debian.bootstrap(suite, into / "root", BARE, cache.console, f"bare root of {suite}", hooks=[prepare])

    return Artefact(cache, f"root-bare-{suite}", build, [suite, BARE, prepare])


def compute_root(cache, suite):
    packages = [*BARE, *_packages(*_INSTALLED, "guestfs", "sasl"), *STORAGE[suite], *NETWORKS, _APPLIANCE_KERNEL]
    prepare = (_FILES / "prepare.sh").read_text()

    def build(into):
        debian.bootstrap(
            suite, into / "root", packages, cache.console, f"compute root of {suite}", hooks=[prepare, _IDLE])

    return Artefact(cache, f"root-compute-{suite}", build, [suite, packages, prepare, _IDLE])


def repository(cache, suite):
    bare, packages = bare_root(cache, suite), _packages(*_OFFERED) + _BESIDES[suite]

    def build(into):
        debian.download(suite, bare.path / "root", packages, into, cache.console, f"repository of {suite}")
        _index(into, suite)

    return Artefact(cache, f"repository-{suite}", build, [suite, packages], needs=[bare])


def _index(directory, suite):
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
        f"Origin: tinycloud-lab\nSuite: {suite}\nSHA256:\n {digest} {len(packages)} Packages\n")
