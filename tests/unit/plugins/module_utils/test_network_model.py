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


def spans(first, last):
    return st.tuples(st.integers(first, last), st.integers(first, last)).map(sorted)


SIZES = st.integers(1, 10 ** 6).map("{}KiB".format)
LEASES = st.sampled_from(["infinite", "120s", "90m", "12h", "7d"])
LIMITS = st.fixed_dictionaries({"average": SIZES}, optional={"peak": SIZES, "burst": SIZES})
VLANS = st.lists(st.integers(1, 4094), min_size=1, max_size=3, unique=True).map(lambda tags: {"tags": [{"id": tag} for tag in tags]})
# What an address-serving network of the schema of libvirt 9.0 may have.
OPTIONAL = {
    "mtu": st.integers(576, 9000),
    "zone": WORDS,
    "nat": st.fixed_dictionaries({}, optional={
        "addresses": spans(1, 99).map(lambda ends: dict(zip(("start", "end"), map("192.0.2.{}".format, ends)))),
        "ports": spans(1024, 65535).map(lambda ends: dict(zip(("start", "end"), ends))), "ipv6": st.booleans()}).filter(bool),
    "portgroups": st.lists(st.fixed_dictionaries({"name": WORDS}, optional={"vlan": VLANS, "bandwidth": st.fixed_dictionaries({"inbound": LIMITS})}),
                           max_size=3, unique_by=lambda item: item["name"]),
    "vlan": VLANS,
    "bandwidth": st.fixed_dictionaries({"outbound": LIMITS}),
    "isolated_ports": st.booleans(),
    "trust_guest_rx_filters": st.booleans(),
    "guest_ipv6": st.booleans(),
    "domain": st.just("shop.internal"),
    "dns": st.booleans(),
    "forward_plain_names": st.booleans(),
    "forwarders": FORWARDERS,
    "dns_hosts": dns_hosts(),
    "dns_services": st.lists(st.fixed_dictionaries({"service": WORDS, "protocol": st.sampled_from(["tcp", "udp"])},
                                                   optional={"domain": st.just("shop.internal"), "target": WORDS}), max_size=3,
                             unique_by=lambda item: tuple(sorted(item.items()))),
    "dns_texts": st.lists(st.fixed_dictionaries({"name": WORDS, "value": WORDS}), max_size=3, unique_by=lambda item: item["name"]),
    "dhcp": st.tuples(st.integers(120, 180), st.integers(180, 220), st.none() | LEASES).map(
        lambda one: dict({"start": "10.20.0.%d" % one[0], "end": "10.20.0.%d" % one[1],
                          "further_ranges": [{"start": "10.20.0.230", "end": "10.20.0.240"}]}, **({"lease_time": one[2]} if one[2] else {}))),
    "tftp_root": WORDS.map("/srv/{}".format),
    "boot_file": WORDS,
    "local_ptr": st.booleans(),
    "further_subnets": st.lists(st.sampled_from(["fd00::/64", "10.21.0.0/24", "192.168.0.0/16"]), max_size=3, unique=True).map(
        lambda subnets: [{"subnet": subnet} for subnet in subnets]),
    "reservations": reservations(),
    "routes": st.lists(st.sampled_from(["10.30.0.0/16", "192.0.2.7/32"]), max_size=2, unique=True).map(
        lambda nets: [{"destination": net, "gateway": "10.20.0.9"} for net in nets]),
    "dnsmasq_options": st.lists(st.sampled_from(["no-ping", "log-queries", "dhcp-option=3"]), unique=True),
}
SPECS = st.fixed_dictionaries(
    {"name": WORDS, "subnet": st.just("10.20.0.0/24")},
    optional={
        "mode": st.sampled_from(["nat", "route", "open", "isolated"]),
        "gateway": st.integers(100, 110).map("10.20.0.{}".format),
        "bridge": WORDS.map("br".__add__),
        "stp": st.booleans(),
        "delay": st.integers(0, 30),
        **OPTIONAL,
    }).map(lambda spec: spec if spec.get("mode", "nat") == "nat" else {name: value for name, value in spec.items() if name != "nat"})
