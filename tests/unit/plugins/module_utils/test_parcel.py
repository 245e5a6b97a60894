# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files on their way between controller and host arrive as they were, and their holes are not sent."""
from __future__ import annotations

import hashlib
import os

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _parcel

MIB = 1 << 20


def write(path, size, pieces):
    with path.open("wb") as file:
        for place, data in pieces:
            file.seek(place)
            file.write(data)
        file.truncate(max(size, file.tell()))
    return path


def travel(tmp_path, path):
    """(where it arrived, bytes sent, whether packed)"""
    parcel, arrived = tmp_path / "parcel", tmp_path / "arrived"
    for old in (parcel, arrived):
        old.unlink(missing_ok=True)
    packed = _parcel.pack(path, parcel)
    sent = parcel if packed else path
    assert _parcel.unpack(sent, packed, arrived) == _parcel.sha256_of(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    return arrived, sent.stat().st_size, packed


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=strategies.integers(0, 6 * MIB), places=strategies.lists(strategies.integers(0, 6 * MIB), max_size=4), length=strategies.integers(1, 200000))
def test_whatever_is_sent_arrives(tmp_path, size, places, length):
    path = write(tmp_path / "file", size, [(place, os.urandom(length)) for place in sorted(places)])
    arrived, _sent, _packed = travel(tmp_path, path)
    assert arrived.read_bytes() == path.read_bytes()


def test_holes_are_not_sent_and_stay_holes(tmp_path):
    path = write(tmp_path / "file", 256 * MIB, [(0, b"begin"), (100 * MIB, os.urandom(MIB)), (200 * MIB, b"x")])
    arrived, sent, packed = travel(tmp_path, path)
    assert packed
    assert sent < 3 * MIB
    assert arrived.stat().st_size == 256 * MIB
    assert arrived.stat().st_blocks * 512 < 3 * MIB


def test_what_has_no_holes_travels_as_it_is(tmp_path):
    path = write(tmp_path / "file", 0, [(0, os.urandom(3 * MIB))])
    _arrived, sent, packed = travel(tmp_path, path)
    assert not packed
    assert sent == 3 * MIB
    # Zeros become holes on arrival.
    zeros = write(tmp_path / "zeros", 0, [(0, bytes(4 * MIB))])
    arrived, _sent, _packed = travel(tmp_path, zeros)
    assert arrived.stat().st_blocks * 512 < MIB


@pytest.mark.parametrize("cut", [1, MIB])
def test_what_is_cut_off_on_its_way_is_another_file(tmp_path, cut):
    path = write(tmp_path / "file", 8 * MIB, [(2 * MIB, os.urandom(3 * MIB))])
    parcel = tmp_path / "parcel"
    assert _parcel.pack(path, parcel)
    os.truncate(parcel, parcel.stat().st_size - cut)
    assert _parcel.unpack(parcel, True, tmp_path / "arrived") != _parcel.sha256_of(path)
