# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A running VM's block jobs: begun, waited for, and ended by pivoting to what they made."""
from __future__ import annotations

import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError, constant, flags

_PAUSE = 0.1
_PIVOT_SECONDS = 60


def wait_until_ready(domain, target):
    """Return when a copy (or the commit of the active layer) has all data and keeps up; a job that died raises Failure."""
    while True:
        mirror = _disk(domain, target).find("mirror")
        if mirror is None:
            raise Failure("block_job_failed", "the block job on the disk %s of the VM '%s' ended early" % (target, domain.name()),
                          hint="See the VM's log on the host; most often the pool was full. Then run again.")
        if mirror.get("ready") == "yes":
            return
        time.sleep(_PAUSE)


def pivot(domain, target):
    """Have the VM go on with what the job made."""
    domain.blockJobAbort(target, constant("DOMAIN_BLOCK_JOB_ABORT_PIVOT"))
    deadline = time.monotonic() + _PIVOT_SECONDS
    while _disk(domain, target).find("mirror") is not None:
        if time.monotonic() > deadline:
            raise Failure("block_job_failed", "the VM '%s' does not let go of the old data of its disk %s" % (domain.name(), target),
                          hint="Run again: it goes on from here.")
        time.sleep(_PAUSE)


def wait_until_gone(domain, target):
    """Return when a job that ends by itself has ended."""
    while domain.blockJobInfo(target, 0):
        time.sleep(_PAUSE)


def abandon(domain, target):
    """End a copy without changing over."""
    try:
        domain.blockJobAbort(target, 0)
    except HypervisorError as error:
        # It ended by itself.
        if error.code not in ("operation_invalid", "invalid_arg"):
            raise


def copy_to(domain, target, path, form, shallow):
    """Begin to copy a disk, with all that is written to it meanwhile, to a file that is there already.

    :param shallow: copy the topmost layer alone; the file stands on what that stands on
    """
    disk = _xml.new("disk", {"type": "file", "device": "disk"})
    disk.append(disk.makeelement("driver", {"name": "qemu", "type": form}))
    disk.append(disk.makeelement("source", {"file": path}))
    wanted = ["DOMAIN_BLOCK_COPY_REUSE_EXT", "DOMAIN_BLOCK_COPY_TRANSIENT_JOB"] + (["DOMAIN_BLOCK_COPY_SHALLOW"] if shallow else [])
    domain.blockCopy(target, _xml.text(disk), {}, flags(*wanted))


def source_of(domain, target):
    """The path that a running VM's disk writes to."""
    source = _disk(domain, target).find("source")
    return source.get("file") or source.get("dev")


def mirror_of(domain, target):
    """The path that a running VM's disk is being copied to, or None."""
    source = _disk(domain, target).find("mirror/source")
    return None if source is None else source.get("file") or source.get("dev")


def _disk(domain, target):
    tree = _xml.parse(domain.XMLDesc(0))
    return next(disk for disk in tree.iterfind("devices/disk") if disk.find("target").get("dev") == target)
