# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What fills a volume, what replaces that, another format, another pool, and the way out: on our own libvirtd."""
from __future__ import annotations

import hashlib
import os
import pathlib
import shutil
import subprocess

import pytest
from machines import Machines
from storage import Afar, Host

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._volume_options import WIPES
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm import Vm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume_download import VolumeDownload

MIB = 1 << 20
GUEST = """
<domain type='qemu'>
  <name>guest</name><memory unit='MiB'>64</memory><os><type>hvm</type></os>
  <devices><disk type='file'><driver type='%s'/><source file='%s'/><target dev='vda'/></disk></devices>
</domain>
"""


@pytest.fixture
def host(daemon, daemon_uri, tmp_path):
    host = Host(daemon_uri, tmp_path)
    host.run(Pool.from_options({"name": "other", "path": str(tmp_path / "other"), "state": "active"}))
    host.other = tmp_path / "other"
    return host


@pytest.fixture
def disk(tmp_path):
    """A sparse raw disk with data at its begin, in the middle and at its end."""
    path = tmp_path / "disk.raw"
    with path.open("wb") as file:
        for place in (0, 5 * MIB, 16 * MIB - 4096):
            file.seek(place)
            file.write(os.urandom(4096))
    return path


def qemu_img(*arguments):
    return subprocess.run(["qemu-img", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def same(one, form, other, other_form):
    return subprocess.run(["qemu-img", "compare", "-q", "-f", form, "-F", other_form, str(one), str(other)], check=False).returncode == 0


def apply(host, **options):
    """Check mode, the run and one more: the first two say the same, the last finds nothing to do; the facts."""
    checked, applied, changed_again, facts = host.volume(**options)
    assert checked == applied
    assert not changed_again
    return facts


def hidden(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_literal_content(host):
    facts = apply(host, name="v", content="hello\n")
    assert (host.folder / "v").read_bytes() == b"hello\n"
    assert facts["format"] == "raw"
    assert facts["content"]["sha256"] == hashlib.sha256(b"hello\n").hexdigest()
    assert host.refused(name="v", content="other") == "fixed_option"
    assert (host.folder / "v").read_bytes() == b"hello\n"
    apply(host, name="v", content="other", replace=True)
    assert (host.folder / "v").read_bytes() == b"other"
    (host.folder / "v").write_bytes(b"touched")
    assert not host.run(Volume.from_options({"name": "v", "content": "other", "state": "present"})).plan.changed
    apply(host, name="v", content="other", replace=True)
    assert (host.folder / "v").read_bytes() == b"other"


@pytest.mark.parametrize("form", ["raw", "qcow2", "vmdk"])
def test_a_file_of_the_host(host, disk, form):
    size = {} if form == "vmdk" else {"size": "32MiB"}
    facts = apply(host, name="v", source=str(disk), format=form, **size)
    assert facts["size"] == (32 * MIB if size else 16 * MIB)
    assert facts["format"] == form
    assert same(disk, "raw", host.folder / "v", form)
    assert (host.folder / "v").stat().st_blocks * 512 < 2 * MIB
    assert hidden(host.folder) == []


def test_qcow2_is_known_by_its_first_bytes_and_raw_is_what_it_is_said_to_be(host, disk, tmp_path):
    packed = tmp_path / "disk.qcow2"
    qemu_img("convert", "-O", "qcow2", disk, packed)
    assert apply(host, name="found", source=str(packed))["format"] == "qcow2"
    assert apply(host, name="unpacked", source=str(packed), format="raw")["size"] == 16 * MIB
    assert (host.folder / "unpacked").read_bytes() == disk.read_bytes()
    assert host.refused(name="bytes", source=str(packed), source_format="raw") == "format_mismatch"
    assert host.refused(name="bytes", source=str(disk), source_format="qcow2") == "format_mismatch"


def test_an_overlay_is_no_source(host, disk, tmp_path):
    overlay = tmp_path / "overlay.qcow2"
    qemu_img("create", "-f", "qcow2", "-b", disk, "-F", "raw", overlay)
    assert host.refused(name="v", source=str(overlay)) == "unsafe_image"
    assert list(host.folder.iterdir()) == []
    assert host.records() == {}


def test_a_checksum_proves_the_source_or_nothing_comes_to_be(host, disk):
    right = "sha256:" + hashlib.sha256(disk.read_bytes()).hexdigest()
    assert host.refused(name="v", source=str(disk), checksum="sha256:" + "0" * 64) == "checksum_mismatch"
    assert list(host.folder.iterdir()) == []
    assert apply(host, name="v", source=str(disk), checksum=right)["content"]["checksum"] == right


def bytes_read():
    """By this process so far, https://docs.kernel.org/filesystems/proc.html#proc-pid-io-display-the-io-accounting-fields"""
    return int(pathlib.Path("/proc/self/io").read_text().split()[1])


def test_an_unchanged_source_is_not_read_again(host, disk):
    right = "sha256:" + hashlib.sha256(disk.read_bytes()).hexdigest()
    apply(host, name="v", source=str(disk), checksum=right, replace=True)
    before = bytes_read()
    assert not host.run(Volume.from_options({"name": "v", "source": str(disk), "checksum": right, "replace": True, "state": "present"})).plan.changed
    assert bytes_read() - before < MIB


def test_a_changed_source_is_told_or_taken(host, disk):
    options = {"name": "v", "source": str(disk), "state": "present"}
    apply(host, **options)
    with disk.open("r+b") as file:
        file.write(b"new")
    outcome = host.run(Volume.from_options(options))
    assert not outcome.plan.changed
    assert "another one by now" in outcome.plan.resources[0].notes[0]
    apply(host, **options, replace=True)
    assert (host.folder / "v").read_bytes() == disk.read_bytes()


def test_a_clone_is_sparse_and_in_any_pool_and_format(host, disk):
    apply(host, name="v", source=str(disk), format="qcow2")
    for name, pool, form in (("same", "default", "qcow2"), ("there", "other", "qcow2"), ("raw", "other", "raw")):
        options = {"name": name, "pool": pool, "format": form, "clone": {"name": "v", "pool": "default"}, "state": "present"}
        host.run(Volume.from_options(options))
        assert not host.run(Volume.from_options(options)).plan.changed
        path = (host.folder if pool == "default" else host.other) / name
        assert same(disk, "raw", path, form)
        assert path.stat().st_blocks * 512 < 2 * MIB
    assert host.refused(name="small", clone={"name": "v"}, size="1MiB") == "size_too_small"
    assert host.refused(name="lost", clone={"name": "missing"}) == "unknown_volume"


def test_what_is_in_use_is_neither_read_replaced_converted_nor_wiped(host, daemon, disk):
    apply(host, name="v", source=str(disk))
    domain = daemon.defineXML(GUEST % ("raw", host.folder / "v"))
    before = (host.folder / "v").read_bytes()
    for options in ({"content": "x", "replace": True}, {"format": "qcow2", "convert": True}, {"state": "absent", "wipe": "zero"}):
        assert host.refused(name="v", **options) == "volume_in_use"
    domain.create()
    assert host.refused(name="w", clone={"name": "v"}) == "volume_in_use"
    assert (host.folder / "v").read_bytes() == before
    domain.destroy()
    apply(host, name="w", clone={"name": "v"})


def test_conversion_keeps_the_data_and_asks_for_permission(host, disk):
    apply(host, name="v", source=str(disk))
    (host.folder / "v").chmod(0o640)
    assert host.refused(name="v", format="qcow2") == "fixed_option"
    facts = apply(host, name="v", format="qcow2", convert=True, cluster_size="128KiB", lazy_refcounts=True, size="32MiB")
    assert (facts["cluster_size"], facts["lazy_refcounts"], facts["size"]) == (128 << 10, True, 32 * MIB)
    assert facts["permissions"]["mode"] == "0640"
    assert same(disk, "raw", host.folder / "v", "qcow2")
    facts = apply(host, name="v", extended_l2=True, cluster_size="256KiB", convert=True)
    assert facts["lazy_refcounts"]
    apply(host, name="v", format="raw", convert=True, lazy_refcounts=False)
    assert same(disk, "raw", host.folder / "v", "raw")
    # It is what it was made from, in another form: that is no reason to replace it.
    assert not host.run(Volume.from_options({"name": "v", "source": str(disk), "replace": True, "state": "present"})).plan.changed
    assert host.refused(name="v", compat="1.1", convert=True) == "fixed_option"
    assert hidden(host.folder) == []


def test_shape_of_a_new_volume(host):
    facts = apply(host, name="v", size="64MiB", compat="1.1", cluster_size="32KiB", lazy_refcounts=True, extended_l2=True,
                  preallocation="full", permissions={"mode": "0640", "owner": 0, "group": 12})
    assert (facts["compat"], facts["cluster_size"], facts["lazy_refcounts"], facts["extended_l2"]) == ("1.1", 32 << 10, True, True)
    assert facts["allocation"] >= 64 * MIB
    assert facts["permissions"]["mode"] == "0640"
    assert (host.folder / "v").stat().st_gid == 12
    facts = apply(host, name="v", permissions={"mode": "0600", "group": 0, "owner": -1})
    assert (facts["permissions"]["mode"], facts["permissions"]["group"]) == ("0600", 0)
    assert apply(host, name="r", size="64MiB", format="raw", allocation="8MiB")["allocation"] >= 8 * MIB
    assert apply(host, name="f", size="8MiB", format="raw", preallocation="full")["allocation"] >= 8 * MIB
    assert apply(host, name="m", size="64MiB", preallocation="metadata")["allocation"] < 8 * MIB


@pytest.mark.parametrize("form, by", [("raw", "name"), ("qcow2", "uuid")])
def test_an_encrypted_volume(host, daemon, form, by):
    secret = daemon.secretDefineXML("<secret ephemeral='no' private='yes'><usage type='volume'><volume>payroll</volume></usage></secret>")
    secret.setValue(b"passphrase")
    try:
        options = {"name": "v", "size": "16MiB", "format": form, "encryption": {"format": "luks", "secret": "payroll" if by == "name" else secret.UUIDString()}}
        apply(host, **options)
        options["size"] = "32MiB"
        assert apply(host, **options)["encryption"]["format"] == "luks"
        info = qemu_img("info", "-f", "qcow2" if form == "qcow2" else "luks", host.folder / "v")
        assert "luks" in info
        host.run(Pool.from_options({"name": "default", "state": "inactive"}))
        host.run(Pool.from_options({"name": "default", "state": "active"}))
        assert not host.run(Volume.from_options(dict(options, size="32MiB", state="present"))).plan.changed
        assert host.refused(name="v", format="qcow2" if form == "raw" else "raw", convert=True) == "fixed_option"
        apply(host, name="plain", size="8MiB")
        assert host.refused(name="plain", encryption=options["encryption"]) == "fixed_option"
        apply(host, name="copy", clone={"name": "v"})
        assert (host.folder / "copy").read_bytes() == (host.folder / "v").read_bytes()
    finally:
        secret.undefine()


def test_a_volume_moves_with_its_record_and_the_vms_that_are_off(host, daemon, disk):
    apply(host, name="v", source=str(disk), replace=True)
    daemon.defineXML(GUEST % ("raw", host.folder / "v"))
    options = {"name": "v", "pool": "other", "move_from": "default", "size": "32MiB", "state": "present"}
    checked = host.run(Volume.from_options(options), check_mode=True)
    moved = host.run(Volume.from_options(options))
    assert checked.plan.diff() == moved.plan.diff()
    assert not host.run(Volume.from_options(options)).plan.changed
    assert not (host.folder / "v").exists()
    assert (host.other / "v").read_bytes()[:16 * MIB] == disk.read_bytes()
    assert (host.other / "v").stat().st_blocks * 512 < 2 * MIB
    assert str(host.other / "v") in daemon.lookupByName("guest").XMLDesc()
    assert host.records() == {"v": "complete"}
    assert host.volumes()["v"]["content"]["from"] == str(disk)
    assert host.volumes()["v"]["used_by"] == ["guest"]


def test_a_volume_moves_under_a_running_vm(host, daemon, disk):
    apply(host, name="base", source=str(disk), format="qcow2")
    apply(host, name="v", backing={"name": "base"})
    domain = daemon.defineXML(GUEST % ("qcow2", host.folder / "v"))
    domain.create()
    options = {"name": "v", "pool": "other", "move_from": "default", "state": "present"}
    host.run(Volume.from_options(options))
    assert not host.run(Volume.from_options(options)).plan.changed
    for text in (domain.XMLDesc(0), domain.XMLDesc(2)):
        assert str(host.other / "v") in text
        assert str(host.folder / "v") + "'" not in text
    assert not (host.folder / "v").exists()
    assert host.volumes()["v"]["backing"]["path"] == str(host.folder / "base")
    domain.destroy()
    assert same(disk, "raw", host.other / "v", "qcow2")


def test_what_cannot_move_stays(host, daemon):
    apply(host, name="v", size="8MiB")
    apply(host, name="top", backing={"name": "v"})
    move = {"name": "v", "pool": "other", "move_from": "default"}
    assert host.refused(**move) == "volume_in_use"
    assert host.refused(**dict(move, move_from="missing")) == "unknown_pool"
    assert host.refused(**dict(move, name="missing")) == "unknown_volume"
    apply(host, name="top", state="absent")
    host.run(Volume.from_options({"name": "v", "pool": "other", "size": "1MiB", "state": "present"}))
    assert host.refused(**move) == "volume_conflict"
    assert host.volumes()["v"]


@pytest.mark.parametrize("facts", [{"state": "filling"}, {"state": "removing"}, {"state": "intended", "moving": "other"}])
def test_what_is_unfinished_is_used_by_nothing(host, facts):
    apply(host, name="v", size="8MiB")
    apply(host, name="whole", size="8MiB")
    key = next(key for key, record in host.registry.all("volume").items() if record["name"] == "v")
    host.registry.put("volume", key, **dict(facts, name="v", pool="default"))
    assert host.refused(name="copy", clone={"name": "v"}) == "unfinished_volume"
    assert not_downloaded(host, dest="/tmp/never") == "unfinished_volume"
    for name, code in (("v", "unfinished_volume"), ("whole", None)):
        vm = Vm.from_options(Machines._typed(Vm, {"name": "vm", "type": "qemu", "memory": "64MiB", "state": "present", "disks": [{"volume": name}]}))
        if code:
            with pytest.raises(Failure) as error:
                host.run(vm, check_mode=True)
            assert error.value.code == code
        else:
            host.run(vm, check_mode=True)


def test_wiped_when_it_goes(host, disk):
    apply(host, name="v", source=str(disk))
    with (host.folder / "v").open("rb") as file:
        assert apply(host, name="v", state="absent", wipe="zero") is None
        assert not any(file.read())
    assert host.records() == {}


@pytest.mark.parametrize("algorithm, code, said", [("trim", "unsupported_pool", "type dir"), ("dod", "missing_program", "the program scrub")])
def test_a_way_to_wipe_that_is_not_to_be_had_is_refused_while_all_is_there(host, monkeypatch, algorithm, code, said):
    apply(host, name="v", content="precious")
    monkeypatch.setenv("PATH", str(host.other))
    with pytest.raises(Failure, match=said) as error:
        host.run(Volume.from_options({"name": "v", "state": "absent", "wipe": algorithm}))
    monkeypatch.undo()
    assert error.value.code == code
    assert ((host.folder / "v").read_bytes(), host.records()) == (b"precious", {"v": "complete"})


@pytest.mark.skipif(not shutil.which("scrub"), reason="needs scrub (Debian: scrub)")
@pytest.mark.parametrize("algorithm", WIPES[1:-1])
def test_wiped_in_the_way_that_was_said(host, disk, algorithm):
    apply(host, name="v", source=str(disk))
    precious = disk.read_bytes()[:4096]
    with (host.folder / "v").open("rb") as file:
        assert apply(host, name="v", state="absent", wipe=algorithm) is None
        assert file.read(4096) != precious


def test_content_comes_through_libvirt_where_files_are_out_of_reach(host, disk, tmp_path):
    host.connected = Afar(host.uri)
    apply(host, name="v", source=str(disk))
    assert (host.folder / "v").read_bytes() == disk.read_bytes()
    assert (host.folder / "v").stat().st_blocks * 512 < 2 * MIB
    packed = tmp_path / "disk.qcow2"
    qemu_img("convert", "-O", "qcow2", disk, packed)
    facts = apply(host, name="q", source=str(packed), size="32MiB", checksum="sha256:" + hashlib.sha256(packed.read_bytes()).hexdigest())
    assert (facts["format"], facts["size"]) == ("qcow2", 32 * MIB)
    assert same(disk, "raw", host.folder / "q", "qcow2")
    apply(host, name="text", content="hello")
    assert (host.folder / "text").read_bytes() == b"hello"
    apply(host, name="clone", clone={"name": "q"}, format="raw")
    assert same(disk, "raw", host.folder / "clone", "raw")
    for options in ({"format": "raw", "convert": True}, {"content": "x", "replace": True}, {"permissions": {"mode": "0777"}}):
        assert host.refused(name="q", **options) == "remote_uri"


def download(host, **options):
    """Check mode, the run and one more: the first two say the same, the last finds nothing to do; the facts."""
    declared = dict({"name": "v"}, **options)
    checked = host.run(VolumeDownload.from_options(declared), check_mode=True)
    applied = host.run(VolumeDownload.from_options(declared))
    assert checked.plan.diff() == applied.plan.diff()
    again = host.run(VolumeDownload.from_options(declared))
    assert not again.plan.changed
    return next(iter(again.scene.resources.values())).facts(again.scene)


def not_downloaded(host, **options):
    with pytest.raises(Failure) as error:
        host.run(VolumeDownload.from_options(dict({"name": "v"}, **options)))
    return error.value.code


def test_a_volume_as_a_file(host, daemon, disk, tmp_path):
    apply(host, name="base", source=str(disk), format="qcow2")
    apply(host, name="v", backing={"name": "base"})
    dest = tmp_path / "out"
    assert download(host, dest=str(dest), mode="0640")["format"] == "qcow2"
    assert same(disk, "raw", dest, "qcow2")
    assert "backing" not in qemu_img("info", dest)
    assert dest.stat().st_mode & 0o777 == 0o640
    download(host, dest=str(dest), format="raw")
    assert dest.read_bytes() == disk.read_bytes()
    assert dest.stat().st_blocks * 512 < 2 * MIB
    subprocess.run(["qemu-io", "-f", "qcow2", "-c", "write -P 7 0 4096", str(host.folder / "v")], check=True, capture_output=True)
    download(host, dest=str(dest), format="raw")
    assert dest.read_bytes()[:4096] == b"\7" * 4096
    dest.write_bytes(b"precious")
    assert not_downloaded(host, dest=str(dest)) == "file_exists"
    assert dest.read_bytes() == b"precious"
    download(host, dest=str(dest), replace=True)
    assert not_downloaded(host, dest=str(host.folder / "base")) == "volume_in_use"
    assert not_downloaded(host, dest="/nowhere/file") == "unknown_directory"
    assert not_downloaded(host, name="missing", dest=str(tmp_path / "n")) == "unknown_volume"
    daemon.defineXML(GUEST % ("qcow2", host.folder / "v")).create()
    assert not_downloaded(host, dest=str(tmp_path / "n")) == "volume_in_use"
    assert hidden(tmp_path) == []


def test_a_volume_that_is_out_of_reach_as_a_file(host, disk, tmp_path):
    apply(host, name="v", source=str(disk))
    host.connected = Afar(host.uri)
    dest = tmp_path / "out"
    download(host, dest=str(dest))
    assert dest.read_bytes() == disk.read_bytes()
    assert dest.stat().st_blocks * 512 < 2 * MIB
    assert not_downloaded(host, dest=str(tmp_path / "n"), format="qcow2") == "remote_uri"
