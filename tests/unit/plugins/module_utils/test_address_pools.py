# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Slots of address pools: each VM one of its own, kept while it exists, and a clear word when there is none."""
from __future__ import annotations

import types

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm as VmModel
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._network_objections import objections
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._network_terms import resolved
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm import Vm

SLOTS = [{"address": "10.20.0.60", "mac": "02:00:00:00:00:60"}, {"address": "10.20.0.61"}]
NETWORK = {"name": "front", "subnet": "10.20.0.0/24", "address_pool": SLOTS}


def vm(name, **interface):
    return Vm.from_options({"name": name, "state": "running", "interfaces": [dict({"network": "front", "address": "pool"}, **interface)]})


def made(name, address, mac):
    """A VM that exists and has an address."""
    values = {"name": name, "claims": [{"mac": mac, "network": "front", "address": address, "hostname": name}],
              "interfaces": [{"name": "front", "network": "front", "mac": mac}]}
    return types.SimpleNamespace(name=name, xml=VmModel.build(values), live_xml=None)


def scene(asked, domains=(), **network):
    fact = types.SimpleNamespace(xml=Network.build(Network.normalise(dict(NETWORK, **network))))
    world = types.SimpleNamespace(domains={one.name: one for one in domains}, networks={"front": fact})
    return types.SimpleNamespace(asked=asked, memory={}, world=world, environment=None)


def given(seen):
    return {one.name: next((item["address"], item["mac"]) for item in one.interfaces(seen)) for one in seen.asked}


def test_each_gets_one_of_its_own_in_the_order_of_the_list():
    found = given(scene([vm("web"), vm("db")]))
    assert found["web"] == ("10.20.0.60", "02:00:00:00:00:60")
    assert found["db"][0] == "10.20.0.61"


def test_asking_twice_gives_the_same():
    seen = scene([vm("web"), vm("db")])
    assert given(seen) == given(seen)


def test_who_has_one_keeps_it_and_it_is_free_when_the_vm_is_gone():
    web = made("web", "10.20.0.61", "02:00:00:00:00:07")
    assert given(scene([vm("db"), vm("web")], [web])) == {"db": ("10.20.0.60", "02:00:00:00:00:60"), "web": ("10.20.0.61", "02:00:00:00:00:07")}
    assert given(scene([vm("db", mac="02:00:00:00:00:08")]))["db"] == ("10.20.0.61", "02:00:00:00:00:08")


def test_what_others_of_the_call_name_is_not_handed_out():
    fixed = vm("web", address="10.20.0.60")
    assert given(scene([vm("db"), fixed]))["db"][0] == "10.20.0.61"


def test_what_is_reserved_for_others_is_not_handed_out():
    seen = scene([vm("db")], reservations=[{"mac": "02:00:00:00:00:99", "address": "10.20.0.60"}])
    assert given(seen)["db"][0] == "10.20.0.61"


@pytest.mark.parametrize("network, code", [({}, "address_pool_exhausted"), ({"address_pool": []}, "no_address_pool")])
def test_it_is_said_when_there_is_none(network, code):
    others = [made("a", "10.20.0.60", "02:00:00:00:00:0a"), made("b", "10.20.0.61", "02:00:00:00:00:0b")]
    with pytest.raises(Refusal) as refused:
        given(scene([vm("web")], others, **network))
    assert refused.value.code == code
    assert refused.value.message.startswith("interfaces[0].address: ")
    if not network:
        assert refused.value.message.endswith("by a, b")


@pytest.mark.parametrize("slot, code, option", [
    ({"address": "10.21.0.6"}, "address_outside_subnet", "address"),
    ({"address": "10.20.0.1"}, "duplicate_address", "address"),
    ({"address": "10.20.0.200"}, "slot_in_range", "address"),
    ({"address": "10.20.0.6", "gateway": "10.20.0.2"}, "conflicting_options", "gateway"),
    ({"address": "10.20.0.6", "netmask": "255.255.0.0"}, "conflicting_options", "netmask"),
    ({"address": "10.20.0.6", "broadcast": "10.20.255.255"}, "conflicting_options", "broadcast"),
    ({"address": "10.20.0.6", "dns": ["10.20.0.1", "192.0.2.1"]}, "conflicting_options", "dns"),
])
def test_a_slot_says_what_its_network_says(slot, code, option):
    terms = resolved(dict(Network.normalise(dict(NETWORK, address_pool=[slot])), mode="nat"), {})
    assert [(found, sentence.partition(":")[0]) for found, sentence, _hint in objections(terms, {})] == [(code, "address_pool[0]." + option)]


def test_a_slot_as_nimbus_has_it_is_fine():
    slot = {"name": "one", "address": "10.20.0.6", "gateway": "10.20.0.1", "broadcast": "10.20.0.255", "netmask": "255.255.255.0",
            "dns": ["10.20.0.1"], "mac": "02:00:00:00:00:06"}
    terms = resolved(dict(Network.normalise(dict(NETWORK, address_pool=[slot])), mode="nat"), {})
    assert list(objections(terms, {})) == []
    assert Network.compare({"address_pool": terms["address_pool"]}, _xml.copy(Network.build(terms))) == []
