# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Placing VMs on hosts: cases worked by hand, and what must hold for any."""
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._filter import Filter
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._filters import FILTERS
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._hardware import Hardware
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._scheduler import Scheduler
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._state import Host, Wanted
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._weighers import WEIGHERS

GIB = 1 << 30


def host(name, vcpus=4, memory=8, disk=100, facts=None, **said):
    """A host without ratios and reserves, sizes in GiB."""
    whole = {
        "arch": "x86_64", "cpu": {"count": vcpus}, "memory": {"total": memory * GIB}, "vms": {"defined": 0, "vcpus": 0, "memory": 0},
        "pools": [{"name": "default", "capacity": disk * GIB, "available": disk * GIB, "state": "active"}], "networks": ["front"], "images": [],
        "guests": [{"arch": "x86_64", "types": ["qemu"], "machines": ["pc-q35-9.0"]}],
        "usual": {"firmware": ["efi"], "cpu_modes": ["host-model"]},
    }
    return Host(name, dict(whole, **(facts or {})), {"cpu_ratio": 1.0, "reserved_memory": 0, **said})


MIB = 1 << 20
GPU = {"vendor": "0x10de", "product": "0x20b5"}
RICH = {
    "numa": [{"id": 0, "memory": 6 * GIB}, {"id": 1, "memory": 6 * GIB}],
    "hugepages": [{"size": 2 * MIB, "count": 1024, "promised": 512}, {"size": GIB, "count": 2, "promised": 0}],
    "pci": [dict(GPU, address="0000:3b:00.0", vm=None), dict(GPU, address="0000:3c:00.0", vm=None), dict(GPU, address="0000:3d:00.0", vm="other.vm")],
}
ANY_GPU = (None, GPU["vendor"], GPU["product"])


def vm(name, memory=1, group=None, **more):
    wishes = {option: more.pop(option) for option in list(more) if option in (
        "host", "zone", "tags", "together_with", "apart_from", "max_per_host", "prefer_together_with", "prefer_apart_from")}
    return Wanted(name, group, "shop", memory=memory * GIB, wishes=wishes, **more)


def placed(hosts, vms, standing=None, **more):
    return Scheduler(hosts, **more).place(vms, standing)


def test_the_emptier_host_comes_first_and_every_pick_consumes():
    hosts = [host("a", memory=8), host("b", memory=10)]
    # b has more memory; then 9 against 8, with fewer vcpus; then both weighers disagree, and a, with as many points, comes by its name.
    assert placed(hosts, [vm("1"), vm("2"), vm("3")]).assignments == {"1": "b", "2": "a", "3": "b"}


def test_equal_hosts_go_by_name():
    assert placed([host("b"), host("a")], [vm("1")]).assignments == {"1": "a"}


REJECTED = [
    ("enabled", {"enabled": False}, {}, "it takes no new VMs"), ("host", {}, {"host": "other"}, "it is to be on other"),
    ("zone", {"zone": "a"}, {"zone": "b"}, "in the zone a, not in b"), ("tags", {"tags": ["hdd"]}, {"tags": ["ssd"]}, "lacks the tags ssd"),
    ("tenant", {"tenants": ["bank"]}, {}, "kept for bank"), ("arch", {}, {"arch": "aarch64"}, "no guests of aarch64"),
    ("arch", {}, {"hypervisor": "kvm"}, "no KVM"), ("machine", {}, {"machine": "pc-q35-4.0"}, "no machine type pc-q35-4.0"),
    ("firmware", {}, {"firmware": "bios"}, "no firmware bios"), ("cpu", {}, {"cpu": "host-passthrough"}, "no mode host-passthrough"),
    ("network", {}, {"networks": ["back"]}, "no network back"), ("pool", {}, {"disks": {"fast": 1}}, "no active pool fast"),
    ("volume", {}, {"volumes": [("data", "other")]}, "its volume data is on another host"),
    ("instances", {"max_instances": 0}, {}, "has its 0 VMs"), ("vcpus", {}, {"vcpus": 5}, "5 vcpus wanted, 4 left"),
    ("memory", {}, {"memory": 9}, "9GiB wanted, 8GiB left"), ("disk", {}, {"disks": {"default": 101 * GIB}}, "101GiB wanted in the pool default, 100GiB left"),
    ("numa", {}, {"hardware": Hardware(nodes=[0])}, "it has no NUMA node 0"),
    ("numa", {"facts": RICH}, {"hardware": Hardware(nodes=[0, 2])}, "it has no NUMA node 2"),
    ("numa", {"facts": RICH}, {"memory": 7, "hardware": Hardware(nodes=[0])}, "7GiB wanted of the NUMA nodes 0, which have 6GiB"),
    ("hugepages", {}, {"hardware": Hardware(pages={None: GIB})}, "it has no huge pages"),
    ("hugepages", {"facts": RICH}, {"hardware": Hardware(pages={16 * MIB: GIB})}, "it has no huge pages of 16MiB"),
    ("hugepages", {"facts": RICH}, {"hardware": Hardware(pages={None: GIB + 1})}, "513 pages of 2MiB wanted, 512 left"),
    ("pci", {"facts": RICH}, {"hardware": Hardware(devices=[("0000:3d:00.0", None, None)])}, "no PCI device 0000:3d:00.0 is free"),
    ("pci", {"facts": RICH}, {"hardware": Hardware(devices=[ANY_GPU] * 3)}, "no PCI device 0x10de:0x20b5 is free"),
]


