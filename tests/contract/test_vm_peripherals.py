# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices beside disks and interfaces: on our own libvirtd and real QEMU without a guest in it."""
from __future__ import annotations

import pytest
from machines import Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

OFF = {"shutdown_timeout": 1, "force": True}
# Each with what it becomes: none of these needs anything of the host.
DEVICES = [
    ({"serials": [{"name": "second", "type": "file", "path": "/tmp/second.log"}]}, {"serials": [{"name": "second", "type": "null"}]}),
    ({"consoles": [{"name": "hvc", "type": "pty", "target": {"type": "virtio"}}]}, {"consoles": []}),
    ({"parallels": [{"type": "null"}]}, {"parallels": []}),
    ({"channels": [{"name": "c", "target": {"name": "org.example.0"}}]},
     {"channels": [{"name": "c", "type": "unix", "path": "/tmp/c.sock", "mode": "bind", "target": {"name": "org.example.0"}}]}),
    ({"rngs": [{"backend": "builtin"}]}, {"rngs": [{"backend": "random", "source": "/dev/urandom", "rate_bytes": 1024}]}),
    ({"video": {"model": "vga", "vram": 16384, "primary": True}}, {"video": {"model": "bochs"}}),
    ({"sounds": [{"model": "ich9", "codecs": ["micro"]}]}, {"sounds": [{"model": "ac97"}]}),
    ({"inputs": [{"type": "tablet", "bus": "usb"}, {"type": "keyboard", "bus": "virtio"}]}, {"inputs": [{"type": "tablet", "bus": "virtio"}]}),
    ({"filesystems": [{"source": "/tmp", "target": "tmp", "read_only": True, "access_mode": "mapped"}]}, {"filesystems": []}),
    ({"redirdevs": [{"type": "tcp", "host": "127.0.0.1", "port": 5960, "mode": "bind"}], "redirfilter": [{"allow": False}],
      "hubs": [{}]}, {"redirdevs": [], "redirfilter": [], "hubs": []}),
    ({"watchdogs": [{"model": "i6300esb", "action": "reset"}]}, {"watchdogs": [{"model": "i6300esb", "action": "poweroff"}]}),
    ({"panics": [{"model": "isa"}]}, {"panics": []}),
    ({"shmems": [{"name": "s", "model": "ivshmem-plain", "size": "4MiB"}]}, {"shmems": []}),
    ({"iommu": {"model": "intel", "driver": {"aw_bits": 48}}}, {"iommu": None}),
    ({"graphics": [{"type": "vnc", "listen": "socket", "power_control": True}]}, {"graphics": []}),
]


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    return Machines(daemon_uri, daemon, tmp_path)


@pytest.mark.parametrize("first, second", DEVICES, ids=[sorted(first)[-1] for first, _second in DEVICES])
def test_devices_come_change_and_go(machines, first, second):
    machines.apply(**first)
    spec = machines.facts(gather=["spec"])["spec"]
    given = machines.result(spec)
    assert not given["changed"], given["plan"]
    machines.apply(**second)
    machines.apply(**dict.fromkeys(second))
    machines.apply(**second)


@pytest.mark.parametrize("first", [first for first, _second in DEVICES], ids=[sorted(first)[-1] for first, _second in DEVICES])
def test_a_running_vm_has_what_it_was_started_with(machines, first):
    made = machines.apply(**first, state="running")
    assert made["restart_required"] == []
    told = machines.result(machines.facts(gather=["spec"])["spec"])
    assert (told["changed"], told["restart_required"]) == (False, []), told["plan"]


def test_what_needs_no_guest_changes_at_once(machines):
    machines.apply(state="running")
    channel = {"name": "c", "type": "unix", "path": "/tmp/live.sock", "mode": "bind", "target": {"name": "org.example.0"}}
    for channels in ([channel], [channel | {"path": "/tmp/other.sock"}], []):
        changed = machines.apply(state="running", channels=channels)
        assert changed["restart_required"] == []
        paths = [one.find("source").get("path") for one in machines.running().findall("devices/channel") if one.find("target").get("name") == "org.example.0"]
        assert paths == [one["path"] for one in channels]


def test_what_comes_needs_no_guest_either(machines):
    machines.apply(state="running", machine="pc", rng=None)
    come = {"rng": {"backend": "builtin"}, "inputs": [{"type": "tablet", "bus": "virtio"}], "watchdogs": [{"model": "i6300esb", "action": "pause"}]}
    changed = machines.apply(state="running", **come)
    assert changed["restart_required"] == []
    running = machines.running()
    assert _path.get(running, "devices/rng/backend/@model") == "builtin"
    assert running.find("devices/input[@type='tablet']/alias").get("name") == "ua-input-tablet-virtio"
    assert running.find("devices/watchdog[@model='i6300esb']").get("action") == "pause"


def test_what_cannot_come_live_waits(machines):
    machines.apply(state="running")
    # The watchdog is of the older PCI, for which PCI Express has no place yet.
    more = {"sounds": [{"model": "ich9"}], "panics": [{"model": "isa"}], "filesystems": [{"source": "/tmp", "target": "t"}],
            "watchdogs": [{"model": "i6300esb"}]}
    changed = machines.apply(state="running", **more)
    assert sorted(changed["restart_required"][0]["fields"]) == [
        "filesystems.filesystem-t", "panics.panic-isa", "sounds.sound-ich9", "watchdogs.watchdog-i6300esb"]
    machines.apply(**OFF, state="running", apply="restart", **more)
    assert machines.apply(state="running", **more)["restart_required"] == []


def test_devices_of_others_are_known_by_what_they_are(machines):
    def edit(tree):
        for model in ("ich9", "ac97"):
            _path.append(tree, "devices/sound").set("model", model)

    machines.apply()
    machines.edit(edit)
    taken = machines.apply(sounds=[{"model": "ac97"}, {"model": "ich9"}])
    assert sorted(change["field"] for change in taken["plan"][0]["changes"]) == ["sounds.sound-ac97.name", "sounds.sound-ich9.name"]
    assert [one.get("model") for one in machines.definition().findall("devices/sound")] == ["ich9", "ac97"]


def test_a_folder_that_is_not_there_is_refused(machines):
    before = machines.everything()
    with pytest.raises(Failure) as caught:
        machines.apply(filesystems=[{"source": "/no/such/folder", "target": "t"}])
    assert caught.value.message == "filesystems[0].source: there is no folder '/no/such/folder' on this host"
    assert machines.everything() == before


def test_a_device_of_the_host_is_found_by_what_it_is(machines):
    before = machines.everything()
    with pytest.raises(Failure) as caught:
        machines.apply(hostdevs=[{"type": "pci", "source": {"vendor": "0xffff", "product": "0xfffe"}}])
    assert caught.value.code == "unknown_device"
    assert machines.everything() == before
