# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in a VM that nobody thinks of, and what it starts: on our own libvirtd and real QEMU without a guest in it."""
from __future__ import annotations

import json

import pytest
from machines import Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

OFF = {"shutdown_timeout": 1, "force": True}
FURNITURE = ("console", "guest_agent", "rng", "memballoon", "graphics", "video")


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    return Machines(daemon_uri, daemon, tmp_path)


def vnc(machines, view="definition"):
    return getattr(machines, view)().find("devices/graphics[@type='vnc']")


@pytest.mark.parametrize("state", ["stopped", "running"])
def test_everything_can_be_without(machines, state):
    machines.apply(**OFF, state=state, **dict.fromkeys(FURNITURE))
    made = machines.definition()
    for place in ("devices/serial", "devices/channel", "devices/rng", "devices/graphics", "devices/memballoon[@model='virtio']"):
        assert made.find(place) is None, place
    machines.apply(**OFF, state=state, title="t")


def test_everything_can_be_taken_away_and_comes_back(machines):
    machines.apply()
    facts = machines.facts()
    said = {name: facts[name] for name in FURNITURE if name in facts}
    assert set(said) == set(FURNITURE)
    assert said["graphics"] == [{"type": "vnc", "listen": "socket"}]
    # What it says of itself is what could be asked for.
    assert not machines.apply(**said)["changed"]
    machines.apply(**dict.fromkeys(FURNITURE))
    gone = machines.facts()
    assert [gone.get(name) for name in FURNITURE] == [None, False, None, None, [], None]
    machines.apply(**said)
    assert {name: machines.facts()[name] for name in FURNITURE} == said


def test_furniture_of_a_running_vm_waits_for_its_restart(machines):
    machines.apply(**OFF, state="running")
    other = {"guest_agent": False, "console": {"log": str(machines.folder / "log")}}
    changed = machines.apply(**OFF, state="running", **other, video={"model": "vga", "vram": 8192})
    assert set(changed["restart_required"][0]["fields"]) >= {"guest_agent", "console.log"}
    again = machines.apply(**OFF, state="running", **other, apply="restart")
    assert again["restart_required"] == []
    assert {machines.running().find("devices/%s/log" % one).get("file") for one in ("serial", "console")} == {other["console"]["log"]}


@pytest.mark.parametrize("console", [{"type": "file", "path": "/tmp/console"}, {"type": "null"}, {"log": "/tmp/a"},
                                     {"type": "tcp", "host": "127.0.0.1", "port": 5999, "mode": "bind"},
                                     {"type": "unix", "path": "/tmp/console.sock", "mode": "bind"}, {"log": None}])
def test_a_console_leads_anywhere(machines, console):
    machines.apply(console=console)
    machines.apply(console={"type": "pty", "log": "/tmp/console.log", "log_append": True})
    machines.apply(console=console)


def test_statistics_of_the_balloon_change_at_once(machines):
    machines.apply(state="running")
    changed = machines.apply(state="running", memballoon={"stats_period": 3})
    assert changed["restart_required"] == []
    for view in (machines.definition(), machines.running()):
        assert view.find("devices/memballoon/stats").get("period") == "3"


def test_a_password_changes_at_once_and_is_never_shown(machines):
    first, second = "geheim-1", "geheim-2"
    screen = {"type": "vnc", "listen": "127.0.0.1"}
    made = machines.apply(state="running", graphics=[screen | {"password": first}])
    assert made["restart_required"] == []
    changed = machines.apply(state="running", graphics=[screen | {"password": second}])
    assert changed["summary"][0] == "~ vm vm  graphics vnc password (secret) -> (another secret) (live)"
    assert changed["restart_required"] == []
    secure = machines.domain().XMLDesc(1)
    assert "passwd='%s'" % second in secure
    assert "geheim" not in json.dumps([made, changed, machines.facts()])
    # An open screen cannot be closed while it runs, nor a closed one opened.
    removed = machines.apply(state="running", graphics=[screen | {"password": None}])
    assert removed["restart_required"] == [{"resource": "vm vm", "fields": ["graphics.vnc.password"]}]
    machines.apply(**OFF, state="running", apply="restart", graphics=[screen | {"password": None}])
    assert machines.apply(state="running", graphics=[screen | {"password": first}])["restart_required"] != []


