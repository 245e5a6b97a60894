# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows from a subnet, and what speaks against an addressing."""
from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import addressing
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _network_terms as terms_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._network_objections import objections

SUBNETS_4 = st.tuples(st.integers(0, 2 ** 32 - 1), st.integers(8, 30)).map(
    lambda drawn: str(ipaddress.ip_network((drawn[0], drawn[1]), strict=False)))
SUBNETS_6 = st.tuples(st.integers(0, 2 ** 128 - 1), st.integers(48, 126)).map(
    lambda drawn: str(ipaddress.ip_network((drawn[0], drawn[1]), strict=False)))
SUBNETS = SUBNETS_4 | SUBNETS_6


@pytest.mark.parametrize("text", ["10.20.0.5/24", "10.20.0.0", "10.20.0.0/33", "10.20.0.0/31", "10.20.0.0/32", "front", "fd00::/127", ""])
def test_what_is_no_subnet_is_refused(text):
    with pytest.raises(FieldError) as refused:
        Network.normalise({"name": "n", "subnet": text})
    assert refused.value.option_path == "subnet"


def test_host_bits_are_told_with_the_subnet_that_was_meant():
    with pytest.raises(FieldError, match=r"write 10\.20\.0\.0/24"):
        Network.normalise({"name": "n", "subnet": "10.20.0.5/24"})


@pytest.mark.parametrize("subnet, gateway, limits", [
    ("10.20.0.0/24", None, ("10.20.0.128", "10.20.0.254")),
    ("10.20.0.0/24", "10.20.0.254", ("10.20.0.1", "10.20.0.127")),
    ("10.20.0.0/29", None, ("10.20.0.4", "10.20.0.6")),
    ("10.20.0.0/30", None, ("10.20.0.2", "10.20.0.2")),
    ("fd00:1::/64", None, ("fd00:1::8000", "fd00:1::ffff")),
    ("fd00:1::/120", None, ("fd00:1::80", "fd00:1::ff")),
])
def test_the_range_is_the_half_without_the_gateway(subnet, gateway, limits):
    assert addressing.default_range(subnet, gateway) == limits


@given(subnet=SUBNETS, data=st.data())
def test_a_derived_addressing_has_nothing_against_it(subnet, data):
    declared = {"name": "n", "mode": "nat", "subnet": subnet}
    if data.draw(st.booleans()):
        network = ipaddress.ip_network(subnet)
        last = network.num_addresses - (2 if network.version == 4 else 1)
        declared["gateway"] = str(network[data.draw(st.integers(1, last))])
    terms = terms_of.resolved(declared, {})
    # A subnet of two hosts whose gateway takes the second leaves the first.
    assert list(objections(terms, {})) == []


def codes(actual=None, **declared):
    actual = actual or {}
    terms = terms_of.resolved(Network.normalise(dict({"name": "n"}, **declared)), actual)
    return [(code, sentence.partition(":")[0]) for code, sentence, _hint in objections(terms, actual)]


NET = {"mode": "nat", "subnet": "10.20.0.0/24"}
MAC = "02:00:00:00:00:01"


