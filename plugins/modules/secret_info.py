#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: secret_info
short_description: Read libvirt secrets
version_added: 0.2.0
description: Returns the secrets that libvirt keeps and what refers to them, never their values.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.reading
  - tinycloud.libvirt.listing
seealso:
  - module: tinycloud.libvirt.secret
"""

EXAMPLES = r"""
- name: Secrets that nothing refers to
  tinycloud.libvirt.secret_info:
    query: "[?length(used_by) == `0`].name"
  register: unused
"""

RETURN = r"""
secrets:
  description:
    - The secrets, sorted by name, or what O(query) makes of them.
    - A secret that was defined elsewhere without a usage has neither C(name) nor C(type).
    - C(used_by) lists pools, volumes in active pools, and VMs.
  returned: success
  type: list
  elements: dict
  sample: [{"name": "db-data", "type": "volume", "uuid": "b2f0a3f0-39d5-5c36-9d41-4ad21c1e4d1b", "description": null,
            "private": true, "ephemeral": false, "used_by": ["the volume 'default/db-data'"]}]
"""

from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import run_info
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.secret import Secret


def main():
    run_info(Secret, "secrets")


if __name__ == "__main__":
    main()
