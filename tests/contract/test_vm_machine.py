# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine that a VM is: its identity, CPUs and memory, on our own libvirtd and real QEMU without a guest in it."""
from __future__ import annotations

import json
import uuid

import pytest
from machines import Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

UUID = "7f1a9a0c-5a3c-4b6f-9b07-2f4a3e9d1c55"


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    return Machines(daemon_uri, daemon, tmp_path)


def refused(machines, **declared):
    before = machines.everything()
    with pytest.raises(Failure) as caught:
        machines.apply(**declared)
    assert machines.everything() == before
    return caught.value


def test_a_uuid_is_given_once(machines):
    machines.apply(uuid=UUID.upper().replace("-", ""))
    assert machines.domain().UUIDString() == UUID
    machines.apply(uuid=UUID, title="t")
    assert not machines.apply(uuid=None)["changed"]
    other = refused(machines, uuid=str(uuid.uuid4()))
    assert (other.code, other.message.partition(":")[0]) == ("fixed_option", "uuid")
    taken = refused(machines, name="other", uuid=UUID)
    assert (taken.code, taken.message) == ("duplicate_uuid", "uuid: '%s' is the UUID of the VM 'vm'" % UUID)


@pytest.mark.parametrize("state", ["stopped", "running"])
def test_labels_and_lifecycle_change_at_once(machines, state):
    power = {"state": state, "shutdown_timeout": 1, "force": True}
    machines.apply(**power, labels={"role": "web", "tier": 1}, on_crash="preserve")
    assert machines.facts()["labels"] == {"role": "web", "tier": "1"}
    changed = machines.apply(**power, labels={"role": "db"}, on_reboot="destroy", on_crash=None, on_poweroff="destroy")
    assert changed["restart_required"] == []
    assert {change["field"] for change in changed["plan"][0]["changes"]} == {"labels", "on_reboot", "on_crash"}
    for view in (machines.definition(), machines.running()):
        assert (view.findtext("on_reboot"), view.findtext("on_crash")) == ("destroy", "destroy")
    machines.apply(**power, labels=None)
    assert machines.facts()["labels"] == {}
    machines.apply(**power, labels={})


def test_cpus_are_plugged_in_while_it_runs(machines):
    machines.apply(state="running", vcpus=1, maximum_vcpus=4)
    changed = machines.apply(state="running", vcpus=3)
    assert changed["summary"][0] == "~ vm vm  vcpus 1 -> 3 (live)"
    assert changed["restart_required"] == []
    for view in (machines.definition(), machines.running()):
        assert (_path.get(view, "vcpu/@current"), view.findtext("vcpu")) == ("3", "4")
    more = machines.apply(state="running", vcpus=6)
    assert more["restart_required"] == [{"resource": "vm vm", "fields": ["vcpus"]}]
    assert _path.get(machines.running(), "vcpu/@current") == "3"
    assert machines.definition().findtext("vcpu") == "6"


def test_a_guest_that_keeps_its_cpus_is_told_of_once(machines):
    machines.apply(state="running", vcpus=1, maximum_vcpus=2)
    machines.apply(state="running", vcpus=2)
    # Nobody in there answers to the wish.
    changed = machines.apply(state="running", vcpus=1)
    assert changed["restart_required"] == [{"resource": "vm vm", "fields": ["vcpus"]}]
    assert _path.get(machines.running(), "vcpu/@current") in (None, "2")
    assert _path.get(machines.definition(), "vcpu/@current") == "1"
    restarted = machines.apply(state="running", vcpus=1, apply="restart", shutdown_timeout=1, force=True)
    assert restarted["restart_required"] == []


def test_boot_cpus_stay_until_the_next_boot(machines):
    machines.apply(state="running", vcpus=2)
    changed = machines.apply(state="running", vcpus=1)
    assert changed["summary"][0] == "~ vm vm  vcpus 2 -> 1 (restart)"
    assert changed["restart_required"] == [{"resource": "vm vm", "fields": ["vcpus"]}]


def test_a_balloon_that_nobody_fills_is_reported(machines):
    machines.apply(state="running", memory="64MiB", maximum_memory="128MiB")
    assert machines.facts()["memory"] == "128MiB"
    changed = machines.apply(state="running", memory="80MiB")
    assert changed["summary"][0] == "~ vm vm  memory 64MiB -> 80MiB (live)"
    assert changed["restart_required"] == []
    note, = changed["notes"]
    assert note.startswith("The guest was asked to use 80MiB of memory and has 128MiB")
    assert machines.definition().findtext("currentMemory") == str(80 << 10)
    labelled = machines.apply(state="running", memory="80MiB", labels={"a": "b"})
    assert labelled["notes"] == [note]


