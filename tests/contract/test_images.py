# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images in a directory pool of a real libvirtd, with the real qemu-img."""
from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pathlib
import threading

import pytest
from image_host import Host, diff, qemu_img, served, sha256, without_proxies

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _fetch, _partial, _qemu_img
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _image_work
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.image import Image, find_image, known_images
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume


@pytest.fixture
def host(daemon, daemon_uri, tmp_path):
    return Host(daemon_uri, tmp_path)


@pytest.fixture
def web(host, monkeypatch):
    without_proxies(monkeypatch)
    with contextlib.ExitStack() as held:
        yield held.enter_context(served(host))


def test_life(host, web):
    path = host.source()
    options = {"source": web.url + "a.qcow2", "checksum": "sha256:" + sha256(path)}
    would, nothing, planned = host.image(check_mode=True, **options)
    assert (would, nothing, web.asked) == (True, None, [])
    changed, facts, plan = host.image(**options)
    assert changed
    assert diff(plan) == diff(planned)
    assert diff(plan)["after"] == dict(options, sha256=sha256(path))
    assert facts["volume"] == f"i-{sha256(path)[:12]}.qcow2"
    assert facts["size"] == 16 << 20
    assert facts["verified"] == options["checksum"]
    assert pathlib.Path(facts["path"]).read_bytes() == pathlib.Path(path).read_bytes()
    assert os.stat(facts["path"]).st_mode & 0o777 == 0o444
    assert os.listdir(host.pool) == [facts["volume"]]
    web.asked.clear()
    for check_mode in (True, False):
        assert host.image(check_mode=check_mode, **options)[:2] == (False, facts)
        assert host.image(check_mode=check_mode)[:2] == (False, facts)
    assert web.asked == []
    found = find_image(host.scene(), "i")
    assert (found.name, found.pool, found.volume, found.path, found.format, found.capacity, found.sha256) == (
        "i", "default", facts["volume"], facts["path"], "qcow2", 16 << 20, sha256(path))
    assert list(known_images(host.scene())) == ["i"]
    assert [facts] == Image.listing(host.scene(), {})
    assert host.image(state="absent")[:2] == (True, None)
    assert host.image(state="absent")[:2] == (False, None)
    assert os.listdir(host.pool) == []
    assert find_image(host.scene(), "i") is None


def test_what_the_name_pointed_to_before_is_told(host):
    first = host.image(source=host.source())[1]
    assert first["former"] == []
    second = host.image(source=host.source("b.qcow2", data=2))[1]
    assert [(one["pool"], one["volume"], one["sha256"], one["used_by"]) for one in second["former"]] == [("default", first["volume"], first["sha256"], [])]
    host.run([Volume.from_options({"name": "v", "pool": "default", "image": "i", "state": "present"})])
    third = host.image(source=host.source("c.qcow2", data=3))[1]
    assert {one["volume"]: one["used_by"] for one in third["former"]} == {first["volume"]: [], second["volume"]: ["volume default/v"]}
    # Back to the first: what is under the name is not also what was there before.
    again = host.image(source=str(host.sources / "a.qcow2"))[1]
    assert {one["volume"] for one in again["former"]} == {second["volume"], third["volume"]}


def test_a_catalogue_of_ones_own(host, web):
    path = host.source()
    entry = {"name": "mine", "source": web.url + "a.qcow2", "checksum": "sha256:" + sha256(path), "user": "me"}
    options = {"catalogue": "mine", "catalogue_entries": [entry]}
    _changed, facts, _plan = host.image(**options)
    assert (facts["source"], facts["checksum"], facts["user"]) == (entry["source"], entry["checksum"], "me")
    assert host.image(**options)[0] is False
    assert host.image()[:2] == (False, facts)


def test_a_list_of_checksums(host, web):
    path = host.source()
    (host.sources / "SUMS").write_text(f"{'0' * 64}  other\n{sha256(path)} *a.qcow2\n", "utf-8")
    _changed, facts, plan = host.image(source=web.url + "a.qcow2", checksum=f"sha256:{web.url}SUMS")
    assert facts["verified"] == "sha256:" + sha256(path)
    assert facts["checksum"] == f"sha256:{web.url}SUMS"
    assert diff(plan)["after"]["sha256"] == "(known after apply)"
    assert host.refused(name="j", source=web.url + "b.qcow2", checksum=f"sha256:{web.url}SUMS") == "checksum_not_found"
    assert host.refused(name="j", source=web.url + "a.qcow2", checksum=f"sha256:{web.url}NOTHING") == "fetch_failed"


