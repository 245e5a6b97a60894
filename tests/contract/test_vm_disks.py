# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM's disks on our own libvirtd and real QEMU: plugged and unplugged, known by name, never losing a layer."""
from __future__ import annotations

import subprocess

import pytest
from machines import Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume

DISK_ONLY = 16  # VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    return Machines(daemon_uri, daemon, tmp_path)


@pytest.fixture
def pool(machines):
    """A pool with a volume in it."""
    folder = machines.folder / "pool"
    machines.result({"name": "default", "path": str(folder), "state": "active"}, kind=Pool)
    machines.result({"name": "data", "size": "8MiB", "state": "present"}, kind=Volume)
    return folder


def sources(tree):
    return [_path.get(disk, "source/@file") for disk in tree.findall("devices/disk")]


def snapshot(machines, file):
    """``virsh snapshot-create-as vm s --disk-only``"""
    machines.domain().snapshotCreateXML(
        f"<domainsnapshot><name>{file.stem}</name><disks><disk name='vda' snapshot='external'><source file='{file}'/></disk></disks></domainsnapshot>",
        DISK_ONLY)
    assert sources(machines.definition()) == [str(file)]


def test_a_disk_comes_and_goes_live(machines):
    first, second = ({"file": machines.disk(name, "raw"), "bus": "scsi"} for name in ("a.raw", "b.raw"))
    machines.apply(state="running", disks=[first])
    changed = machines.apply(state="running", disks=[first, second])
    assert "+ disks b (live)" in changed["summary"][0]
    assert changed["restart_required"] == []
    for view in (machines.running(), machines.definition()):
        assert sources(view) == [first["file"], second["file"]]
    # The first of two goes: what stays keeps its name and its target.
    target = _path.get(machines.running().findall("devices/disk")[1], "target/@dev")
    changed = machines.apply(state="running", disks=[second])
    assert "- disks a (live)" in changed["summary"][0]
    for view in (machines.running(), machines.definition()):
        assert sources(view) == [second["file"]]
        assert _path.get(view, "devices/disk/target/@dev") == target


def test_the_first_scsi_disk_brings_a_virtio_controller(machines):
    machines.apply(state="running", disks=[])
    machines.apply(state="running", disks=[{"file": machines.disk("a.raw", "raw"), "bus": "scsi"}])
    for view in (machines.running(), machines.definition()):
        assert [one.get("model") for one in view.findall("devices/controller[@type='scsi']")] == ["virtio-scsi"]
    machines.apply(name="new", disks=[{"file": machines.disk("b.raw", "raw"), "bus": "scsi"}])
    assert [one.get("model") for one in machines.definition("new").findall("devices/controller[@type='scsi']")] == ["virtio-scsi"]


def test_a_disk_that_the_guest_holds_is_left_where_it_is(machines, monkeypatch):
    monkeypatch.setattr("ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_devices._UNPLUG_SECONDS", 1)
    machines.apply(state="running", disks=[{"file": machines.disk("a.raw", "raw")}])
    with pytest.raises(Failure) as refused:
        machines.result({"name": "vm", "state": "running", "disks": []})
    assert refused.value.code == "unplug_timeout"
    assert len(sources(machines.definition())) == len(sources(machines.running())) == 1


def test_the_order_of_the_list_says_nothing(machines):
    disks = [{"file": machines.disk(name, "raw")} for name in ("a.raw", "b.raw", "c.raw")]
    machines.apply(disks=disks)
    before = machines.everything()
    assert not machines.result({"name": "vm", "state": "present", "disks": disks[::-1]})["changed"]
    assert machines.everything() == before
    machines.apply(disks=[disks[2], disks[0]])
    assert sources(machines.definition()) == [disks[0]["file"], disks[2]["file"]]


def test_a_file_without_a_format_is_raw_when_it_is_new_and_then_left_alone(machines):
    file = machines.disk("a.raw", "raw")
    machines.apply(disks=[{"file": file}])
    assert _path.get(machines.definition(), "devices/disk/driver/@type") == "raw"
    machines.apply(name="other", disks=[{"file": machines.disk("b.qcow2"), "format": "qcow2"}])
    machines.apply(name="other", disks=[{"file": str(machines.folder / "b.qcow2"), "cache": "none"}])
    assert _path.get(machines.definition("other"), "devices/disk/driver/@type") == "qcow2"


