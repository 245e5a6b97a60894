# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file under way: hidden, locked, growing, with its digests computed as the bytes go by."""
from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils._durable import settle
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

CHUNK = 1 << 20
# Runs of zeros of this size become holes.
_BLOCK = 1 << 16
_ZEROS = bytes(_BLOCK)


def partial_name(name, *identity):
    """``.debian-12.0123456789abcdef.part``: the same identity continues the same file."""
    said = "\n".join(str(part) for part in identity)
    return ".%s.%s.part" % (name, hashlib.sha256(said.encode()).hexdigest()[:16])


def partials_of(name, directory):
    """Paths of everything that was begun for a name."""
    pattern = re.compile(r"\.%s\.[0-9a-f]{16}\.part" % re.escape(name))
    try:
        return [os.path.join(directory, found) for found in sorted(os.listdir(directory)) if pattern.fullmatch(found)]
    except FileNotFoundError:
        return []


@contextlib.contextmanager
def said_of(path):
    """What the operating system refuses while ``path`` is worked on becomes a Failure."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise Failure("no_space" if full else "file_access", "cannot use '%s': %s" % (error.filename or path, error.strerror),
                      hint="Make room in the pool." if full else "Run as root, or as a user who may write there.") from None


def digests_of(path, algorithms):
    """Hexadecimal digests of a file by algorithm."""
    hashes = {algorithm: hashlib.new(algorithm) for algorithm in algorithms}
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            for one in hashes.values():
                one.update(chunk)
    return {algorithm: one.hexdigest() for algorithm, one in hashes.items()}


class Partial:
    """The lock is held from the opening to the closing, also against other hosts that share the directory.

    :ivar size: bytes so far
    :ivar resumed: whether some of them are from an earlier run
    :ivar waited: whether another run had the file when this one came
    """

    def __init__(self, directory, name, algorithms):
        self.path = os.path.join(directory, name)
        self.algorithms = set(algorithms) | {"sha256"}
        self.resumed = False
        self.waited = False
        with said_of(self.path):
            self._file = self._open_locked()
            self.size = os.fstat(self._file.fileno()).st_size
        self._hashes = None
        self._full = False

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._file.close()

    def _open_locked(self):
        while True:
            number = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            file = os.fdopen(number, "r+b", buffering=0)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.waited = True
                fcntl.flock(file, fcntl.LOCK_EX)
            # Who held it may have given it its final name, or thrown it away.
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(number), os.stat(self.path)):
                    return file
            file.close()

    def restart(self):
        """Begin with nothing."""
        with said_of(self.path):
            self._file.truncate(0)
            self._file.seek(0)
        self.size = 0
        self.resumed = False
        self._hashes = self._no_hashes()

    def resume(self):
        """Go on after what is there."""
        self._hashes = self._no_hashes()
        with said_of(self.path):
            # A hole at the end is not there until the file is as long as that.
            self._file.truncate(self.size)
            self._file.seek(0)
            for chunk in iter(lambda: self._file.read(CHUNK), b""):
                self._update(chunk)
        self.resumed = self.size > 0

    def _no_hashes(self):
        return {algorithm: hashlib.new(algorithm) for algorithm in self.algorithms}

    def _update(self, chunk):
        for one in self._hashes.values():
            one.update(chunk)

    def write(self, chunk):
        self._update(chunk)
        view = memoryview(chunk)
        self._full = True
        with said_of(self.path):
            for start in range(0, len(view), _BLOCK):
                block = view[start:start + _BLOCK]
                if block != _ZEROS[:len(block)]:
                    os.pwrite(self._file.fileno(), block, self.size)
                self.size += len(block)
        self._full = False

    def complete(self):
        """All bytes are there and on the disk."""
        with said_of(self.path):
            self._file.truncate(self.size)
            os.fsync(self._file.fileno())

    def adopt(self):
        """Another program has written the file: take it as it is."""
        with said_of(self.path):
            os.fsync(self._file.fileno())
            self.size = os.fstat(self._file.fileno()).st_size

    def digest(self, algorithm):
        return self._hashes[algorithm].hexdigest()

    def discard(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.path)

    def discard_if_useless(self):
        """A next run goes on with what is there, unless that is nothing, or all that there was room for."""
        if self.size == 0 or self._full:
            self.discard()

    def publish(self, path, mode):
        """Give the complete file its final name."""
        with said_of(path):
            os.fchmod(self._file.fileno(), mode)
            os.rename(self.path, path)
            settle(os.path.dirname(path))


@contextlib.contextmanager
def draft(directory, name, *identity):
    """A Partial for another program to write; what was not published is gone afterwards."""
    with Partial(directory, partial_name(name, *identity), ()) as partial:
        try:
            yield partial
        finally:
            partial.discard()
