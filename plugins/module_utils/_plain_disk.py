# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bootable disks from a directory tree, without loop devices or mounts.

The layout is the plainest that a BIOS boots: a partition table, GRUB's core image in the gap before the first partition, one
ext4 file system filled by mke2fs itself. The standard library is all that is used here: the lab's program, which knows nothing
of Ansible, shares it.
"""
from __future__ import annotations

import os
import struct

_SECTOR = 512
_START = 1 << 20
_MODULES = ("biosdisk", "part_msdos", "ext2", "linux", "normal", "configfile", "search", "echo")


def write(run, tree, disk, label, size, grub):
    """Make the raw disk ``disk`` of ``size`` bytes out of ``tree``.

    :param run: runs a command, a list of words
    :param grub: a Debian tree with grub-common and grub-pc-bin in it, so that neither has to be installed on this machine
    """
    with open(disk, "wb") as file:
        file.truncate(size)
    run(["mke2fs", "-q", "-F", "-t", "ext4", "-L", label, "-d", str(tree),
         # GRUB of some releases cannot read file systems with these two.
         "-O", "^metadata_csum_seed,^orphan_file", "-m", "1",
         "-E", "offset=%d,lazy_itable_init=1,nodiscard" % _START, str(disk), "%dk" % ((size - _START) >> 10)])
    # Several disks may be made with one tree at once.
    core_file = label + ".core"
    run(["chroot", str(grub), "grub-mkimage", "-O", "i386-pc", "-o", "/" + core_file, "-p", "(hd0,msdos1)/boot/grub", *_MODULES])
    with open(os.path.join(grub, core_file), "rb") as file:
        core = file.read()
    with open(os.path.join(grub, "usr/lib/grub/i386-pc/boot.img"), "rb") as file:
        boot = bytearray(file.read()[:_SECTOR])
    boot[440:] = _partition_table(size)
    if len(core) > _START - _SECTOR:
        raise ValueError("GRUB's core image does not fit before the first partition")
    with open(disk, "r+b") as file:
        file.write(boot)
        file.write(core)


def _partition_table(size):
    """Disk signature and one active Linux partition, from sector 440 - 512 of the disk's first."""
    no_geometry = b"\xfe\xff\xff"
    entry = struct.pack("<B3sB3sII", 0x80, no_geometry, 0x83, no_geometry, _START // _SECTOR, (size - _START) // _SECTOR)
    return struct.pack("<IH", int.from_bytes(os.urandom(4), "little"), 0) + entry + bytes(48) + b"\x55\xaa"
