# SPDX-License-Identifier: GPL-3.0-or-later
"""What a VM brings along: its seed, its volumes of images; on our own libvirtd with a real pool."""
from __future__ import annotations

import io
import json

import pytest
from machines import Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_seed import drive_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.image import Image
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool

pycdlib = pytest.importorskip("pycdlib")
SECRET = "correct horse battery staple"


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    machines = Machines(daemon_uri, daemon, tmp_path)
    machines.result({"name": "default", "path": str(tmp_path / "pool"), "state": "active"}, kind=Pool)
    return machines


@pytest.fixture
def image(machines):
    machines.result({"name": "base", "source": machines.disk("base.qcow2"), "state": "present"}, kind=Image)
    return "base"


def seeds(machines):
    return sorted(path.name for path in (machines.folder / "pool").glob("*.iso"))


def volumes(machines):
    return sorted(one.name() for one in machines.connection.storagePoolLookupByName("default").listAllVolumes())


def shown(tree, file="user-data"):
    """A file of the seed in a VM's drive, or None without a drive or a medium."""
    drive = drive_of(tree)
    path = None if drive is None else _path.get(drive, "source/@file")
    if not path:
        return None
    iso = pycdlib.PyCdlib()
    iso.open(path)
    content = io.BytesIO()
    iso.get_file_from_iso_fp(content, rr_path=f"/{file}")
    iso.close()
    return content.getvalue().decode()


@pytest.mark.parametrize("state", ["stopped", "running"])
def test_a_seed_is_shown_replaced_and_removed(machines, state):
    first, second = ({"user_data": {"password": SECRET, "number": number}} for number in (1, 2))
    made = machines.apply(state=state, cloud_init=first, shutdown_timeout=1, force=True)
    assert json.loads(shown(machines.definition()).partition("\n")[2]) == first["user_data"]
    assert SECRET not in json.dumps(made)
    assert len(seeds(machines)) == 1
    changed = machines.apply(state=state, cloud_init=second, shutdown_timeout=1, force=True)
    assert [change["field"] for change in changed["plan"][0]["changes"]] == ["cloud_init"]
    assert changed["restart_required"] == []
    for view in (machines.definition(), machines.running()):
        assert json.loads(shown(view).partition("\n")[2])["number"] == 2
    assert len(seeds(machines)) == 1
    # What is not declared stays, and the seed is no disk of the user's list.
    machines.apply(state=state, title="t", disks=[], shutdown_timeout=1, force=True)
    assert shown(machines.definition()) is not None
    machines.apply(state=state, cloud_init=None, shutdown_timeout=1, force=True)
    assert drive_of(machines.definition()) is None
    assert shown(machines.running()) is None
    assert seeds(machines) == []


@pytest.mark.parametrize("policy, again", [({}, False), ({"instance_id": "name"}, False), ({"instance_id": "data"}, True)])
def test_changed_data_are_another_instance_where_that_is_wanted(machines, policy, again):
    """cloud-init does over what it does once per instance only where the instance-id is another."""
    def instance():
        tree = machines.definition()
        return json.loads(shown(tree, "meta-data"))["instance-id"], json.loads(shown(tree).partition("\n")[2])["number"]

    machines.apply(cloud_init=policy | {"user_data": {"number": 1}})
    first, number = instance()
    assert number == 1
    assert first.startswith("vm-") if again else first == "vm"
    changed = machines.apply(cloud_init=policy | {"user_data": {"number": 2}})
    assert changed["changed"]
    second, number = instance()
    assert number == 2
    assert (second != first) == again
    # The same data are the same instance, also of a VM that is made anew.
    machines.apply(cloud_init=policy | {"user_data": {"number": 1}})
    assert instance() == (first, 1)
    machines.apply(state="absent")
    machines.apply(cloud_init=policy | {"user_data": {"number": 1}})
    assert instance() == (first, 1)


def test_the_policy_alone_is_a_change_and_its_rival_is_refused(machines):
    machines.apply(cloud_init={"user_data": {"number": 1}})
    changed = machines.apply(cloud_init={"user_data": {"number": 1}, "instance_id": "data"})
    assert [change["field"] for change in changed["plan"][0]["changes"]] == ["cloud_init"]
    before = machines.everything()
    with pytest.raises(Failure) as refused:
        machines.apply(cloud_init={"meta_data": {"instance-id": "mine"}, "instance_id": "data"})
    assert refused.value.message == "cloud_init.instance_id: there is an instance-id in meta_data; write one of them"
    assert machines.everything() == before


def test_a_seed_comes_to_a_vm_that_had_none(machines):
    machines.apply(state="running", title="t")
    changed = machines.apply(state="running", cloud_init={"user_data": "#!/bin/sh\n"})
    assert shown(machines.definition()) == "#!/bin/sh\n"
    assert changed["restart_required"] == []
    machines.apply(state="absent")
    assert seeds(machines) == []


