# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM's interfaces and addresses on our own libvirtd: networks with dnsmasq, real QEMU."""
from __future__ import annotations

import pytest
from machines import Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface import derived_mac
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.network import Network

FRONT = {"network": "front"}
BACK = {"network": "back"}


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    machines = Machines(daemon_uri, daemon, tmp_path)
    machines.result({"name": "front", "subnet": "10.88.1.0/24", "state": "active"},
                    {"name": "back", "subnet": "10.88.2.0/24", "state": "active"}, kind=Network)
    return machines


def plugs(tree):
    """{network: MAC} of a VM's tree"""
    return {_path.get(one, "source/@network"): _path.get(one, "mac/@address") for one in tree.findall("devices/interface")}


def reservations(machines, network):
    """What a network knows of hosts, where its definition and its running form agree."""
    handle = machines.connection.networkLookupByName(network)
    views = []
    for flag in (0, 1):  # VIR_NETWORK_XML_INACTIVE
        tree = _xml.parse(handle.XMLDesc(flag))
        views.append(([(one.get("mac"), one.get("ip"), one.get("name")) for one in tree.findall("ip/dhcp/host")],
                      [(one.get("ip"), [name.text for name in one]) for one in tree.findall("dns/host")]))
    assert views[0] == views[1]
    return views[0]


def test_a_macs_letters_may_be_of_either_case(machines):
    machines.apply(interfaces=[FRONT | {"mac": "52:54:00:AB:CD:EF"}])
    before = machines.everything()
    for written in ("52:54:00:ab:cd:ef", "52-54-00-AB-cd-EF"):
        assert not machines.result({"name": "vm", "state": "present", "interfaces": [FRONT | {"mac": written}]})["changed"]
    assert machines.everything() == before


def test_an_interface_comes_live_with_the_mac_that_its_names_give(machines):
    machines.apply(state="running", interfaces=[FRONT])
    changed = machines.apply(state="running", interfaces=[FRONT, BACK])
    assert "+ interfaces back (live)" in changed["summary"][0]
    assert changed["restart_required"] == []
    expected = {name: derived_mac(None, "vm", name) for name in ("front", "back")}
    assert plugs(machines.running()) == plugs(machines.definition()) == expected
    machines.apply(state="absent")
    machines.apply(interfaces=[BACK, FRONT])
    assert plugs(machines.definition()) == expected


def test_what_waits_for_the_next_boot_may_come_now(machines):
    machines.apply(state="running", interfaces=[FRONT])
    waits = machines.apply(state="running", interfaces=[FRONT, BACK | {"model": "e1000e"}], apply="next_boot")
    assert waits["restart_required"] == [{"resource": "vm vm", "fields": ["interfaces.back"]}]
    changed = machines.apply(state="running", interfaces=[FRONT, BACK])
    assert changed["restart_required"] == []
    for view in (machines.running(), machines.definition()):
        assert [_path.get(one, "model/@type") for one in view.findall("devices/interface")] == ["virtio", "e1000e"]


def test_a_shorter_list_takes_the_interface_away_that_is_missing_in_it(machines):
    machines.apply(interfaces=[FRONT, BACK])
    machines.edit(lambda tree: _path.put(tree.findall("devices/interface")[1], "tune/sndbuf", "1600"))
    machines.apply(interfaces=[BACK])
    kept = machines.definition().findall("devices/interface")
    assert [_path.get(one, "source/@network") for one in kept] == ["back"]
    assert kept[0].findtext("tune/sndbuf") == "1600"


def test_an_existing_interface_keeps_its_mac(machines):
    machines.apply(interfaces=[FRONT | {"mac": "52:54:00:00:00:01"}])
    machines.apply(interfaces=[FRONT | {"mtu": 1400}])
    assert plugs(machines.definition()) == {"front": "52:54:00:00:00:01"}


def test_an_interface_that_others_made_keeps_its_mac_and_gets_a_name(machines):
    machines.connection.defineXML("""
        <domain type='qemu'><name>vm</name><memory unit='MiB'>64</memory><os><type machine='q35'>hvm</type></os><devices>
        <interface type='network'><mac address='52:54:00:00:00:07'/><source network='back'/></interface>
        <interface type='network'><mac address='52:54:00:00:00:08'/><source network='front'/></interface>
        </devices></domain>""")
    machines.apply(interfaces=[FRONT, BACK])
    assert plugs(machines.definition()) == {"back": "52:54:00:00:00:07", "front": "52:54:00:00:00:08"}
    assert machines.facts()["interfaces"][0]["name"] == "back"


@pytest.mark.parametrize("name", ["a;b", "lab net", "Büro (1. Stock)", ".dot"])
def test_a_network_may_have_any_name_that_libvirt_takes(machines, name):
    machines.connection.networkDefineXML(f"<network><name>{name}</name></network>")
    machines.apply(interfaces=[FRONT, {"network": name}])
    assert set(plugs(machines.definition())) == {"front", name}
    machines.edit(lambda tree: [_path.drop(one, "alias") for one in tree.findall("devices/interface")])
    spec = machines.facts(gather=["spec"])["spec"]
    assert [one["network"] for one in spec["interfaces"]] == ["front", name]
    assert not machines.result(spec | {"state": "present"})["changed"]
    with pytest.raises(Failure) as refused:
        machines.apply(interfaces=[{"network": "a/b"}])
    assert refused.value.message.startswith("interfaces[0].network: 'a/b' is not the name of what libvirt knows")