UNKNOWN = """
<network connections='3'>
  <!-- not ours -->
  <metadata><other:thing xmlns:other='urn:other'>kept</other:thing></metadata>
  <forward mode='nat'><nat><port start='2000' end='3000'/></nat></forward>
  <bridge name='brx' zone='dmz'/>
  <dns><txt name='a' value='b'/></dns>
  <portgroup name='p'/>
  <strange thing='kept'/>
  <ip address='10.20.0.1' prefix='24'><tftp root='/srv'/><dhcp><bootp file='pxe'/></dhcp></ip>
  <ip family='ipv6' address='fd00::1' prefix='64'/>
  <route address='10.99.0.0' prefix='16' gateway='10.20.0.9'/>
</network>
"""


# What stays where the option is not given.
KEPT = {"zone": 'zone="dmz"', "dns_texts": '<txt name="a"', "portgroups": '<portgroup name="p"', "tftp_root": 'root="/srv"',
        "boot_file": 'file="pxe"', "further_subnets": 'address="fd00::1"', "routes": "<route ", "nat": 'start="2000"'}


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
    assert flat({name: actual.get(name) for name in declared if name not in ("dhcp", "vlan", "portgroups", "further_subnets")}) == flat(
        {name: value for name, value in declared.items() if name not in ("dhcp", "vlan", "portgroups", "further_subnets")})
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
    kept = ["connections=\"3\"", "not ours", "<other:thing", "<strange "]
    for option, piece in KEPT.items():
        if option not in declared and not (option == "nat" and declared.get("mode", "nat") != "nat"):
            kept.append(piece)
    assert [piece for piece in kept if piece not in text] == []


FULL = {
    "name": "front", "title": "Front", "description": "What customers see.", "mode": "nat", "bridge": "br-front", "stp": False,
    "delay": 0, "zone": "public", "mac_table_manager": "libvirt", "mac": "02:00:00:00:01:00", "mtu": 1400,
    "forward_interfaces": ["eth0"], "physical_function": "eth1", "virtual_functions": ["0000:03:10.1"], "managed": True,
    "hostdev_driver": "vfio", "hostdev_driver_model": "vfio-pci-igb",
    "nat": {"addresses": {"start": "192.0.2.1", "end": "192.0.2.4"}, "ports": {"start": 1024, "end": 2048}, "ipv6": True},
    "virtualport": {"type": "802.1Qbg", "profile_id": "web", "interface_id": "09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f", "manager_id": 11,
                    "type_id": 1193047, "type_version": 2, "instance_id": "09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4e"},
    "portgroups": [{"name": "slow", "default": True, "trust_guest_rx_filters": True, "vlan": {"tags": [{"id": 42}]},
                    "virtualport": {"type": "openvswitch", "profile_id": "web"},
                    "bandwidth": {"inbound": {"average": "1MiB"}}}],
    "vlan": {"tags": [{"id": 42, "native_mode": "untagged"}, {"id": 43}], "trunk": True},
    "bandwidth": {"inbound": {"average": "1MiB", "peak": "2MiB", "burst": "1MiB", "floor": "10KiB"}, "outbound": {"average": "1MiB"}},
    "isolated_ports": True, "trust_guest_rx_filters": True, "guest_ipv6": True, "domain": "shop.internal", "domain_local_only": True,
    "domain_register": True, "dns": False, "forward_plain_names": False, "forwarders": [{"address": "192.0.2.1"}],
    "subnet": "10.20.0.0/24", "gateway": "10.20.0.1",
    "dhcp": {"start": "10.20.0.128", "end": "10.20.0.254", "lease_time": "12h",
             "further_ranges": [{"start": "10.20.0.100", "end": "10.20.0.110", "lease_time": "infinite"}]},
    "tftp_root": "/srv/tftp", "boot_file": "pxelinux.0", "boot_server": "10.20.0.3", "local_ptr": True,
    "further_subnets": [{"subnet": "fd00:20::/64", "gateway": "fd00:20::1", "dhcp": {"start": "fd00:20::100", "end": "fd00:20::1ff"}},
                        {"subnet": "10.21.0.0/24", "tftp_root": "/srv", "boot_file": "a", "boot_server": "10.21.0.2", "local_ptr": False}],
    "dns_hosts": [{"address": "10.20.0.2", "names": ["storage", "backup"]}],
    "dns_services": [{"service": "ldap", "protocol": "tcp", "domain": "shop.internal", "target": "db.shop.internal", "port": 389,
                      "priority": 1, "weight": 5}],
    "dns_texts": [{"name": "motto", "value": "live and let live"}],
    "reservations": [{"mac": "02:00:00:00:00:01", "name": "printer", "address": "10.20.0.10", "lease_time": "7d"},
                     {"client_id": "0:3:0:1:2:0:0:aa:bb:cc", "address": "fd00:20::10"}],
    "address_pool": [{"name": "one", "address": "10.20.0.60", "gateway": "10.20.0.1", "broadcast": "10.20.0.255", "netmask": "255.255.255.0",
                      "dns": ["192.0.2.1", "10.20.0.1"], "mac": "02:00:00:00:00:60"}, {"address": "10.20.0.61"}],
    "routes": [{"destination": "10.30.0.0/16", "gateway": "10.20.0.9", "metric": 2}],
    "dnsmasq_options": ["no-ping"], "labels": {"tier": "web"}, "protect": True,
}
OTHER = {
    "name": "back", "title": "Back", "description": "Else.", "mode": "route", "bridge": "br-back", "stp": True, "delay": 2,
    "zone": "dmz", "mac_table_manager": "kernel", "mac": "02:00:00:00:02:00", "mtu": 9000, "forward_interfaces": ["eth2", "eth3"],
    "physical_function": "eth4", "virtual_functions": ["03:10.2", "1:04:00.7"], "managed": False, "hostdev_driver": "kvm",
    "hostdev_driver_model": "mlx5_vfio_pci", "nat": {"ports": {"start": 1025, "end": 2048}}, "virtualport": {"manager_id": 12},
    "portgroups": [{"name": "slow", "bandwidth": {"inbound": {"average": "2MiB"}}}], "vlan": {"tags": [{"id": 44}]},
    "bandwidth": {"outbound": {"average": "4MiB"}}, "isolated_ports": False, "trust_guest_rx_filters": False, "guest_ipv6": False,
    "domain": "lab.internal", "domain_local_only": False, "domain_register": False, "dns": True, "forward_plain_names": True,
    "forwarders": [], "dns_hosts": [], "dns_services": [], "dns_texts": [{"name": "motto", "value": "else"}], "reservations": [],
    "subnet": "10.20.0.0/23", "gateway": "10.20.0.3", "dhcp": {"lease_time": "11h"}, "tftp_root": "/srv", "boot_file": "ipxe.efi",
    "boot_server": "10.20.0.4", "local_ptr": False, "further_subnets": [{"subnet": "10.21.0.0/24"}], "routes": [], "address_pool": [{"address": "10.20.0.60"}],
    "dnsmasq_options": ["no-ping", "log-queries"], "labels": {"tier": "db", "since": 2026}, "protect": False,
}


