# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs on our own libvirtd and real QEMU: made, left alone, changed, removed."""
from __future__ import annotations

import pytest
from machines import Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

FOREIGN = "<other:thing xmlns:other='urn:somebody:else' colour='blue'><other:deep>1</other:deep></other:thing>"


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    return Machines(daemon_uri, daemon, tmp_path)


def test_a_vm_is_made_and_then_left_alone(machines):
    made = machines.apply(state="running", vcpus=1, disks=[{"file": machines.disk("a.qcow2"), "format": "qcow2"}])
    assert made["changed"]
    assert made["restart_required"] == []
    assert made["summary"] == ["+ vm vm  1 vcpu, 64MiB, %s" % (machines.folder / "a.qcow2"),
                               "Plan: 1 to add, 0 to change, 0 to destroy."]
    assert machines.facts()["state"] == "running"


def test_a_new_vm_has_its_furniture(machines):
    machines.apply()
    made = machines.definition()
    assert _path.get(made, "os/type/@machine").startswith("pc-q35-")
    for place in ("features/acpi", "devices/rng", "devices/console",
                  "devices/channel/target[@name='org.qemu.guest_agent.0']"):
        assert made.find(place) is not None, place
    ports = made.findall("devices/controller[@model='pcie-root-port']")
    assert len(ports) >= 8


def test_a_converged_run_costs_a_few_reads(machines):
    machines.apply(state="running")
    one = machines.calls
    for name in ("b", "c"):
        machines.apply(name=name)
    machines.result(*[{"name": name, "memory": "64MiB", "state": "present"} for name in ("vm", "b", "c")])
    three = machines.calls
    # One listing, and for each VM its definitions, whether it runs, is persistent, starts with the host, its state.
    assert one <= 12
    assert three - one <= 2 * 6


def test_name_alone_changes_nothing(machines):
    machines.apply(title="t", description="d", vcpus=2, disks=[{"file": machines.disk("a.qcow2"), "format": "qcow2"}], autostart=True)
    before = machines.everything()
    assert not machines.result({"name": "vm", "state": "present"})["changed"]
    assert machines.everything() == before


def test_what_needs_a_restart_waits_for_it(machines):
    machines.apply(state="running", vcpus=1)
    changed = machines.apply(state="running", memory="96MiB", vcpus=2)
    assert changed["restart_required"] == [{"resource": "vm vm", "fields": ["vcpus", "memory"]}]
    assert "memory 64MiB -> 96MiB (restart)" in changed["summary"][0]
    assert changed["summary"][-1].endswith("; 1 waits for a restart.")
    assert machines.definition().findtext("memory") == str(96 * 1024)
    assert machines.running().findtext("memory") == str(64 * 1024)
    waits = machines.result({"name": "vm", "state": "running"} | {"memory": "96MiB", "vcpus": 2})
    assert not waits["changed"]
    assert waits["restart_required"] == changed["restart_required"]


def test_a_restart_happens_where_it_is_asked_for(machines):
    machines.apply(state="running")
    number = machines.domain().ID()
    restarted = machines.apply(state="running", memory="96MiB", apply="restart", shutdown_timeout=1, force=True)
    assert restarted["restart_required"] == []
    assert machines.running().findtext("memory") == str(96 * 1024)
    assert machines.domain().ID() != number
    number = machines.domain().ID()
    assert not machines.apply(state="running", memory="96MiB", apply="restart", shutdown_timeout=1, force=True)["changed"]
    assert machines.domain().ID() == number


def test_a_paused_guest_is_restarted_as_well(machines):
    machines.apply(state="paused")
    machines.apply(state="running", memory="96MiB", apply="restart", shutdown_timeout=1, force=True)
    assert machines.facts()["state"] == "running"
    assert machines.running().findtext("memory") == str(96 * 1024)


def test_titles_change_at_once(machines):
    machines.apply(state="running", title="one", description="first\nsecond")
    changed = machines.apply(state="running", title="two", description="third")
    assert "title one -> two (live)" in changed["summary"][0]
    assert changed["restart_required"] == []
    assert machines.running().findtext("title") == machines.definition().findtext("title") == "two"
    machines.apply(state="running", title=None)
    assert machines.running().find("title") is None
    assert machines.definition().findtext("description") == "third"


def test_next_boot_leaves_the_guest_alone(machines):
    machines.apply(state="running", title="one")
    changed = machines.apply(state="running", title="two", apply="next_boot", disks=[{"file": machines.disk("a.raw", "raw")}])
    assert changed["restart_required"] == [{"resource": "vm vm", "fields": ["title", "disks.a"]}]
    assert machines.running().findtext("title") == "one"
    assert machines.running().find("devices/disk") is None
    assert machines.definition().findtext("title") == "two"


