# SPDX-License-Identifier: GPL-3.0-or-later
"""XML of the user's own in a definition, below the options and over them: on our own libvirtd and real QEMU."""
from __future__ import annotations

import pytest
from machines import Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

# What no option sets.
NO_OPTION = "<on_lockfailure>%s</on_lockfailure>"
OFF = {"shutdown_timeout": 1, "force": True}


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    return Machines(daemon_uri, daemon, tmp_path)


@pytest.mark.parametrize("state", ["stopped", "running"])
def test_xml_is_laid_over_changed_and_taken_out(machines, state):
    power = OFF | {"state": state}
    machines.apply(**power)
    laid = machines.apply(**power, xml=NO_OPTION % "ignore")
    assert laid["restart_required"] == ([{"resource": "vm vm", "fields": ["xml"]}] if state == "running" else [])
    assert machines.definition().findtext("on_lockfailure") == "ignore"
    restarted = machines.apply(**power, apply="restart", xml=NO_OPTION % "poweroff")
    assert restarted["restart_required"] == []
    assert machines.definition().findtext("on_lockfailure") == "poweroff"
    machines.edit(lambda tree: _path.put(tree, "on_lockfailure", "restart"))
    mended = machines.apply(**power, xml=NO_OPTION % "poweroff")
    assert [change["field"] for change in mended["plan"][0]["changes"]] == ["xml"]
    machines.apply(**power, apply="restart", xml=None)
    assert machines.definition().find("on_lockfailure") is None


def test_a_new_vm_has_its_xml_at_once(machines):
    made = machines.apply(state="running", xml=NO_OPTION % "ignore")
    assert made["restart_required"] == []
    assert machines.running().findtext("on_lockfailure") == "ignore"
    machines.apply(state="running", title="t")


@pytest.mark.parametrize("xml, begins", [
    ("<vcpu>2</vcpu>", "xml: <vcpu> has an option of its own: set 'maximum_vcpus' instead"), ("<domain", "xml: is no XML: "),
    ("<on_lockfailure>sometimes</on_lockfailure>", "libvirt does not take this VM"),
])
def test_xml_that_cannot_be_is_refused(machines, xml, begins):
    machines.apply(title="t")
    before = machines.everything()
    for name in ("vm", "other"):
        with pytest.raises(Failure) as caught:
            machines.apply(name=name, xml=xml)
        assert caught.value.message.startswith(begins)
    assert machines.everything() == before


def test_a_whole_definition_is_a_beginning(machines):
    machines.apply(vcpus=2, disks=[{"file": machines.disk("a.qcow2"), "format": "qcow2"}], interfaces=[], rng=None,
                   xml=NO_OPTION % "ignore", title="first")
    text = machines.domain().XMLDesc(3)
    machines.apply(name="second", base_xml=text, memory="96MiB", title="second", disks=[{"file": machines.disk("b.qcow2"), "format": "qcow2"}])
    made = machines.definition("second")
    assert made.findtext("uuid") != machines.domain().UUIDString()
    assert (made.findtext("title"), made.findtext("on_lockfailure"), made.findtext("vcpu")) == ("second", "ignore", "2")
    assert made.find("devices/rng") is None
    assert [source.get("file") for source in made.findall("devices/disk/source")] == [str(machines.folder / "b.qcow2")]
    assert _path.get(made, "memory") == str(96 << 10)
    machines.apply(name="second", base_xml="<domain type='qemu'><os><type>hvm</type></os><title>other</title></domain>", memory="96MiB")
    assert machines.definition("second").findtext("title") == "second"


@pytest.mark.parametrize("base, begins", [("<network/>", "base_xml: is no definition of a domain"), ("x", "base_xml: is no XML: "),
                                          ("<domain type='qemu'><os><type machine='q36'>hvm</type></os></domain>", "libvirt does not take this VM")])
def test_a_beginning_that_is_none_is_refused(machines, base, begins):
    with pytest.raises(Failure) as caught:
        machines.apply(base_xml=base)
    assert caught.value.message.startswith(begins)
    assert machines.connection.listAllDomains() == []