@pytest.mark.parametrize("declared, expected", [
    (dict(NET, gateway="10.21.0.1"), ("address_outside_subnet", "gateway")),
    (dict(NET, gateway="10.20.0.255"), ("address_outside_subnet", "gateway")),
    (dict(NET, gateway="fd00::1"), ("address_outside_subnet", "gateway")),
    (dict(NET, dhcp={"start": "10.20.0.20", "end": "10.20.0.10"}), ("range_reversed", "dhcp.start")),
    (dict(NET, dhcp={"start": "10.20.0.20", "end": "10.20.1.10"}), ("range_outside_subnet", "dhcp.end")),
    (dict(NET, dhcp={"start": "10.20.0.1", "end": "10.20.0.10"}), ("gateway_in_range", "dhcp")),
    (dict(NET, subnet="fd00::/64", dhcp={"start": "fd00::1:0", "end": "fd00::2:0"}), ("range_too_large", "dhcp")),
    (dict(NET, reservations=[{"mac": MAC, "address": "10.21.0.5"}]), ("address_outside_subnet", "reservations[0].address")),
    (dict(NET, reservations=[{"mac": MAC, "address": "10.20.0.1"}]), ("duplicate_address", "reservations[0].address")),
    ({"mode": "route"}, ("missing_option", "subnet")),
    ({"mode": "isolated", "gateway": "10.20.0.1"}, ("missing_option", "gateway")),
    ({"mode": "isolated", "dhcp": {}}, ("missing_option", "dhcp")),
    (dict(NET, domain_local_only=True), ("missing_option", "domain_local_only")),
    ({"mode": "bridge"}, ("missing_option", "bridge")),
    ({"mode": "bridge", "bridge": "br0", "subnet": "10.20.0.0/24"}, ("conflicting_options", "subnet")),
    ({"mode": "bridge", "bridge": "br0", "forward_interfaces": ["eth0"]}, ("conflicting_options", "forward_interfaces")),
    ({"mode": "vepa"}, ("missing_option", "forward_interfaces")),
    ({"mode": "vepa", "bridge": "br0"}, ("conflicting_options", "bridge")),
    ({"mode": "hostdev"}, ("missing_option", "physical_function")),
    ({"mode": "passthrough", "forward_interfaces": ["eth0"], "mtu": 1400}, ("conflicting_options", "mtu")),
    (dict(NET, virtual_functions=["0000:03:10.1"]), ("conflicting_options", "virtual_functions")),
    (dict(NET, mode="route", nat={"ipv6": True}), ("conflicting_options", "nat")),
    (dict(NET, domain_register=True), ("missing_option", "domain_register")),
    (dict(NET, boot_server="10.20.0.2"), ("missing_option", "boot_server")),
    (dict(NET, subnet="fd00::/64", boot_file="x"), ("conflicting_options", "boot_file")),
    (dict(NET, further_subnets=[{"subnet": "10.20.0.128/25"}]), ("subnet_overlap", "further_subnets[0].subnet")),
    (dict(NET, further_subnets=[{"subnet": "10.21.0.0/24", "dhcp": {}}]), ("conflicting_options", "further_subnets[0].dhcp")),
    (dict(NET, further_subnets=[{"subnet": "10.21.0.0/24", "gateway": "10.20.0.1"}]), ("address_outside_subnet", "further_subnets[0].gateway")),
    ({"mode": "isolated", "further_subnets": [{"subnet": "10.21.0.0/24"}]}, ("missing_option", "further_subnets")),
    (dict(NET, dhcp={"start": "10.20.0.20", "end": "10.20.0.30", "further_ranges": [{"start": "10.20.0.30", "end": "10.20.0.40"}]}),
     ("range_overlap", "dhcp.further_ranges[0].start")),
    (dict(NET, dhcp={"start": "10.20.0.20", "end": "10.20.0.30", "further_ranges": [{"start": "10.21.0.30", "end": "10.20.0.40"}]}),
     ("range_outside_subnet", "dhcp.further_ranges[0].start")),
    (dict(NET, routes=[{"destination": "10.30.0.0/16", "gateway": "10.21.0.1"}]), ("address_outside_subnet", "routes[0].gateway")),
])
def test_each_objection_names_its_option(declared, expected):
    assert expected in codes(**declared)


@pytest.mark.parametrize("declared", [
    {"mode": "isolated"}, {"mode": "open"}, {"mode": "bridge", "bridge": "br0"},
    dict(NET, dhcp={"enabled": False}), dict(NET, dhcp=None), dict(NET, dhcp={"end": "10.20.0.9"}),
    dict(NET, dhcp={"start": "10.20.0.200"}), dict(NET, gateway=None, dhcp={"enabled": True}),
    {"mode": "bridge", "forward_interfaces": ["eth0"]}, {"mode": "bridge", "bridge": "ovs", "virtualport": {"type": "openvswitch"}},
    {"mode": "hostdev", "physical_function": "eth0", "managed": True}, {"mode": "passthrough", "physical_function": "eth0"},
    dict(NET, further_subnets=[{"subnet": "fd00::/64"}, {"subnet": "10.21.0.0/24"}]), dict(NET, nat={"ipv6": True}, forward_interfaces=["eth0"]),
    dict(NET, further_subnets=[{"subnet": "10.21.0.0/24"}], reservations=[{"mac": MAC, "address": "10.21.0.5"}]),
    dict(NET, dhcp=None, further_subnets=[{"subnet": "10.21.0.0/24", "dhcp": {"lease_time": "2h"}}]),
])
def test_these_are_fine(declared):
    assert codes(**declared) == []


def test_half_a_range_is_completed():
    assert terms_of.resolved(dict(NET, dhcp={"end": "10.20.0.9"}), {})["dhcp"] == {"start": "10.20.0.2", "end": "10.20.0.9"}
    assert terms_of.resolved(dict(NET, dhcp={"start": "10.20.0.20"}), {})["dhcp"] == {"start": "10.20.0.20", "end": "10.20.0.254"}


