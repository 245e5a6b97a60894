# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine against libvirt's own drivers, without a daemon."""
from __future__ import annotations

import concurrent.futures

import machine

PACKAGES = (
    "libvirt-daemon", "libvirt-daemon-driver-qemu", "qemu-system-x86", "qemu-utils",
    "dnsmasq-base", "iptables", "iproute2", "mount", "btrfs-progs",
)
# With the tests ends everything that they started: guests, dnsmasq, our own libvirtd.
# The shell is there to collect dead orphans: libvirt waits long for a guest that died and was not collected.
ALONE = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c", '"$@"; exit $?', "tests")


def run(session) -> None:
    """pytest on tests/contract: the embedded QEMU driver, libvirt's test driver"""
    machine.install(session, PACKAGES)
    # A process for each file, so that what one leaves in libvirt's drivers is not there for the next.
    files = sorted((session.collection / "tests/contract").glob("test_*.py"))
    if session.options.only:
        session.pytest("contract", session.bindings, ["tests/contract"], ALONE)
        return
    venv = session.bindings

    def on_its_own(file) -> None:
        # Debian's Python whatever core is tested: libvirt's bindings are there.
        session.pytest(f"contract {file.name}", venv, [f"tests/contract/{file.name}"], ALONE)

    # Most of the time they wait for QEMU and libvirt.
    with concurrent.futures.ThreadPoolExecutor(max(1, session.options.jobs)) as pool:
        list(pool.map(on_its_own, files))
