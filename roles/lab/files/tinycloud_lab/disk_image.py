# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bootable disks from a directory tree, without loop devices or mounts.

The layout is the plainest that a BIOS boots: a partition table, GRUB's core image in the gap
before the first partition, one ext4 file system filled by mke2fs itself.
"""

import os
import struct

from console import run

_SECTOR = 512
_START = 1 << 20
_MODULES = ("biosdisk", "part_msdos", "ext2", "linux", "normal", "configfile", "search", "echo")


def write(tree, target, label, size, grub):
    """Make the qcow2 image `target` of `size` bytes out of `tree`.

    `grub` is a Debian tree with grub-common and grub-pc-bin unpacked, so that neither has to be
    installed on this machine.
    """
    raw = target.with_suffix(".raw")
    with open(raw, "wb") as disk:
        disk.truncate(size)
    run(["mke2fs", "-q", "-F", "-t", "ext4", "-L", label, "-d", str(tree),
         # GRUB of some releases cannot read file systems with these two.
         "-O", "^metadata_csum_seed,^orphan_file", "-m", "1",
         "-E", f"offset={_START},lazy_itable_init=1,nodiscard", str(raw), f"{(size - _START) >> 10}k"])
    run(["chroot", str(grub), "grub-mkimage", "-O", "i386-pc", "-o", "/tmp/core.img",
         "-p", "(hd0,msdos1)/boot/grub", *_MODULES])
    core = (grub / "tmp/core.img").read_bytes()
    boot = bytearray((grub / "usr/lib/grub/i386-pc/boot.img").read_bytes()[:_SECTOR])
    boot[440:] = _partition_table(size)
    if len(core) > _START - _SECTOR:
        raise ValueError("GRUB's core image does not fit before the first partition")
    with open(raw, "r+b") as disk:
        disk.write(boot)
        disk.write(core)
    run(["qemu-img", "convert", "-O", "qcow2", str(raw), str(target)])
    os.unlink(raw)


def _partition_table(size):
    """Disk signature and one active Linux partition, from sector 440 - 512 of the disk's first."""
    no_geometry = b"\xfe\xff\xff"
    entry = struct.pack(
        "<B3sB3sII", 0x80, no_geometry, 0x83, no_geometry, _START // _SECTOR, (size - _START) // _SECTOR)
    return struct.pack("<IH", int.from_bytes(os.urandom(4), "little"), 0) + entry + bytes(48) + b"\x55\xaa"
