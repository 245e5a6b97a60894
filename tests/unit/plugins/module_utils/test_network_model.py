# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network's model: any declaration can be written, is read back, and is told from any other."""
from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _network_update as update
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._network_hosts import settled, told, users_hosts, users_names

SCHEMA = "/usr/share/libvirt/schemas/network.rng"
WORDS = st.text("abcdefghij0123456789", min_size=1, max_size=8)
MACS = st.integers(0, 2 ** 32 - 1).map(
    lambda number: "02:00:" + ":".join(("%08x" % number)[at:at + 2] for at in range(0, 8, 2)))


@st.composite
def reservations(draw):
    count = draw(st.integers(0, 4))
    macs = draw(st.lists(MACS, min_size=count, max_size=count, unique=True))
    hosts = draw(st.lists(st.integers(2, 99), min_size=count, max_size=count, unique=True))
    names = draw(st.lists(WORDS, min_size=count, max_size=count, unique=True))
    return [dict({"mac": mac, "address": "10.20.0.%d" % host}, **({"name": name} if draw(st.booleans()) else {}))
            for mac, host, name in zip(macs, hosts, names)]


@st.composite
def dns_hosts(draw):
    hosts = draw(st.lists(st.integers(2, 99), max_size=4, unique=True))
    return [{"address": "10.20.0.%d" % host, "names": draw(st.lists(WORDS, min_size=1, max_size=3, unique=True))} for host in hosts]


FORWARDERS = st.lists(st.sampled_from([{"address": "192.0.2.1"}, {"address": "192.0.2.1", "domain": "corp.example"},
                                       {"domain": "lab.example"}, {"address": "2001:db8::1"}]), max_size=4,
                      unique_by=lambda item: tuple(sorted(item.items())))
SPECS = st.fixed_dictionaries(
    {"name": WORDS, "subnet": st.just("10.20.0.0/24")},
    optional={
        "mode": st.sampled_from(["nat", "route", "open", "isolated"]),
        "gateway": st.integers(100, 110).map("10.20.0.{}".format),
        "dhcp": st.tuples(st.integers(120, 180), st.integers(180, 254)).map(
            lambda pair: {"start": "10.20.0.%d" % pair[0], "end": "10.20.0.%d" % pair[1]}),
        "bridge": WORDS.map("br".__add__),
        "stp": st.booleans(),
        "delay": st.integers(0, 30),
        "mtu": st.integers(576, 9000),
        "domain": st.just("shop.internal"),
        "forwarders": FORWARDERS,
        "dns_hosts": dns_hosts(),
        "reservations": reservations(),
        "dnsmasq_options": st.lists(st.sampled_from(["no-ping", "log-queries", "dhcp-option=3"]), unique=True),
    })
UNKNOWN = """
<network connections='3'>
  <!-- not ours -->
  <metadata><other:thing xmlns:other='urn:other'>kept</other:thing></metadata>
  <forward mode='nat'><nat><port start='2000' end='3000'/></nat></forward>
  <bridge name='brx' zone='dmz'/>
  <dns><txt name='a' value='b'/></dns>
  <portgroup name='p'/>
  <ip address='10.20.0.1' prefix='24'><tftp root='/srv'/><dhcp><bootp file='pxe'/></dhcp></ip>
  <ip family='ipv6' address='fd00::1' prefix='64'/>
  <route address='10.99.0.0' prefix='16' gateway='10.20.0.9'/>
</network>
"""


def flat(declared):
    """Lists as sets: their order is nobody's."""
    return {name: sorted(map(_sortable, value)) if isinstance(value, list) else value for name, value in declared.items()}


def _sortable(item):
    return repr(sorted(item.items())) if isinstance(item, dict) else item


@given(SPECS)
def test_what_is_built_reads_back_and_has_no_difference(spec):
    declared = Network.normalise(spec)
    element = Network.build(declared)
    actual = Network.read(element)
    assert flat({name: actual.get(name) for name in declared}) == flat(declared)
    assert Network.compare(declared, element) == []
    assert Network.compare(declared, _xml.parse(_xml.text(element))) == []
    assert Network.normalise(Network.describe(declared)) == declared


