# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks of new VMs are made different inside, all in one launch. What the appliance does is counted here, and done in the lab."""
from __future__ import annotations

import json
import os
import pathlib
import subprocess

import pytest
from machines import Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _appliance, _disk_work, _qemu_img
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _image_inspection, _vm_customise
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.image import Image
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume

SECRET = "correct horse battery staple"
PLAIN = {"encrypted": False, "systems": [{"mounts": {"/boot": "/dev/sda2", "/": "/dev/sda1"}}]}


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    machines = Machines(daemon_uri, daemon, tmp_path)
    machines.result({"name": "default", "path": str(tmp_path / "pool"), "state": "active"}, kind=Pool)
    machines.result({"name": "base", "source": machines.disk("base.qcow2"), "state": "present"}, kind=Image)
    return machines


def mark(path, recipe):
    """What the appliance would do: something else for each recipe."""
    if recipe.get("commands") == ["false"]:
        raise Failure("command_failed", "commands[0] failed inside the disk: ")
    number = len(recipe["hostname"])
    subprocess.run(["qemu-io", "-f", "qcow2", "-c", f"write -P {number} {number}M 64k", path], check=True, stdout=subprocess.DEVNULL)


@pytest.fixture
def launches(monkeypatch):
    """What each launch was for: "look", or the host names that were given."""
    seen = []

    def work_on_all(jobs):
        seen.append([job.recipe["hostname"] for job in jobs])
        assert all(job.places == [("/", "/dev/sda1"), ("/boot", "/dev/sda2")] for job in jobs)
        for job in jobs:
            try:
                mark(job.path, job.recipe)
            except Failure as failure:
                job.failure = failure

    def work_on(path, _format, recipe):
        seen.append([recipe["hostname"]])
        mark(path, recipe)

    def inspection(_path, _format, _passphrase):
        seen.append("look")
        return dict(PLAIN)

    monkeypatch.setattr(_disk_work, "work_on_all", work_on_all)
    monkeypatch.setattr(_disk_work, "work_on", work_on)
    monkeypatch.setattr(_image_inspection, "inspection", inspection)
    monkeypatch.setattr(_appliance, "insist", lambda: None)
    return seen


def vm(name, recipe, **options):
    return {"name": name, "type": "qemu", "memory": "64MiB", "state": "present", "disks": [{"image": "base"}],
            "customise": recipe, **options}


def has(machines, path, number):
    """Whether the mark of a recipe is in a disk, and no other one."""
    answer = [subprocess.run(["qemu-io", "-r", "-c", f"read -P {number if one == number else 0} {one}M 64k", path],
                             capture_output=True, text=True, check=False) for one in range(1, 6)]
    return all("Pattern verification failed" not in one.stdout for one in answer)


def disk_of(machines, name):
    return machines.definition(name).find("devices/disk/source").get("file")


def left(machines):
    return [path.name for path in (machines.folder / "pool").iterdir() if path.name.startswith(".")] + list(machines.registry.all(_vm_customise.KIND))


def test_all_new_vms_share_one_launch(machines, launches):
    declared = [vm("a" * number, {"hostname": "h" * number, "root_password": SECRET}) for number in (1, 2, 3)]
    checked = machines.result(*declared, check_mode=True)
    assert launches == []
    made = machines.result(*declared)
    assert made["diff"] == checked["diff"]
    assert launches == ["look", ["h", "hh", "hhh"]]
    for number in (1, 2, 3):
        assert has(machines, disk_of(machines, "a" * number), number)
    assert SECRET not in json.dumps(made)
    assert left(machines) == []
    # The image is known by now, and who is there is left alone.
    again = machines.result(*declared, vm("aaaa", {"hostname": "hhhh"}))
    assert launches[2:] == [["hhhh"]]
    assert [one["name"] for one in again["plan"] if one["resource"] == "vm"] == ["aaaa"]
    assert not machines.result(*declared)["changed"]
    assert len(launches) == 3


def test_a_single_vm_takes_one_launch(machines, launches):
    machines.apply(disks=[{"image": "base"}], customise={"hostname": "h"})
    assert launches == [["h"]]
    assert has(machines, disk_of(machines, "vm"), 1)


def test_another_recipe_leaves_the_disk_of_a_vm_alone(machines, launches):
    options = vm("vm", {"hostname": "h"})
    machines.result(options)
    assert machines.result(options)["notes"] == []
    later = machines.result(dict(options, customise={"hostname": "hh"}))
    assert not later["changed"]
    assert "being made" in later["notes"][0]
    assert launches == [["h"]]


def test_a_failure_is_of_one_vm_alone(machines, launches):
    declared = [vm("a", {"hostname": "h"}), vm("bb", {"hostname": "hh", "commands": ["false"]}), vm("ccc", {"hostname": "hhh"})]
    with pytest.raises(Failure) as error:
        machines.result(*declared)
    assert error.value.resource == ("vm", "bb")
    assert "bb" not in machines.everything()
    declared[1] = vm("bb", {"hostname": "hh"})
    machines.result(*declared)
    assert launches == ["look", ["h", "hh", "hhh"], ["hh"]]
    for number, name in enumerate(["a", "bb", "ccc"], 1):
        assert has(machines, disk_of(machines, name), number)
    assert left(machines) == []