def test_a_seed_that_somebody_deleted_is_made_anew_with_the_vm(machines):
    machines.apply(cloud_init={"user_data": "#!/bin/sh\n"})
    (machines.folder / "pool" / seeds(machines)[0]).unlink()
    machines.apply(state="absent")
    machines.apply(cloud_init={"user_data": "#!/bin/sh\n"})
    assert len(seeds(machines)) == 1


def test_a_seed_needs_a_pool(machines):
    with pytest.raises(Failure) as refused:
        machines.result({"name": "vm", "state": "present", "cloud_init": {}, "disks": [{"volume": "v", "pool": "none"}]})
    assert refused.value.code == "unknown_pool"
    assert machines.connection.listAllDomains() == []


def test_a_disk_of_an_image_gets_a_volume_of_its_own(machines, image):
    made = machines.apply(state="running", disks=[{"image": image, "size": "16MiB"}])
    assert [line.split()[1] for line in made["summary"][:-1]] == ["vm", "volume"]
    assert "vm.base.qcow2" in volumes(machines)
    assert machines.definition().find("devices/disk/source").get("file").endswith("/vm.base.qcow2")
    grown = machines.apply(state="running", disks=[{"image": image, "size": "24MiB"}])
    assert grown["plan"][0]["changes"][0]["field"] == "size"
    assert machines.domain().blockInfo("vda")[0] == 24 << 20
    with pytest.raises(Failure) as refused:
        machines.result({"name": "vm", "state": "running", "disks": [{"image": image, "size": "16MiB"}]})
    assert refused.value.code == "shrink_refused"
    # A disk has no allow_shrink; its volume has.
    assert "tinycloud.libvirt.volume and allow_shrink" in refused.value.hint


def test_volumes_stay_unless_they_are_to_go(machines, image):
    machines.apply(disks=[{"image": image}])
    kept = machines.apply(state="absent")
    assert kept["notes"] == ["The VM 'vm' was removed, disks of it were kept: vm.base.qcow2 (volumes: delete removes them too)"]
    assert "vm.base.qcow2" in volumes(machines)
    machines.apply(disks=[{"image": image}])
    machines.apply(state="absent", volumes="delete")
    assert "vm.base.qcow2" not in volumes(machines)
    assert len(volumes(machines)) == 1
    assert not machines.apply(state="absent", volumes="delete")["changed"]


def test_a_volume_that_the_user_brought_stays(machines, image):
    machines.apply(disks=[{"image": image}, {"file": machines.disk("own.qcow2"), "format": "qcow2"}])
    machines.apply(state="absent", volumes="delete")
    assert (machines.folder / "own.qcow2").exists()
    assert [name for name in volumes(machines) if name.startswith("base-")] == volumes(machines)


def test_a_base_stays_while_a_vm_stands_on_it(machines, image):
    machines.apply(disks=[{"image": image}])
    with pytest.raises(Failure) as refused:
        machines.result({"name": image, "state": "absent"}, kind=Image)
    assert refused.value.code.endswith("in_use")
    assert len(volumes(machines)) == 2


def test_what_a_vm_reads_only_or_shares_stays(machines, image):
    own, read, shared = ({"name": name, "image": image} for name in ("own", "read", "shared"))
    machines.apply(disks=[own, read | {"read_only": True}, shared])

    def share(tree):
        disk = tree.findall("devices/disk")[2]
        # libvirt shares no qcow2.
        _path.put(disk, "driver/@type", "raw")
        _path.ensure(disk, "shareable")

    machines.edit(share)
    gone = machines.apply(state="absent", volumes="delete")
    assert gone["notes"] == ["The VM 'vm' was removed, disks of it were kept: vm.read.qcow2, vm.shared.qcow2 (read only, shared or media)"]
    assert [name for name in volumes(machines) if name.startswith("vm.")] == ["vm.read.qcow2", "vm.shared.qcow2"]


def test_what_volumes_was_called_before_still_works(machines, image):
    machines.apply(disks=[{"image": image}])
    machines.apply(state="absent", remove_disks=True)
    assert "vm.base.qcow2" not in volumes(machines)


def test_a_full_copy_of_an_image_needs_it_no_longer(machines, image):
    disks = [{"image": image, "clone": "full", "size": "24MiB"}]
    made = machines.apply(state="running", disks=disks)
    assert "+ volume default/vm.base.qcow2  24MiB, copy of image 'base'" in made["summary"]
    assert machines.domain().blockInfo("vda")[0] == 24 << 20
    assert machines.running().find("devices/disk/backingStore/source") is None
    assert machines.result({"name": image, "state": "absent"}, kind=Image)["changed"]
    assert volumes(machines) == ["vm.base.qcow2"]
    with pytest.raises(Failure) as refused:
        machines.apply(name="other", disks=[{"image": "lost", "clone": "full"}])
    assert refused.value.message.startswith("copy_of: there is no image 'lost'")
