# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole environments on a libvirtd of our own: groups, owners, pruning, the state of the whole."""
from __future__ import annotations

import itertools

import pytest
from household import VM, Household

from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure


@pytest.fixture
def house(daemon, daemon_uri, tmp_path):
    return Household(daemon_uri, daemon, tmp_path)


@pytest.fixture
def shop(tmp_path):
    return {
        "name": "shop",
        "pools": [{"name": "default", "path": str(tmp_path / "pool")}],
        "networks": [{"name": "front", "subnet": "10.71.0.0/24"}, {"name": "back", "mode": "isolated"}],
        "volumes": [{"name": "data", "size": "1MiB"}],
        "profiles": {"common": VM},
        "vms": [
            {"name": "db", "profiles": ["common"], "disks": [{"volume": "data"}], "interfaces": [{"network": "back"}]},
            {"name": "web", "count": 2, "profiles": ["common"], "after": ["db"],
             "interfaces": [{"network": "front", "address": "10.71.0.10"}, {"network": "back"}]},
        ],
    }


def test_a_group_is_so_many_vms_with_addresses_that_count_up(house, shop):
    made = house.apply(shop)
    assert house.names() == (["shop.db", "shop.web-1", "shop.web-2"], ["shop.back", "shop.front"], ["shop.data"])
    assert made["outputs"]["vms"]["web-2"] == {"name": "shop.web-2", "state": "stopped", "address": "10.71.0.11", "addresses": {"front": ["10.71.0.11"]}}
    assert made["outputs"]["networks"]["front"]["name"] == "shop.front"
    assert made["outputs"]["volumes"]["data"]["pool"] == "default"


def test_plans_and_differences_speak_the_users_names(house, shop):
    made = house.apply(shop)
    assert {"network front", "volume default/data", "vm web-1"} <= set(made["diff"]["after"])
    assert made["diff"]["after"]["vm db"]["interfaces"] == [{"network": "back", "name": "back"}]
    assert "shop." not in repr((made["diff"], made["plan"], made["summary"]))
    shop["vms"][0]["memory"] = "96MiB"
    assert house.apply(shop)["summary"] == ["~ vm db  memory 64MiB -> 96MiB", "Plan: 0 to add, 1 to change, 0 to destroy."]


def test_another_group_member_and_one_less(house, shop):
    house.apply(shop)
    shop["vms"][1]["count"] = 3
    assert "Plan: 2 to add, 0 to change, 0 to destroy." in house.apply(shop)["summary"]
    shop["vms"][1]["count"] = 1
    assert not house.apply(shop)["changed"]
    shop["prune"] = True
    assert sorted(one["name"] for one in house.apply(shop)["plan"] if one["action"] == "delete") == ["web-2", "web-3"]
    assert house.names()[0] == ["shop.db", "shop.web-1"]


def test_pruning_takes_only_what_is_its_own(house, shop):
    house.apply(shop)
    others = dict(shop, name="other", networks=[{"name": "front", "subnet": "10.72.0.0/24"}], volumes=[],
                  vms=[dict(VM, name="db", interfaces=[{"network": "front"}])])
    house.apply(others)
    by_hand = "<domain type='qemu'><name>shop.mine</name><memory>65536</memory><os><type arch='x86_64'>hvm</type></os><devices>%s</devices></domain>"
    house.connection.defineXML(by_hand % "<interface type='network'><source network='shop.front'/></interface>")
    pruned = house.apply({"name": "shop", "prune": True})
    assert house.names() == (["other.db", "shop.mine"], ["other.front", "shop.front"], ["shop.data"])
    assert [note for note in pruned["notes"] if "'shop.front' was kept" in note and "shop.mine" in note]
    assert [note for note in pruned["notes"] if "'default/shop.data' was kept" in note]
    house.domain("shop.mine").undefine()
    house.apply({"name": "shop", "prune": True, "prune_volumes": True})
    assert house.names() == (["other.db"], ["other.front"], [])


def test_an_environment_goes_with_all_it_has_but_its_data(house, shop):
    house.apply(shop)
    house.apply(dict(shop, state="absent"))
    assert house.names() == ([], [], ["shop.data"])
    house.apply(shop)
    house.apply({"name": "shop", "state": "absent", "prune_volumes": True})
    assert house.names() == ([], [], [])
    assert {record[:2] for record in house.everything()[3]} == {("pool", "default")}


def test_the_whole_is_started_and_stopped(house, shop):
    house.apply(shop)
    house.apply({"name": "shop", "state": "running"})
    assert [domain.isActive() for domain in house.connection.listAllDomains()] == [1, 1, 1]
    stopped = house.apply(dict(shop, state="stopped"))
    assert {one["action"] for one in stopped["plan"]} == {"update"}
    assert [domain.isActive() for domain in house.connection.listAllDomains()] == [0, 0, 0]


