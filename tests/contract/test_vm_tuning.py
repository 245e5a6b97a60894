# SPDX-License-Identifier: GPL-3.0-or-later
"""What a VM gets of the host, changed while it runs: on our own libvirtd and real QEMU."""
from __future__ import annotations

import json
import pathlib

import pytest
from machines import Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    return Machines(daemon_uri, daemon, tmp_path)


def threads(machines):
    """Numbers of the I/O threads that QEMU has."""
    return sorted(one[0] for one in machines.domain().ioThreadInfo())


def hows(result):
    return {change["field"]: change["how"] for plan in result["plan"] for change in plan["changes"]}


def test_io_threads_come_and_go_while_it_runs(machines):
    machines.apply(state="running", iothreads=1)
    assert threads(machines) == [1]
    assert hows(machines.apply(state="running", iothreads=3)) == {"iothreads": "live"}
    assert threads(machines) == [1, 2, 3]
    # One by one, though they were only counted before.
    listed = machines.apply(state="running", iothreadids=[{"id": 1}, {"id": 5}])
    assert listed["restart_required"] == []
    assert threads(machines) == [1, 5]
    assert machines.definition().findtext("iothreads") == "2"
    machines.apply(state="running", iothreads=3)
    assert threads(machines) == [1, 2, 5]
    assert machines.apply(state="running", iothreads=1)["restart_required"] == []
    assert threads(machines) == [1]
    machines.apply(state="running", iothreads=None)
    assert threads(machines) == []
    assert machines.definition().find("iothreads") is None
    machines.apply(state="running", apply="restart", iothreadids=[{"id": 7, "thread_pool_min": 2, "thread_pool_max": 4}])
    assert hows(machines.apply(state="running", iothreadids=[{"id": 7, "thread_pool_min": 1, "thread_pool_max": 8}])) == {
        "iothreadids.7.thread_pool_min": "live", "iothreadids.7.thread_pool_max": "live"}
    assert machines.running().find("iothreadids/iothread").get("thread_pool_max") == "8"


def test_pins_are_moved_while_it_runs(machines):
    machines.apply(state="running", vcpus=1, iothreads=1)
    pins = {"vcpupins": [{"vcpu": 0, "cpuset": "0"}], "emulatorpin": "0-1", "iothreadpins": [{"iothread": 1, "cpuset": "0"}]}
    made = machines.apply(state="running", cputune=pins)
    assert made["restart_required"] == []
    assert set(hows(made).values()) == {"live"}
    assert machines.domain().vcpus()[1][0][:2] == (True, False)
    moved = machines.apply(state="running", cputune=dict(pins, vcpupins=[{"vcpu": 0, "cpuset": "1"}], emulatorpin="1"))
    assert set(hows(moved)) == {"cputune.vcpupins.0.cpuset", "cputune.emulatorpin"}
    assert machines.domain().vcpus()[1][0][:2] == (False, True)
    assert machines.domain().emulatorPinInfo()[:2] == (False, True)
    gone = machines.apply(state="running", cputune={"vcpupins": []})
    assert gone["restart_required"] == [{"resource": "vm vm", "fields": ["cputune.vcpupins.0"]}]
    assert machines.apply(state="running", cputune={"vcpupins": []}, apply="restart", shutdown_timeout=1, force=True)["restart_required"] == []


def test_what_no_call_changes_waits(machines):
    machines.apply(state="running", cputune={"emulatorsched": {"scheduler": "batch"}}, features={"pae": True}, pm={"suspend_to_mem": False})
    asked = machines.apply(state="running", cputune={"emulatorsched": {"scheduler": "idle"}}, features={"pae": False, "acpi": True},
                           clock={"offset": "localtime", "timers": [{"name": "hpet", "present": False}]}, pm=None, vcpu_cpuset="0")
    waiting, = asked["restart_required"]
    assert sorted(waiting["fields"]) == ["clock.offset", "clock.timers.hpet", "cputune.emulatorsched.scheduler", "features.pae", "pm", "vcpu_cpuset"]


def test_a_new_vm_can_be_without_its_usual_parts(machines):
    machines.apply(features={"acpi": False, "hyperv": {"relaxed": True}}, clock={"offset": "localtime"}, machine="pc")
    made = machines.definition()
    assert made.find("features/acpi") is None
    assert made.find("features/apic") is not None
    assert _path.get(made, "clock/@offset") == "localtime"


def test_numa_nodes_say_how_much_memory_there_is(machines):
    cells = [{"id": 0, "cpus": "0", "memory": "32MiB", "distances": [{"id": 0, "value": 10}, {"id": 1, "value": 21}]},
             {"id": 1, "cpus": "1", "memory": "32MiB", "distances": [{"id": 0, "value": 21}, {"id": 1, "value": 10}]}]
    machines.apply(state="running", vcpus=2, cpu={"numa": {"cells": cells}}, memory_backing={"source": "memfd", "access": "shared"})
    assert [cell.get("memory") for cell in machines.running().findall("cpu/numa/cell")] == ["32768", "32768"]


