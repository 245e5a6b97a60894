# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a declared environment to what is placed and counted, and back to what each host needs."""
from __future__ import annotations

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk import Disk
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement import _quota
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._demand import Demand
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._scheduler import Scheduler
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._state import Host

GIB = 1 << 30
SHOP = {
    "name": "shop", "profiles": {"p": {"memory": "2GiB", "vcpus": 1}}, "images": [{"name": "debian"}, {"name": "spare"}],
    "networks": [{"name": "front", "mode": "bridge"}, {"name": "back"}], "volumes": [{"name": "data", "size": "5GiB"}, {"name": "loose", "size": "1GiB"}],
    "vms": [{"name": "db", "profiles": ["p"], "disks": [{"volume": "data"}], "interfaces": [{"network": "back"}]},
            {"name": "api", "profiles": ["p"], "interfaces": [{"network": "back"}]},
            {"name": "web", "count": 2, "profiles": ["p"], "disks": [{"image": "debian", "size": "3GiB"}],
             "interfaces": [{"network": "front", "address": "10.0.0.5"}], "placement": {"apart_from": ["web"]}},
            {"name": "old", "state": "absent"}],
}


def facts(memory=64, environments=None):
    return {
        "arch": "x86_64", "cpu": {"count": 16}, "memory": {"total": memory * GIB}, "vms": {"defined": 0, "vcpus": 0, "memory": 0},
        "pools": [{"name": "default", "capacity": 100 * GIB, "available": 100 * GIB, "state": "active"}], "networks": [], "images": [],
        "guests": [], "usual": None, "environments": environments or {},
    }


def answer(options=None, hosts=None):
    hosts = hosts or {"h1": facts(), "h2": facts()}
    demand = Demand(dict(SHOP, **(options or {})), hosts)
    placement = Scheduler([Host(name, one) for name, one in hosts.items()]).place(demand.wanted(), demand.standing())
    assert placement.unplaced == {}
    return placement.assignments, demand.needs(placement.assignments)


def test_who_shares_a_network_that_ends_at_the_host_is_on_one():
    assignments, needs = answer()
    assert assignments["db"] == assignments["api"]
    assert {assignments["web-1"], assignments["web-2"]} == {"h1", "h2"}
    home, other = assignments["db"], {"h1": "h2", "h2": "h1"}[assignments["db"]]
    assert needs[home]["networks"] == ["front", "back"]
    assert needs[other]["networks"] == ["front"]
    assert needs[home]["volumes"] == ["data", "loose"][:1 if home == "h2" else 2]
    assert [needs[one]["images"] for one in ("h1", "h2")] == [["debian", "spare"]] * 2


def test_a_network_that_spans_hosts_ties_nobody():
    wanted = Demand(dict(SHOP, spanning_networks=["back"]), {"h1": facts()}).wanted()
    assert [one.together for one in wanted] == [frozenset()] * 4
    assert [sorted(one.together) for one in Demand(SHOP, {"h1": facts()}).wanted()][:3] == [["network back"], ["network back"], []]


def test_what_is_there_stays_and_data_draws_its_vm():
    there = {"shop": {"vms": [{"name": "shop.web-1", "vcpus": 1, "memory": GIB, "networks": []}], "networks": [],
                      "volumes": [{"name": "shop.data", "pool": "default"}, {"name": "shop.loose", "pool": "default"}]}}
    assignments, needs = answer(hosts={"h1": facts(memory=256), "h2": facts(environments=there)})
    assert (assignments["web-1"], assignments["db"], assignments["api"]) == ("h2", "h2", "h2")
    assert needs["h2"]["volumes"] == ["data", "loose"]


def test_hardware_is_what_the_options_of_the_vm_say():
    said = {"memory": "2GiB", "numatune": {"memory": {"nodeset": "0-2,^1", "mode": "preferred"}, "memnodes": [{"cellid": 0, "nodeset": 3}]},
            "memory_backing": {"hugepages": True, "pages": [{"size": "1GiB"}]},
            "hostdevs": [{"type": "pci", "source": {"address": "0000:3B:00.0"}}, {"type": "usb", "source": {"vendor": "0x1d6b", "product": "0x0002"}},
                         {"type": "pci", "source": {"vendor": "0x10DE", "product": "0x20b5"}}]}
    asked = Demand({"name": "e", "vms": [dict(said, name="a"), {"name": "b", "memory_backing": {"hugepages": True}}, {"name": "c"}]}, {}).wanted()
    assert Vm.normalise({name: value for name, value in said.items() if name in Vm.fields()}).keys() >= {"numatune", "memory_backing"}
    first, second, third = (one.hardware for one in asked)
    assert (first.nodes, first.strict, first.pages) == ({0, 2, 3}, False, {GIB: 2 * GIB})
    assert first.devices == [("0000:3b:00.0", None, None), (None, "0x10de", "0x20b5")]
    assert second.pages == {None: GIB}
    assert (third.nodes, third.pages, third.devices) == (frozenset(), {}, [])


