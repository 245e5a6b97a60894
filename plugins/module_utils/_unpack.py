# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that come packed: gzip, bzip2, xz, zstd, a member of a tar archive. Nothing is unpacked by the names in an archive.

What was packed in order to fill a disk or the memory is stopped by limits.
"""
from __future__ import annotations

import bz2
import contextlib
import gzip
import lzma
import shutil
import subprocess
import tarfile
import zlib

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import CHUNK

# Zeros take no room in a file with holes, and their packed form none anywhere: only this ends them.
LARGEST = 512 << 30
_MEMORY = 1 << 30
_MAGIC = ((b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"\x28\xb5\x2f\xfd", "zstd"))
_TAR_MAGIC = slice(257, 262), b"ustar"


def packing(path):
    """How a file is packed: ``gzip``, ``bzip2``, ``xz``, ``zstd``, ``tar``, or None."""
    with open(path, "rb") as file:
        head = file.read(512)
    place, magic = _TAR_MAGIC
    return next((name for magic_of, name in _MAGIC if head.startswith(magic_of)), "tar" if head[place] == magic else None)


def unpack(path, source, member, partial):
    """Write what is packed in a file to a Partial."""
    partial.restart()
    try:
        with _opened(path) as stream, _member(stream, source, member) as content:
            for chunk in iter(lambda: content.read(CHUNK), b""):
                if partial.size + len(chunk) > LARGEST:
                    raise Failure("unsafe_image", "source: '%s' unpacks to more than %d GiB" % (source, LARGEST >> 30))
                partial.write(chunk)
    except (OSError, EOFError, lzma.LZMAError, zlib.error, tarfile.TarError, ValueError) as error:
        raise Failure("not_an_image", "source: '%s' cannot be unpacked: %s" % (source, error), hint="Fetch it again, and give its checksum.") from None
    partial.complete()


@contextlib.contextmanager
def _opened(path):
    """The file's content without its compression."""
    kind = packing(path)
    if kind == "zstd":
        with _zstd(path) as stream:
            yield stream
        return
    with contextlib.ExitStack() as held:
        file = held.enter_context(open(path, "rb"))
        if kind == "xz":
            yield held.enter_context(_Xz(file))
        else:
            yield gzip.GzipFile(fileobj=file) if kind == "gzip" else bz2.BZ2File(file) if kind == "bzip2" else file


class _Xz:
    """lzma.LZMAFile, but with a limit on memory: the header of a file says how much it wants."""

    def __init__(self, file):
        self._file = file
        self._decompressor = lzma.LZMADecompressor(memlimit=_MEMORY)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._file.close()

    def read(self, size):
        """Up to so many bytes of content; nothing at its end."""
        data = self._some(size)
        while data == b"":
            data = self._some(size)
        return data or b""

    def _some(self, size):
        """What one step gives, which may be nothing yet; None at the end."""
        fed = b""
        if self._decompressor.eof:  # pylint: disable=using-constant-test
            fed = self._decompressor.unused_data or self._file.read(CHUNK)
            if not fed.strip(b"\x00"):
                return None
            # Some tools write several streams after each other.
            self._decompressor = lzma.LZMADecompressor(memlimit=_MEMORY)
        elif self._decompressor.needs_input:  # pylint: disable=using-constant-test
            fed = self._file.read(CHUNK)
            if not fed:
                raise EOFError("it ends too early")
        return self._decompressor.decompress(fed, size)


@contextlib.contextmanager
def _zstd(path):
    """Python reads zstd itself only from 3.14 on."""
    program = shutil.which("zstd")
    if program is None:
        raise Failure("missing_program", "zstd is missing on the compute host", hint="Install the package zstd.")
    with open(path, "rb") as packed, subprocess.Popen([program, "-dcq", "--memory=%d" % _MEMORY], stdin=packed, stdout=subprocess.PIPE,
                                                      stderr=subprocess.DEVNULL) as process:
        try:
            yield process.stdout
        finally:
            # What is not wanted any more would wait for somebody to read it.
            process.stdout.close()
            left = process.wait()
    if left > 0:
        raise EOFError("zstd ended with code %d" % left)


@contextlib.contextmanager
def _member(stream, source, name):
    """The content of one file of an archive; all of it where none is named."""
    if name is None:
        yield stream
        return
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        found = next((one for one in archive if one.name in (name, "./" + name)), None)
        if found is None:
            raise Failure("no_such_file", "member: there is no file '%s' in '%s'" % (name, source), hint="List it: tar -tf.")
        if not found.isreg():
            raise Failure("not_an_image", "member: '%s' in '%s' is no file" % (name, source))
        yield archive.extractfile(found)