def test_the_firmware_tells_what_was_said(machines):
    machines.apply(state="running", sysinfo={"system": {"manufacturer": "tinycloud", "serial": "ds=nocloud"}, "oem_strings": ["one"]},
                   fw_cfg=[{"name": "opt/org.example/name", "value": "a = b"}])
    assert _path.get(machines.definition(), "os/smbios/@mode") == "sysinfo"
    changed = machines.apply(state="running", sysinfo=None, fw_cfg=[])
    assert changed["restart_required"] == [{"resource": "vm vm", "fields": ["sysinfo", "fw_cfg.opt/org.example/name"]}]
    assert machines.definition().find("os/smbios") is None


def test_every_part_of_the_host_can_be_defined(machines):
    machines.apply(
        cputune={"shares": 512, "period": 50000, "quota": 20000, "global_period": 100000, "global_quota": 90000, "iothread_period": 1000,
                 "iothread_quota": -1, "vcpuscheds": [{"vcpus": "0", "scheduler": "rr", "priority": 1}]},
        numatune={"memory": {"mode": "strict", "nodeset": "0"}}, memtune={"hard_limit": "1GiB", "soft_limit": "512MiB", "swap_hard_limit": "2GiB"},
        blkiotune={"weight": 300, "devices": [{"path": "/dev/vda", "read_bytes_sec": "1MiB", "write_iops_sec": 20}]}, genid="auto",
        perf={"page_faults": True}, resource={"partition": "/machine"}, seclabels=[{"type": "dynamic", "model": "dac"}], dump_core=False)
    machines.apply(cputune={"shares": None, "quota": None}, numatune=None, memtune={"soft_limit": None}, blkiotune={"devices": []}, genid=None,
                   perf={}, resource=None, seclabels=[], dump_core=None)
    left = machines.definition()
    assert [left.find(path) for path in ("cputune/shares", "numatune", "memtune/soft_limit", "blkiotune/device", "genid", "perf")] == [None] * 6


@pytest.mark.parametrize("options, begins", [
    ({"throttlegroups": [{"group_name": "a", "total_iops_sec": 5}]}, "throttlegroups: libvirt 11.2 or newer is needed"),
    ({"launch_security": {"type": "sev-snp", "policy": 1}}, "launch_security.type: libvirt 10.5 or newer is needed"),
    ({"boot": {"acpi_tables": [{"type": "raw", "path": "/x"}]}}, "boot.acpi_tables[0].type: libvirt 11.2 or newer is needed"),
    ({"numatune": {"memnodes": [{"cellid": 4, "mode": "strict", "nodeset": "0"}]}}, "libvirt does not take this VM"),
])
def test_what_this_host_cannot_do_is_refused(machines, options, begins):
    before = machines.everything()
    with pytest.raises(Failure) as caught:
        machines.apply(**options)
    assert caught.value.message.startswith(begins)
    assert machines.everything() == before


def handed(machines):
    """What the guest's Ignition is handed, or None."""
    path = _path.get(machines.definition(), "sysinfo/entry[@name='opt/com.coreos/config']/@file")
    return None if path is None else json.loads(pathlib.Path(path).read_text("utf-8"))


def files(machines):
    return sorted(path.name.partition("-")[0] for path in (machines.folder / "pool").glob("*"))


@pytest.mark.parametrize("state", ["stopped", "running"])
def test_ignition_is_handed_over_replaced_and_removed(machines, state):
    machines.result({"name": "default", "path": str(machines.folder / "pool"), "state": "active"}, kind=Pool)
    power = {"state": state, "shutdown_timeout": 1, "force": True}
    first = {"ignition": {"version": "3.4.0"}, "passwd": {"users": [{"name": "core", "passwordHash": "correct horse"}]}}
    made = machines.apply(ignition=first, fw_cfg=[{"name": "opt/org.example/a", "value": "1"}], **power)
    assert handed(machines) == first
    assert "correct horse" not in json.dumps(made)
    # As text it is the same; what is not declared stays, and the list of files is without it.
    assert not machines.apply(ignition=json.dumps(first), fw_cfg=[{"name": "opt/org.example/a", "value": "1"}], **power)["changed"]
    machines.apply(title="t", fw_cfg=[], **power)
    changed = machines.apply(ignition={"ignition": {"version": "3.3.0"}}, **power)
    assert [change["field"] for change in changed["plan"][0]["changes"]] == ["ignition"]
    assert handed(machines) == {"ignition": {"version": "3.3.0"}}
    assert files(machines) == ["vm.ignition"]
    own = machines.folder / "own.ign"
    own.write_text(json.dumps(first))
    machines.apply(ignition=str(own), **power)
    assert (handed(machines), files(machines)) == (first, [])
    machines.apply(ignition=None, **power)
    assert handed(machines) is None
    assert own.exists()
    machines.apply(ignition=first, **power)
    machines.apply(state="absent")
    assert files(machines) == []


@pytest.mark.parametrize("config, begins", [
    ("variant: fcos", "ignition: is no JSON; have Butane turn its YAML into that first"),
    ({"storage": {}}, "ignition: is no configuration: it needs ignition.version, such as 3.4.0"),
    ("/nowhere/a.ign", "ignition: there is no file '/nowhere/a.ign' on this host"),
    ({"ignition": {"version": "3.4.0"}}, "ignition: there is no pool 'default' on this host"),
])
def test_what_is_no_ignition_is_refused(machines, config, begins):
    with pytest.raises(Failure) as caught:
        machines.apply(ignition=config)
    assert caught.value.message.startswith(begins)