@pytest.mark.parametrize("option", sorted(OTHER))
def test_one_changed_value_is_told_and_no_other(option):
    declared = Network.normalise(FULL)
    element = Network.build(declared)
    Network.write(element, {option: Network.normalise({option: OTHER[option]})[option]})
    # Without its second subnet, a network has no place for what is reserved there; only mode nat translates.
    along = {"further_subnets": {"reservations"}, "mode": {"nat"}}.get(option, set())
    assert {change.path[0] for change in Network.compare(declared, element)} - along == {option}
    assert Network.compare(declared, Network.write(element, declared)) == []


def test_every_option_is_exercised():
    assert set(FULL) == set(OTHER) == set(Network.arguments())


def test_another_default_takes_that_from_the_one_before():
    element = Network.build(Network.normalise({"name": "n", "portgroups": [{"name": "a", "default": True}, {"name": "b"}]}))
    declared = Network.normalise({"name": "n", "portgroups": [{"name": "a"}, {"name": "b", "default": True}]})
    assert {change.path for change in Network.compare(declared, element)} == {("portgroups", "a", "default"), ("portgroups", "b", "default")}
    assert Network.compare(declared, Network.write(element, declared)) == []
    # Where nobody becomes it, whoever is it stays it.
    assert Network.compare(Network.normalise({"name": "n", "portgroups": [{"name": "a"}, {"name": "b"}]}), element) == []