@pytest.mark.parametrize("name, said, wish, reason", REJECTED, ids=[f"{one[0]}{index}" for index, one in enumerate(REJECTED)])
def test_a_rejection_names_the_filter_and_says_why(name, said, wish, reason):
    unplaced = placed([host("a", **said)], [vm("1", **wish)]).unplaced
    assert unplaced["1"]["a"][0] == name
    assert reason in unplaced["1"]["a"][1]
    assert placed([host("a", **said)], [vm("1", **wish)], filters=[one for one in FILTERS if one != name]).unplaced == {}


def test_ratios_and_reserves_are_counted():
    crowded = {"vms": {"defined": 2, "vcpus": 6, "memory": 4 * GIB}}
    one = Host("a", dict(host("a").facts, **crowded), {"memory_ratio": 1.5})
    assert (one.vcpus, one.memory, one.instances) == (4 * 4 - 6, 12 * GIB - (512 << 20) - 4 * GIB, 2)
    assert host("a", disk_ratio=2.0, reserved_disk=5 * GIB).disk == 195 * GIB


def test_hardware_is_given_once():
    pages = Hardware(pages={GIB: 2 * GIB})
    assert placed([host("a", facts=RICH), host("b", facts=RICH)], [vm("1", memory=2, hardware=pages), vm("2", memory=2, hardware=pages)]).assignments == {
        "1": "a", "2": "b"}
    first, any_one = Hardware(devices=[("0000:3b:00.0", None, None)]), Hardware(devices=[ANY_GPU])
    found = placed([host("a", facts=RICH)], [vm("1", hardware=any_one), vm("2", hardware=first), vm("3", hardware=any_one)])
    assert (set(found.assignments), found.unplaced["2"]["a"][0]) == ({"1", "3"}, "pci")
    # One VM that wants both gets both, in whatever order it says so.
    both = Hardware(devices=[ANY_GPU, ("0000:3b:00.0", None, None)])
    assert placed([host("a", facts=RICH)], [vm("1", hardware=both)]).unplaced == {}
    # What runs is among the facts.
    assert placed([host("a", facts=RICH)], [vm("1", hardware=both), vm("2", hardware=both)], {"1": "a"}).unplaced == {}


def test_those_together_want_their_hardware_together():
    hosts = [host("a", memory=9, vcpus=9, facts=dict(RICH, pci=RICH["pci"][:1])), host("b", facts=RICH)]
    tied = [vm(name, hardware=Hardware(devices=[ANY_GPU], pages={GIB: GIB}), together_with=["2"]) for name in "12"]
    assert placed(hosts, tied).assignments == {"1": "b", "2": "b"}
    more = [vm(name, hardware=Hardware(pages={GIB: 2 * GIB}), together_with=["2"]) for name in "12"]
    assert placed([host("a", facts=RICH)], more).unplaced["1"]["a"] == ("hugepages", "4 pages of 1GiB wanted together with its company, 2 left")


def test_a_node_that_is_preferred_may_be_too_small():
    assert placed([host("a", facts=RICH)], [vm("1", memory=7, hardware=Hardware(nodes=[0], strict=False))]).unplaced == {}


def test_those_apart_are_on_hosts_of_their_own_also_if_only_one_says_so():
    hosts = [host("a", memory=100), host("b")]
    assert placed(hosts, [vm("1", apart_from=["2"]), vm("2")]).assignments == {"1": "a", "2": "b"}
    found = placed([host("a"), host("b")], [vm(f"w{number}", group="w", apart_from=["w"]) for number in range(3)])
    assert (found.assignments, found.unplaced["w2"]["a"]) == ({"w0": "a", "w1": "b"}, ("anti_affinity", "1 of w is there"))
    pairs = [vm(f"w{number}", group="w", apart_from=["w"], max_per_host=2) for number in range(4)]
    assert sorted(placed([host("a", memory=100), host("b")], pairs).assignments.values()) == ["a", "a", "b", "b"]


def test_those_together_go_where_there_is_room_for_all_of_them():
    hosts = [host("a", memory=3, vcpus=100), host("b", memory=4, vcpus=1)]
    hosts[1].vcpus = 4
    found = placed(hosts, [vm("1", memory=2, together_with=["2"]), vm("2", memory=2)])
    assert found.assignments == {"1": "b", "2": "b"}
    found = placed([host("a", memory=3)], [vm("1", memory=2, together_with=["2"]), vm("2", memory=2)])
    assert found.unplaced["1"]["a"] == ("memory", "4GiB wanted together with its company, 3GiB left")


