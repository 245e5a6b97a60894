# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of files on this host: their data alone is touched, by the kernel where it can, by hand where it cannot."""
from __future__ import annotations

import errno
import os

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _copying

MIB = 1 << 20
PLACES = (0, 5 * MIB, 16 * MIB - 4096)


@pytest.fixture
def disk(tmp_path):
    path = tmp_path / "disk"
    with path.open("wb") as file:
        for place in PLACES:
            file.seek(place)
            file.write(os.urandom(4096))
    return path


@pytest.fixture
def asked(monkeypatch):
    """The stretches that the kernel was asked to copy, on a file system that shares no blocks."""
    found, copy = [], os.copy_file_range

    def noted(reader, writer, count, place, target):
        found.append((place, place + count))
        return copy(reader, writer, count, place, target)

    monkeypatch.setattr(_copying, "_clone", lambda _reader, _writer: False)
    monkeypatch.setattr(_copying.os, "copy_file_range", noted)
    return found


def test_the_kernel_copies_the_data_and_the_holes_stay(disk, asked, tmp_path):
    _copying.copy_sparse(disk, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == disk.read_bytes()
    assert (tmp_path / "copy").stat().st_blocks * 512 < MIB
    assert sum(end - start for start, end in asked) < MIB
    assert all(any(start <= place < end for start, end in asked) for place in PLACES)


@pytest.mark.parametrize("reason", [errno.EXDEV, errno.EOPNOTSUPP, errno.ENOSYS])
def test_bytes_are_copied_where_the_kernel_cannot(disk, asked, tmp_path, monkeypatch, reason):
    def unable(*_arguments):
        raise OSError(reason, os.strerror(reason))

    monkeypatch.setattr(_copying.os, "copy_file_range", unable)
    _copying.copy_sparse(disk, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == disk.read_bytes()
    assert (tmp_path / "copy").stat().st_blocks * 512 < MIB


def test_a_disk_that_is_full_is_no_reason_to_try_otherwise(disk, asked, tmp_path, monkeypatch):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(_copying.os, "copy_file_range", full)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        _copying.copy_sparse(disk, tmp_path / "copy")


def test_nothing_is_written_over(disk, tmp_path):
    (tmp_path / "copy").write_bytes(b"precious")
    with pytest.raises(FileExistsError):
        _copying.copy_sparse(disk, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"precious"