def test_names_and_macs_are_compared_as_they_are_meant():
    element = Network.build(Network.normalise(FULL))
    shouting = Network.normalise({"name": "front", "reservations": [
        {"mac": "02-00-00-00-00-01", "name": "printer", "address": "10.20.0.10"},
        {"client_id": "0:3:0:1:2:0:0:AA:BB:CC", "address": "fd00:20::10"}], "dns_hosts": [{"address": "10.20.0.2", "names": ["BACKUP", "storage"]}]})
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
    ({"address_pool": [{"address": "10.20.0.6", "netmask": "255.0.255.0"}]}, "address_pool[0].netmask"),
    ({"address_pool": [{"address": "10.20.0.6", "dns": ["x"]}]}, "address_pool[0].dns"),
    ({"dhcp": {"lease_time": "12"}}, "dhcp.lease_time"),
    ({"dhcp": {"lease_time": "90s"}}, "dhcp.lease_time"),
    ({"vlan": {"tags": []}}, "vlan.tags"),
    ({"vlan": {"tags": [{"id": 4096}]}}, "vlan.tags[0].id"),
    ({"vlan": {"tags": [{"id": 1}, {"id": 2}], "trunk": False}}, "vlan.trunk"),
    ({"portgroups": [{"name": "a b"}]}, "portgroups[0].name"),
    ({"portgroups": [{"name": "a", "default": True}, {"name": "b", "default": True}]}, "portgroups[1].default"),
    ({"virtual_functions": ["3:10"]}, "virtual_functions[0]"),
    ({"nat": {"addresses": {"start": "192.0.2.1"}}}, "nat.addresses.end"),
    ({"nat": {"addresses": {"start": "fd00::1", "end": "fd00::2"}}}, "nat.addresses.start"),
    ({"nat": {"ports": {"start": 0, "end": 1}}}, "nat.ports.start"),
    ({"forward_interfaces": ["eth0", "eth0"]}, "forward_interfaces"),
    ({"bandwidth": {"inbound": {"average": "100"}}}, "bandwidth.inbound.average"),
    ({"virtualport": {"interface_id": "x"}}, "virtualport.interface_id"),
    ({"dns_services": [{"service": "ldap", "protocol": "tcp", "port": 389}]}, "dns_services[0].port"),
    ({"routes": [{"destination": "10.30.0.0/16", "gateway": "fd00::1"}]}, "routes[0].gateway"),
    ({"reservations": [{"client_id": "0:3", "address": "10.20.0.2"}]}, "reservations[0].client_id"),
    ({"boot_server": "boot.example"}, "boot_server"),
    ({"tftp_root": "srv"}, "tftp_root"),
])
def test_bad_values_are_refused_by_their_option(spec, option):
    with pytest.raises(FieldError) as refused:
        Network.normalise(dict({"name": "n"}, **spec))
    assert refused.value.option_path == option


def test_null_removes():
    kept = {name: FULL[name] for name in ("name", "mode", "bridge", "subnet", "gateway")}
    nulls = dict.fromkeys(set(OPTIONAL) | {"labels"})
    element = Network.build(Network.normalise(dict(kept, **{name: FULL[name] for name in nulls})))
    assert {change.path[0] for change in Network.compare(nulls, element)} == set(nulls)
    Network.write(element, nulls)
    assert Network.compare(nulls, element) == []
    assert _xml.validate(element, SCHEMA) == [] if os.path.exists(SCHEMA) else True


def test_dual_stack_reservations_stand_in_their_own_subnet():
    element = _xml.parse("<network><ip address='10.20.0.1' prefix='24'/><ip family='ipv6' address='fd00::1' prefix='64'/></network>")
    Network.write(element, {"reservations": [{"name": "six", "address": "fd00::6"}]})
    assert [host.get("ip") for host in element.findall("ip[@family='ipv6']/dhcp/host")] == ["fd00::6"]


@pytest.mark.parametrize("before, trunk", [
    ({"tags": [{"id": 42}, {"id": 43}]}, None),
    ({"tags": [{"id": 42, "native_mode": "untagged"}]}, None),
    # Somebody said so, and it is not spoken of.
    ({"tags": [{"id": 42}], "trunk": True}, "yes"),
    ({"tags": [{"id": 42}]}, None),
])
def test_a_trunk_that_its_tags_made_is_none_without_them(before, trunk):
    element = Network.build(Network.normalise({"name": "front", "vlan": before}))
    assert (element.find("vlan").get("trunk") == "yes") == (trunk == "yes" or before["tags"] != [{"id": 42}])
    Network.write(element, Network.normalise({"name": "front", "vlan": {"tags": [{"id": 44}]}}))
    assert [tag.get("id") for tag in element.findall("vlan/tag")] == ["44"]
    assert element.find("vlan").get("trunk") == trunk