@pytest.mark.skipif(not os.path.exists(SCHEMA), reason="needs libvirt's schemas (Debian: libvirt0)")
@given(SPECS)
def test_what_is_built_is_what_libvirt_calls_a_network(spec):
    assert _xml.validate(_xml.parse(_xml.text(Network.build(Network.normalise(spec)))), SCHEMA) == []


@given(SPECS)
def test_writing_converges_and_keeps_what_is_not_modelled(spec):
    declared = Network.normalise(spec)
    element = Network.write(_xml.parse(UNKNOWN), declared)
    assert Network.compare(declared, element) == []
    text = _xml.text(element)
    assert text == _xml.text(Network.write(_xml.copy(element), declared))
    kept = ["connections=\"3\"", "not ours", "<other:thing", 'zone="dmz"', '<txt name="a"', '<portgroup name="p"', "<tftp",
            "<bootp", 'address="fd00::1"', "<route "]
    if declared.get("mode", "nat") == "nat":
        kept.append('start="2000"')
    assert [piece for piece in kept if piece not in text] == []


FULL = {
    "name": "front", "mode": "nat", "bridge": "br-front", "stp": False, "delay": 0, "mtu": 1400, "domain": "shop.internal",
    "domain_local_only": True, "forwarders": [{"address": "192.0.2.1"}], "subnet": "10.20.0.0/24", "gateway": "10.20.0.1",
    "dhcp": {"start": "10.20.0.128", "end": "10.20.0.254"},
    "dns_hosts": [{"address": "10.20.0.2", "names": ["storage", "backup"]}],
    "reservations": [{"mac": "02:00:00:00:00:01", "name": "printer", "address": "10.20.0.10"}],
    "dnsmasq_options": ["no-ping"], "labels": {"tier": "web"}, "protect": True,
}
OTHER = {
    "name": "back", "mode": "route", "bridge": "br-back", "stp": True, "delay": 2, "mtu": 9000, "domain": "lab.internal",
    "domain_local_only": False, "forwarders": [], "subnet": "10.20.0.0/23", "gateway": "10.20.0.3",
    "dhcp": {"start": "10.20.0.100"}, "dns_hosts": [], "reservations": [], "dnsmasq_options": ["no-ping", "log-queries"],
    "labels": {"tier": "db", "since": 2026}, "protect": False,
}


@pytest.mark.parametrize("option", sorted(OTHER))
def test_one_changed_value_is_told_and_no_other(option):
    declared = Network.normalise(FULL)
    element = Network.build(declared)
    Network.write(element, {option: Network.normalise({option: OTHER[option]})[option]})
    assert {change.path[0] for change in Network.compare(declared, element)} == {option}
    assert Network.compare(declared, Network.write(element, declared)) == []


def test_every_option_is_exercised():
    assert set(FULL) == set(OTHER) == set(Network.arguments())


def test_names_and_macs_are_compared_as_they_are_meant():
    element = Network.build(Network.normalise(FULL))
    shouting = Network.normalise({"name": "front", "reservations": [{"mac": "02-00-00-00-00-01", "name": "printer", "address": "10.20.0.10"}],
                                  "dns_hosts": [{"address": "10.20.0.2", "names": ["BACKUP", "storage"]}]})
    assert Network.compare(shouting, element) == []


