# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How libvirt is set up on the lab's hosts.

The role compute_host gets these from the lab's inventory; a root that comes with libvirt
preinstalled gets the very same lines before its first boot, so that the role finds them done.
"""

import json
from pathlib import Path

import host_roots
import network

# Every lab host sees the machine's own firmware tables, hence one UUID for all of them, and a
# migration between two hosts of the same UUID is refused.
_LIBVIRTD = {"host_uuid_source": "machine-id"}


def _qemu(root):
    # libvirt 9 does not know this setting.
    return {} if host_roots.suite_of(root) == "bookworm" else {"shared_filesystems": ["/srv/shared"]}


def inventory_variables(root):
    """Variables of a lab host; only a bare one has packages to install."""
    repository = f"{network.URL}/repository{host_roots.suffix(host_roots.suite_of(root))}"
    return {
        "compute_host_apt_repositories":
            [{"name": "lab", "line": f"deb [trusted=yes] {repository} ./"}] if host_roots.is_bare(root) else [],
        "compute_host_qemu_conf": _qemu(root),
        "compute_host_libvirtd_conf": _LIBVIRTD,
        # Hosts of a lab have the machine's clock.
        "compute_host_time_sync": False,
    }


def libvirt_files(lower, root):
    """The configuration files of a root with libvirt, as the role would leave them."""
    return {
        path: (Path(lower) / path).read_text() + "".join(
            f"{key} = {json.dumps(value)}\n" for key, value in wanted.items())
        for path, wanted in (("etc/libvirt/qemu.conf", _qemu(root)), ("etc/libvirt/libvirtd.conf", _LIBVIRTD))
    }
