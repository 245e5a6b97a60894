# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives a system's root file system all of a disk that became larger: partition, LVM, file system."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

# Sectors at the end of a disk that a GPT keeps for its second copy.
_GPT_TAIL = 34


def grow_partition(appliance, root):
    """Before anything is mounted: the partition, what LVM has in it, and file systems of the ext family."""
    logical = root in appliance.lvs()
    for device in _physical(appliance, root) if logical else [root]:
        _grow_to_the_end(appliance, device)
        if logical:
            appliance.pvresize(device)
    if logical:
        appliance.lvresize_free(root, 100)
    if appliance.vfs_type(root) in ("ext2", "ext3", "ext4"):
        appliance.e2fsck(root, forceall=True)
        appliance.resize2fs(root)


def grow_mounted(appliance, root):
    """File systems that grow only while they are mounted."""
    kind = appliance.vfs_type(root)
    if kind == "xfs":
        appliance.xfs_growfs("/")
    elif kind == "btrfs":
        appliance.btrfs_filesystem_resize("/")
    elif kind not in ("ext2", "ext3", "ext4"):
        raise Failure("unsupported_guest", "size: a file system of type %s cannot be grown" % (kind or "unknown"))


def _physical(appliance, root):
    """The devices that hold the volume group of a logical volume."""
    group = root.split("/")[2]
    members = {one.replace("-", "") for one in appliance.vgpvuuids(group)}
    found = [one["pv_name"] for one in appliance.pvs_full() if one["pv_uuid"].replace("-", "") in members]
    if len(found) != 1:
        raise Failure("unsupported_guest", "size: the volume group '%s' spans several partitions" % group)
    return found


def _grow_to_the_end(appliance, device):
    if device in appliance.list_devices():
        return
    if device not in appliance.list_partitions():
        raise Failure("unsupported_guest", "size: '%s' is neither a partition nor a whole disk" % device)
    disk, number = appliance.part_to_dev(device), appliance.part_to_partnum(device)
    parts = appliance.part_list(disk)
    mine = next(part for part in parts if part["part_num"] == number)
    if any(part["part_start"] > mine["part_start"] for part in parts):
        raise Failure("unsupported_guest", "size: the root file system's partition is not the last one of its disk, and cannot grow",
                      hint="Leave size out, and let the guest use the room in a partition of its own.")
    last = appliance.blockdev_getsz(disk) - 1
    if appliance.part_get_parttype(disk) == "gpt":
        appliance.part_expand_gpt(disk)
        last -= _GPT_TAIL - 1
    appliance.part_resize(disk, number, last)