@pytest.mark.parametrize("spec, option", [
    ({"bridge": "b" * 16}, "bridge"),
    ({"bridge": "a/b"}, "bridge"),
    ({"dhcp": {"enabled": False, "start": "10.20.0.2"}}, "dhcp.start"),
    ({"dhcp": {"start": "first"}}, "dhcp.start"),
    ({"domain": "shop internal"}, "domain"),
    ({"reservations": [{"address": "10.20.0.2"}]}, "reservations[0].mac"),
    ({"reservations": [{"address": "fd00::2", "mac": "02:00:00:00:00:01"}]}, "reservations[0].mac"),
    ({"reservations": [{"address": "fd00::2"}]}, "reservations[0].name"),
    ({"reservations": [{"mac": "02:00:00:00:00:01", "address": "10.20.0.2"}, {"mac": "02:00:00:00:00:01", "address": "10.20.0.3"}]}, "reservations[1]"),
    ({"reservations": [{"mac": "02:00:00:00:00:01", "address": "10.20.0.2"}, {"mac": "02:00:00:00:00:02", "address": "10.20.0.2"}]},
     "reservations[1].address"),
    ({"reservations": [{"name": "A", "address": "10.20.0.2"}, {"name": "a", "address": "10.20.0.3"}]}, "reservations[1].name"),
    ({"dns_hosts": [{"address": "10.20.0.2", "names": []}]}, "dns_hosts[0].names"),
    ({"forwarders": [{}]}, "forwarders[0].address"),
    ({"dnsmasq_options": ["no-ping\nevil"]}, "dnsmasq_options[0]"),
    ({"labels": {"tier": ["web"]}}, "labels.tier"),
])
def test_bad_values_are_refused_by_their_option(spec, option):
    with pytest.raises(FieldError) as refused:
        Network.normalise(dict({"name": "n"}, **spec))
    assert refused.value.option_path == option


def test_null_removes():
    element = Network.build(Network.normalise(FULL))
    nulls = dict.fromkeys(("labels", "mtu", "domain", "forwarders", "dhcp", "dns_hosts", "reservations", "dnsmasq_options"))
    assert {change.path[0] for change in Network.compare(nulls, element)} == set(nulls)
    Network.write(element, nulls)
    assert Network.compare(nulls, element) == []
    assert _xml.validate(element, SCHEMA) == [] if os.path.exists(SCHEMA) else True


def test_dual_stack_reservations_stand_in_their_own_subnet():
    element = _xml.parse("<network><ip address='10.20.0.1' prefix='24'/><ip family='ipv6' address='fd00::1' prefix='64'/></network>")
    Network.write(element, {"reservations": [{"name": "six", "address": "fd00::6"}]})
    assert [host.get("ip") for host in element.findall("ip[@family='ipv6']/dhcp/host")] == ["fd00::6"]


class Pretended:
    """virNetworkUpdate's rules for hosts, as libvirt 11.3 has them (src/conf/network_conf.c)."""

    def __init__(self, element):
        self.element = _xml.copy(element)

    def run(self, one):
        item = _xml.parse(one.text)
        if one.section == update.DHCP_HOST:
            self._dhcp(one.command, item, self.element.findall("ip")[one.index])
        else:
            self._dns(one.command, item)

    @staticmethod
    def _dhcp(command, item, ip):
        dhcp = ip.find("dhcp")
        if dhcp is None:
            dhcp = ip.makeelement("dhcp", {})
            ip.append(dhcp)
        sharing = [host for host in dhcp.findall("host")
                   if any(item.get(key) and item.get(key) == host.get(key) for key in ("mac", "ip", "name"))]
        if command == update.ADD:
            assert not sharing, "there is an existing dhcp host entry that matches"
            dhcp.append(item)
        elif command == update.MODIFY:
            dhcp.replace(sharing[0], item)
        else:
            found = [host for host in dhcp.findall("host")
                     if all(not item.get(key) or item.get(key) == host.get(key) for key in ("mac", "ip", "name"))]
            dhcp.remove(found[0])

    def _dns(self, command, item):
        dns = self.element.find("dns")
        if dns is None:
            dns = self.element.makeelement("dns", {})
            self.element.append(dns)
        names = {name.text for name in item.findall("hostname")}
        if command == update.ADD:
            assert not [host for host in dns.findall("host") if host.get("ip") == item.get("ip")]
            dns.append(item)
        else:
            found = [host for host in dns.findall("host") if host.get("ip") == item.get("ip")
                     or names & {name.text for name in host.findall("hostname")}]
            assert len(found) == 1, "multiple matching DNS HOST records were found"
            dns.remove(found[0])


