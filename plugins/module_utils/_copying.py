# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of files on this host: shared blocks where the file system can, else the data alone, holes as holes."""
from __future__ import annotations

import errno
import fcntl
import os

# https://man7.org/linux/man-pages/man2/ioctl_ficlone.2.html
_FICLONE = 0x40049409
_NO_CLONE = (errno.EOPNOTSUPP, errno.EXDEV, errno.EINVAL, errno.ENOTTY, errno.ENOSYS, errno.ETXTBSY, errno.EPERM, errno.EISDIR)
_NO_RANGE = (errno.EOPNOTSUPP, errno.EXDEV, errno.EINVAL, errno.ENOSYS)
_PART = 1 << 30
_CHUNK = 1 << 20


def copy_sparse(source, target):
    """Write a new file with the bytes of another one (or of a block device), and bring it to the disk."""
    with open(source, "rb", buffering=0) as reader, open(target, "xb", buffering=0) as writer:
        os.fchmod(writer.fileno(), 0o600)
        if not _clone(reader.fileno(), writer.fileno()):
            size = reader.seek(0, os.SEEK_END)
            writer.truncate(size)
            for start, end in data_of(reader.fileno(), size):
                _copy_range(reader.fileno(), writer.fileno(), start, end)
        os.fsync(writer.fileno())


def data_of(number, size, place=0):
    """(start, end) of each stretch of an open file, from a place on, that is not a hole."""
    while place < size:
        try:
            start = os.lseek(number, place, os.SEEK_DATA)
            end = os.lseek(number, start, os.SEEK_HOLE)
        except OSError as error:
            if error.errno == errno.ENXIO:
                return
            if error.errno != errno.EINVAL:
                raise
            # A device that knows no holes.
            start, end = place, size
        yield start, end
        place = end


def section_of(file):
    """(whether here begins data, the bytes up to its or the hole's end) at an open file's place; (False, 0) at the end."""
    number, place = file.fileno(), file.tell()
    size = os.fstat(number).st_size
    try:
        start, end = next(((start, end) for start, end in data_of(number, size, place)), (size, size))
    finally:
        file.seek(place)
    return (True, end - place) if start == place and end > start else (False, start - place)


def _clone(reader, writer):
    try:
        fcntl.ioctl(writer, _FICLONE, reader)
    except OSError as error:
        if error.errno not in _NO_CLONE:
            raise
        return False
    return True


def _copy_range(reader, writer, start, end):
    place = start
    while place < end:
        try:
            done = os.copy_file_range(reader, writer, min(_PART, end - place), place, place)
        except OSError as error:
            if error.errno not in _NO_RANGE:
                raise
            done = 0
        if not done:
            # Other file systems on each side, say.
            done = os.pwrite(writer, os.pread(reader, min(_CHUNK, end - place), place), place)
            if not done:
                return
        place += done
