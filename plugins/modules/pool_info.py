#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: pool_info
short_description: Read libvirt storage pools
version_added: 0.1.0
description: Returns the storage pools of a compute host with their capacity and use.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.reading
  - tinycloud.libvirt.listing
seealso:
  - module: tinycloud.libvirt.pool
"""

EXAMPLES = r"""
- name: Free space of every pool
  tinycloud.libvirt.pool_info:
    query: "[].{name: name, free: available}"
  register: free
"""

RETURN = r"""
pools:
  description:
    - The pools, sorted by name, or what O(query) makes of them. Sizes are in bytes.
    - C(spec) is what M(tinycloud.libvirt.pool) would be given to get the pool; it changes nothing where it is.
  returned: success
  type: list
  elements: dict
  sample: [{"name": "default", "type": "dir", "path": "/var/lib/libvirt/images", "state": "active",
            "autostart": true, "persistent": true, "capacity": 270553174016, "allocation": 24696061952,
            "available": 245857112064}]
"""

from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import run_info
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool


def main():
    run_info(Pool, "pools")


if __name__ == "__main__":
    main()
