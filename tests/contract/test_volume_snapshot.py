# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of volumes, at rest and under a running VM, on our own libvirtd."""
from __future__ import annotations

import subprocess

import pytest
from storage import Host

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume_snapshot import VolumeSnapshot

MIB = 1 << 20
GUEST = """
<domain type='qemu'>
  <name>guest</name><memory unit='MiB'>64</memory><os><type>hvm</type></os>
  <devices>
    <disk type='file'><driver type='%s'/><source file='%s'/><target dev='vda'/></disk>
    <disk type='file'><driver type='raw'/><source file='%s'/><target dev='vdb'/></disk>
  </devices>
</domain>
"""


@pytest.fixture
def host(daemon, daemon_uri, tmp_path):
    return Host(daemon_uri, tmp_path)


@pytest.fixture(params=["qcow2", "raw"])
def running(request, host, daemon):
    """A running VM with the volume v, which holds ones, for its first disk."""
    volume(host, name="v", size="16MiB", format=request.param)
    volume(host, name="second", size="1MiB", format="raw")
    write(host.folder / "v", request.param, 1)
    domain = daemon.defineXML(GUEST % (request.param, host.folder / "v", host.folder / "second"))
    domain.create()
    yield domain
    if domain.isActive():
        domain.destroy()


def volume(host, **options):
    return host.run(Volume.from_options(dict({"state": "present"}, **options)))


def snapshot(host, name, **options):
    """Check mode, the run and one more: the first two say the same, the last finds nothing to do; the facts."""
    declared = dict({"volume": "v", "name": name, "state": "present"}, **options)
    checked = host.run(VolumeSnapshot.from_options(declared), check_mode=True)
    applied = host.run(VolumeSnapshot.from_options(declared))
    assert checked.plan.diff() == applied.plan.diff()
    again = host.run(VolumeSnapshot.from_options(declared))
    assert not again.plan.changed
    return next(iter(again.scene.resources.values())).facts(again.scene)


def refused(host, name, **options):
    with pytest.raises(Failure) as error:
        host.run(VolumeSnapshot.from_options(dict({"volume": "v", "name": name, "state": "present"}, **options)))
    return error.value.code


def io(path, form, command):
    done = subprocess.run(["qemu-io", "-f", form, "-c", command, str(path)], capture_output=True, text=True, check=True)
    assert "failed" not in done.stdout, done.stdout


def write(path, form, number, place=0):
    io(path, form, f"write -P {number} {place} 65536")


def holds(path, form, number, place=0):
    """Whether a volume holds a number at a place, read through whatever it stands on."""
    done = subprocess.run(["qemu-io", "-U", "-r", "-f", form, "-c", f"read -P {number} {place} 65536", str(path)], capture_output=True, text=True, check=False)
    return done.returncode == 0 and "verification failed" not in done.stdout


def guest_writes(domain, number, place=0):
    """Data reaches the disk as from the guest: through the QEMU that runs."""
    command = '{"execute": "human-monitor-command", "arguments": {"command-line": "qemu-io -d %s \\"write -P %d %d 65536\\""}}'
    import libvirt_qemu
    answer = libvirt_qemu.qemuMonitorCommand(domain, command % ("/machine/peripheral/virtio-disk0/virtio-backend", number, place), 0)
    assert "error" not in answer.lower(), answer


def restored(host, name, number, at):
    """Restore a snapshot into a new volume, look what is in it, and remove that."""
    volume(host, name=name, format="raw", clone={"name": "v", "snapshot": at})
    try:
        return holds(host.folder / name, "raw", number)
    finally:
        volume(host, name=name, state="absent")


def test_at_rest_inside_the_file(host):
    volume(host, name="v", size="16MiB")
    path = host.folder / "v"
    for number in (1, 2, 3):
        write(path, "qcow2", number)
        facts = snapshot(host, f"s{number}")
        assert facts["kind"] == "internal"
    assert facts["parent"] == "s2"
    write(path, "qcow2", 4)
    assert [one["name"] for one in host.volumes()["v"]["snapshots"]] == ["s1", "s2", "s3"]
    for number in (1, 2, 3):
        assert restored(host, "r", number, f"s{number}")
    assert snapshot(host, "s2", state="absent") is None
    assert restored(host, "r", 3, "s3")
    assert host.refused(name="r", clone={"name": "v", "snapshot": "s2"}) == "unknown_snapshot"
    assert holds(path, "qcow2", 4)
    assert host.refused(name="v", format="raw", convert=True) == "volume_in_use"
    volume(host, name="v", state="absent")
    assert host.registry.all("volume_snapshot") == {}


