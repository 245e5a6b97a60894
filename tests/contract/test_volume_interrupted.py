# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Power cuts and full disks while volumes are filled, cloned, converted, moved and snapshotted.

At no moment is there half a volume that anything could use, or a source lost; the next run ends where an undisturbed one does.
"""
from __future__ import annotations

import hashlib
import os
import pathlib
import subprocess
import tempfile

import faults
import pytest
from storage import Host

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume_snapshot import VolumeSnapshot

MIB = 1 << 20
MOMENTS = 7
GUEST = """
<domain type='qemu'>
  <name>guest</name><memory unit='MiB'>64</memory><os><type>hvm</type></os>
  <devices><disk type='file'><driver type='qcow2'/><source file='%s'/><target dev='vda'/></disk></devices>
</domain>
"""


class Stage:
    """Two pools, a file, and what is in them."""

    def __init__(self, connection, uri, folder, small=None):
        self.connection = connection
        if small:
            (folder / "pool").mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={small}", "small", str(folder / "pool")], check=True)
        self.host = Host(uri, folder)
        self.other = folder / "other"
        self.host.run(Pool.from_options({"name": "other", "path": str(self.other), "state": "active"}))
        self.file = folder / "file.raw"
        with self.file.open("wb") as file:
            file.write(os.urandom(3 * MIB))
            file.truncate(16 * MIB)
        self.content = self.digest(self.file, "raw")

    def clear(self):
        for domain in self.connection.listAllDomains():
            if domain.isActive():
                domain.destroy()
            domain.undefine()
        for folder in (self.host.folder, self.other):
            for path in folder.iterdir():
                path.unlink()
        for pool in self.connection.listAllStoragePools():
            pool.refresh()
        for kind in ("volume", "volume_snapshot"):
            for key in self.host.registry.all(kind):
                self.host.registry.forget(kind, key)

    def make(self, **options):
        self.host.run(Volume.from_options(dict({"state": "present"}, **options)))

    def guest(self, name, running):
        domain = self.connection.defineXML(GUEST % (self.host.folder / name))
        if running:
            domain.create()

    @staticmethod
    def digest(path, form):
        """Of the disk in a file, whatever its format and what it stands on."""
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "copy"
            done = subprocess.run(["qemu-img", "convert", "-U", "-f", form, "-O", "raw", str(path), str(copy)], check=False, capture_output=True)
            return "unreadable" if done.returncode else hashlib.sha256(copy.read_bytes()).hexdigest()

    def volumes(self):
        """The digest of every volume that has a name, by its pool and name."""
        found = {}
        for folder in (self.host.folder, self.other):
            for path in sorted(folder.iterdir()):
                if not path.name.startswith("."):
                    with path.open("rb") as file:
                        form = "qcow2" if file.read(4) == b"QFI\xfb" else "raw"
                    found[f"{folder.name}/{path.name}"] = self.digest(path, form)
        return found

    def outcome(self):
        hidden = [path.name for folder in (self.host.folder, self.other) for path in folder.iterdir() if path.name.startswith(".")]
        sources = []
        for domain in self.connection.listAllDomains():
            for flags in (0, 2):
                sources += sorted(part.split("'")[0] for part in domain.XMLDesc(flags).split("<source file='")[1:])
        snapshots = [[(one["name"], one["kind"], one.get("step")) for one in record["snapshots"]]
                     for record in self.host.registry.all("volume_snapshot").values()]
        return self.volumes(), hidden, sources, snapshots, self.host.records()


@pytest.fixture
def stage(daemon, daemon_uri, tmp_path):
    stage = Stage(daemon, daemon_uri, tmp_path)
    yield stage
    stage.clear()


def filled(stage):
    return [(Volume, {"name": "v", "source": str(stage.file), "format": "qcow2"})]


def replaced(stage):
    stage.make(name="v", content="old")
    return [(Volume, {"name": "v", "source": str(stage.file), "replace": True})]


def cloned(stage):
    stage.make(name="origin", source=str(stage.file))
    return [(Volume, {"name": "v", "pool": "other", "clone": {"name": "origin", "pool": "default"}})]


def converted(stage):
    stage.make(name="v", source=str(stage.file))
    return [(Volume, {"name": "v", "format": "qcow2", "convert": True, "size": "32MiB"})]


def moved_at_rest(stage):
    stage.make(name="v", source=str(stage.file), format="qcow2")
    stage.guest("v", running=False)
    return [(Volume, {"name": "v", "pool": "other", "move_from": "default"})]


def moved_live(stage):
    stage.make(name="v", source=str(stage.file), format="qcow2")
    stage.guest("v", running=True)
    return [(Volume, {"name": "v", "pool": "other", "move_from": "default"})]


def snapshot_at_rest(stage):
    stage.make(name="v", source=str(stage.file), format="qcow2")
    return [(VolumeSnapshot, {"name": "s", "volume": "v"})]


def snapshot_live(stage):
    stage.make(name="v", source=str(stage.file), format="qcow2")
    stage.guest("v", running=True)
    return [(VolumeSnapshot, {"name": "s", "volume": "v"})]


def merged_live(stage):
    snapshot_live(stage)
    for name in ("s", "t"):
        stage.host.run(VolumeSnapshot.from_options({"name": name, "volume": "v", "state": "present"}))
    return [(VolumeSnapshot, {"name": "t", "volume": "v", "state": "absent"}), (VolumeSnapshot, {"name": "s", "volume": "v", "state": "absent"})]


def merged_at_rest(stage):
    wanted = merged_live(stage)
    stage.connection.lookupByName("guest").destroy()
    # What was written since lies in the layer.
    subprocess.run(["qemu-io", "-f", "qcow2", "-c", "write -P 7 0 65536", str(stage.host.folder / "v.t")], check=True, capture_output=True)
    return wanted


EVERYTHING = [filled, replaced, cloned, converted, moved_at_rest, moved_live, snapshot_at_rest, snapshot_live, merged_live, merged_at_rest]


def run(stage, wanted):
    for kind, options in wanted:
        stage.host.run(kind.from_options(dict({"state": "present"}, **options)))


@pytest.mark.parametrize("story", EVERYTHING)
def test_a_power_cut_leaves_the_old_or_the_new_and_the_next_run_ends_it(stage, story):
    wanted = story(stage)
    before = stage.volumes()
    total = sum(faults.run(stage.host, one) for one in wanted[:1])
    run(stage, wanted)
    undisturbed = stage.outcome()
    whole = set(before.values()) | set(undisturbed[0].values())
    for left in faults.moments(total, MOMENTS):
        stage.clear()
        wanted = story(stage)
        assert faults.run(stage.host, wanted[0], left=left) is None
        halfway = stage.volumes()
        # A file that is being made under its own name is nobody's disk yet.
        used = {name: digest for name, digest in halfway.items() if name in before or stage.host.records().get(name.partition("/")[2]) == "complete"}
        assert set(used.values()) <= whole, f"{halfway} after {left} of {total}"
        if story in (filled, replaced, cloned, converted, moved_at_rest):
            assert set(halfway.values()) <= whole, f"{halfway} after {left} of {total}"
        assert stage.content == stage.digest(stage.file, "raw")
        run(stage, wanted)
        assert stage.outcome() == undisturbed, f"killed after {left} of {total}"
        for kind, options in wanted:
            assert not stage.host.run(kind.from_options(dict({"state": "present"}, **options))).plan.changed


@pytest.fixture
def small(daemon, daemon_uri, tmp_path):
    stage = Stage(daemon, daemon_uri, tmp_path, small="24m")
    yield stage
    stage.clear()
    for pool in daemon.listAllStoragePools():
        pool.destroy()
    subprocess.run(["umount", str(stage.host.folder)], check=True)


def in_full_pool(stage):
    """What there is too little room for: none of it harms what is there."""
    source = str(stage.file)
    stage.make(name="origin", pool="other", source=source, format="qcow2")
    yield {"name": "v", "source": source, "format": "qcow2"}
    yield {"name": "v", "source": source}
    yield {"name": "v", "clone": {"name": "origin", "pool": "other"}}
    yield {"name": "origin", "move_from": "other"}
    stage.make(name="moving", pool="other", source=source, format="qcow2")
    stage.connection.defineXML(GUEST % (stage.other / "moving")).create()
    yield {"name": "moving", "move_from": "other"}


def test_a_full_pool_costs_nothing_but_time(small):
    ballast = small.host.folder / "ballast"
    for options in in_full_pool(small):
        room = os.statvfs(small.host.folder)
        ballast.write_bytes(bytes(room.f_bavail * room.f_frsize - MIB))
        others = small.volumes()
        with pytest.raises(Failure) as error:
            small.make(**options)
        assert error.value.code in ("no_space", "qemu_img_failed", "block_job_failed", "internal_error"), error.value.message
        assert small.volumes() == others
        ballast.unlink()
        small.make(**options)
        path = small.host.folder / options["name"]
        assert small.digest(path, "raw" if path.stat().st_size == 16 * MIB else "qcow2") == small.content
        if options["name"] == "v":
            small.make(name="v", state="absent")