@pytest.mark.parametrize("place", ["pool", "elsewhere"])
@pytest.mark.parametrize("refreshed", [True, False])
@pytest.mark.parametrize("declared", ["volume", "file"])
def test_an_external_snapshot_is_left_alone(machines, pool, place, refreshed, declared):
    disks = [{"volume": "data"}]
    if declared == "file":
        disks = [{"file": machines.disk("own.qcow2"), "format": "qcow2"}]
    machines.apply(state="running", disks=disks)
    folder = pool if place == "pool" else machines.folder
    overlay = folder / "overlay.qcow2"
    snapshot(machines, overlay)
    if refreshed:
        machines.connection.storagePoolLookupByName("default").refresh()
    for state in ("running", "stopped", "stopped", "running"):
        machines.apply(state=state, disks=disks, title="at " + state, shutdown_timeout=1, force=True)
        assert sources(machines.definition()) == [str(overlay)]
    assert sources(machines.running()) == [str(overlay)]
    second = machines.folder / "second.qcow2"
    snapshot(machines, second)
    for state in ("running", "stopped"):
        changed = machines.apply(state=state, disks=disks, title="at " + state, shutdown_timeout=1, force=True)
        assert changed["restart_required"] == []
        assert sources(machines.definition()) == [str(second)]


@pytest.mark.parametrize("declared", ["volume", "file"])
def test_an_overlay_that_libvirt_was_only_told_of_is_left_alone(machines, pool, declared):
    base = str(pool / "data") if declared == "volume" else machines.disk("own.qcow2")
    disks = [{"volume": "data"}] if declared == "volume" else [{"file": base, "format": "qcow2"}]
    machines.apply(disks=disks)
    overlays = [machines.disk("lower.qcow2", base=base)]
    overlays.append(machines.disk("upper.qcow2", base=overlays[0]))
    machines.edit(lambda tree: _path.put(tree, "devices/disk/source/@file", overlays[1]))
    for state in ("present", "running", "stopped"):
        machines.apply(state=state, disks=disks, title="at " + state, shutdown_timeout=1, force=True)
        assert sources(machines.definition()) == [overlays[1]]


def test_a_vm_that_others_made_keeps_its_disk_and_gets_a_name_for_it(machines, pool):
    path = pool / "data"
    machines.connection.defineXML(f"""
        <domain type='qemu'><name>vm</name><memory unit='MiB'>64</memory><os><type machine='q35'>hvm</type></os><devices>
        <disk type='file'><driver name='qemu' type='qcow2'/><source file='{path}'/><target dev='sda' bus='sata'/></disk>
        </devices></domain>""")
    machines.domain().create()
    snapshot_of = machines.running()
    changed = machines.apply(state="running", disks=[{"volume": "data"}])
    assert [change["field"] for change in changed["plan"][0]["changes"]] == ["disks.data.name"]
    # A running guest keeps the aliases it has, and misses nothing by that.
    assert changed["restart_required"] == []
    for view in (machines.running(), machines.definition()):
        assert sources(view) == sources(snapshot_of) == [str(path)]
        assert _path.get(view, "devices/disk/target/@dev") == "sda"
    assert machines.apply(state="running", disks=[{"volume": "data"}], apply="restart", shutdown_timeout=1,
                          force=True)["restart_required"] == []


def test_another_file_takes_the_place_of_a_disk(machines):
    first, second = machines.disk("a.raw", "raw"), machines.disk("b.raw", "raw")
    machines.apply(state="running", disks=[{"name": "d", "file": first, "bus": "scsi"}])
    changed = machines.apply(state="running", disks=[{"name": "d", "file": second, "bus": "scsi"}])
    assert changed["restart_required"] == []
    assert sources(machines.running()) == sources(machines.definition()) == [second]


def test_another_overlay_does_not_take_over_the_chain_of_the_first(machines):
    first, second = (machines.disk(f"{name}.qcow2", base=machines.disk(f"{name}-base.qcow2")) for name in "ab")
    one, other = ({"name": "d", "file": file, "format": "qcow2", "bus": "scsi"} for file in (first, second))
    machines.apply(state="running", disks=[one])
    # As a snapshot would: the definition says the chain.
    chain = machines.running().find("devices/disk/backingStore")
    machines.edit(lambda tree: tree.find("devices/disk").append(chain))
    machines.apply(state="running", disks=[other])
    layers = [_path.get(layer, "source/@file") for layer in machines.running().iter("backingStore") if len(layer)]
    assert layers == [str(machines.folder / "b-base.qcow2")]
    assert str(machines.folder / "a-base.qcow2") not in machines.domain().XMLDesc(2)


@pytest.mark.parametrize("missing", ["definition", "guest"])
def test_a_run_that_was_cut_short_between_guest_and_definition_is_finished(machines, missing):
    first, second = ({"file": machines.disk(name, "raw"), "bus": "scsi"} for name in ("a.raw", "b.raw"))
    machines.apply(state="running", disks=[first, second])
    disk = machines.running().findall("devices/disk")[1]
    machines.domain().detachDeviceFlags(_xml.text(disk), 2 if missing == "definition" else 1)
    machines.apply(state="running", disks=[first, second])
    for view in (machines.running(), machines.definition()):
        assert sources(view) == [first["file"], second["file"]]
        assert [_path.get(one, "target/@dev") for one in view.findall("devices/disk")] == ["sda", "sdb"]


