# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is taken for a disk image, and what is not; qemu-img itself is asked in tests/contract."""
from __future__ import annotations

import struct

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _image_file, _qemu_img
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

SOURCE = "http://example.org/i"


def qcow2(version=3, backing=0, features=0, size=1 << 30):
    head = b"QFI\xfb" + struct.pack(">IQIIQ", version, backing, 0, 16, size) + bytes(40)
    return head + struct.pack(">QQQII", features, 0, 0, 4, 104) + bytes(65536 - 104)


@pytest.fixture
def asked(monkeypatch):
    """What qemu-img would say, and whether it was asked at all."""
    said = {"format": "qcow2", "virtual-size": 1 << 30, "format-specific": {"data": {}}}
    paths = []

    def info(path, _format):
        paths.append(path)
        return _qemu_img.Info(said)
    monkeypatch.setattr(_qemu_img, "info", info)
    monkeypatch.setattr(_qemu_img, "is_sound", lambda _path, _format: said.get("sound", True))
    return said, paths


def inspect(folder, content, declared=None):
    path = folder / "file"
    path.write_bytes(content)
    return _image_file.inspect(str(path), SOURCE, declared)


def refusal(folder, content, declared=None):
    with pytest.raises(Failure) as error:
        inspect(folder, content, declared)
    assert SOURCE in error.value.message
    return error.value.code


@pytest.mark.parametrize("declared", [None, "qcow2"])
@pytest.mark.parametrize("version", [2, 3])
def test_qcow2(tmp_path, asked, declared, version):
    found = inspect(tmp_path, qcow2(version), declared)
    assert (found.format, found.virtual_size) == ("qcow2", 1 << 30)


def test_raw_must_be_said(tmp_path, asked):
    content = b"\xeb\x63" + bytes(1022)
    assert inspect(tmp_path, content, "raw").virtual_size == 1024
    assert refusal(tmp_path, content) == "not_an_image"
    assert asked[1] == []


@pytest.mark.parametrize("content, declared, code", [
    (b"", "raw", "not_an_image"), (b"", None, "not_an_image"), (b"some text", "raw", "not_an_image"),
    (bytes(513), "raw", "not_an_image"), (bytes(512), "qcow2", "not_an_image"), (b"boot" * 128, "qcow2", "not_an_image"),
    (b"<!DOCTYPE html><html>".ljust(512), "raw", "not_an_image"), (b"\xef\xbb\xbf\n <HTML>".ljust(512), None, "not_an_image"),
    (b"\x1f\x8b".ljust(512, b"x"), None, "not_an_image"), (b"\xfd7zXZ\x00".ljust(512, b"x"), "raw", "not_an_image"),
    (b"KDMV".ljust(512, b"x"), None, "not_an_image"), (b"# Disk DescriptorFile\n".ljust(512), "raw", "not_an_image"),
    (qcow2(), "raw", "format_mismatch"), (b"QFI\xfb", None, "not_an_image"), (qcow2(version=1), None, "not_an_image"),
    (qcow2(version=4), None, "not_an_image"), (qcow2(backing=200), None, "unsafe_image"), (qcow2(2, backing=200), None, "unsafe_image"),
    (qcow2(features=4), None, "unsafe_image"),
])
def test_refused_before_qemu_img_opens_it(tmp_path, asked, content, declared, code):
    assert refusal(tmp_path, content, declared) == code
    assert asked[1] == []


@pytest.mark.parametrize("said, code", [
    ({"virtual-size": 0}, "unsafe_image"), ({"virtual-size": 1 << 60}, "unsafe_image"), ({"backing-filename": "/etc/shadow"}, "unsafe_image"),
    ({"format-specific": {"data": {"data-file": "x"}}}, "unsafe_image"), ({"format-specific": {"data": {"corrupt": True}}}, "not_an_image"),
    ({"encrypted": True}, "unsafe_image"), ({"sound": False}, "not_an_image"),
])
def test_refused_for_what_qemu_img_says(tmp_path, asked, said, code):
    asked[0].update(said)
    assert refusal(tmp_path, qcow2()) == code


def test_what_qemu_img_cannot_read(tmp_path, monkeypatch):
    def info(_path, _format):
        raise _qemu_img.QemuImgError("qemu_img_failed", "L1 is too large")
    monkeypatch.setattr(_qemu_img, "info", info)
    assert refusal(tmp_path, qcow2()) == "not_an_image"


@given(content=strategies.binary(max_size=2000))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_judged(tmp_path, asked, content):
    for declared in (None, "qcow2", "raw"):
        path = tmp_path / "any"
        path.write_bytes(content)
        try:
            found = _image_file.inspect(str(path), SOURCE, declared)
        except Failure:
            continue
        assert found.format == declared == "raw"
