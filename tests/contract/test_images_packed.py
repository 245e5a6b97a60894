# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that come packed, from servers that want to know who asks, and from people who mean harm."""
from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import os
import pathlib
import shutil
import struct
import subprocess
import tarfile

import pytest
from image_host import Host, qemu_img, served, sha256, without_proxies

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _qemu_img, _unpack
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure


@pytest.fixture
def host(daemon, daemon_uri, tmp_path):
    return Host(daemon_uri, tmp_path)


@pytest.fixture
def web(host, monkeypatch):
    without_proxies(monkeypatch)
    with contextlib.ExitStack() as held:
        yield held.enter_context(served(host))


def zstd(data):
    if not shutil.which("zstd"):
        pytest.skip("needs zstd")
    return subprocess.run(["zstd", "-qc"], input=data, capture_output=True, check=True).stdout


PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstd,
           # Some tools write several streams after each other.
           "gz2": lambda data: gzip.compress(data[:1000]) + gzip.compress(data[1000:]),
           "xz2": lambda data: lzma.compress(data[:1000]) + lzma.compress(data[1000:])}


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_packed_image_is_unpacked(host, web, suffix):
    path = pathlib.Path(host.source())
    packed = host.sources / f"a.qcow2.{suffix}"
    packed.write_bytes(PACKERS[suffix](path.read_bytes()))
    options = {"source": f"{web.url}{packed.name}", "checksum": "sha256:" + sha256(packed)}
    changed, facts, _plan = host.image(**options)
    assert changed
    assert facts["sha256"] == sha256(path)
    assert facts["verified"] == options["checksum"]
    assert os.listdir(host.pool) == [facts["volume"]]
    assert host.image(**options)[0] is False
    assert host.refused(source=f"{web.url}{packed.name}", checksum="sha256:" + "0" * 64) == "checksum_mismatch"


@pytest.mark.parametrize("suffix", ["gz", "bz2", "xz", "zst"])
def test_a_packed_image_that_was_cut_off(host, suffix):
    packed = host.sources / f"a.qcow2.{suffix}"
    data = PACKERS[suffix](pathlib.Path(host.source()).read_bytes())
    packed.write_bytes(data[:len(data) // 2])
    assert host.refused(source=str(packed)) == "not_an_image"


def archive(host, name, members, mode="w"):
    path = host.sources / name
    with tarfile.open(path, mode) as made:
        for member, content in members.items():
            info = tarfile.TarInfo(member)
            if content is None:
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/shadow"
            else:
                info.size = len(content)
            made.addfile(info, io.BytesIO(content or b""))
    return str(path)


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:xz"])
def test_a_member_of_an_archive(host, mode):
    wanted = pathlib.Path(host.source()).read_bytes()
    path = archive(host, "a.tar", {"README": b"no", "./disk/a.qcow2": wanted, "../../evil": b"out", "link": None}, mode)
    assert host.refused(source=path) == "missing_option"
    assert host.refused(source=path, member="nothing") == "no_such_file"
    assert host.refused(source=path, member="link") == "not_an_image"
    assert host.refused(source=path, member="README") == "not_an_image"
    _changed, facts, _plan = host.image(source=path, member="disk/a.qcow2")
    assert pathlib.Path(facts["path"]).read_bytes() == wanted
    assert host.image(source=path, member="disk/a.qcow2")[0] is False
    assert host.image()[0] is False
    assert not (host.sources.parent / "evil").exists()


def test_an_archive_in_ones_own_catalogue(host):
    path = host.source()
    with tarfile.open(host.sources / "a.tar", "w") as archive:
        archive.add(path, "images/disk.img")
    entry = {"name": "packed", "source": str(host.sources / "a.tar"), "member": "images/disk.img"}
    _changed, facts, _plan = host.image(catalogue="packed", catalogue_entries=[entry])
    assert facts["sha256"] == sha256(path)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd])
def test_a_bomb_ends_at_the_limit(host, monkeypatch, pack):
    monkeypatch.setattr(_unpack, "LARGEST", 32 << 20)
    path = host.sources / "bomb"
    path.write_bytes(pack(bytes(64 << 20)))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(Failure) as error:
        host.image(source=str(path), format="raw")
    assert error.value.code == "unsafe_image"
    assert "unpacks to more than" in error.value.message
    assert os.listdir(host.pool) == []


def test_xz_that_wants_all_memory(host):
    """A dictionary of 1.5 GiB: what unpacks it needs as much, whatever is in it."""
    path = host.sources / "greedy.xz"
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 16}]
    data = bytearray(lzma.compress(bytes(1 << 16), filters=filters))
    # The size of the dictionary is one byte of the block's header, whose checksum is made right again.
    place = data.index(bytes([0x21, 0x01]), 12) + 2
    data[place] = 40
    length = (data[12] + 1) * 4
    data[12 + length - 4:12 + length] = struct.pack("<I", _crc32(bytes(data[12:12 + length - 4])))
    path.write_bytes(bytes(data))
    assert host.refused(source=str(path), format="raw") == "not_an_image"


