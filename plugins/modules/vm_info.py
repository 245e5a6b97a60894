#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: vm_info
short_description: Read libvirt virtual machines
version_added: 0.1.0
description: Returns the virtual machines of a compute host with their power state and addresses.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.reading
  - tinycloud.libvirt.listing
seealso:
  - module: tinycloud.libvirt.vm
"""

EXAMPLES = r"""
- name: Addresses of what runs
  tinycloud.libvirt.vm_info:
    query: "[?state=='running'].{name: name, address: address}"
  register: running
"""

RETURN = r"""
vms:
  description: The VMs, sorted by name, or what O(query) makes of them.
  returned: success
  type: list
  elements: dict
  sample: [{"name": "web", "state": "running", "vcpus": 2, "memory": "2GiB", "address": "10.20.0.10"}]
"""

from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import run_info
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm import Vm


def main():
    run_info(Vm, "vms")


if __name__ == "__main__":
    main()
