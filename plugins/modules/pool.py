#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: pool
short_description: Manage libvirt storage pools
version_added: 0.1.0
description:
  - Defines, builds, starts, changes and removes storage pools.
  - Removing a pool never touches what is in it.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
options:
  name:
    description: Name of the pool.
    type: str
    required: true
  type:
    description:
      - Type of the pool. A new pool is a V(dir), a directory of files, if omitted.
      - See U(https://libvirt.org/storage.html).
    type: str
    choices: [dir]
  path:
    description:
      - Absolute path of the directory on the compute host. Required for a new pool.
      - It is made if it does not exist. One directory belongs to one pool.
      - A change is recorded; an active pool follows when it is started again.
    type: str
  permissions:
    description: Ownership and mode of the pool's directory, set at once where the module runs on the compute host.
    type: dict
    suboptions:
      mode:
        description: Mode as octal digits in quotes, for example V('0711').
        type: str
      owner:
        description: Numeric user ID; V(-1) leaves it as it is.
        type: int
      group:
        description: Numeric group ID; V(-1) leaves it as it is.
        type: int
  state:
    description:
      - V(active) is defined and running, V(inactive) is defined and stopped.
      - V(present) is defined, whether it runs is left alone.
      - V(absent) is stopped and undefined; the files stay. It is refused while VMs have disks in the pool.
    type: str
    choices: [active, present, inactive, absent]
    default: active
  autostart:
    description: Whether the pool starts with the host. A new pool does, if omitted.
    type: bool
seealso:
  - module: tinycloud.libvirt.pool_info
  - module: tinycloud.libvirt.volume
"""

EXAMPLES = r"""
- name: The pool for images and volumes
  tinycloud.libvirt.pool:
    name: default
    path: /var/lib/libvirt/images

- name: Forget a pool, keep its files
  tinycloud.libvirt.pool:
    name: old
    state: absent
"""

RETURN = r"""
pool:
  description: The pool as it is now; null where it does not exist.
  returned: success
  type: dict
  sample: {"name": "default", "type": "dir", "path": "/var/lib/libvirt/images", "state": "active",
           "autostart": true, "persistent": true, "capacity": 270553174016, "allocation": 24696061952,
           "available": 245857112064}
# begin: common results
plan:
  description: What was (in check mode, would be) done, per resource with its changed fields.
  returned: success
  type: list
  elements: dict
summary:
  description: The plan as text, one line per resource and the totals.
  returned: success
  type: list
  elements: str
restart_required:
  description: Recorded changes that wait for a restart of the resource, with the fields' names.
  returned: success
  type: list
  elements: dict
  sample: [{"resource": "vm web", "fields": ["memory"]}]
notes:
  description: Remarks on what was left alone and why.
  returned: success
  type: list
  elements: str
failure:
  description: What failed, for programs.
  returned: failure
  type: dict
  sample: {"code": "invalid_option", "message": "memory: the size '512' has no unit: write '512MiB' or '512GiB'",
           "resource": "vm web", "hint": "what to do about it"}
# end: common results
"""

from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import run_resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool


def main():
    run_resource(Pool)


if __name__ == "__main__":
    main()
