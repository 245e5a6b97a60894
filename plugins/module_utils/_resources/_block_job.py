# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A running VM's block jobs: begun, waited for, and ended by pivoting to what they made."""
from __future__ import annotations

import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import constant, flags

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


def copy_to(domain, target, path, form, shallow):
    """Begin to copy a disk, with all that is written to it meanwhile, to a file that is there already.

    :param shallow: copy the topmost layer alone; the file stands on what that stands on
    """
    disk = _xml.new("disk", {"type": "file", "device": "disk"})
    disk.append(disk.makeelement("driver", {"name": "qemu", "type": form}))
    disk.append(disk.makeelement("source", {"file": path}))
    wanted = ["DOMAIN_BLOCK_COPY_REUSE_EXT", "DOMAIN_BLOCK_COPY_TRANSIENT_JOB"] + (["DOMAIN_BLOCK_COPY_SHALLOW"] if shallow else [])
    domain.blockCopy(target, _xml.text(disk), {}, flags(*wanted))


def mirror_of(domain, target):
    """The path that a running VM's disk is being copied to, or None."""
    source = _disk(domain, target).find("mirror/source")
    return None if source is None else source.get("file") or source.get("dev")


def commit(domain, target, base, top, active):
    """Begin to write a layer into one below it; of the active layer until the pivot, of others to the end."""
    domain.blockCommit(target, base, top, 0, constant("DOMAIN_BLOCK_COMMIT_ACTIVE") if active else 0)


def chain_of(domain, target):
    """The paths of a running VM's disk, the one that is written first."""
    paths, layer = [], _disk(domain, target)
    while layer is not None:
        source = layer.find("source")
        if source is not None:
            paths.append(source.get("file") or source.get("dev"))
        layer = layer.find("backingStore")
    return paths


def targets(domain):
    """The names of all of a running VM's disks."""
    return [target.get("dev") for target in _xml.parse(domain.XMLDesc(0)).iterfind("devices/disk/target")]


def _disk(domain, target):
    tree = _xml.parse(domain.XMLDesc(0))
    return next(disk for disk in tree.iterfind("devices/disk") if disk.find("target").get("dev") == target)
