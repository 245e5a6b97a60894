# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies on a file system that shares blocks: they cost no room, and stand on their own."""
from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from storage import Host

from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume

MIB = 1 << 20


@pytest.fixture
def host(daemon, daemon_uri, tmp_path):
    if not shutil.which("mkfs.btrfs"):
        pytest.skip("needs mkfs.btrfs (Debian: btrfs-progs)")
    if "\tbtrfs\n" not in open("/proc/filesystems", encoding="ascii").read():
        pytest.skip("this kernel has no btrfs")
    image, folder = tmp_path / "btrfs.img", tmp_path / "pool"
    with image.open("wb") as file:
        file.truncate(256 * MIB)
    folder.mkdir()
    subprocess.run(["mkfs.btrfs", "-q", str(image)], check=True, capture_output=True)
    subprocess.run(["mount", "-o", "loop", str(image), str(folder)], check=True)
    host = Host(daemon_uri, tmp_path)
    yield host
    for pool in daemon.listAllStoragePools():
        pool.destroy()
    subprocess.run(["umount", str(folder)], check=True)


def room(host):
    subprocess.run(["sync", "-f", str(host.folder)], check=True)
    found = os.statvfs(host.folder)
    return found.f_bavail * found.f_frsize


def test_a_clone_shares_its_blocks_until_one_is_written(host, tmp_path):
    source = tmp_path / "source.raw"
    source.write_bytes(os.urandom(48 * MIB))
    host.volume(name="v", source=str(source))
    before = room(host)
    host.volume(name="copy", clone={"name": "v"})
    host.volume(name="grown", clone={"name": "v"}, size="64MiB")
    assert before - room(host) < 8 * MIB
    content = source.read_bytes()
    assert (host.folder / "copy").read_bytes() == content
    assert (host.folder / "grown").read_bytes() == content + bytes(16 * MIB)
    with (host.folder / "copy").open("r+b") as file:
        file.write(b"other")
    host.run(Volume.from_options({"name": "v", "state": "absent"}))
    assert (host.folder / "grown").read_bytes()[:48 * MIB] == content


def test_a_volume_without_copy_on_write_has_the_attribute(host):
    host.volume(name="v", size="8MiB", format="raw", nocow=True)
    attributes = subprocess.run(["lsattr", str(host.folder / "v")], check=True, capture_output=True, text=True).stdout
    assert "C" in attributes.split()[0]
