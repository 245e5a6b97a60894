# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An environment's names: its own resources are the host's under a name of their own, what is the host's stays."""
from __future__ import annotations

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_spec
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.environment import KINDS, Environment

SHOP = {
    "name": "shop",
    "pools": [{"name": "fast", "path": "/srv/fast", "state": "active"}],
    "images": [{"name": "debian", "source": "/srv/debian.qcow2", "pool": "fast"}],
    "networks": [{"name": "front", "subnet": "10.20.0.0/24", "state": "active"}],
    "volumes": [{"name": "data", "size": "1GiB", "pool": "fast", "image": "debian"},
                {"name": "top", "backing": {"name": "data", "pool": "fast"}, "pool": "fast", "state": "present"}],
    "vms": [{"name": "db", "disks": [{"volume": "data", "pool": "fast"}, {"volume": "shared"}, {"image": "debian", "pool": "fast"}],
             "interfaces": [{"network": "front"}, {"network": "office"}], "state": "running"}],
}


def resources(options):
    return {resource.key: resource for resource in Environment(options).resources()}


def test_what_is_the_environments_own_has_its_name_in_front():
    found = resources(SHOP)
    assert set(found) == {("pool", "fast"), ("image", "debian"), ("network", "shop.front"), ("volume", "fast/shop.data"), ("volume", "fast/shop.top"),
                          ("vm", "shop.db")}
    assert found["vm", "shop.db"].short_name == "db"


def test_references_follow_what_they_name():
    found = resources(SHOP)
    vm = found["vm", "shop.db"].declared
    assert [(disk.get("volume"), disk.get("image"), disk.get("pool")) for disk in vm["disks"]] == [
        ("shop.data", None, "fast"), ("shared", None, None), (None, "debian", "fast")]
    assert [one["network"] for one in vm["interfaces"]] == ["shop.front", "office"]
    assert found["volume", "fast/shop.data"].declared["image"] == "debian"
    assert found["volume", "fast/shop.top"].backing == ("fast", "shop.data")


def test_devices_keep_the_names_that_the_user_sees():
    vm = resources(SHOP)["vm", "shop.db"]
    assert [disk["name"] for disk in vm.declared["disks"]] == ["data", "shared", "debian"]
    assert [one["name"] for one in vm.declared["interfaces"]] == ["front", "office"]
    assert _vm_spec.volume_of(vm.name, vm.declared["disks"][2]) == ("fast", "shop.db.debian.qcow2")


def test_a_namesake_of_another_kind_is_not_taken_for_its_own():
    vm = resources({"name": "e", "networks": [{"name": "x"}],
                    "vms": [{"name": "v", "disks": [{"volume": "x", "name": "d"}], "interfaces": [{"network": "x"}]}]})["vm", "e.v"]
    assert vm.declared["disks"][0]["volume"] == "x"
    assert vm.declared["interfaces"][0]["network"] == "e.x"


class There:
    """A host on which the environment has this already."""

    def __init__(self, *names):
        self.names = names
        self.asked = []

    def has(self, kind, name):
        self.asked.append(name)
        return (kind, name) in self.names


def test_what_is_there_already_is_its_own_listed_or_not():
    there = There(("network", "e.x"), ("volume", "e.data"))
    found = Environment({"name": "e", "networks": [{"name": "y"}], "vms": [
        {"name": "v", "disks": [{"volume": "data"}, {"volume": "shared"}], "interfaces": [{"network": "x"}, {"network": "y"}, {"network": "office"}]}]})
    vm = found.resources(there)[-1]
    assert [disk["volume"] for disk in vm.declared["disks"]] == ["e.data", "shared"]
    assert [one["network"] for one in vm.declared["interfaces"]] == ["e.x", "e.y", "office"]
    # What is listed is not looked for, and neither are pools and images, which are the host's.
    assert sorted(there.asked) == ["e.data", "e.office", "e.shared", "e.x"]


@pytest.mark.parametrize("options, said", [
    ({"name": "a.b"}, "name: 'a.b' has a dot"), ({"name": "e", "vms": [{"name": "v"}, {"name": "a.b"}]}, "vms[1].name: 'a.b' has a dot"),
    ({"name": "e", "networks": [{"name": "a.b"}]}, "networks[0].name: 'a.b' has a dot"), ({"name": "../e"}, "name: '../e' is not a name"),
    ({"name": "e", "vms": [{"name": "v"}, {"name": "v"}]}, "vms[1]: 'v' stands more than once"),
    ({"name": "e", "vms": [{"name": "v", "disks": [{"image": "i", "size": "7"}]}]}, "vms[0].disks[0].size: the size '7' has no unit"),
    ({"name": "e", "vms": [{"name": "v", "interfaces": [{"network": "n", "mac": "x"}]}]}, "vms[0].interfaces[0].mac: 'x' is not a MAC address"),
])
def test_bad_input_names_its_option(options, said):
    with pytest.raises(Refusal) as refused:
        Environment(options)
    assert refused.value.code == "invalid_option"
    assert refused.value.message.startswith(said)


def test_pools_and_images_may_have_dots():
    assert set(resources({"name": "e", "pools": [{"name": "a.b"}], "images": [{"name": "debian-12.1", "source": "/s"}]})) == {
        ("pool", "a.b"), ("image", "debian-12.1")}


def test_volumes_of_two_pools_may_share_a_name():
    volumes = [{"name": "data", "pool": "fast"}, {"name": "data"}]
    assert set(resources({"name": "e", "volumes": volumes})) == {("volume", "fast/e.data"), ("volume", "default/e.data")}
    with pytest.raises(Refusal) as refused:
        resources({"name": "e", "volumes": [*volumes, {"name": "data", "pool": "default"}]})
    assert refused.value.message.startswith("volumes[2]: 'data' stands more than once")


def test_nothing_declared_is_nothing():
    assert resources({"name": "e", "vms": None, "pools": []}) == {}


def test_every_kind_has_its_list():
    assert {plural: kind.kind for plural, kind in KINDS.items()} == {
        "secrets": "secret", "pools": "pool", "images": "image", "networks": "network", "volumes": "volume", "vms": "vm"}
