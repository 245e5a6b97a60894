# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What vm_info tells of VMs, also of those that hang."""
from __future__ import annotations

import os
import pathlib
import signal
import time

import pytest
from machines import Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils._engine import Engine
from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import Hypervisor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_asked
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm import Vm


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    return Machines(daemon_uri, daemon, tmp_path)


def listing(machines, **options):
    hypervisor = Hypervisor(machines.uri)
    try:
        return Vm.listing(Engine(hypervisor, machines.registry, Executor()).look([]), options)
    finally:
        hypervisor.close()


def qemu(name):
    """The process of a running VM."""
    found = [int(path.parent.name) for path in pathlib.Path("/proc").glob("[0-9]*/cmdline")
             if f"guest={name}," in path.read_text("utf-8", "replace")]
    assert len(found) == 1, found
    return found[0]


def test_only_what_matches_is_told(machines):
    machines.apply(name="a", state="running")
    machines.apply(name="b")
    assert [one["name"] for one in listing(machines)] == ["a", "b"]
    assert [one["name"] for one in listing(machines, state=["running"])] == ["a"]
    assert [one["name"] for one in listing(machines, state=["stopped", "saved"])] == ["b"]
    assert [one["name"] for one in listing(machines, name=["b", "nobody"])] == ["b"]
    assert [one["name"] for one in listing(machines, labels={"role": "web"})] == []


def test_groups_are_there_where_they_are_asked_for(machines):
    machines.apply(state="running", disks=[{"file": machines.disk("a.qcow2"), "format": "qcow2"}])
    plain, = listing(machines)
    assert not {"statistics", "guest", "spec"} & set(plain)
    assert "chain" not in plain["disks"][0]
    whole, = listing(machines, gather=["chains", "guest", "spec", "statistics"])
    assert whole["guest"] is None
    assert whole["statistics"]["answered"]
    assert whole["statistics"]["cpu"]["time"] > 0
    assert whole["statistics"]["memory"]["current"] == 64 << 20
    assert whole["disks"][0]["statistics"]["rd"]["reqs"] >= 0
    assert whole["disks"][0]["statistics"]["capacity"] == 8 << 20


def test_a_chain_has_every_layer(machines):
    base = machines.disk("base.qcow2")
    top = machines.disk("top.qcow2", base=base)
    machines.apply(disks=[{"file": top, "format": "qcow2"}])
    told, = listing(machines, gather=["chains"])
    assert [layer["path"] for layer in told["disks"][0]["chain"]] == [top, base]
    assert all(0 < layer["allocation"] < 1 << 20 for layer in told["disks"][0]["chain"])


def test_the_spec_given_back_changes_nothing(machines):
    disks = [{"file": machines.disk("a.qcow2"), "format": "qcow2", "cache": "none"}, {"device": "cdrom", "name": "drive"}]
    machines.apply(state="running", title="t", vcpus=2, disks=disks, cpu={"mode": "maximum"}, autostart=True)
    for state in ("running", "stopped"):
        machines.apply(state=state, force=True, shutdown_timeout=1)
        told, = listing(machines, gather=["spec"])
        before = machines.everything()
        again = machines.result(told["spec"])
        assert not again["changed"], again["plan"]
        assert again["restart_required"] == []
        assert machines.everything() == before


def test_a_vm_made_of_a_spec_is_without_what_that_was_without(machines):
    bare = dict.fromkeys(("console", "rng", "memballoon", "graphics"), None) | {"guest_agent": False}
    machines.apply(title="t", **bare)
    before = machines.definition()
    told, = listing(machines, gather=["spec"])
    assert {name: told["spec"][name] for name in bare} == bare
    assert not machines.result(told["spec"])["changed"]
    machines.apply(state="absent")
    machines.result(told["spec"])
    assert [device.tag for device in machines.definition().find("devices")] == [device.tag for device in before.find("devices")]
    assert machines.definition().find("devices/memballoon").get("model") == "none"


def test_a_qemu_that_hangs_is_told_as_that_and_holds_up_nobody(machines, monkeypatch):
    monkeypatch.setattr(_vm_asked, "_SECONDS", 1)
    for name in ("a", "b", "c"):
        machines.apply(name=name, state="running")
    stopped = [qemu(name) for name in ("a", "c")]
    try:
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        for _time in range(2):
            begun = time.monotonic()
            told = listing(machines, gather=["chains", "guest", "spec", "statistics"])
            # Not how fast, but that it comes to an end at all: what hangs does so for good.
            assert time.monotonic() - begun < 60
            assert {one["name"]: one["statistics"]["answered"] for one in told} == {"a": False, "b": True, "c": False}
            assert all(one["statistics"]["cpu"]["time"] > 0 and one["state"] == "running" for one in told)
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
    assert all(one["statistics"]["answered"] for one in patiently(lambda: listing(machines, gather=["statistics"])))


def patiently(look, seconds=20):
    """What is seen, once everybody answers again."""
    deadline = time.monotonic() + seconds
    while True:
        told = look()
        if time.monotonic() > deadline or all(one["statistics"]["answered"] for one in told):
            return told
        time.sleep(0.2)
