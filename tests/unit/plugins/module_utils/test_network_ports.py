# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports of a running network: who is plugged in, who lags behind its port group, and how one is plugged in again."""
from __future__ import annotations

import types

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _network_ports as ports_of

NETWORK = """<network><name>front</name><uuid>u</uuid>
<portgroup name='slow' default='yes'><bandwidth><inbound average='100'/></bandwidth></portgroup>
<portgroup name='staff'><vlan><tag id='42'/></vlan></portgroup></network>"""
DOMAIN = "<domain><devices>%s</devices></domain>"
OWN = "<interface type='network'><mac address='02:00:00:00:00:01'/><source network='front'%s/><alias name='ua-web'/>%s</interface>"
LIVE = """<interface type='network'><mac address='02:00:00:00:00:01'/><source network='front'%s portid='p' bridge='br-front'/>
<target dev='vnet0'/><alias name='net0'/>%s</interface>"""
SLOW = "<bandwidth><inbound average='100'/></bandwidth>"
TAGGED = "<vlan><tag id='42'/></vlan>"


class Handle:
    """A running domain that is told of changed devices."""

    def __init__(self):
        self.told = []

    def updateDeviceFlags(self, text, flags):
        self.told.append((_xml.parse(text), flags))


def scene(own, live):
    fact = types.SimpleNamespace(active=True, handle=Handle(), xml=_xml.parse(DOMAIN % own), live_xml=_xml.parse(DOMAIN % live))
    return types.SimpleNamespace(world=types.SimpleNamespace(domains={"web": fact}))


def network():
    return types.SimpleNamespace(name="front", uuid="u", live_xml=_xml.parse(NETWORK))


def test_a_port_is_told_by_what_the_vm_calls_it():
    port, = ports_of.ports(scene(OWN % ("", ""), LIVE % ("", "")), "front")
    leases = [{"mac": "02:00:00:00:00:01", "address": "10.20.0.5"}, {"mac": "02:00:00:00:00:02", "address": "10.20.0.6"}]
    assert port.as_values(leases) == {"vm": "web", "interface": "web", "mac": "02:00:00:00:00:01", "device": "vnet0", "addresses": ["10.20.0.5"]}
    assert ports_of.ports(scene(OWN % ("", ""), LIVE % ("", "")), "back") == []


@pytest.mark.parametrize("own, live, lags", [
    (("", ""), ("", SLOW), False),
    (("", ""), ("", ""), True),
    (("", ""), ("", "<bandwidth><inbound average='50'/></bandwidth>"), True),
    # What the interface says itself comes before its group.
    (("", "<bandwidth/>"), ("", ""), False),
    ((" portgroup='staff'", ""), (" portgroup='staff'", TAGGED), False),
    ((" portgroup='staff'", ""), (" portgroup='staff'", "<vlan><tag id='41'/></vlan>"), True),
    ((" portgroup='staff'", ""), (" portgroup='staff'", TAGGED + SLOW), True),
])
def test_who_lags_behind_its_group_is_found(own, live, lags):
    assert bool(ports_of.behind(scene(OWN % own, LIVE % live), network())) == lags


def test_an_interface_is_plugged_in_with_what_it_says_itself(monkeypatch):
    monkeypatch.setattr(ports_of, "constant", lambda name: name)
    own = "<bandwidth><outbound average='7'/></bandwidth>"
    # On a bridge that others made, what runs says so.
    live = LIVE.replace("type='network'", "type='bridge'") % (" portgroup='staff'", TAGGED + SLOW)
    seen = scene(OWN % ("", own), live)
    port, = ports_of.ports(seen, "front")
    port.plug("room")
    port.plug("front", "staff")
    (first, flags), (second, _flags) = seen.world.domains["web"].handle.told
    assert flags == "DOMAIN_AFFECT_LIVE"
    assert (dict(first.find("source").attrib), dict(second.find("source").attrib)) == ({"network": "room"}, {"network": "front", "portgroup": "staff"})
    assert first.get("type") == "network"
    assert first.find("vlan") is None
    assert [(found.tag, found.get("average")) for found in first.find("bandwidth")] == [("outbound", "7")]
    assert (first.find("target").get("dev"), first.find("alias").get("name")) == ("vnet0", "net0")


@pytest.mark.parametrize("has, said", [("<vlan><tag id='41'/></vlan>", TAGGED), ("", TAGGED)])
def test_a_port_of_a_switch_takes_other_tags_in_place(has, said, monkeypatch):
    """With another identity libvirt would plug it in anew, and an Open vSwitch of its own kind of datapath adds the tags to the old ones."""
    monkeypatch.setattr(ports_of, "constant", lambda name: name)
    switch = "<virtualport type='openvswitch'><parameters interfaceid='%s'/></virtualport>"
    seen = scene(OWN % (" portgroup='staff'", ""), LIVE % (" portgroup='staff'", has + switch % "one"))
    ports_of.follow(seen, network())
    (told, _flags), = seen.world.domains["web"].handle.told
    assert told.find("virtualport/parameters").get("interfaceid") == "one"
    assert [tag.get("id") for tag in told.findall("vlan/tag")] == ["42"]
    port, = ports_of.ports(scene(OWN % ("", switch % "own"), LIVE % ("", switch % "one")), "front")
    port.plug("front")
    port.plug("room")
    assert [told.find("virtualport/parameters").get("interfaceid") for told, _flags in port.handle.told] == ["own", "own"]


@pytest.mark.parametrize("forward, number", [("", 1), ("<forward mode='nat'/>", 1), ("<forward mode='bridge'/>", 0)])
def test_who_fell_out_of_a_bridge_of_libvirts_own_is_found(forward, number, tmp_path, monkeypatch):
    monkeypatch.setattr(ports_of, "_SYSFS", str(tmp_path))
    seen = scene(OWN % ("", ""), LIVE % ("", ""))
    seen.hypervisor = types.SimpleNamespace(is_remote=False)
    front = types.SimpleNamespace(name="front", uuid="u", live_xml=_xml.parse("<network><name>front</name>%s</network>" % forward))
    assert len(ports_of.strays(seen, front)) == number
    (tmp_path / "vnet0").mkdir()
    (tmp_path / "vnet0/master").touch()
    assert ports_of.strays(seen, front) == []
    seen.hypervisor.is_remote = True
    assert ports_of.strays(seen, front) == []