@given(reservations(), reservations(), dns_hosts(), dns_hosts())
def test_updates_lead_from_any_hosts_to_any_others(before, after, names_before, names_after):
    element = Network.build(Network.normalise({"name": "n", "subnet": "10.20.0.0/24", "reservations": before, "dns_hosts": names_before}))
    wanted = settled(Network.normalise({"name": "n", "reservations": after, "dns_hosts": names_after}), element, [])
    pretended = Pretended(element)
    for one in update.updates(wanted, element):
        pretended.run(one)
    assert Network.compare(wanted, pretended.element) == []
    assert update.updates(wanted, pretended.element) == []


def test_a_changed_host_is_modified_and_keeps_what_is_not_modelled():
    element = _xml.parse("<network><ip address='10.20.0.1' prefix='24'><dhcp><host mac='02:00:00:00:00:01' ip='10.20.0.5'>"
                         "<lease expiry='12' unit='hours'/></host></dhcp></ip></network>")
    one, = update.updates(Network.normalise({"name": "n", "reservations": [{"mac": "02:00:00:00:00:01", "address": "10.20.0.6"}]}), element)
    assert (one.command, one.section, one.index) == (update.MODIFY, update.DHCP_HOST, 0)
    assert "lease" in one.text
    assert "10.20.0.6" in one.text


def test_swapped_addresses_are_not_modified_into_each_other():
    hosts = [{"mac": "02:00:00:00:00:01", "address": "10.20.0.5"}, {"mac": "02:00:00:00:00:02", "address": "10.20.0.6"}]
    element = Network.build(Network.normalise({"name": "n", "subnet": "10.20.0.0/24", "reservations": hosts}))
    hosts[0]["address"], hosts[1]["address"] = hosts[1]["address"], hosts[0]["address"]
    found = update.updates(Network.normalise({"name": "n", "reservations": hosts}), element)
    assert [one.command for one in found] == [update.DELETE, update.DELETE, update.ADD, update.ADD]


class Claim:
    """What a VM's interface asked for."""

    def __init__(self, mac, address, hostname):
        self.mac, self.address, self.hostname = mac, address, hostname


def test_what_vms_put_there_is_neither_told_nor_removed():
    claim = Claim("02:00:00:00:00:09", "10.20.0.9", "db")
    element = Network.build(Network.normalise({
        "name": "n", "subnet": "10.20.0.0/24",
        "reservations": [{"mac": claim.mac, "address": claim.address, "name": "db"}, {"mac": "02:00:00:00:00:01", "address": "10.20.0.5"}],
        "dns_hosts": [{"address": claim.address, "names": ["db", "alias"]}, {"address": "10.20.0.5", "names": ["five"]}]}))
    nothing = settled(Network.normalise({"name": "n", "reservations": [], "dns_hosts": None}), element, [claim])
    changes = Network.compare(nothing, element)
    assert [change.path for change in changes] == [("reservations", "02:00:00:00:00:01"), ("dns_hosts", "10.20.0.9", "names"), ("dns_hosts", "10.20.0.5")]
    assert (told(changes[1], [claim]).before, changes[1].after) == (["alias"], [])
    pretended = Pretended(element)
    for one in update.updates(nothing, element):
        pretended.run(one)
    actual = Network.read(pretended.element)
    assert [item["mac"] for item in actual["reservations"]] == [claim.mac]
    assert actual["dns_hosts"] == [{"address": claim.address, "names": ["db"]}]
    assert users_hosts(actual["reservations"], [claim]) == users_names(actual["dns_hosts"], [claim]) == []


def test_a_users_name_stands_beside_that_of_a_vm():
    claim = Claim("02:00:00:00:00:09", "10.20.0.9", "db")
    element = Network.build(Network.normalise({"name": "n", "subnet": "10.20.0.0/24", "dns_hosts": [{"address": claim.address, "names": ["db", "alias"]}]}))
    declared = Network.normalise({"name": "n", "dns_hosts": [{"address": claim.address, "names": ["alias"]}]})
    assert Network.compare(settled(declared, element, [claim]), element) == []
    assert users_names(Network.read(element)["dns_hosts"], [claim]) == declared["dns_hosts"]
