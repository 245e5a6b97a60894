# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records that were lost, cut off, outlived what they are about, or say something else than what is there: nothing is taken for ours."""
from __future__ import annotations

import json
import pathlib
import subprocess
import uuid

import pytest
from household import Household
from storage import Host

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE, INTENDED, REMOVING
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.image import Image
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.secret import Secret
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume_snapshot import VolumeSnapshot


@pytest.fixture
def host(daemon, daemon_uri, tmp_path):
    for secret in daemon.listAllSecrets():
        secret.undefine()
    return Host(daemon_uri, tmp_path)


def record_files(host, kind):
    return sorted((pathlib.Path(host.registry.directory) / kind).glob("*.json"))


def lose(path):
    path.unlink()


def cut(path):
    path.write_bytes(path.read_bytes()[:-3])


def empty(path):
    path.write_bytes(b"")


def contradict(path):
    path.write_text(json.dumps(dict(json.loads(path.read_text()), name="somebody-else")))


def refused(host, *resources):
    with pytest.raises(Failure) as failed:
        host.run(*resources)
    return failed.value.code


every_damage = pytest.mark.parametrize("damage", [lose, cut, empty, contradict])


@every_damage
def test_a_pool_whose_record_is_damaged_is_not_ours(host, damage):
    (host.folder / "precious").write_bytes(b"x")
    before = host.connected.connection.storagePoolLookupByName("default").UUIDString()
    damage(record_files(host, "pool")[0])
    # It is used and changed as any other.
    assert not host.run(host.pool()).plan.changed
    host.run(host.pool(autostart=False))
    assert refused(host, host.pool(path=None, state="absent", delete_contents=True)) == "not_owned"
    assert host.connected.connection.storagePoolLookupByName("default").UUIDString() == before
    assert (host.folder / "precious").exists()
    host.run(host.pool(path=None, state="absent"))
    assert (host.folder / "precious").exists()
    host.run(host.pool())
    assert host.records("pool")["default"] == COMPLETE


@every_damage
def test_a_pool_that_was_begun_and_whose_record_is_damaged_is_finished_as_the_task_says(host, daemon, damage):
    identity = str(uuid.uuid4())
    path = host.folder.parent / "tc"
    daemon.storagePoolDefineXML("<pool type='dir'><name>tc</name><uuid>%s</uuid><target><path>%s</path></target></pool>" % (identity, path))
    host.registry.put("pool", identity, INTENDED, name="tc")
    damage(pathlib.Path(host.registry.directory) / "pool" / (identity + ".json"))
    outcome = host.run(host.pool(name="tc", path=str(path)))
    assert [action.title for action in outcome.plan.resources[0].actions] == ["start"]
    # That it starts with the host is for who made it to say.
    assert not daemon.storagePoolLookupByName("tc").autostart()
    assert refused(host, host.pool(name="tc", path=None, state="absent", delete_contents=True)) == "not_owned"


def test_a_record_that_outlived_its_pool_says_nothing_of_another_of_its_name(host, daemon):
    path = str(host.folder)
    for state in (INTENDED, COMPLETE, REMOVING):
        host.registry.put("pool", str(uuid.uuid4()), state, name="default")
    pool = daemon.storagePoolLookupByName("default")
    pool.destroy()
    pool.undefine()
    daemon.storagePoolDefineXML("<pool type='dir'><name>default</name><target><path>%s</path></target></pool>" % path).create()
    assert not host.run(host.pool()).plan.changed
    assert refused(host, host.pool(path=None, state="absent", delete_contents=True)) == "not_owned"
    host.run(host.pool(path=None, state="absent"))
    # Then it is ours anew, and what was said of its name before is forgotten.
    host.run(host.pool())
    assert [record["state"] for record in host.registry.all("pool").values()] == [COMPLETE]


@every_damage
def test_a_volume_whose_record_is_damaged_stays(host, damage):
    options = {"name": "v", "size": "1MiB", "state": "present"}
    host.volume(**options)
    damage(record_files(host, "volume")[0])
    assert not host.run(Volume.from_options(options)).plan.changed
    assert host.volumes()["v"]["path"]
    # Nobody's data is made anew.
    assert host.refused(name="v", format="raw") == "fixed_option"


@every_damage
def test_a_secret_whose_digest_is_damaged_is_set_again(host, damage):
    options = {"name": "s", "type": "volume", "private": True, "value": "Kaeferlarve-17", "state": "present"}
    host.run(Secret.from_options(options))
    damage(record_files(host, "secret-digest")[0])
    outcome = host.run(Secret.from_options(options))
    assert outcome.plan.changed == (damage is not contradict)
    assert not host.run(Secret.from_options(options)).plan.changed