@pytest.mark.parametrize("state", ["stopped", "running"])
def test_a_screen_is_anywhere(machines, state):
    for screen in ({"listen": "127.0.0.1", "port": 5977}, {"listen": "socket"}, {"listen": "none"}, {"listen": "127.0.0.1", "websocket": -1, "keymap": "de"},
                   {"listen": None, "port": None, "share_policy": "ignore"}):
        machines.apply(**OFF, state=state, apply="restart", graphics=[screen | {"type": "vnc"}])
        assert machines.apply(**OFF, state=state, graphics=[screen | {"type": "vnc"}])["restart_required"] == []
    machines.apply(**OFF, state=state, apply="restart", graphics=[])
    assert vnc(machines) is None


def test_an_order_of_kinds_and_one_of_devices_take_turns(machines):
    disk = {"file": machines.disk("a.qcow2"), "format": "qcow2"}
    machines.apply(disks=[disk], boot={"devices": ["network", "hd"], "menu": True, "menu_timeout": 3000})
    machines.apply(disks=[disk | {"boot_order": 1}])
    assert machines.definition().find("os/boot") is None
    machines.apply(boot={"devices": ["cdrom"]})
    assert machines.definition().find("devices/disk/boot") is None
    machines.apply(boot=None)
    machines.apply(boot={"devices": None})
    assert [one.get("dev") for one in machines.definition().findall("os/boot")] == ["hd"]
    with pytest.raises(Failure) as caught:
        machines.apply(disks=[disk | {"boot_order": 1}], boot={"devices": ["hd"]})
    assert caught.value.message.startswith("disks[0].boot_order: goes without boot.devices")


def test_a_kernel_is_started_directly(machines):
    for name in ("kernel", "initrd"):
        (machines.folder / name).write_bytes(b"none")
    kernel, initrd = (str(machines.folder / name) for name in ("kernel", "initrd"))
    machines.apply(boot={"kernel": kernel, "initrd": initrd, "cmdline": "console=ttyS0 quiet"})
    machines.apply(boot={"cmdline": "console=ttyS0"})
    assert (machines.definition().findtext("os/kernel"), machines.definition().findtext("os/cmdline")) == (kernel, "console=ttyS0")
    machines.apply(boot={"kernel": None, "initrd": None, "cmdline": None})
    assert _path.get(machines.definition(), "os/kernel") is None


@pytest.mark.parametrize("declared, begins", [
    ({"secure_boot": True, "firmware": "bios"}, "secure_boot: only UEFI has it"),
    ({"graphics": [{"type": "vnc", "password": "more than 8"}]}, "graphics[0].password: VNC's"),
    ({"graphics": [{"type": "vnc", "password": "eth"}], "interfaces": [{"name": "eth", "bridge": "b"}]}, "graphics[0].password: is also the name"),
    ({"graphics": [{"type": "vnc"}, {"type": "vnc"}]}, "graphics[1]: 'vnc' stands"),
    ({"graphics": [{"type": "vnc", "port": 0}]}, "graphics[0].port: 0 is less"),
    ({"graphics": [{"type": "vnc", "listen": "socket", "port": 5900}]}, "graphics[0].port: 'listen: socket'"),
    ({"console": {"type": "file"}}, "console.path: 'type: file' needs"),
    ({"console": {"log": "relative"}}, "console.log: 'relative' is not an absolute path"),
    ({"rng": {"backend": "builtin", "source": "/dev/random"}}, "rng.source: the builtin"),
    ({"memballoon": {"stats_period": -1}}, "memballoon.stats_period: -1 is less"),
    ({"boot": {"devices": ["hd", "hd"]}}, "boot.devices: 'hd' stands"),
    ({"boot": {"kernel": "vmlinuz"}}, "boot.kernel: 'vmlinuz' is not an absolute"),
    ({"cpu": {"mode": "custom"}}, "cpu.model: 'mode: custom' needs"), ({"cpu": {"features": [{"name": "a b"}]}}, "cpu.features[0].name: 'a b' is not"),
    ({"labels": {"a": ["b"]}}, "labels.a: "), ({"uuid": "no"}, "uuid: 'no' is not a UUID"),
    ({"vcpus": 3, "maximum_vcpus": 2}, "vcpus: 3 is more than the maximum_vcpus, 2"),
    ({"maximum_memory": "32MiB"}, "memory: 64MiB is more than the maximum_memory, 32MiB"),
])
def test_bad_input_is_refused_in_a_sentence(machines, declared, begins):
    machines.apply(title="t")
    before = machines.everything()
    for name in ("vm", "other"):
        with pytest.raises(Failure) as caught:
            machines.apply(**declared, name=name)
        assert caught.value.message.startswith(begins)
    assert machines.everything() == before
