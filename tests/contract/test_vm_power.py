# SPDX-License-Identifier: GPL-3.0-or-later
"""Every way between a VM's power states, on our own libvirtd and real QEMU."""
from __future__ import annotations

import pytest
from machines import Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

STATES = ("running", "paused", "stopped", "saved")
SNAPSHOT = "<domainsnapshot><name>s</name></domainsnapshot>"


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    return Machines(daemon_uri, daemon, tmp_path)


def bring(machines, state):
    """Make a VM and bring it to a state."""
    if state == "missing":
        return
    machines.apply(state="running" if state == "saved" else state)
    if state == "saved":
        machines.apply(state="saved")
    assert machines.facts()["state"] == state


# The table in docs/docsite/rst/guide_vm_states.rst, way by way.
@pytest.mark.parametrize("after", STATES + ("present", "absent"))
@pytest.mark.parametrize("before", STATES + ("missing",))
def test_from_any_state_to_any_other(machines, before, after):
    bring(machines, before)
    here = machines.everything()
    if (before, after) in (("stopped", "saved"), ("missing", "saved")):
        with pytest.raises(Failure) as refused:
            machines.apply(state=after)
        assert refused.value.code == "unreachable_state"
        assert machines.everything() == here
        return
    # The firmware alone hears no power button, and a saved memory is lost only where that is allowed.
    changed = machines.apply(state=after, shutdown_timeout=1, force=True)
    ends = {"present": "stopped" if before == "missing" else before, "absent": "missing"}.get(after, after)
    assert changed["changed"] == (before != ends)
    facts = machines.facts()
    assert (facts["state"] if facts else "missing") == ends


def test_saved_memory_is_not_lost_unasked(machines):
    bring(machines, "saved")
    here = machines.everything()
    with pytest.raises(Failure) as refused:
        machines.apply(state="stopped")
    assert refused.value.code == "unreachable_state"
    assert "force" in refused.value.hint
    assert machines.everything() == here


def test_a_guest_that_does_not_listen_is_left_running(machines):
    bring(machines, "running")
    with pytest.raises(Failure) as refused:
        machines.result({"name": "vm", "state": "stopped", "shutdown_timeout": 1})
    assert refused.value.code == "shutdown_timeout"
    assert machines.facts()["state"] == "running"


@pytest.mark.parametrize("state", STATES)
def test_present_leaves_the_power_alone(machines, state):
    bring(machines, state)
    machines.apply(state="present", title="t")
    assert machines.facts()["state"] == state


def test_a_saved_vm_changes_and_follows_when_it_is_back(machines):
    machines.apply(state="running", title="one", disks=[{"file": machines.disk("a.raw", "raw")}])
    machines.apply(state="saved")
    changed = machines.apply(state="running", title="two", memory="96MiB")
    assert machines.facts()["state"] == "running"
    assert machines.running().findtext("title") == "two"
    assert changed["restart_required"] == [{"resource": "vm vm", "fields": ["memory"]}]


def test_a_stopped_vm_is_not_unplugged_first(machines):
    first = machines.disk("a.raw", "raw")
    machines.apply(state="running", disks=[{"file": first}, {"file": machines.disk("b.raw", "raw")}])
    changed = machines.apply(state="stopped", shutdown_timeout=1, force=True, disks=[{"file": first}])
    assert [change["field"] for change in changed["plan"][0]["changes"]] == ["disks.b", "state"]
    assert len(machines.definition().findall("devices/disk")) == 1


def test_a_paused_vm_runs_before_it_lets_go_of_a_disk(machines):
    first = machines.disk("a.raw", "raw")
    machines.apply(state="paused", disks=[{"file": first}, {"file": machines.disk("b.raw", "raw")}])
    machines.apply(state="stopped", disks=[{"file": first}], shutdown_timeout=1, force=True)
    assert len(machines.definition().findall("devices/disk")) == 1


def test_a_vm_goes_with_all_that_libvirt_keeps_of_it(machines):
    machines.apply(state="running", disks=[{"file": machines.disk("a.qcow2"), "format": "qcow2"}])
    machines.domain().snapshotCreateXML(SNAPSHOT, 0)
    machines.apply(state="saved")
    gone = machines.apply(state="absent")
    assert gone["summary"][0] == "- vm vm"
    assert machines.connection.listAllDomains() == []
    assert (machines.folder / "a.qcow2").exists()
    assert not machines.apply(state="absent")["changed"]


def test_a_vm_goes_with_its_firmware_variables(machines):
    machines.apply()
    nvram = machines.folder / "nvram"
    nvram.write_bytes(b"\0" * 1024)

    def edit(tree):
        loader = tree.find("os").makeelement("loader", {"readonly": "yes", "type": "pflash"})
        loader.text = machines.disk("code.fd", "raw", "1M")
        variables = tree.find("os").makeelement("nvram", {"template": str(nvram)})
        variables.text = str(nvram)
        tree.find("os").extend([loader, variables])

    machines.edit(edit)
    machines.apply(title="t")
    assert machines.definition().findtext("os/nvram") == str(nvram)
    machines.apply(state="absent")
    assert machines.connection.listAllDomains() == []


def test_a_running_vm_is_removed_at_once(machines):
    bring(machines, "running")
    machines.apply(state="absent")
    assert machines.connection.listAllDomains() == []


def test_a_vm_that_somebody_started_without_a_definition_is_removed(machines):
    machines.connection.createXML("<domain type='qemu'><name>vm</name><memory unit='MiB'>64</memory><os><type>hvm</type></os></domain>", 0)
    machines.apply(state="absent")
    assert machines.connection.listAllDomains() == []
