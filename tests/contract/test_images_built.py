# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images made of other images and of volumes. What the appliance does is counted here, and done in the lab."""
from __future__ import annotations

import json
import os
import pathlib
import subprocess
import types

import pytest
from image_host import Host, diff, qemu_img, sha256

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _appliance, _disk_work
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _image_inspection
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_basis import basis_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.image import Image
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume


@pytest.fixture
def host(daemon, daemon_uri, tmp_path):
    return Host(daemon_uri, tmp_path)


@pytest.fixture
def work(monkeypatch):
    """The work that the appliance was asked for; it leaves a mark in the disk."""
    done = []

    def work_on(path, image_format, recipe):
        done.append(recipe)
        subprocess.run(["qemu-io", "-f", image_format, "-c", "write -P 9 2M 64k", path], check=True, stdout=subprocess.DEVNULL)

    monkeypatch.setattr(_disk_work, "work_on", work_on)
    monkeypatch.setattr(_appliance, "insist", lambda: None)
    return done


def same(one, other):
    qemu_img("compare", one, other)
    return True


def test_a_copy_of_an_image(host, work):
    base = host.image(source=host.source())[1]
    would, _nothing, planned = host.image(check_mode=True, name="j", base="i")
    changed, facts, plan = host.image(name="j", base="i")
    assert would
    assert changed
    assert diff(planned) == diff(plan)
    assert same(base["path"], facts["path"])
    assert (facts["base"], facts["source"], facts["checksum"], facts["verified"]) == ("i", None, None, None)
    assert host.image(name="j", base="i")[0] is False
    assert host.image(name="j")[0] is False
    assert work == []
    # It stands alone.
    assert host.image(state="absent")[0] is True
    assert qemu_img("check", facts["path"]) is None


def test_a_recipe_is_worked_off_once(host, work):
    host.image(source=host.source())
    recipe = {"hostname": "a", "size": "32MiB"}
    _changed, facts, plan = host.image(name="j", base="i", customise=recipe)
    assert len(work) == 1
    assert facts["size"] == 32 << 20
    assert diff(plan)["after"]["recipe"] == facts["recipe"]
    for check_mode in (True, False):
        assert host.image(check_mode=check_mode, name="j", base="i", customise=recipe)[0] is False
    _changed, twin, _plan = host.image(name="k", base="i", customise=recipe)
    assert len(work) == 1
    assert twin["recipe"] == facts["recipe"]
    assert os.path.samefile(twin["path"], facts["path"])
    # Another recipe is another build, and another content of the base too.
    host.image(name="j", base="i", customise=dict(recipe, hostname="b"))
    assert len(work) == 2
    host.image(source=host.source("b.qcow2", data=3))
    _changed, rebuilt, _plan = host.image(name="k", base="i", customise=recipe)
    assert len(work) == 3
    assert rebuilt["recipe"] != facts["recipe"]
    assert [name for name in os.listdir(host.pool) if name.startswith(".")] == []


def test_base_and_recipe_in_one_call(host, work):
    def declared():
        return [Image.from_options({"name": "j", "base": "i", "customise": {"hostname": "a"}, "state": "present"}),
                Image.from_options({"name": "i", "source": str(host.sources / "a.qcow2"), "state": "present"})]

    host.source()
    planned = host.run(declared(), check_mode=True)
    made = host.run(declared())
    assert made.plan.diff() == planned.plan.diff()
    assert not host.run(declared()).plan.changed
    assert len(work) == 1


@pytest.mark.parametrize("compress", [True, False])
def test_an_image_is_compressed_where_that_is_asked_for(host, work, compress):
    host.image(source=host.source())
    _changed, facts, _plan = host.image(name="j", base="i", customise={"compress": compress, "hostname": "a"})
    checked = subprocess.run(["qemu-img", "check", "--output=json", facts["path"]], check=True, capture_output=True)
    assert bool(json.loads(checked.stdout).get("compressed-clusters")) is compress