def test_an_address_becomes_a_reservation_and_a_name_and_follows(machines):
    mac = derived_mac(None, "vm", "front")
    made = machines.apply(interfaces=[FRONT | {"address": "10.88.1.10"}])
    assert "+ reservation front/%s  10.88.1.10 for vm" % mac in made["summary"]
    assert reservations(machines, "front") == ([(mac, "10.88.1.10", "vm")], [("10.88.1.10", ["vm"])])
    machines.apply(interfaces=[FRONT | {"address": "10.88.1.11"}])
    assert reservations(machines, "front") == ([(mac, "10.88.1.11", "vm")], [("10.88.1.11", ["vm"])])
    # What is not declared stays.
    machines.apply(title="t")
    assert reservations(machines, "front") == ([(mac, "10.88.1.11", "vm")], [("10.88.1.11", ["vm"])])
    machines.apply(interfaces=[FRONT])
    assert reservations(machines, "front") == ([], [])


def test_a_moved_address_is_said_of_the_vm(machines):
    machines.apply(interfaces=[FRONT | {"address": "10.88.1.5"}])
    changed = machines.apply(interfaces=[FRONT | {"address": "10.88.1.6"}])
    assert changed["summary"][0] == "~ vm vm  interfaces front address 10.88.1.5 -> 10.88.1.6"


def test_an_address_moves_with_its_interface_and_goes_with_the_vm(machines):
    machines.apply(interfaces=[FRONT | {"name": "n", "address": "10.88.1.10"}])
    machines.apply(interfaces=[BACK | {"name": "n", "address": "10.88.2.10"}])
    assert reservations(machines, "front") == ([], [])
    assert [one[1] for one in reservations(machines, "back")[0]] == ["10.88.2.10"]
    machines.apply(name="other", interfaces=[BACK | {"address": "10.88.2.11"}])
    machines.apply(state="absent")
    assert [one[1] for one in reservations(machines, "back")[0]] == ["10.88.2.11"]


def test_two_vms_of_one_call_swap_their_addresses(machines):
    def both(first, second):
        return [{"name": name, "state": "present", "type": "qemu", "interfaces": [FRONT | {"address": address}]}
                for name, address in (("a", first), ("b", second))]

    machines.result(*both("10.88.1.10", "10.88.1.11"))
    machines.result(*both("10.88.1.11", "10.88.1.10"))
    assert sorted(one[1:] for one in reservations(machines, "front")[0]) == [("10.88.1.10", "b"), ("10.88.1.11", "a")]
    assert not machines.result(*both("10.88.1.11", "10.88.1.10"))["changed"]


def test_a_vm_with_two_addresses_on_a_network_has_two_names(machines):
    machines.apply(interfaces=[FRONT | {"address": "10.88.1.10"}, FRONT | {"name": "spare", "address": "10.88.1.11"}])
    assert sorted(one[1:] for one in reservations(machines, "front")[0]) == [("10.88.1.10", "vm"), ("10.88.1.11", "vm-spare")]
    assert sorted(reservations(machines, "front")[1]) == [("10.88.1.10", ["vm"]), ("10.88.1.11", ["vm-spare"])]


@pytest.mark.parametrize("address", ["10.88.1.10", "10.88.1.12"])
def test_a_new_mac_takes_the_address_and_the_name_along(machines, address):
    machines.apply(interfaces=[FRONT | {"mac": "52:54:00:00:00:01", "address": "10.88.1.10"}])
    machines.apply(interfaces=[FRONT | {"mac": "52:54:00:00:00:02", "address": address}])
    assert reservations(machines, "front") == ([("52:54:00:00:00:02", address, "vm")], [(address, ["vm"])])


@pytest.mark.parametrize("interfaces, code, said", [
    ([{"network": "frnt"}], "unknown_network", "interfaces[0].network: there is no network 'frnt' on this host; there are: back, front"),
    ([FRONT, FRONT], "invalid_option", "interfaces[1]: 'front' stands more than once; give each a name of its own"),
    ([FRONT | {"mac": "53:54:00:00:00:01"}], "invalid_option", "interfaces[0].mac: '53:54:00:00:00:01' is a multicast address"),
    ([FRONT | {"mac": "52:54:00:00:00"}], "invalid_option", "interfaces[0].mac: '52:54:00:00:00' is not a MAC address"),
    ([FRONT | {"mac": "52:54:00:00:00:99"}], "duplicate_mac", "interfaces[0].mac: '52:54:00:00:00:99' is already the MAC"),
    ([FRONT | {"address": "10.88.2.5"}], "address_outside_network", "interfaces[0].address: '10.88.2.5' is not in the network 'front'"),
    ([FRONT | {"address": "10.88.1.99"}], "duplicate_address", "interfaces[0].address: '10.88.1.99' is already the address of the VM 'other'"),
    ([FRONT | {"address": "10.88.1.1"}], "duplicate_address", "interfaces[0].address: '10.88.1.1' is the gateway of the network 'front'"),
    ([FRONT | {"address": "10.88.1.255"}], "address_outside_network", "interfaces[0].address: '10.88.1.255' is the address of the network"),
    ([FRONT | {"address": "10.88.1"}], "invalid_option", "interfaces[0].address: '10.88.1' is not an IP address"),
    ([{"bridge": "br0", "address": "10.88.1.5"}], "invalid_option", "interfaces[0].address: an address is reserved in a libvirt network"),
    ([{}], "invalid_option", "interfaces[0]: say what it is plugged into"),
])
def test_bad_interfaces_are_refused_before_anything_is_touched(machines, interfaces, code, said):
    machines.apply(name="other", interfaces=[FRONT | {"mac": "52:54:00:00:00:99", "address": "10.88.1.99"}])
    before = machines.everything(), reservations(machines, "front")
    with pytest.raises(Failure) as refused:
        machines.result({"name": "vm", "state": "present", "type": "qemu", "interfaces": interfaces})
    assert (refused.value.code, refused.value.message[:len(said)]) == (code, said)
    assert (machines.everything(), reservations(machines, "front")) == before
