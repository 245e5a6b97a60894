# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the type of a pool means for the volumes in it."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml

# Pools whose volumes are files, of any format; elsewhere libvirt knows the one format there is.
_FILES = ("dir", "fs", "netfs", "gluster", "vstorage")


def holds_files(pool):
    return _type(pool) in _FILES


def allocation(pool, size):
    """How much room a new volume takes at once if nobody says. LVM loses all of a sparse one that outgrows its allocation."""
    return size if _type(pool) == "logical" else 0


def _type(pool):
    return _path.get(_xml.parse(pool.XMLDesc(0)), "@type")
