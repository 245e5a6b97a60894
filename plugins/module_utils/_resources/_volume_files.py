# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Volumes that are files this process can reach: drafts beside them, and giving a draft the volume's name.

A draft is hidden, of no use to anyone, and complete before it gets a name: a run that is cut short leaves the old
volume or the new one, and at worst a draft, which the next run on that volume removes.
"""
from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
import struct

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _qemu_img, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._durable import settle
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import said_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._refresh import refresh

# Pools whose volumes are files in a directory.
DIRECTORY_POOLS = ("dir", "fs", "netfs")
# FS_IOC_GETVERSION, https://man7.org/linux/man-pages/man2/ioctl_iflags.2.html
_GETVERSION = 0x80087601


def is_reachable(scene, pool):
    """Whether the volumes of a pool are files on this very host."""
    fact = scene.world.pools.get(pool)
    return not scene.hypervisor.is_remote and fact is not None and fact.xml.get("type") in DIRECTORY_POOLS


def directory_of(pool):
    return _xml.parse(pool.XMLDesc(0)).findtext("target/path")


def stamp_of(path):
    """What tells a file that was written to since, or another one of that name, from this one."""
    found = os.stat(path)
    return [found.st_size, found.st_mtime_ns, _identity(path, found)]


def _identity(path, found):
    """What tells a file from a later one of its name, which often gets the very inode that became free."""
    generation = bytes(8)
    with contextlib.suppress(OSError), open(path, "rb") as file:
        # Not every file system has it, and some never give an inode's number away again.
        generation = fcntl.ioctl(file, _GETVERSION, generation)
    return found.st_ino << 32 | struct.unpack("<I", generation[:4])[0]


def inode_of(scene, pool, path):
    """What tells a file from a later one of its name; None where it is not at hand."""
    return _identity(path, os.stat(path)) if is_reachable(scene, pool) and os.path.exists(path) else None


def is_another(scene, pool, record, fact):
    """Whether a volume is not the file that a record is about: somebody removed that, and made one of the same name."""
    if record.get("state") != COMPLETE:
        # Under way, the one is there or the other.
        return False
    stamp = (record.get("content") or {}).get("stamp") or [record.get("inode")]
    path = fact.xml.findtext("target/path") or ""
    there = scene.once(("inode", path), lambda _scene: inode_of(scene, pool, path))
    return None not in (stamp[-1], there) and there not in (stamp[-1], record.get("before"))


def record_of(scene, pool, fact):
    """What the registry says of a volume that is there; {} where it says nothing, or speaks of another file."""
    record = scene.registry.get("volume", "%s/%s" % (scene.world.pools[pool].uuid, fact.name)) or {}
    return {} if record and is_another(scene, pool, record, fact) else record


@contextlib.contextmanager
def drafting(directory, name):
    """A function that gives paths for new files, one of which becomes the volume ``name``.

    What earlier runs left of such is removed, and in the end what did not get the name. To be used under the volume's lock.
    """
    clear_drafts(directory, name)
    try:
        with said_of(directory):
            yield lambda: os.path.join(directory, ".%s.%s.draft" % (name, secrets.token_hex(8)))
    finally:
        clear_drafts(directory, name)


def clear_drafts(directory, name, but=None):
    """Remove what runs that were cut short left of a volume, but one path; to be used under its lock."""
    pattern = re.compile(r"\.%s\.[0-9a-f]{16}\.draft" % re.escape(name))
    with said_of(directory):
        for found in os.listdir(directory):
            if pattern.fullmatch(found) and os.path.join(directory, found) != but:
                os.unlink(os.path.join(directory, found))


def is_draft(name):
    """Whether a file in a pool is one that a run has not finished."""
    return re.fullmatch(r"\..+\.[0-9a-f]{16}\.(draft|part)", name) is not None


def virtual_size(path, form):
    """The size of the disk in a file."""
    if form == "raw":
        with said_of(path), open(path, "rb") as file:
            return file.seek(0, os.SEEK_END)
    return _qemu_img.info(path, form).virtual_size


def grow(path, form, size):
    if form == "raw":
        with said_of(path):
            os.truncate(path, size)
    else:
        _qemu_img.grow(path, form, size)


def sync(path):
    """Bring a file that another program wrote to the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def name_new(draft, path):
    """Give a draft its name, where nothing has that name."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise Failure("volume_conflict", "the file '%s' came into being meanwhile, by another hand" % path,
                      hint="Look what it is; remove it, or give the volume another name.") from None
    os.unlink(draft)
    settle(os.path.dirname(path))


def name_instead(draft, path):
    """Put a draft in the place of a file, with that file's owner and mode."""
    found = os.stat(path)
    os.chown(draft, found.st_uid, found.st_gid)
    os.chmod(draft, found.st_mode & 0o7777)
    os.rename(draft, path)
    settle(os.path.dirname(path))


def set_permissions(path, wanted):
    """Owner, group, mode and label of a file, as far as they are declared."""
    with said_of(path):
        accounts = [wanted.get(option) for option in ("owner", "group")]
        if any(account is not None for account in accounts):
            os.chown(path, *(-1 if account is None else account for account in accounts))
        if wanted.get("mode") is not None:
            os.chmod(path, int(wanted["mode"], 8))
        if wanted.get("label") is not None:
            os.setxattr(path, "security.selinux", wanted["label"].encode() + b"\0")


def have_seen(pool, name):
    """Let libvirt see a new, replaced or removed file; returns the volume's handle, or None."""
    refresh(pool)
    try:
        return pool.storageVolLookupByName(name)
    except HypervisorError as error:
        if error.code != "no_storage_vol":
            raise
        return None
