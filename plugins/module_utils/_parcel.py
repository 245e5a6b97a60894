# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files on their way between the controller and a host, whose connections know no holes.

What has holes travels packed: a line of JSON that says how large the file is and where its data lies, then that data. What has none
travels as it is.
"""
from __future__ import annotations

import hashlib
import json
import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils._copying import data_of

_CHUNK = 1 << 20
# A hole of less than this is not worth telling.
_GRAIN = 1 << 20
_BLOCK = 1 << 16
_ZEROS = bytes(_BLOCK)


def sha256_of(path):
    """Hexadecimal digest of a file, holes and all."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            digest.update(chunk)
    return digest.hexdigest()


def pack(path, parcel):
    """Write a file's data to a new file; False, and nothing is written, where it has no holes."""
    with open(path, "rb", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        stretches = _joined(data_of(file.fileno(), size))
        if stretches == [[0, size]]:
            return False
        with open(parcel, "xb", buffering=0) as packed:
            os.fchmod(packed.fileno(), 0o600)
            packed.write(json.dumps({"size": size, "stretches": stretches}).encode() + b"\n")
            for start, end in stretches:
                for chunk in _chunks(file, start, end):
                    packed.write(chunk)
    return True


def _joined(stretches):
    found = []
    for start, end in stretches:
        if found and start - found[-1][1] < _GRAIN:
            found[-1][1] = end
        else:
            found.append([start, end])
    return found


def unpack(parcel, is_packed, path):
    """Write a new file from what arrived, with holes where zeros are, and bring it to the disk; its hexadecimal digest."""
    digest = hashlib.sha256()
    with open(parcel, "rb") as arrived, open(path, "xb", buffering=0) as file:
        os.fchmod(file.fileno(), 0o600)
        if is_packed:
            said = json.loads(arrived.readline())
        else:
            size = os.fstat(arrived.fileno()).st_size
            said = {"size": size, "stretches": [[0, size]]}
        file.truncate(said["size"])
        place = 0
        for start, end in said["stretches"]:
            _count_zeros(digest, start - place)
            for chunk in _chunks(arrived, arrived.tell(), arrived.tell() + end - start):
                digest.update(chunk)
                _write_data(file, chunk, start)
                start += len(chunk)
            place = end
        _count_zeros(digest, said["size"] - place)
        os.fsync(file.fileno())
    return digest.hexdigest()


def _chunks(file, start, end):
    file.seek(start)
    while start < end:
        chunk = file.read(min(_CHUNK, end - start))
        if not chunk:
            # It became shorter meanwhile: then the digest is another one.
            return
        start += len(chunk)
        yield chunk


def _count_zeros(digest, count):
    while count > 0:
        digest.update(_ZEROS[:count])
        count -= _BLOCK


def _write_data(file, chunk, place):
    view = memoryview(chunk)
    for start in range(0, len(view), _BLOCK):
        block = view[start:start + _BLOCK]
        if block != _ZEROS[:len(block)]:
            os.pwrite(file.fileno(), block, place + start)