@pytest.mark.parametrize("options, said", [
    ({"vms": [{"name": "a", "numatune": {"memory": {"nodeset": "x"}}}]}, r"vms\[0\].numatune: 'x' is not a set of numbers"),
    ({"vms": [{"name": "a", "hostdevs": [{"type": "pci", "source": {"address": "x"}}]}]}, r"vms\[0\].hostdevs\[0\].source.address: 'x' is not a PCI"),
    ({"vms": [{"name": "a", "memory_backing": {"pages": [{"size": "2"}]}}]}, r"vms\[0\].memory_backing.pages\[0\].size: the size '2' has no unit"),
    ({"vms": [{"name": "a", "placement": {"near": "x"}}]}, r"vms\[0\].placement: there is no option 'near'"),
    ({"vms": [{"name": "a", "placement": {"apart_from": ["x"]}}]}, r"vms\[0\].placement.apart_from: there is no VM and no group 'x'"),
    ({"vms": [{"name": "a", "placement": {"host": "x"}}]}, r"vms\[0\].placement.host: 'x' is none of the hosts h1, h2"),
    ({"vms": [{"name": "a", "memory": "7"}]}, r"vms\[0\].memory: the size '7' has no unit"),
    ({"vms": [{"name": "a", "flavor": "x"}]}, r"vms\[0\].flavor: there is no flavor 'x'"),
])
def test_bad_input_names_its_option(options, said):
    with pytest.raises(Refusal, match=said):
        answer(options)


LIMITS = {"instances": 4, "vcpus": 4, "memory": "8GiB", "volumes": 4, "volume_size": "12GiB", "networks": 2, "addresses": 2, "images": 2}


def checked(quota=None, restrictions=None, prunes=(), hosts=None, **options):
    _quota.check(Demand(dict(SHOP, **options), hosts or {"h1": facts(), "h2": facts()}), quota or {}, restrictions or {}, _quota.Leaving(*prunes))


def test_what_is_allowed_exactly_is_allowed():
    checked(LIMITS)


@pytest.mark.parametrize("name, less, said", [
    ("instances", 3, "instances: 4 in sum, 3 allowed"), ("vcpus", 3, "vcpus: 4 in sum, 3 allowed"), ("memory", "7GiB", "memory: 8GiB in sum, 7GiB allowed"),
    ("volumes", 3, "volumes: 4 in sum, 3 allowed"), ("volume_size", "11GiB", "volume_size: 12GiB in sum, 11GiB allowed"),
    ("networks", 1, "networks: 2 in sum, 1 allowed"), ("addresses", 1, "addresses: 2 in sum, 1 allowed"), ("images", 1, "images: 2 in sum, 1 allowed"),
])
def test_a_violation_names_the_sum_and_the_limit(name, less, said):
    with pytest.raises(Refusal, match=said) as refused:
        checked(dict(LIMITS, **{name: less}))
    assert refused.value.code == "quota_exceeded"


def test_all_hosts_are_counted_and_what_is_pruned_is_not():
    hosts = {"h1": facts(), "h2": facts(environments={"shop": {"vms": [{"name": "shop.more", "vcpus": 2, "memory": GIB}], "networks": [], "volumes": []}})}
    with pytest.raises(Refusal, match="instances: 5 in sum, 4 allowed; vcpus: 6 in sum, 4 allowed; memory: 9GiB in sum"):
        checked(LIMITS, hosts=hosts)
    checked(LIMITS, hosts=hosts, prunes=[True])


MORE = {"vms": [{"name": "shop.more", "vcpus": 2, "memory": GIB, "addresses": 1}], "networks": ["shop.back", "shop.more"],
        "volumes": [{"name": "shop.data", "pool": "default", "size": 5 * GIB}, {"name": "shop.web-1.debian.qcow2", "pool": "default", "size": 3 * GIB},
                    {"name": "shop.more.debian.qcow2", "pool": "default", "size": 2 * GIB}]}


@pytest.mark.parametrize("name, said", [
    ("volumes", "volumes: 5 in sum, 4 allowed"), ("volume_size", "volume_size: 14GiB in sum, 12GiB allowed"),
    ("networks", "networks: 3 in sum, 2 allowed"), ("addresses", "addresses: 3 in sum, 2 allowed"),
])
def test_what_is_there_and_stays_counts(name, said):
    hosts = {"h1": facts(), "h2": facts(environments={"shop": MORE})}
    with pytest.raises(Refusal, match=said):
        checked({name: LIMITS[name]}, hosts=hosts)
    if name.startswith("volume"):
        with pytest.raises(Refusal, match=said):
            checked({name: LIMITS[name]}, hosts=hosts, prunes=[True])
    checked({name: LIMITS[name]}, hosts=hosts, prunes=[True, True])


def test_what_is_told_to_go_does_not_count_and_is_told_to_every_host():
    checked({"networks": 1, "volumes": 3, "images": 1}, networks=[SHOP["networks"][0], {"name": "back", "state": "absent"}],
            volumes=[{"name": "loose", "state": "absent"}, SHOP["volumes"][0]], images=[{"name": "debian"}, {"name": "spare", "state": "absent"}])
    assert all("old" in needs["vms"] for needs in answer()[1].values())