@pytest.fixture
def house(daemon, daemon_uri, tmp_path):
    return Household(daemon_uri, daemon, tmp_path)


@pytest.fixture
def shop(tmp_path):
    return {"name": "shop", "pools": [{"name": "default", "path": str(tmp_path / "pool")}], "volumes": [{"name": "data", "size": "1MiB"}]}


PRUNED = {"name": "shop", "prune": True, "prune_volumes": True}


def test_what_somebody_else_made_under_a_name_of_ours_is_not_pruned(house, shop, tmp_path):
    house.apply(shop)
    path = tmp_path / "pool" / "shop.data"
    # A second link to the old file keeps its inode from being given to the new one.
    path.rename(tmp_path / "kept")
    path.write_bytes(b"precious")
    pruned = house.apply(PRUNED)
    assert path.read_bytes() == b"precious"
    assert [note for note in pruned["notes"] if "'default/shop.data' was kept, it is another file" in note]


def test_what_grew_or_was_converted_is_still_pruned(house, shop, tmp_path):
    house.apply(shop)
    shop["volumes"][0]["size"] = "2MiB"
    house.apply(shop)
    shop["volumes"][0].update(format="raw", convert=True)
    house.apply(shop)
    house.apply(PRUNED)
    assert not (tmp_path / "pool" / "shop.data").exists()


def test_a_pool_that_was_defined_anew_takes_its_volumes_out_of_the_environment(house, shop, tmp_path):
    house.apply(shop)
    pool = house.connection.storagePoolLookupByName("default")
    pool.destroy()
    pool.undefine()
    house.apply(dict(shop, volumes=[]))
    house.apply(PRUNED)
    assert (tmp_path / "pool" / "shop.data").exists()


def test_an_image_is_not_forgotten_while_its_content_is_there(host, daemon, tmp_path):
    source = tmp_path / "source.raw"
    source.write_bytes(b"x" * 4096)
    image = {"name": "i", "pool": "default", "source": str(source), "format": "raw", "state": "present"}
    made = host.run(Image.from_options(image))
    path = pathlib.Path(made.scene.resources["image", "i"].facts(made.scene)["path"])
    host.run(host.pool(path=None, state="absent"))
    absent = {"name": "i", "state": "absent"}
    assert refused(host, Image.from_options(absent)) == "unknown_pool"
    assert path.exists()
    # Either its pool comes back ...
    host.run(host.pool())
    host.run(Image.from_options(absent))
    assert not path.exists()
    # ... or somebody deletes what is there.
    host.run(Image.from_options(image))
    host.run(host.pool(path=None, state="absent"))
    path.unlink()
    host.run(Image.from_options(absent))
    assert host.registry.all("image") == {}


def made_anew(path):
    """Somebody deletes a file and makes another one of its name, which may even get its inode."""
    path.unlink()
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(path), "1M"], check=True)


def test_a_file_that_was_made_anew_is_nobodys_of_ours(house, shop, tmp_path):
    house.apply(shop)
    path = tmp_path / "pool" / "shop.data"
    made_anew(path)
    before = path.read_bytes()
    for wanted in (shop, dict(shop, volumes=[{"name": "data", "state": "absent"}])):
        code, message = house.refused(wanted)
        assert (code, "'default/shop.data'" in message) == ("not_ours", True)
    assert path.read_bytes() == before
    # Taken over where that is asked for.
    house.apply(dict(shop, adopt=True))
    house.apply(dict(shop, volumes=[{"name": "data", "state": "absent"}]))
    assert not path.exists()


def test_content_and_snapshots_were_those_of_the_file_that_is_gone(host, tmp_path):
    source = tmp_path / "source.raw"
    source.write_bytes(bytes(1 << 20))
    options = {"name": "v", "source": str(source), "format": "qcow2", "state": "present", "protect": True}
    host.volume(**options)
    host.run(VolumeSnapshot.from_options({"name": "s", "volume": "v", "state": "present"}))
    known = host.volumes()["v"]
    assert (known["content"]["from"], [one["name"] for one in known["snapshots"]]) == (str(source), ["s"])
    made_anew(host.folder / "v")
    known = host.volumes()["v"]
    assert (known["content"], known["snapshots"]) == (None, [])
    assert host.refused(**options) == "fixed_option"
    host.run(Volume.from_options({"name": "v", "state": "absent"}))
    assert host.registry.all("volume") == host.registry.all("volume_snapshot") == {}