def test_a_disk_that_others_named_by_pool_and_volume_is_known(machines, pool):
    machines.connection.defineXML("""
        <domain type='qemu'><name>vm</name><memory unit='MiB'>64</memory><os><type machine='q35'>hvm</type></os><devices>
        <disk type='volume'><driver name='qemu' type='qcow2'/><source pool='default' volume='data'/><target dev='vda' bus='virtio'/></disk>
        </devices></domain>""")
    changed = machines.apply(disks=[{"volume": "data"}])
    assert [change["field"] for change in changed["plan"][0]["changes"]] == ["disks.data.name"]
    assert machines.definition().find("devices/disk/source").get("volume") == "data"


@pytest.mark.parametrize("options, said", [
    ({"disks": [{"volume": "data"}], "interfaces": [{"network": "data"}]}, "interfaces[0].name: 'data' is also the name of a disk"),
    ({"disks": [{"volume": "data"}, {"volume": "data"}]}, "disks[1]: 'data' stands more than once"),
    ({"disks": [{"name": "a.b", "volume": "data"}, {"name": "a-b", "volume": "data"}]}, "disks[1]: 'a-b' stands more than once"),
    ({"disks": [{"volume": "nothing"}]}, "disks[0].volume: there is no volume 'nothing' in the pool 'default'"),
    ({"disks": [{"volume": "data", "pool": "no"}]}, "disks[0].pool: there is no pool 'no' on this host; there are: default"),
    ({"disks": [{"file": "/no/where"}]}, "disks[0].file: there is no file '/no/where'"),
    ({"disks": [{"file": "/etc"}]}, "disks[0].file: '/etc' is a directory"),
    ({"disks": [{"image": "any", "format": "raw"}]}, "disks[0].format: the volume on top of an image is always qcow2"),
    ({"cpu": {"model": "EPYC"}}, "cpu.model: a model goes with 'mode: custom' only"),
    ({"cloud_init": {"user_data": "just text"}}, "cloud_init.user_data: cloud-init does not know text that begins like this"),
    ({"cloud_init": {"user_data": ["a"]}}, "cloud_init.user_data: is neither a mapping nor text"),
    ({"disks": [{"volume": "data", "size": "1GiB"}]}, "disks[0].size: only the disk of an image is sized here"),
])
def test_bad_disks_are_refused_before_anything_is_touched(machines, pool, options, said):
    machines.apply()
    before = machines.everything()
    with pytest.raises(Failure) as refused:
        machines.result({"name": "vm", "state": "present"} | options)
    assert refused.value.message.startswith(said)
    assert machines.everything() == before


def test_data_has_one_writer(machines, pool):
    machines.apply(disks=[{"volume": "data"}])
    other = {"name": "other", "state": "present", "type": "qemu"}
    before = machines.everything()
    for disk, option in (({"volume": "data"}, "volume"), ({"file": str(pool / "data")}, "file")):
        with pytest.raises(Failure) as refused:
            machines.result(dict(other, disks=[disk]))
        assert refused.value.code == "disk_in_use"
        assert refused.value.message.startswith("disks[0].%s: the data is used by the VM 'vm'" % option)
    assert machines.everything() == before
    machines.result(dict(other, disks=[{"volume": "data", "read_only": True}]))
    machines.result({"name": "vm", "state": "present", "disks": [{"volume": "data"}]})


def test_two_vms_of_one_call_do_not_get_the_same_data(machines, pool):
    disks = [{"volume": "data"}]
    with pytest.raises(Failure) as refused:
        machines.result(*({"name": name, "state": "present", "type": "qemu", "disks": disks} for name in ("one", "two")))
    assert refused.value.code == "disk_in_use"


def test_what_an_overlay_stands_on_is_not_written(machines, pool):
    machines.result({"name": "top", "backing": {"name": "data"}, "state": "present"}, kind=Volume)
    with pytest.raises(Failure) as refused:
        machines.apply(disks=[{"volume": "data"}])
    assert refused.value.message.startswith("disks[0].volume: the data is what the volume 'default/top' stands on")


def test_a_pool_that_a_vm_has_disks_in_stays(machines, pool):
    machines.apply(disks=[{"volume": "data"}])
    with pytest.raises(Failure) as refused:
        machines.result({"name": "default", "state": "absent"}, kind=Pool)
    assert refused.value.code == "pool_in_use"


def test_a_volume_named_like_the_engines_own_device_is_the_users(machines, pool):
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(pool / "tinycloud-seed"), "8M"], check=True)
    machines.connection.storagePoolLookupByName("default").refresh()
    machines.apply(disks=[{"volume": "tinycloud-seed"}])
    machines.apply(disks=[])
    assert sources(machines.definition()) == []