def test_its_own_network_needs_not_be_listed_again():
    there = {"shop": {"vms": [], "networks": ["shop.late"], "volumes": []}}
    hosts = {"h1": facts(memory=99), "h2": dict(facts(environments=there), networks=["shop.late"])}
    assert answer({"vms": [{"name": "a", "interfaces": [{"network": "late"}]}]}, hosts)[0] == {"a": "h2"}
    checked(restrictions={"networks": []}, hosts=hosts, vms=[{"name": "a", "interfaces": [{"network": "late"}]}], networks=[])


def test_what_is_limited_must_be_stated():
    with pytest.raises(Refusal, match="vcpus: the VM 'a' must state it, it is limited; memory: the VM 'a' must state it"):
        checked({"vcpus": 9, "memory": "9GiB"}, vms=[{"name": "a"}])
    with pytest.raises(Refusal, match="size: the volume 'v' must state it, volume_size is limited"):
        checked({"volume_size": "99GiB"}, vms=[], volumes=[{"name": "v", "image": "debian"}])
    with pytest.raises(Refusal, match="size: the disk of image 'debian' of the VM 'a' must state it"):
        checked({"volume_size": "99GiB"}, vms=[{"name": "a", "disks": [{"image": "debian"}]}])
    checked({"instances": 9}, vms=[{"name": "a"}])


BACK = {"images": [], "networks": [{"name": "back"}], "volumes": []}


@pytest.mark.parametrize("restrictions, vm, said", [
    ({"networks": ["office"]}, {"interfaces": [{"network": "bank"}]}, "networks: the VM 'a' is plugged into 'bank', allowed are its own and 'office'"),
    ({"networks": []}, {"interfaces": [{"bridge": "br0"}]}, "networks: the VM 'a' is plugged into 'br0', allowed are its own"),
    ({"networks": []}, {"interfaces": [{"direct": {"dev": "eth0"}}]}, "networks: the VM 'a' is plugged into 'eth0', allowed are its own"),
    ({"images": ["tiny"]}, {"disks": [{"image": "debian"}]}, "images: the VM 'a' has a disk of 'debian', allowed are: tiny"),
    ({"devices": ["disks"]}, {"interfaces": [{"network": "back"}]}, "devices: the VM 'a' has interfaces, allowed are: disks"),
])
def test_a_restriction_says_what_is_allowed(restrictions, vm, said):
    with pytest.raises(Refusal, match=said):
        checked(restrictions=restrictions, vms=[dict(vm, name="a")], **BACK)
    checked(restrictions={"networks": ["bank", "br0", "eth0"], "images": ["debian"], "devices": ["disks", "interfaces"]}, vms=[dict(vm, name="a")], **BACK)


@pytest.mark.parametrize("restrictions, vm, said", [
    ({"images": ["tiny"]}, {"disks": [{"volume": "mart.data"}]}, "images: the VM 'a' has the volume 'mart.data', allowed are its own, and disks of tiny"),
    ({"devices": []}, {"xml": "<domain/>"}, "xml: the VM 'a' has it, and nobody could tell what is in it"),
])
def test_what_hides_what_it_is_is_never_allowed(restrictions, vm, said):
    with pytest.raises(Refusal, match=said):
        checked(restrictions=restrictions, vms=[dict(vm, name="a")], **BACK)


@pytest.mark.parametrize("source", sorted(set(Disk.sources) - {"image", "volume"}))
def test_other_data_than_images_and_own_volumes_is_not_allowed(source):
    with pytest.raises(Refusal, match="images: the VM 'a' has a disk of the host or of another server"):
        checked(restrictions={"images": ["tiny"]}, vms=[{"name": "a", "disks": [{source: "x"}]}], **BACK)


@pytest.mark.parametrize("options, said", [
    ({"images": [{"name": "other"}]}, "images: the image 'other' is declared, allowed are: debian"),
    ({"volumes": [{"name": "v", "size": "1GiB", "copy_of": "other"}]}, "images: the volume 'v' is made of 'other', allowed are: debian"),
    ({"networks": [{"name": "n", "mode": "bridge", "bridge": "br0"}]},
     "networks: its network 'n' is of mode bridge, which leads to the host's; allowed are: office"),
])
def test_a_restriction_is_not_got_round_by_what_vms_stand_on(options, said):
    options = dict({"images": [], "networks": [], "volumes": [], "vms": []}, **options)
    with pytest.raises(Refusal, match=said):
        checked(restrictions={"networks": ["office"], "images": ["debian"]}, **options)
    checked(restrictions={"networks": ["br0"], "images": ["other"]}, **options)


@pytest.mark.parametrize("quota, restrictions, said", [({"gold": 1}, {}, "quota: there is no 'gold'"), ({}, {"gold": 1}, "restrictions: there is no 'gold'"),
                                                       ({"memory": "5"}, {}, "quota.memory: the size '5' has no unit")])
def test_limits_that_do_not_exist_are_told(quota, restrictions, said):
    with pytest.raises(Refusal, match=said):
        checked(quota, restrictions)
