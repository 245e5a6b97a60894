#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: volume_info
short_description: Read libvirt storage volumes
version_added: 0.1.0
description:
  - Returns the volumes in the active storage pools of a compute host, what they stand on, the VMs that use them and through which chain,
    what they were made from, and their snapshots as a tree with sizes.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.reading
  - tinycloud.libvirt.listing
options:
  pool:
    description: Report the volumes of this pool only; of all active ones, if omitted.
    type: str
seealso:
  - module: tinycloud.libvirt.volume
"""

EXAMPLES = r"""
- name: Volumes that no VM uses
  tinycloud.libvirt.volume_info:
    pool: default
    query: "[?!used_by].name"
  register: idle
"""

RETURN = r"""
volumes:
  description:
    - The volumes, sorted by pool and name, or what O(query) makes of them. Sizes are in bytes.
    - C(spec) is what M(tinycloud.libvirt.volume) would be given to get a volume of that shape; given back, it changes nothing.
  returned: success
  type: list
  elements: dict
  sample: [{"name": "db-data", "pool": "default", "path": "/var/lib/libvirt/images/db-data", "format": "qcow2",
            "size": 21474836480, "allocation": 200704, "backing": null, "image": null, "used_by": ["db"],
            "uses": [{"vm": "db", "target": "vdb", "running": true, "depth": 1}], "chain": [], "children": ["default/db-data.before-upgrade"],
            "content": null, "snapshots": [{"name": "before-upgrade", "kind": "external", "parent": null, "taken": "2026-11-20T10:00:00Z",
            "frozen_guest": true, "layer": "db-data.before-upgrade", "written_since": 1048576}],
            "spec": {"name": "db-data", "pool": "default", "format": "qcow2", "size": "20GiB", "compat": "1.1",
                     "permissions": {"mode": "0600", "owner": 64055, "group": 64055}}}]
"""

from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import run_info
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume


def main():
    run_info(Volume, "volumes", {"pool": {"type": "str"}})


if __name__ == "__main__":
    main()