def test_a_disk_is_never_cut(host, work):
    source = host.source(size="64M")
    assert host.refused(source=source, base="i") == "invalid_option"
    host.image(source=source)
    assert host.refused(name="j", base="i", customise={"size": "32MiB"}) == "size_too_small"
    # Nor where the base only comes to be in the same call.
    host.image(state="absent")
    with pytest.raises(Failure) as error:
        host.run([Image.from_options({"name": "i", "source": source, "state": "present"}),
                  Image.from_options({"name": "j", "base": "i", "customise": {"size": "32MiB"}, "state": "present"})])
    assert error.value.code == "size_too_small"
    assert work == []


def test_work_that_fails_leaves_nothing(host, work, monkeypatch):
    host.image(source=host.source())
    before = host.everything()

    def fails(*_arguments):
        raise Failure("command_failed", "It failed")

    monkeypatch.setattr(_disk_work, "work_on", fails)
    with pytest.raises(Failure) as error:
        host.image(name="j", base="i", customise={"hostname": "a"})
    assert error.value.code == "command_failed"
    assert error.value.changed is False
    assert host.everything() == before


def test_work_that_is_killed_is_done_by_the_next_run(host, work, monkeypatch):
    host.image(source=host.source())
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(_disk_work, "work_on", lambda *_arguments: os._exit(9))
        host.image(name="j", base="i", customise={"hostname": "a"})
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    changed, facts, _plan = host.image(name="j", base="i", customise={"hostname": "a"})
    assert changed
    assert len(work) == 1
    assert sorted(os.listdir(host.pool)) == sorted([facts["volume"], host.image()[1]["volume"]])


def test_an_image_of_a_volume(host, work):
    host.image(source=host.source())
    host.run([Volume.from_options({"name": "v", "image": "i", "state": "present"})])
    volume = host.pool / "v"
    subprocess.run(["qemu-io", "-c", "write -P 5 4M 64k", str(volume)], check=True, stdout=subprocess.DEVNULL)
    options = {"name": "j", "from_volume": {"name": "v"}, "format": "raw"}
    _changed, facts, _plan = host.image(**options)
    assert same(volume, facts["path"])
    assert facts["format"] == "raw"
    assert host.image(**options)[0] is False
    assert host.refused(name="k", from_volume={"name": "nothing"}) == "unknown_volume"
    assert host.refused(name="k", from_vm={"name": "nothing"}) == "unknown_vm"


def test_a_disk_whose_guest_wrote_a_header(host, work):
    """libvirt then takes a raw volume for an overlay of another file of the host."""
    (host.sources / "secret").write_bytes(b"secret" * 1000)
    qemu_img("create", "-u", "-f", "qcow2", "-b", host.sources / "secret", "-F", "raw", host.pool / "v", "1M")
    host.run([Pool.from_options({"name": "default", "path": str(host.pool), "state": "active"})])
    hypervisor = host.scene().hypervisor
    hypervisor.connection.storagePoolLookupByName("default").refresh(0)
    assert host.refused(name="j", from_volume={"name": "v"}) == "unsafe_image"
    assert b"secret" not in b"".join(path.read_bytes() for path in pathlib.Path(host.pool).iterdir() if path.name != "v")
    assert sha256(host.sources / "secret")


@pytest.mark.parametrize("found, known", [
    ({"encrypted": False, "systems": [{"mounts": {"/boot": "/dev/sda1", "/": "/dev/vg/root"}}]}, [("/", "/dev/vg/root"), ("/boot", "/dev/sda1")]),
    ({"encrypted": True, "systems": [{"mounts": {"/": "/dev/sda1"}}]}, None), ({"encrypted": False, "systems": []}, None),
    ({"encrypted": False, "systems": [{"mounts": {"/": "/dev/sda1"}}, {"mounts": {"/": "/dev/sda2"}}]}, None), (None, None),
])
def test_what_was_found_in_an_image_is_not_looked_for_again(host, found, known):
    made = host.image(source=host.source())[1]
    if found:
        host.registry.put(_image_inspection.KIND, made["sha256"], COMPLETE, found=found)
    asked = []
    appliance = types.SimpleNamespace(roots=lambda: asked.append("roots") or ["/dev/sdb"], mount_points=lambda root: [("/", root)])
    assert basis_of(host.scene(), {"image": "i"}).places_by(appliance) == (known or [("/", "/dev/sdb")])
    assert asked == ([] if known else ["roots"])
