# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only caller of qemu-img. Where it reads what strangers made, it runs with bounded time and memory.

It never outlives the run that called it: what it writes then is a draft that nobody waits for.
"""
from __future__ import annotations

import json
import os
import shutil
import subprocess

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

MEMORY = 1 << 30
CPU_SECONDS = 60
# Exit codes of qemu-img check, https://www.qemu.org/docs/master/tools/qemu-img.html
_SOUND = 0
_LEAKY = 3


class Info:
    """What qemu-img says about a file, sizes in bytes."""

    def __init__(self, said):
        self.format = said["format"]
        self.virtual_size = said["virtual-size"]
        self.backing_file = said.get("full-backing-filename") or said.get("backing-filename")
        self.backing_format = said.get("backing-filename-format")
        details = said.get("format-specific", {}).get("data", {})
        self.data_file = details.get("data-file")
        self.corrupt = bool(details.get("corrupt"))
        self.encrypted = bool(said.get("encrypted"))
        self.snapshots = [one["name"] for one in said.get("snapshots", [])]


class QemuImgError(Failure):
    """qemu-img ended with an error; its own sentence is the message."""


def info(path, image_format, in_use=False):
    """Inspect a file of a known format; the format is never guessed, since a guest may have written the file.

    :param in_use: read it although a running guest has it open
    """
    done = _run(["info", "--output=json", "-f", image_format] + (["-U"] if in_use else []) + [path])
    if done.returncode:
        raise QemuImgError("qemu_img_failed", _sentence(done))
    return Info(json.loads(done.stdout))


def is_sound(path, image_format):
    """Whether a file's structure is whole (leaked clusters do no harm); a cut-off file is not."""
    return _run(["check", "--output=json", "-f", image_format, path]).returncode in (_SOUND, _LEAKY)


def create_overlay(path, base, base_format, size=None):
    """A qcow2 file over another file; larger than that where a size (bytes) is given."""
    _do(["create", "-q", "-f", "qcow2", "-b", base, "-F", base_format, path] + ([str(size)] if size else []))


def convert(source, source_format, target, target_format, options=None, snapshot=None, compress=False):
    """Write a disk's content, holes as holes, to a new file of a format.

    :param options: of the new format, https://www.qemu.org/docs/master/system/images.html
    :param compress: whether the new file's content is compressed
    :param snapshot: the internal snapshot that is read instead of what is there now
    """
    if compress and target_format == "vmdk":
        # The only kind of it that can be.
        options = dict(options or {}, subformat="streamOptimized")
    packed = ["-c"] if compress else []
    said = ["-o", ",".join("%s=%s" % one for one in sorted(options.items()))] if options else []
    inside = ["-l", "snapshot.name=" + snapshot] if snapshot else []
    _do(["convert", "-U", "-f", source_format, "-O", target_format] + packed + said + inside + [source, target])


def grow(path, image_format, size):
    _do(["resize", "-q", "-f", image_format, path, str(size)])


def take_snapshot(path, name):
    _do(["snapshot", "-c", name, path])


def delete_snapshot(path, name):
    _do(["snapshot", "-d", name, path])


def commit(path, image_format, base):
    """Write what an overlay holds into the base, which may be deeper in its chain."""
    _do(["commit", "-q", "-d", "-f", image_format, "-b", base, path])


def rebase(path, image_format, base, base_format):
    """Name another base in an overlay's header; the content below has to be the same."""
    _do(["rebase", "-u", "-f", image_format, "-b", base, "-F", base_format, path])


def _do(arguments):
    done = _run(arguments, bounded=False)
    if done.returncode:
        raise QemuImgError("qemu_img_failed", _sentence(done))


def _run(arguments, bounded=True):
    program = shutil.which("qemu-img")
    if program is None:
        raise Failure("missing_program", "qemu-img is missing on the compute host",
                      hint="Install qemu-utils (Debian, Ubuntu), qemu-img (Fedora, RHEL) or qemu-tools (openSUSE).")
    command = [program] + arguments
    # Limits by a program of their own: code between fork and exec is not safe beside threads.
    limiter, binder = shutil.which("prlimit"), shutil.which("setpriv")
    if bounded and limiter is not None:
        command = [limiter, "--as=%d" % MEMORY, "--cpu=%d" % CPU_SECONDS, "--core=0"] + command
    if binder is not None:
        command = [binder, "--pdeathsig", "KILL"] + command
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False,
                              timeout=CPU_SECONDS * 2 if bounded else None, env=dict(os.environ, LC_ALL="C"))
    except subprocess.TimeoutExpired:
        raise QemuImgError("qemu_img_failed", "qemu-img %s did not end within %d seconds"
                           % (arguments[0], CPU_SECONDS * 2)) from None


def _sentence(done):
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "qemu-img ended with code %d" % done.returncode