def test_another_content_gets_a_volume_of_its_own(host):
    old, new = host.source("old.qcow2"), host.source("new.qcow2", data=2)
    _changed, before, _plan = host.image(source=old)
    host.run([Volume.from_options({"name": "overlay", "image": "i", "state": "present"})])
    content = pathlib.Path(before["path"]).read_bytes()
    options = {"source": new, "checksum": "sha256:" + sha256(new)}
    planned = host.image(check_mode=True, **options)[2]
    changed, after, plan = host.image(**options)
    assert changed
    assert diff(plan) == diff(planned) == {"before": {"source": old, "sha256": sha256(old)}, "after": dict(options, sha256=sha256(new))}
    assert any(before["volume"] in note and "default/overlay" in note for note in plan.resources[0].notes)
    assert pathlib.Path(before["path"]).read_bytes() == content
    assert after["sha256"] == sha256(new)
    assert host.image(**options)[:2] == (False, after)


def test_a_checksum_comes_and_goes_without_a_new_fetch(host, web):
    path = host.source()
    _changed, before, _plan = host.image(source=web.url + "a.qcow2")
    web.asked.clear()
    stays = {"volume", "sha256", "path"}
    for checksum in ("sha256:" + sha256(path), "sha512:" + hashlib.sha512(pathlib.Path(path).read_bytes()).hexdigest(), None):
        changed, after, plan = host.image(source=web.url + "a.qcow2", checksum=checksum)
        assert changed
        assert "checksum" in str(diff(plan))
        assert {fact: after[fact] for fact in stays} == {fact: before[fact] for fact in stays}
        assert host.image(source=web.url + "a.qcow2", checksum=checksum)[0] is False
    assert web.asked == []
    assert host.refused(source=web.url + "a.qcow2", checksum="sha256:" + "0" * 64) == "checksum_mismatch"
    assert find_image(host.scene(), "i").sha256 == before["sha256"]


def test_a_volume_that_was_deleted_is_made_again(host):
    options = {"source": host.source()}
    _changed, facts, _plan = host.image(**options)
    os.unlink(facts["path"])
    assert find_image(host.scene(), "i") is None
    changed, again, _plan = host.image(**options)
    assert changed
    assert again["path"] == facts["path"]
    assert os.path.exists(facts["path"])


def test_a_lost_record_is_made_good_by_reading_the_volume(host, web):
    path = host.source()
    options = {"source": web.url + "a.qcow2", "checksum": "sha256:" + sha256(path)}
    _changed, facts, _plan = host.image(**options)
    host.registry.forget("image", "i")
    web.asked.clear()
    changed, again, _plan = host.image(**options)
    assert changed
    assert web.asked == []
    assert again["path"] == facts["path"]


def test_a_lost_record_and_a_spoilt_volume(host):
    path = host.source()
    options = {"source": path, "checksum": "sha256:" + sha256(path)}
    _changed, facts, _plan = host.image(**options)
    host.registry.forget("image", "i")
    with open(facts["path"], "r+b") as file:
        file.write(b"spoilt")
    assert host.refused(**options) == "volume_conflict"


def test_in_use(host):
    host.image(source=host.source())
    overlay = {"name": "overlay", "pool": "default"}
    host.run([Volume.from_options(dict(overlay, image="i", state="present"))])
    assert host.image()[1]["children"] == ["default/overlay"]
    assert host.refused(state="absent") == "image_in_use"
    gone = [Image.from_options({"name": "i", "state": "absent"}), Volume.from_options(dict(overlay, state="absent"))]
    assert host.run(gone).plan.changed
    assert os.listdir(host.pool) == []


def test_everything_in_one_call(host, tmp_path):
    resources = [
        Volume.from_options({"name": "overlay", "pool": "new", "image": "i", "state": "present"}),
        Image.from_options({"name": "i", "pool": "new", "source": host.source(), "state": "present"}),
        Pool.from_options({"name": "new", "path": str(tmp_path / "new"), "state": "active"}),
    ]
    outcome = host.run(resources)
    assert resources[1].facts(outcome.scene)["children"] == ["new/overlay"]
    assert not host.run(resources).plan.changed


def test_raw(host):
    path = host.sources / "disk"
    with open(path, "wb") as file:
        file.write(b"\xeb\x63")
        file.truncate(1 << 20)
    assert host.refused(source=str(path)) == "not_an_image"
    facts = host.image(source=str(path), format="raw")[1]
    assert facts["volume"].endswith(".raw")
    assert facts["allocation"] < 1 << 20
    assert host.refused(source=str(path), format="qcow2") == "format_mismatch"