@pytest.mark.parametrize("state", ["present", "running"])
def test_what_others_put_into_the_definition_survives(machines, state):
    def edit(tree):
        _path.put(tree, "iothreads", "2")
        if state == "present":
            # Where a guest runs, the machine has to allow it.
            _path.put(tree, "memtune/hard_limit", "2000000")
            tree.find("memtune/hard_limit").set("unit", "KiB")
        _path.ensure(tree, "metadata").append(_xml.parse(FOREIGN))
        _path.put(tree.find("devices/disk"), "driver/@io", "threads")
        watchdog = _path.append(tree, "devices/watchdog")
        watchdog.set("model", "i6300esb")
        watchdog.set("action", "poweroff")

    first, second = machines.disk("a.qcow2"), machines.disk("b.qcow2")
    # A guest without an operating system lets go of SCSI disks only.
    disks = [{"file": first, "format": "qcow2", "bus": "scsi"}]
    machines.apply(disks=disks, title="t")
    machines.edit(edit)
    machines.apply(state=state)
    machines.apply(state=state, title="u", vcpus=2, memory="80MiB", description="d", cpu={"mode": "maximum"},
                   disks=[disks[0] | {"cache": "none"}, {"file": second, "format": "qcow2", "bus": "scsi"}])
    machines.apply(state=state, title=None, disks=disks)
    after = machines.definition()
    assert after.findtext("iothreads") == "2"
    assert after.findtext("memtune/hard_limit") == (None if state == "running" else "2000000")
    assert after.find("metadata/{urn:somebody:else}thing").get("colour") == "blue"
    assert after.findtext("metadata/{urn:somebody:else}thing/{urn:somebody:else}deep") == "1"
    assert after.find("devices/disk/driver").get("io") == "threads"
    assert after.find("devices/watchdog[@action='poweroff']") is not None


def test_a_definition_that_libvirt_rejects_leaves_everything_as_it_was(machines):
    machines.apply(title="t")
    before = machines.everything()
    with pytest.raises(Failure) as refused:
        machines.result({"name": "vm", "state": "present", "title": "u", "machine": "isapc-of-nowhere"})
    assert refused.value.code == "unsupported_machine"
    assert machines.everything() == before


def test_a_vm_keeps_its_uuid(machines):
    machines.apply()
    uuid = machines.domain().UUIDString()
    machines.apply(memory="80MiB", title="t")
    machines.apply(state="running", vcpus=2)
    assert machines.domain().UUIDString() == uuid
    assert len(machines.connection.listAllDomains()) == 1


@pytest.mark.parametrize("option", ["type", "machine", "arch", "vcpus", "memory", "cpu", "title", "description", "disks", "interfaces"])
def test_null_is_the_default_and_stays(machines, option):
    machines.apply(title="t")
    machines.apply(**{option: None})
    machines.apply(**{option: None, "description": "d"} if option != "description" else {option: None, "title": "u"})
    assert _path.get(machines.definition(), "os/type/@machine").startswith("pc-q35-")


def test_null_removes_what_was_set(machines):
    machines.apply(vcpus=3, title="t", disks=[{"file": machines.disk("a.qcow2"), "format": "qcow2", "serial": "S1"}])
    machines.apply(vcpus=None, title=None, disks=[{"file": str(machines.folder / "a.qcow2"), "serial": None}])
    after = machines.definition()
    assert after.findtext("vcpu") == "1"
    assert after.find("title") is None
    assert after.find("devices/disk/serial") is None
    assert _path.get(after, "devices/disk/driver/@type") == "qcow2"


@pytest.mark.parametrize("words", ["", "  ", "a\rb", "\x07bell", "a\ud800"])
def test_text_that_libvirt_would_not_keep_is_refused(machines, words):
    machines.apply()
    before = machines.everything()
    with pytest.raises(Failure) as refused:
        machines.apply(description=words)
    assert refused.value.code == "invalid_option"
    assert refused.value.message.startswith("description: ")
    assert machines.everything() == before


@pytest.mark.parametrize("words", ["a\r\nb", "one\n  two\n", " blanks around ", "<&>\"'", "äöü 💾"])
def test_text_is_kept_as_it_is(machines, words):
    machines.apply(description=words)
    assert machines.facts()["description"] == words.replace("\r\n", "\n")


MODES = ({"mode": "maximum"}, {"mode": "custom", "model": "qemu64"}, {"mode": "custom", "model": "Nehalem"}, {"mode": "host-model"})


@pytest.mark.parametrize("before", MODES)
@pytest.mark.parametrize("after", [*MODES, None])
def test_any_cpu_becomes_any_other(machines, before, after):
    machines.apply(cpu=before)
    machines.apply(cpu=after)
    if after is not None:
        assert {name: machines.facts()["cpu"].get(name) for name in after} == after
    machines.apply(title="t")


def test_autostart_is_set_and_left_alone(machines):
    machines.apply(autostart=True)
    machines.apply(title="t")
    assert machines.domain().autostart()
    machines.apply(autostart=False)
    assert not machines.domain().autostart()