def test_raw_at_rest_is_refused_with_a_way_out(host):
    volume(host, name="v", size="16MiB", format="raw")
    assert refused(host, "s1") == "unsupported_format"
    assert refused(host, "s1", volume="missing") == "unknown_volume"
    assert not host.run(VolumeSnapshot.from_options({"volume": "missing", "name": "s", "state": "absent"})).plan.changed


def test_under_a_running_vm_layers_come_and_go_and_nothing_is_lost(host, running):
    form = host.volumes()["v"]["format"]
    assert refused(host, "s1", freeze="always") in ("argument_unsupported", "agent_unresponsive", "operation_invalid", "config_unsupported")
    assert sorted(path.name for path in host.folder.iterdir()) == ["second", "v"]
    facts = snapshot(host, "s1")
    assert (facts["kind"], facts["frozen_guest"], facts["layer"]) == ("external", False, "v.s1")
    guest_writes(running, 2)
    snapshot(host, "s2")
    guest_writes(running, 3)
    snapshot(host, "s3")
    guest_writes(running, 4)
    assert [one["parent"] for one in host.volumes()["v"]["snapshots"]] == [None, "s1", "s2"]
    assert host.volumes()["v"]["used_by"] == ["guest"]
    for number in (1, 2, 3):
        assert restored(host, "r", number, f"s{number}")
    assert host.refused(name="v.s1", state="absent") == "volume_in_use"
    assert host.refused(name="v", size="32MiB") == "volume_in_use"
    # One from the middle, the newest (what the guest writes to), the last.
    assert snapshot(host, "s2", state="absent") is None
    assert restored(host, "r", 1, "s1")
    assert restored(host, "r", 3, "s3")
    assert snapshot(host, "s3", state="absent") is None
    assert restored(host, "r", 1, "s1")
    assert snapshot(host, "s1", state="absent") is None
    for text in (running.XMLDesc(0), running.XMLDesc(2)):
        assert f"'{host.folder / 'v'}'" in text
        assert "v.s" not in text
    assert sorted(path.name for path in host.folder.iterdir()) == ["second", "v"]
    running.destroy()
    assert holds(host.folder / "v", form, 4)
    assert host.registry.all("volume_snapshot") == {}


def test_layers_are_merged_at_rest_too(host, running):
    form = host.volumes()["v"]["format"]
    for number in (1, 2):
        snapshot(host, f"s{number}")
        guest_writes(running, number + 1)
    running.destroy()
    assert snapshot(host, "s3")["kind"] == "internal"
    write(host.folder / "v.s2", "qcow2", 4)
    assert refused(host, "s2", state="absent") == "volume_in_use"
    assert restored(host, "r", 3, "s3")
    snapshot(host, "s3", state="absent")
    assert snapshot(host, "s1", state="absent") is None
    assert restored(host, "r", 2, "s2")
    assert holds(host.folder / "v.s2", "qcow2", 4)
    assert snapshot(host, "s2", state="absent") is None
    assert sorted(path.name for path in host.folder.iterdir()) == ["second", "v"]
    assert holds(host.folder / "v", form, 4)
    running.create()
    assert f"'{host.folder / 'v'}'" in running.XMLDesc(0)


def test_what_stands_on_a_snapshot_keeps_it(host, running):
    snapshot(host, "s1")
    volume(host, name="child", backing={"name": "v"})
    assert refused(host, "s1", state="absent") == "volume_in_use"
    volume(host, name="child", state="absent")
    snapshot(host, "s1", state="absent")


def test_a_file_in_the_way_is_left_alone(host, running):
    (host.folder / "v.s1").write_bytes(b"precious")
    assert refused(host, "s1") == "volume_conflict"
    assert (host.folder / "v.s1").read_bytes() == b"precious"
