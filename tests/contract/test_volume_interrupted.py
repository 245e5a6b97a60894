# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Power cuts and full disks while volumes are filled, cloned, converted, moved and snapshotted.

At no moment is there half a volume that anything could use, or a source lost; the next run ends where an undisturbed one does.
"""
from __future__ import annotations

import contextlib
import os
import subprocess

import faults
import pytest
import volume_stories
from volume_stories import GUEST, MIB, Stage, run

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume_snapshot import VolumeSnapshot

# TINYCLOUD_MOMENTS=1000 has every one of them tried.
MOMENTS = int(os.environ.get("TINYCLOUD_MOMENTS", "7"))
# Their files have the volume's name only when they are complete.
AT_ONCE = (volume_stories.filled, volume_stories.uploaded, volume_stories.replaced, volume_stories.cloned, volume_stories.converted,
           volume_stories.moved_at_rest)


@pytest.fixture
def stage(daemon, daemon_uri, tmp_path):
    stage = Stage(daemon, daemon_uri, tmp_path)
    yield stage
    stage.clear()


@pytest.mark.parametrize("story", volume_stories.EVERYTHING)
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
        used = {name: digest for name, digest in halfway.items() if name in before or name in stage.complete()}
        assert set(used.values()) <= whole, f"{halfway} after {left} of {total}"
        if story in AT_ONCE:
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
    stage.make(name="shaped", source=source)
    yield {"name": "shaped", "format": "qcow2", "convert": True}
    stage.make(name="shaped", state="absent")
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


def fill(path):
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


@pytest.mark.parametrize("running", [False, True])
def test_a_snapshot_that_there_is_no_room_for_harms_nothing(small, running):
    folder = small.host.folder
    small.make(name="v", source=str(small.file), format="qcow2")
    if running:
        small.guest("v", running=True)
    fill(folder / "ballast")
    taken = VolumeSnapshot.from_options({"name": "s", "volume": "v", "state": "present"})
    with pytest.raises(Failure):
        small.host.run(taken)
    # Whoever looks finds the volume as it was, and no snapshot.
    assert small.digest(folder / "v", "qcow2") == small.content
    assert small.host.volumes()["v"]["snapshots"] == []
    assert subprocess.run(["qemu-img", "check", "-q", "-U", str(folder / "v")], check=False).returncode in (0, 3)
    (folder / "ballast").unlink()
    assert small.host.run(taken).plan.changed
    assert not small.host.run(taken).plan.changed
    small.make(name="restored", pool="other", clone={"name": "v", "pool": "default", "snapshot": "s"}, format="raw")
    assert small.digest(small.other / "restored", "raw") == small.content
