# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Building and starting a pool, so that nothing that stands on its source is written over unasked; its directory's permissions."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError, constant
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool_types import pool_type
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._refresh import refresh

# Building these makes the directory, and what is in it stays; a file system is made on request only.
_DIRECTORIES = ("dir", "fs", "netfs")


def start(declared, handle, new):
    """
    :param new: whether nothing can be in the pool yet: what is on its source is then overwritten, if that was asked for
    """
    name = _xml.parse(handle.XMLDesc(0)).get("type")
    kind = pool_type(name)
    builds = declared.get("build") and kind.builds
    overwrites = builds and new and declared.get("overwrite")
    if name in _DIRECTORIES:
        handle.build(0)
    try:
        if builds:
            _build(handle, kind, overwrites)
        handle.create(0)
    except HypervisorError as error:
        if builds and not overwrites:
            error.hint = ("If something else was found where the pool shall be, it was left as it is. If it may be destroyed, "
                          "make the pool anew with overwrite: true.")
        raise
    if declared.get("permissions") and kind.mounted:
        # So far the directory beneath the file system has them.
        set_permissions(handle, declared["permissions"])


def _build(handle, kind, overwrites):
    how = "OVERWRITE" if overwrites else "NO_OVERWRITE"
    try:
        handle.build(constant("STORAGE_POOL_BUILD_" + how) if kind.overwrites else 0)
    except HypervisorError as error:
        # It was built before.
        if error.code != "storage_pool_built":
            raise


def set_permissions(handle, wanted):
    path = _xml.parse(handle.XMLDesc(0)).findtext("target/path")
    accounts = [wanted.get(option) for option in ("owner", "group")]
    try:
        os.chown(path, *(-1 if account is None else account for account in accounts))
        if wanted.get("mode") is not None:
            os.chmod(path, int(wanted["mode"], 8))
    except OSError as error:
        raise Failure("file_access", "permissions: cannot set those of '%s': %s" % (path, error.strerror),
                      hint="Run as root; a server may refuse it even so.") from None
    refresh(handle)
