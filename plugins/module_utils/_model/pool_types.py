# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The types of storage pools: what each needs and takes, https://libvirt.org/storage.html"""
from __future__ import annotations

from typing import NamedTuple, Optional

_VENDOR = ("source.vendor", "source.product")


class PoolType(NamedTuple):
    """
    :ivar what: a word for people
    :ivar needs: options without which there can be none
    :ivar takes: further options that mean something here
    :ivar path: where its volumes are found, if nothing is said
    :ivar derived_path: the path that libvirt derives from the source's name, whatever is said
    :ivar source_named: whether its source has a name, the pool's own if nothing is said
    :ivar holds_files: whether it is a directory of files, which no other pool may be
    :ivar mounted: whether it is mounted on its directory
    :ivar builds: what building makes where there is nothing yet, beside a directory
    :ivar overwrites: whether building can be told to overwrite what is there
    """

    what: str
    needs: tuple = ()
    takes: tuple = ()
    path: Optional[str] = None
    derived_path: Optional[str] = None
    source_named: bool = False
    holds_files: bool = False
    mounted: bool = False
    builds: Optional[str] = None
    overwrites: bool = False

    @property
    def options(self):
        found = set(self.needs) | set(self.takes)
        if self.path or self.derived_path:
            found.add("path")
        if self.source_named:
            found.add("source.name")
        return found


TYPES = {
    "dir": PoolType("directory", needs=("path",), takes=("permissions", "copy_on_write") + _VENDOR, holds_files=True),
    "fs": PoolType("file system on a device", needs=("source.devices", "path"), holds_files=True, mounted=True, builds="a file system", overwrites=True,
                   takes=("source.format", "permissions", "copy_on_write", "mount_options") + _VENDOR),
    "netfs": PoolType("file system of a server", needs=("source.hosts", "source.directory", "path"), holds_files=True, mounted=True,
                      takes=("source.format", "source.protocol_version", "permissions", "copy_on_write", "mount_options") + _VENDOR),
    "logical": PoolType("volume group", takes=("source.devices", "source.format", "permissions") + _VENDOR, derived_path="/dev/%s",
                        source_named=True, builds="a volume group", overwrites=True),
    "disk": PoolType("disk with partitions", needs=("source.devices",), takes=("source.format", "permissions") + _VENDOR, path="/dev",
                     builds="a partition table", overwrites=True),
    "iscsi": PoolType("iSCSI target, by the kernel", needs=("source.hosts", "source.devices"),
                      takes=("source.initiator", "source.auth", "permissions") + _VENDOR, path="/dev/disk/by-path"),
    "iscsi-direct": PoolType("iSCSI target, by QEMU", needs=("source.hosts", "source.devices", "source.initiator"), takes=("source.auth",)),
    "scsi": PoolType("SCSI host", needs=("source.adapter",), takes=("permissions",) + _VENDOR, path="/dev/disk/by-path"),
    "mpath": PoolType("the multipath devices", takes=("permissions",), path="/dev/mapper"),
    "rbd": PoolType("Ceph pool", needs=("source.hosts",), takes=("source.auth", "refresh_allocation", "config_options"), source_named=True),
    "gluster": PoolType("Gluster volume", needs=("source.hosts",), takes=("source.directory",), source_named=True),
    "zfs": PoolType("ZFS pool", takes=("source.devices", "permissions"), derived_path="/dev/zvol/%s", source_named=True, builds="a ZFS pool"),
    "vstorage": PoolType("Virtuozzo cluster", needs=("path",), takes=("permissions",), source_named=True, holds_files=True),
}
_OTHER = PoolType("made elsewhere")
# How pools of these types log in.
AUTH_TYPES = {"iscsi": "chap", "iscsi-direct": "chap", "rbd": "ceph"}
# What a secret for that is called by libvirt.
SECRET_TYPES = {"chap": "iscsi", "ceph": "ceph"}


def pool_type(kind):
    """What is known of a type; nothing of those that can only have been made elsewhere."""
    return TYPES.get(kind, _OTHER)


def given_options(declared):
    """The options that say something about what a pool is, in dotted form, sub-options of O(source) apart."""
    found = []
    for name, value in declared.items():
        if name == "source" and value is not None:
            found.extend("source.%s" % one for one, said in value.items() if said not in (None, []))
        elif value not in (None, []):
            found.append(name)
    return found


def missing(kind, declared):
    """The first option that a new pool of a type lacks, or None."""
    given = given_options(declared)
    return next((option for option in pool_type(kind).needs if option not in given), None)


def strangers(kind, declared):
    """Options that mean nothing to pools of a type."""
    about = {option for one in TYPES.values() for option in one.options}
    return [option for option in given_options(declared) if option in about and option not in pool_type(kind).options]
