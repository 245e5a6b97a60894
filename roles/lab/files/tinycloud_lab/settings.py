# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How libvirt is set up on the lab's hosts.

The role compute_host gets these from the lab's inventory; a root that comes with libvirt
preinstalled gets the very same lines before its first boot, so that the role finds them done.
"""

import json
from pathlib import Path

import network

QEMU = {"shared_filesystems": ["/srv/shared"]}

# Every lab host sees the machine's own firmware tables, hence one UUID for all of them, and a
# migration between two hosts of the same UUID is refused.
LIBVIRTD = {"host_uuid_source": "machine-id"}

_REPOSITORY = {"name": "lab", "line": f"deb [trusted=yes] {network.URL}/repo ./"}


def inventory_variables(bare):
    """Variables of the lab's hosts; only bare ones have packages to install."""
    return {
        "compute_host_apt_repositories": [_REPOSITORY] if bare else [],
        "compute_host_qemu_conf": QEMU,
        "compute_host_libvirtd_conf": LIBVIRTD,
    }


def libvirt_files(lower):
    """The configuration files of a root with libvirt, as the role would leave them."""
    return {
        path: (Path(lower) / path).read_text() + "".join(
            f"{key} = {json.dumps(value)}\n" for key, value in wanted.items())
        for path, wanted in (("etc/libvirt/qemu.conf", QEMU), ("etc/libvirt/libvirtd.conf", LIBVIRTD))
    }
