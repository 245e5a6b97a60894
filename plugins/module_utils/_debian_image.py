# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk with a Debian on it, made of packages: no server of images has a part in it."""
from __future__ import annotations

import contextlib
import os
import platform
import shutil
import subprocess

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _debian_guest, _mmdebstrap, _plain_disk, _progress
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

PROGRAMS = {"mmdebstrap": "mmdebstrap", "mke2fs": "e2fsprogs", "chroot": "coreutils"}
_LABEL = "debian-root"
_LINES = 5


def insist(archives):
    """Raises Failure where this host cannot make one."""
    missing = sorted(package for program, package in PROGRAMS.items() if shutil.which(program) is None)
    if missing:
        raise Failure("missing_program", "debian: %s is missing on the compute host" % ", ".join(missing),
                      hint="Install it there, for example with ansible.builtin.package.")
    if os.geteuid() != 0:
        raise Failure("not_permitted", "debian: only root can install packages into a tree", hint="Run as root, for example with become: true.")
    if platform.machine() != "x86_64":
        raise Failure("unsupported_architecture", "debian: it boots by the BIOS of a PC, and this host is %s" % platform.machine(),
                      hint="Fetch an image with source or catalogue.")
    if not archives and not _mmdebstrap.sources("stable"):
        raise Failure("missing_option", "debian.archives: apt on the compute host knows no archive of Debian's",
                      hint='Write for example archives: ["deb http://deb.debian.org/debian trixie main"].')


def make(work, suite, archives, packages, size):
    """The path of a raw disk.

    :param work: a directory that is for this alone; what an earlier run left in it goes
    """
    if os.path.lexists(work):
        shutil.rmtree(work)
    os.mkdir(work, 0o755)
    tree, disk = os.path.join(work, "tree"), os.path.join(work, "disk.raw")
    wanted = (*_debian_guest.PACKAGES, *_debian_guest.LOADER, *packages)
    _progress.detail("installing packages")
    _run(_mmdebstrap.command(suite, tree, wanted, archives or _mmdebstrap.sources(suite), hooks=(_debian_guest.prepare(_LABEL),),
                             options=["--essential-hook=%s" % _debian_guest.EARLY]))
    _progress.detail("writing the disk")
    _plain_disk.write(_run, tree, disk, _LABEL, size, tree)
    return disk


def remove(work):
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(work)


def _run(argv):
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          env=dict(os.environ, LC_ALL="C.UTF-8"))
    if done.returncode:
        lines = [line for line in done.stdout.decode(errors="replace").splitlines() if line.strip()]
        raise Failure("build_failed", "debian: %s ended with %d: %s" % (argv[0], done.returncode, " / ".join(lines[-_LINES:])),
                      hint="See that the compute host reaches the archives, and that there is such a suite and all packages in it.")