def test_what_there_is_room_for_follows_the_rest(machines):
    machines.apply(vcpus=2, maximum_vcpus=8, memory="64MiB", maximum_memory="256MiB")
    machines.apply(vcpus=4, memory="128MiB")
    assert {name: machines.facts()[name] for name in ("vcpus", "maximum_vcpus", "memory", "maximum_memory")} == {
        "vcpus": 4, "maximum_vcpus": 8, "memory": "128MiB", "maximum_memory": "256MiB"}
    machines.apply(maximum_vcpus=None, maximum_memory=None, memory="128MiB")
    assert machines.definition().find("currentMemory").text == str(128 << 10)
    assert machines.definition().findtext("vcpu") == "4"
    for option, value in (("maximum_vcpus", 2), ("maximum_memory", "32MiB")):
        machines_refused = refused(machines, **{"memory": "128MiB"} if option == "maximum_vcpus" else {}, **{option: value})
        assert machines_refused.message.startswith((option, "memory"))


TOPOLOGY = {"sockets": 1, "cores": 2, "threads": 2}


def test_a_topology_says_how_many_cpus_there_can_be(machines):
    machines.apply(cpu={"topology": TOPOLOGY})
    assert machines.facts()["vcpus"] == 4
    machines.apply(vcpus=2)
    machines.apply(cpu={"topology": {"cores": 4, "threads": 1}})
    assert machines.facts()["cpu"]["topology"]["cores"] == 4
    wrong = refused(machines, maximum_vcpus=3, cpu={"topology": TOPOLOGY})
    assert wrong.message == "cpu.topology: has room for 4 virtual CPUs, and maximum_vcpus is 3; they must be the same"
    machines.apply(cpu={"topology": None})
    assert machines.definition().find("cpu/topology") is None


@pytest.mark.parametrize("mode", [{"mode": "maximum"}, {"mode": "custom", "model": "Nehalem"}, {"mode": "host-model"}])
def test_features_of_a_running_guest_compare_sanely(machines, mode):
    cpu = mode | {"features": [{"name": "x2apic", "policy": "disable"}, {"name": "tsc-deadline", "policy": "optional"}]}
    machines.apply(state="running", cpu=cpu)
    assert machines.apply(state="running", cpu=cpu)["restart_required"] == []
    machines.apply(state="running", cpu=mode | {"features": []})
    assert machines.definition().find("cpu/feature") is None


def test_newer_options_are_refused_on_an_older_libvirt(machines):
    error = refused(machines, cpu={"topology": TOPOLOGY | {"clusters": 2}})
    if machines.connection.getLibVersion() < 10001000:
        assert (error.code, error.message.partition(",")[0]) == ("libvirt_too_old", "cpu.topology.clusters: libvirt 10.1 or newer is needed")


def test_null_and_autostart(machines):
    machines.apply(autostart=True)
    machines.apply(autostart=None)
    assert not machines.domain().autostart()


def test_nothing_of_it_is_in_the_result_twice(machines):
    made = machines.apply(vcpus=1, labels={"role": "web"})
    assert json.dumps(made["diff"]).count('"web"') == 1


@pytest.mark.parametrize("declared, code, begins", [
    ({"machine": "q36"}, "unsupported_machine", "machine: this host's QEMU for 'x86_64' knows no machine 'q36'"),
    ({"cpu": {"mode": "custom", "model": "Z80"}}, "unsupported_cpu", "cpu.model: this host knows no CPU 'Z80'"),
    ({"cpu": {"mode": "host-passthrough"}}, "unsupported_cpu", "cpu.mode: this host cannot do 'host-passthrough'"),
    ({"cpu": {"features": [{"name": "teleport"}]}}, "config_unsupported", "libvirt does not take this VM: unsupported configuration"),
    ({"memory": "1EiB", "state": "running"}, "not_enough_memory", "memory: 1EiB is more than the"),
    ({"vcpus": 9000}, "too_many_vcpus", "vcpus: 9000 are more than the"),
    ({"on_poweroff": "preserve"}, "config_unsupported", "libvirt does not take this VM: "),
    ({"boot": {"kernel": "/nowhere/vmlinuz"}}, "unknown_file", "boot.kernel: there is no file '/nowhere/vmlinuz' on this host"),
])
@pytest.mark.parametrize("name", ["vm", "other"])
def test_what_the_host_cannot_do_is_refused_before_anything_is_touched(machines, name, declared, code, begins):
    machines.apply(title="t")
    error = refused(machines, name=name, title="u", **declared)
    assert (error.code, error.message[:len(begins)]) == (code, begins)


def test_vms_that_are_alike_are_tried_once(machines):
    machines.result(*[{"name": "vm%d" % number, "type": "qemu", "memory": "64MiB", "state": "present"} for number in range(2)])
    few = machines.calls
    machines.result(*[{"name": "vm%d" % number, "type": "qemu", "memory": "64MiB", "state": "present"} for number in range(2, 7)])
    # Three more, each with one more definition; the two before are read again.
    assert machines.calls - few < 3 * 8 + 2 * 8