@pytest.mark.parametrize("place", ["work_on", "before the record", "commit", "after the commit", "define"])
def test_a_run_that_is_killed_is_finished_by_the_next(machines, launches, monkeypatch, place):
    options = vm("vm", {"hostname": "hh"})
    child = os.fork()
    if child == 0:
        def die(*_arguments, **_options):
            os._exit(9)

        if place == "work_on":
            monkeypatch.setattr(_disk_work, "work_on", lambda path, _format, _recipe: (mark(path, {"hostname": "hhhh"}), die()))
        elif place == "before the record":
            monkeypatch.setattr(_vm_customise._Work, "end", die)
        elif place == "commit":
            monkeypatch.setattr(_qemu_img, "commit", die)
        elif place == "after the commit":
            commit = _qemu_img.commit
            monkeypatch.setattr(_qemu_img, "commit", lambda *arguments: (commit(*arguments), die()))
        else:
            monkeypatch.setattr(_vm_customise, "forget", die)
        machines.result(options)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    machines.result(options)
    assert launches == ([["hh"]] if place in ("work_on", "before the record") else [])
    assert has(machines, disk_of(machines, "vm"), 2)
    if place != "define":
        assert left(machines) == []


def test_a_disk_in_use_is_not_written_to(machines, launches):
    machines.result({"name": "v", "size": "8MiB", "state": "present"}, kind=Volume)
    machines.result(vm("other", {}, disks=[{"volume": "v"}]))
    before = machines.everything()
    with pytest.raises(Failure) as error:
        machines.result(vm("vm", {"hostname": "h"}, disks=[{"volume": "v", "shared": True}]))
    assert error.value.code == "disk_in_use"
    # Nor what an overlay stands on, nor an image.
    machines.result({"name": "w", "size": "8MiB", "state": "present"}, {"name": "x", "backing": {"name": "w"}, "state": "present"}, kind=Volume)
    image = next(path.name for path in (machines.folder / "pool").iterdir() if path.name.startswith("base-"))
    for name in ("w", image):
        with pytest.raises(Failure) as error:
            machines.result(vm("vm", {"hostname": "h"}, disks=[{"volume": name}]))
        assert error.value.code == "disk_in_use"
    assert machines.everything() == before
    assert launches == []


def test_a_disk_that_comes_into_use_meanwhile(machines, launches, monkeypatch):
    """Between the look and the work, somebody starts a VM on the disk."""
    machines.result({"name": "v", "size": "8MiB", "state": "present"}, kind=Volume)
    begin = _vm_customise._Work.begin

    def late(work):
        monkeypatch.setattr(_vm_customise._Work, "begin", begin)
        machines.result(vm("other", {}, disks=[{"volume": "v"}]))
        work.scene = work.scene.again()
        return work.begin()

    monkeypatch.setattr(_vm_customise._Work, "begin", late)
    with pytest.raises(Failure) as error:
        machines.result(vm("vm", {"hostname": "h"}, disks=[{"volume": "v"}]))
    assert error.value.code == "disk_in_use"
    assert launches == []


def test_any_disk_of_ones_own(machines, launches):
    """A raw volume, a full copy, a file, an overlay by name: those that stand on no image that is known take a launch each."""
    machines.result({"name": "raw", "size": "8MiB", "format": "raw", "state": "present"},
                    {"name": "over", "image": "base", "state": "present"}, kind=Volume)
    file = machines.disk("file.qcow2")
    disks = [{"volume": "raw"}, {"image": "base", "clone": "full"}, {"file": file, "format": "qcow2"}, {"volume": "over"}]
    machines.result(*(vm("a" * number, {"hostname": "h" * number}, disks=[dict(disk, name="root")]) for number, disk in enumerate(disks, 1)))
    assert launches == ["look", ["hh", "hhhh"], ["h"], ["hhh"]]
    form = ["raw", "qcow2", "qcow2", "qcow2"]
    for number in range(1, 5):
        assert _qemu_img.info(disk_of(machines, "a" * number), form[number - 1])
        assert has(machines, disk_of(machines, "a" * number), number)
    assert left(machines) == []


@pytest.mark.parametrize("found", [
    {"encrypted": True, "systems": []}, {"encrypted": False, "systems": [{"mounts": {"/": "/dev/vg/root"}}]},
    {"encrypted": False, "systems": [{"mounts": {"/": "btrfsvol:/dev/sda1/root"}}]}, {"encrypted": False, "systems": [{}, {}]},
])
def test_what_clones_would_share_is_opened_alone(machines, launches, monkeypatch, found):
    monkeypatch.setattr(_image_inspection, "inspection", lambda *_arguments: found)
    machines.result(vm("a", {"hostname": "h"}), vm("bb", {"hostname": "hh"}))
    assert launches == [["h"], ["hh"]]


def test_what_is_opened_with_a_passphrase_is_opened_alone(machines, launches):
    machines.result(vm("a", {"hostname": "h", "passphrase": SECRET, "grow": True}), vm("bb", {"hostname": "hh"}))
    assert launches == ["look", ["hh"], ["h"]]
    assert not any(SECRET.encode() in path.read_bytes() for path in pathlib.Path(machines.registry.directory).rglob("*.json"))


def test_bad_input(machines, launches):
    for options, code in (({"disks": []}, "missing_option"), ({"disks": [{"image": "base", "read_only": True}]}, "missing_option"),
                          ({"disks": [{"block": "/dev/null"}]}, "not_a_disk"),
                          ({"customise": {"files": [{"path": "/a", "source": "/nowhere"}]}}, "unknown_file"),
                          ({"customise": {"hostname": "a b"}}, "invalid_option")):
        with pytest.raises(Failure) as error:
            machines.result(dict(vm("vm", {"hostname": "h"}), **options))
        assert error.value.code == code
    assert machines.everything() == {}
    assert launches == []
    assert pathlib.Path(machines.folder / "pool").is_dir()