def test_what_is_not_spoken_of_stays():
    actual = {"name": "n", "mode": "nat", "subnet": "10.20.0.0/24", "gateway": "10.20.0.254", "dhcp": {"start": "10.20.0.2", "end": "10.20.0.9"}}
    assert terms_of.resolved({"name": "n", "subnet": "10.20.0.0/24"}, actual) == {"name": "n", "subnet": "10.20.0.0/24"}
    del actual["dhcp"]
    assert "dhcp" not in terms_of.resolved({"name": "n", "subnet": "10.20.0.0/24"}, actual)


def test_half_a_range_joins_the_half_that_is_there():
    actual = {"name": "n", "mode": "nat", "subnet": "10.20.0.0/24", "gateway": "10.20.0.1", "dhcp": {"start": "10.20.0.20", "end": "10.20.0.29"}}
    assert codes(actual, dhcp={"end": "10.20.0.39"}) == []
    assert codes(actual, dhcp={"end": "10.20.0.9"}) == [("range_reversed", "dhcp.start")]
    assert codes(actual, dhcp={"start": None}) == []


def test_a_moved_subnet_takes_what_followed_from_it_along():
    actual = {"name": "n", "mode": "nat", "subnet": "10.20.0.0/24", "gateway": "10.20.0.1", "reservations": [],
              "dhcp": {"start": "10.20.0.128", "end": "10.20.0.254"}}
    terms = terms_of.resolved({"name": "n", "subnet": "10.21.0.0/24"}, actual)
    assert (terms["gateway"], terms["dhcp"]) == ("10.21.0.1", {"start": "10.21.0.128", "end": "10.21.0.254"})


def test_reservations_that_a_moved_subnet_leaves_behind_are_told():
    actual = {"name": "n", "mode": "nat", "subnet": "10.20.0.0/24", "gateway": "10.20.0.1", "reservations": [{"mac": MAC, "address": "10.20.0.5"}]}
    assert codes(actual, subnet="10.21.0.0/24") == [("address_outside_subnet", "reservations[0].address")]
    assert codes(actual, mtu=1400) == []


def test_null_gateway_is_the_first_address():
    actual = {"name": "n", "mode": "nat", "subnet": "10.20.0.0/24", "gateway": "10.20.0.9"}
    assert terms_of.resolved({"name": "n", "gateway": None}, actual)["gateway"] == "10.20.0.1"


@pytest.mark.parametrize("attributes, expected", [
    ({"address": "192.168.1.1", "netmask": "255.255.255.0"}, "192.168.1.0/24"),
    ({"address": "10.1.1.1"}, "10.0.0.0/8"),
    ({"address": "172.16.1.1"}, "172.16.0.0/16"),
    ({"address": "192.168.1.1"}, "192.168.1.0/24"),
    ({"address": "fd00::1", "family": "ipv6"}, "fd00::/64"),
])
def test_subnets_are_read_as_libvirt_reads_them(attributes, expected):
    network = _xml.new("network")
    network.append(_xml.new("ip", attributes))
    assert [str(subnet) for subnet in addressing.subnets_of(network)] == [expected]
    assert addressing.lies_in(attributes["address"], addressing.subnets_of(network))
    assert not addressing.lies_in("203.0.113.1", addressing.subnets_of(network))


@given(st.text("abz019.-_", min_size=1, max_size=40), st.sets(st.text("abz019.-_", min_size=1, max_size=40), max_size=5))
def test_bridge_names_are_short_clean_and_free(name, others):
    taken = {terms_of.bridge_name(other, set()) for other in others}
    bridge = terms_of.bridge_name(name, taken)
    assert len(bridge) <= 15
    assert set(bridge) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert bridge not in taken


def test_short_names_give_readable_bridges():
    assert terms_of.bridge_name("front", set()) == "br-front"
    assert terms_of.bridge_name("front", {"br-front"}).startswith("br-front-")
    assert terms_of.bridge_name("shop.front", set()).startswith("br-front-")


def test_one_subnet_of_each_family_is_served():
    terms = terms_of.resolved(Network.normalise({"name": "n", "mode": "nat", "subnet": "10.20.0.0/24", "further_subnets": [
        {"subnet": "10.21.0.0/24"}, {"subnet": "fd00::/64"}, {"subnet": "fd01::/64"}]}), {})
    assert [item.get("dhcp") for item in terms["further_subnets"]] == [None, {"start": "fd00::8000", "end": "fd00::ffff"}, None]
    assert [item["gateway"] for item in terms["further_subnets"]] == ["10.21.0.1", "fd00::1", "fd01::1"]