def test_what_is_there_already_goes_by_its_short_name(house, shop):
    shop["volumes"].append({"name": "spare", "size": "1MiB"})
    house.apply(shop)
    late = dict(VM, name="late", disks=[{"volume": "spare"}], interfaces=[{"network": "front", "address": "10.71.0.40"}])
    made = house.apply({"name": "shop", "vms": [late]})
    assert made["summary"][0] == "+ vm late  1 vcpu, 64MiB, spare, front"
    domain = house.domain("shop.late").XMLDesc(0)
    assert "network='shop.front'" in domain
    assert "shop.spare" in domain
    assert "10.71.0.40" in house.connection.networkLookupByName("shop.front").XMLDesc(0)
    assert not house.run(dict(shop, vms=[*shop["vms"], late]))["changed"]
    # Those of another environment are somebody else's.
    assert house.refused({"name": "other", "vms": [late]})[0] == "unknown_volume"


XML = {
    "vm": ("defineXML", "<domain type='qemu'><name>shop.db</name><memory>65536</memory><os><type arch='x86_64'>hvm</type></os></domain>"),
    "network": ("networkDefineXML", "<network><name>shop.back</name><bridge name='byhand'/></network>"),
}


@pytest.mark.parametrize("kind", sorted(XML))
def test_what_others_made_is_refused_or_adopted(house, shop, kind):
    method, xml = XML[kind]
    getattr(house.connection, method)(xml)
    code, message = house.refused(shop)
    assert (code, "a %s 'shop." % kind in message) == ("not_ours", True)
    house.apply(dict(shop, adopt=True))
    house.apply(shop)
    house.apply({"name": "shop", "state": "absent", "prune_volumes": True})
    assert house.names() == ([], [], [])


def test_a_pool_and_a_volume_of_others_are_refused_or_adopted(house, shop, tmp_path):
    pool = house.connection.storagePoolDefineXML(f"<pool type='dir'><name>default</name><target><path>{tmp_path}/pool</path></target></pool>")
    pool.build()
    pool.create()
    assert house.refused(shop)[0] == "not_ours"
    del shop["pools"]
    pool.createXML("<volume><name>shop.data</name><capacity>1048576</capacity><target><format type='qcow2'/></target></volume>")
    code, message = house.refused(shop)
    assert (code, "volume 'default/shop.data'" in message) == ("not_ours", True)
    house.apply(dict(shop, adopt=True))
    house.apply({"name": "shop", "state": "absent", "prune_volumes": True})
    assert house.names()[2] == []


def test_what_is_protected_stays(house, shop):
    shop["vms"][0].update(protect=True, state="running")
    shop["volumes"][0]["protect"] = shop["networks"][0]["protect"] = True
    house.apply(shop)
    assert house.refused({"name": "shop", "state": "absent"})[0] == "protected"
    assert house.refused({"name": "shop", "state": "stopped"})[0] == "protected"
    assert house.refused({"name": "shop", "vms": [{"name": "db", "state": "absent"}]})[0] == "protected"
    assert house.refused({"name": "shop", "networks": [{"name": "front", "state": "absent"}], "vms": []})[0] == "protected"
    restarted = dict(shop["vms"][0], memory="96MiB", apply="restart")
    assert house.refused(dict(shop, vms=[restarted]))[0] == "protected"
    for part in (shop["vms"][0], shop["volumes"][0], shop["networks"][0]):
        part["protect"] = False
    house.apply(shop)
    house.apply({"name": "shop", "state": "absent", "prune_volumes": True})
    assert house.names() == ([], [], [])


def test_a_protected_disk_does_not_go_with_its_vm(house, shop, tmp_path):
    source = tmp_path / "tiny.raw"
    source.write_bytes(bytes(1 << 20))
    shop["images"] = [{"name": "tiny", "source": str(source), "format": "raw"}]
    shop["vms"] = [dict(VM, name="db", disks=[{"image": "tiny"}])]
    house.apply(shop)
    record = next(key for key, one in house.registry.all("volume").items() if one["name"] == "shop.db.tiny.qcow2")
    house.registry.put("volume", record, **dict(house.registry.get("volume", record), protect=True))
    assert house.refused({"name": "shop", "vms": [{"name": "db", "state": "absent", "volumes": "delete"}]})[0] == "protected"
    assert house.refused({"name": "shop", "state": "absent", "prune_volumes": True})[0] == "protected"
    house.apply({"name": "shop", "vms": [{"name": "db", "state": "absent"}]})