def test_a_pool_that_is_made_has_room_nobody_knows_of():
    wants = {"disks": {"new": GIB}, "new_pools": ["new"]}
    assert placed([host("a")], [vm("1", **wants), vm("2", **wants)]).assignments == {"1": "a", "2": "a"}


def test_wishes_yield_to_need():
    hosts = [host("a", memory=100), host("b")]
    assert placed(hosts, [vm("1", host="b"), vm("2", prefer_together_with=["1"])], weighers={"soft_affinity": 10}).assignments["2"] == "b"
    assert placed([host("a")], [vm("1"), vm("2", prefer_apart_from=["1"])]).assignments == {"1": "a", "2": "a"}
    assert placed([host("a", memory=100), host("b")], [vm("1"), vm("2", prefer_apart_from=["1"])], weighers={"soft_anti_affinity": 10}).assignments == {
        "1": "a", "2": "b"}


def test_what_stands_stays_even_where_it_could_not_go():
    assert placed([host("a", enabled=False), host("b")], [vm("1")], {"1": "a"}).assignments == {"1": "a"}
    # Its company follows.
    assert placed([host("a"), host("b", memory=50)], [vm("1"), vm("2", together_with=["1"])], {"1": "a"}).assignments["2"] == "a"


def test_virtues_count_as_they_are_told():
    with_image, roomy = host("a", facts={"images": ["debian"]}), host("b", memory=9)
    assert placed([with_image, roomy], [vm("1", images=["debian"])], weighers={"image": 5}).assignments == {"1": "a"}
    assert placed([host("a", failures=1, memory=99), host("b")], [vm("1")]).assignments == {"1": "b"}
    assert placed([host("a", memory=9), host("b")], [vm("1")], weighers={"memory": -1}).assignments == {"1": "b"}


class Odd(Filter):
    name = "odd"

    def reason(self, vm, host):
        return None if int(vm.name) % 2 else "even"


def test_filters_and_weighers_of_ones_own():
    found = placed([host("a")], [vm("1"), vm("2")], filters=[*FILTERS, f"{__name__}.Odd"])
    assert (found.assignments, found.unplaced["2"]["a"]) == ({"1": "a"}, ("odd", "even"))
    for wrong in ("nope", "os.nope", "no.such.Thing"):
        with pytest.raises(Refusal, match=wrong):
            Scheduler([], filters=[wrong])
        with pytest.raises(Refusal, match=wrong):
            Scheduler([], weighers={wrong: 1})


def test_every_filter_and_weigher_has_a_name_of_its_own():
    assert all(name == one.name for known in (FILTERS, WEIGHERS) for name, one in known.items())
    assert {name for name, *_rest in REJECTED} | {"affinity", "anti_affinity"} == set(FILTERS)


HOSTS = st.lists(st.tuples(st.integers(1, 8), st.integers(1, 16)), min_size=1, max_size=5)
VMS = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 5), st.sampled_from("xyz"), st.sampled_from(["", "apart_from", "together_with"])), max_size=12)


def world(sizes, wishes):
    hosts = [host(f"h{index}", vcpus=vcpus, memory=memory) for index, (vcpus, memory) in enumerate(sizes)]
    vms = [vm(f"v{index}", memory=memory, vcpus=vcpus, group=group, **({wish: [group]} if wish else {}))
           for index, (vcpus, memory, group, wish) in enumerate(wishes)]
    return hosts, vms


@settings(max_examples=150, deadline=None)
@given(HOSTS, VMS)
def test_nothing_is_oversubscribed_and_every_vm_is_told_about(sizes, wishes):
    hosts, vms = world(sizes, wishes)
    found = placed(hosts, vms)
    assert set(found.assignments) | set(found.unplaced) == {one.name for one in vms}
    assert all(one.vcpus >= 0 and one.memory >= 0 for one in hosts)
    assert all(set(against) == {one.name for one in hosts} for against in found.unplaced.values())


@settings(max_examples=100, deadline=None)
@given(HOSTS, VMS)
def test_neighbours_are_as_wished(sizes, wishes):
    hosts, vms = world(sizes, wishes)
    found = placed(hosts, vms).assignments
    for one, (_vcpus, _memory, group, wish) in zip(vms, wishes):
        mates = {found[other.name] for other in vms if other is not one and other.name in found and group in other.labels}
        if one.name in found and wish == "together_with":
            assert mates <= {found[one.name]}
        if one.name in found and wish == "apart_from":
            assert found[one.name] not in mates


@settings(max_examples=100, deadline=None)
@given(HOSTS, VMS)
def test_the_same_question_has_the_same_answer_and_what_stands_stays(sizes, wishes):
    first = placed(*world(sizes, wishes)).assignments
    assert placed(*world(sizes, wishes)).assignments == first
    again = placed(*world(sizes, wishes), standing=first).assignments
    assert {name: again[name] for name in first} == first