@pytest.mark.parametrize("make", ["backing", "data_file", "html", "cut", "huge", "vmdk", "gzip"])
def test_hostile_files(host, make):
    path = host.sources / "hostile"
    if make == "backing":
        qemu_img("create", "-u", "-f", "qcow2", "-b", "/etc/shadow", "-F", "raw", path, "1M")
    elif make == "data_file":
        qemu_img("create", "-f", "qcow2", "-o", f"data_file={host.sources / 'data'}", path, "1M")
    elif make == "huge":
        qemu_img("create", "-f", "qcow2", "-o", "cluster_size=2M", path, "65T")
    elif make == "vmdk":
        qemu_img("create", "-f", "vmdk", path, "1M")
    elif make == "cut":
        whole = pathlib.Path(host.source("whole.qcow2")).read_bytes()
        path.write_bytes(whole[:len(whole) // 2])
    else:
        path.write_bytes({"html": b"<html>no</html>", "gzip": b"\x1f\x8b\x08" + bytes(509)}[make])
    code = "unsafe_image" if make in ("backing", "data_file", "huge") else "not_an_image"
    assert host.refused(source=str(path)) == code


def test_refusals(host):
    path = host.source()
    assert host.refused() == "missing_option"
    assert host.refused(source="/nowhere") == "fetch_failed"
    assert host.refused(source="http://127.0.0.1:9/a") == "fetch_failed"
    assert host.refused(source=path, pool="nowhere") == "unknown_pool"
    assert host.refused(source=path, checksum="sha256:" + "0" * 64) == "checksum_mismatch"
    assert host.refused(source=path, checksum="sha256:zero") == "invalid_option"
    assert host.refused(source="a.qcow2") == "invalid_option"
    assert host.refused(source=path, name="../i") == "invalid_option"
    host.run([Pool.from_options({"name": "default", "state": "inactive"})])
    assert host.refused(source=path) == "inactive_pool"


def test_two_runs_fetch_once(host, web):
    options = {"source": web.url + "a.qcow2", "checksum": "sha256:" + sha256(host.source(data=3))}
    done = []
    threads = [threading.Thread(target=lambda: done.append(host.image(**options)[1]["path"])) for _run in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(done) == 3
    assert len(set(done)) == 1
    assert len(web.asked) == 1


def test_leftovers_of_a_killed_run_are_cleaned(host):
    options = {"source": host.source()}
    (host.pool / ".i.0123456789abcdef.part").write_bytes(b"old")
    host.registry.put("image", "i", "intended", name="i", source="http://127.0.0.1:9/", checksum=None, pool="default",
                      pool_uuid="gone", directory=str(host.pool))
    assert find_image(host.scene(), "i") is None
    assert host.image(**options)[1]["volume"] in os.listdir(host.pool)
    assert len(os.listdir(host.pool)) == 1
    (host.pool / ".i.0123456789abcdef.part").write_bytes(b"old")
    host.registry.put("image", "i", "intended", name="i", source="http://127.0.0.1:9/", checksum=None, pool="default",
                      pool_uuid="gone", directory=str(host.pool))
    assert host.image(state="absent")[0] is True
    assert host.image(state="absent")[0] is False
    assert [name for name in os.listdir(host.pool) if name.endswith(".part")] == []


POINTS = {
    "after the intention was recorded": (_fetch, "fetch"),
    "after the last byte": (_partial.Partial, "publish"),
    "after the file got its name": (_image_work, "refresh"),
    "before the record is complete": (_image_work.time, "strftime"),
}


@pytest.mark.parametrize("proven", [True, False])
@pytest.mark.parametrize("point", POINTS)
def test_a_run_that_is_killed_is_finished_by_the_next(host, web, monkeypatch, point, proven):
    path = host.source()
    options = {"source": web.url + "a.qcow2"}
    if proven:
        options["checksum"] = "sha256:" + sha256(path)
    child = os.fork()
    if child == 0:
        # Nothing is tidied up on this way out, as by SIGKILL.
        monkeypatch.setattr(*POINTS[point], lambda *_arguments, **_options: os._exit(9))
        host.image(**options)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert find_image(host.scene(), "i") is None
    would, _nothing, _plan = host.image(check_mode=True, **options)
    changed, facts, _plan = host.image(**options)
    assert would
    assert changed
    assert facts["sha256"] == sha256(path)
    assert os.listdir(host.pool) == [facts["volume"]]
    assert host.image(**options)[:2] == (False, facts)


def test_qemu_img_says_what_it_reads(host):
    path = host.source()
    info = _qemu_img.info(path, "qcow2")
    assert (info.format, info.virtual_size, info.backing_file, info.data_file) == ("qcow2", 16 << 20, None, None)
    overlay = str(host.sources / "overlay")
    qemu_img("create", "-f", "qcow2", "-b", path, "-F", "qcow2", overlay)
    assert _qemu_img.info(overlay, "qcow2").backing_file == path
    with pytest.raises(_qemu_img.QemuImgError):
        _qemu_img.info("/etc/hostname", "qcow2")
    assert json.dumps(info.virtual_size)