def test_restarts_go_a_few_at_a_time_and_stop_at_the_first_that_is_not_well(house, shop):
    away, most = set(), []

    class Watching(Executor):
        def step(self, resource, action):
            if action.title == "shut_down":
                away.add(resource.key)
                most.append(len(away))
            super().step(resource, action)
            if action.title == "start":
                away.discard(resource.key)

    shop["vms"] = [{"name": "web", "count": 4, "profiles": ["common"], "state": "running", "apply": "restart"}]
    house.apply(shop)
    shop["vms"][0]["memory"] = "96MiB"
    shop["max_unavailable"] = 2
    house.run(shop, Watching())
    assert (max(most), len(most)) == (2, 4)
    shop["vms"][0]["memory"] = "128MiB"
    shop["max_unavailable"] = 1
    # Nothing in these guests ever gets an address.
    shop["wait"] = {"for": ["address"], "timeout": 1}
    with pytest.raises(Failure, match="Not ready in time"):
        house.run(shop)
    memory = [domain.maxMemory() for domain in house.connection.listAllDomains()]
    assert sorted(memory) == [96 * 1024] * 3 + [128 * 1024]


def test_a_plan_in_a_file_is_done_as_it_was_agreed_on_or_not_at_all(house, shop, tmp_path):
    file = str(tmp_path / "plan.json")
    house.run(dict(shop, plan_out=file), Executor(check_mode=True))
    house.connection.networkDefineXML("<network><name>elsewhere</name><bridge name='other'/></network>")
    shop["vms"][0]["memory"] = "96MiB"
    code, message = house.refused(dict(shop, plan_in=file))
    assert (code, "vm db" in message) == ("plan_moved", True)
    shop["vms"][0].pop("memory")
    assert house.run(dict(shop, plan_in=file))["changed"]
    assert not house.run(dict(shop, plan_in=file))["changed"]
    house.domain("shop.db").undefine()
    assert house.refused(dict(shop, plan_in=file))[0] == "plan_moved"
    assert house.refused(dict(shop, plan_in=str(tmp_path / "none")))[0] == "plan_file"
    house.connection.networkLookupByName("elsewhere").undefine()


def many(count):
    return {
        "name": "many", "networks": [{"name": "front", "subnet": "10.71.0.0/16"}], "profiles": {"common": VM},
        "volumes": [{"name": f"v{number}", "size": "1MiB", "format": "raw"} for number in range(1, count + 1)],
        "vms": [{"name": "b", "count": count, "profiles": ["common"], "disks": [{"volume": "v{n}"}],
                 "interfaces": [{"network": "front", "address": "10.71.1.1"}]}],
    }


def test_each_further_vm_costs_as_many_calls_as_the_one_before(house, shop):
    def cost(options):
        # In one lane: who is first to settle a network's addresses is not left to chance.
        assert house.run(options, Executor(lanes=1))["changed"] is not (options in seen)
        seen.append(options)
        return sum(house.calls.values())

    house.apply({"name": "shop", "pools": shop["pools"]})
    seen, made, again, more = [], [], [], []
    for count in (4, 8, 12):
        made.append(cost(many(count)))
        # All addresses come with the network, in one definition.
        assert (house.calls["networkDefineXML"], house.calls["update"]) == (1, 0)
        again.append(cost(many(count)))
        more.append(cost(many(count + 4)))
        # And four more in another one; what runs is told of each, its address and its name.
        assert (house.calls["networkDefineXML"], house.calls["update"]) == (1, 8)
        house.run({"name": "many", "state": "absent", "prune_volumes": True})
        seen.clear()
    for costs, most in ((made, 35), (again, 14), (more, 26)):
        first, second, third = costs
        assert second - first == third - second <= 4 * most, (made, again, more)


def test_a_run_that_ends_between_two_actions_is_finished_by_the_next(house, shop):
    shop["vms"] = [dict(VM, name="db", disks=[{"volume": "data"}], interfaces=[{"network": "back"}], autostart=True),
                   dict(VM, name="web", after=["db"], interfaces=[{"network": "front", "address": "10.71.0.10"}])]
    changed = dict(shop, prune=True, prune_volumes=True, networks=shop["networks"][:1], volumes=[{"name": "more", "size": "2MiB"}],
                   vms=[dict(shop["vms"][1], title="one", interfaces=[{"network": "front", "address": "10.71.0.11"}])])
    del changed["vms"][0]["after"]
    gone = {"name": "shop", "state": "absent", "prune_volumes": True}
    stories = 0
    for before, after in ((gone, shop), (shop, changed), (changed, gone)):
        house.run(gone)
        house.run(before)
        house.run(after)
        undisturbed = house.everything()
        for life in itertools.count():
            house.run(gone)
            house.run(before)
            if not house.dies(after, life):
                break
            house.run(after)
            assert house.everything() == undisturbed, f"ended before action {life}"
            assert not house.run(after)["changed"]
            stories += 1
    assert stories > 20