def _crc32(data):
    import zlib
    return zlib.crc32(data)


def test_what_is_secret_goes_to_its_server_only(host, web):
    path = host.source()
    web.secret = "Bearer hunter2"
    (host.sources / "SUMS").write_text(f"{sha256(path)}  a.qcow2\n", "utf-8")
    options = {"source": web.url + "away/a.qcow2", "checksum": f"sha256:{web.url}SUMS"}
    assert host.refused(**options) == "fetch_failed"
    web.told.clear()
    _changed, facts, plan = host.image(headers={"Authorization": web.secret}, **options)
    assert facts["sha256"] == sha256(path)
    assert set(web.told) == {("127.0.0.1", web.secret), ("localhost", None)}
    assert "hunter2" not in str(plan.resources[0].after)
    assert not any(b"hunter2" in path.read_bytes() for path in pathlib.Path(host.registry.directory).rglob("*.json"))
    # Without the secret it stays as it is, and nobody is asked.
    web.told.clear()
    assert host.image(**options)[0] is False
    assert web.told == []


def hostile(host):
    """Files that must never be a base, with the code that says why."""
    def made(name, *arguments):
        path = host.sources / name
        qemu_img(*arguments[:3], *arguments[3:-1], path, arguments[-1])
        return path

    good = pathlib.Path(host.source("good.qcow2")).read_bytes()
    (host.sources / "beside").write_bytes(bytes(1 << 20))
    backed = host.sources / "backed"
    qemu_img("create", "-u", "-f", "qcow2", "-b", "/etc/shadow", "-F", "raw", backed, "1M")
    yield backed, {}, "unsafe_image"
    json_backed = host.sources / "json-backed"
    qemu_img("create", "-u", "-f", "qcow2", "-b", 'json:{"driver":"file","filename":"/etc/shadow"}', "-F", "raw", json_backed, "1M")
    yield json_backed, {}, "unsafe_image"
    remote = host.sources / "remote"
    qemu_img("create", "-u", "-f", "qcow2", "-b", "nbd://127.0.0.1:9/x", "-F", "raw", remote, "1M")
    yield remote, {}, "unsafe_image"
    yield made("split", "create", "-f", "qcow2", "-o", f"data_file={host.sources}/data.raw", "1M"), {}, "unsafe_image"
    yield made("huge", "create", "-f", "qcow2", "-o", "cluster_size=2M", "100T"), {}, "unsafe_image"
    for kind in ("vmdk", "vhdx", "vpc", "vdi", "qed"):
        yield made(f"a.{kind}", "create", "-f", kind, "16M"), {}, "not_an_image"
        yield host.sources / f"a.{kind}", {"format": "raw"}, "not_an_image"
    descriptor = host.sources / "descriptor"
    descriptor.write_text('# Disk DescriptorFile\nversion=1\ncreateType="monolithicFlat"\nRW 2048 FLAT "/etc/shadow" 0\n', "utf-8")
    yield descriptor, {"format": "raw"}, "not_an_image"
    for number, content in enumerate((
            # A later version, a header cut short, a table of clusters that points behind the end, one that is larger than the file.
            good[:4] + struct.pack(">I", 9) + good[8:], good[:40], good[:40] + struct.pack(">Q", 1 << 50) + good[48:],
            good[:36] + struct.pack(">I", 0x7fffffff) + good[40:], good[:100000])):
        path = host.sources / f"broken{number}"
        path.write_bytes(content)
        yield path, {}, "not_an_image"
    empty = host.sources / "empty"
    empty.write_bytes(b"")
    yield empty, {"format": "raw"}, "not_an_image"
    fifo = host.sources / "fifo"
    os.mkfifo(fifo)
    yield fifo, {"format": "raw"}, "fetch_failed"
    yield pathlib.Path("/dev/zero"), {"format": "raw"}, "fetch_failed"
    yield host.sources, {"format": "raw"}, "fetch_failed"


def test_hostile_images_are_refused(host):
    count = 0
    for path, options, code in hostile(host):
        assert host.refused(source=str(path), **options) == code, path
        count += 1
    assert count > 20


def test_the_inspecting_child_is_limited(host, monkeypatch):
    """The limits bite: with less than it needs, the same inspection of the same good file ends."""
    path = host.source()
    assert _qemu_img.info(path, "qcow2").virtual_size == 16 << 20
    monkeypatch.setattr(_qemu_img, "MEMORY", 1 << 20)
    with pytest.raises(_qemu_img.QemuImgError):
        _qemu_img.info(path, "qcow2")
    monkeypatch.undo()
    # A program that never ends in its place.
    busy = host.sources / "qemu-img"
    busy.write_text("#!/bin/sh\nwhile :; do :; done\n", "utf-8")
    busy.chmod(0o755)
    monkeypatch.setenv("PATH", str(host.sources), prepend=os.pathsep)
    monkeypatch.setattr(_qemu_img, "CPU_SECONDS", 1)
    with pytest.raises(_qemu_img.QemuImgError):
        _qemu_img.info(path, "qcow2")
