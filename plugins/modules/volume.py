#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: volume
short_description: Manage libvirt storage volumes
version_added: 0.1.0
description:
  - Creates, grows and removes volumes, the persistent disks of VMs.
  - What a volume holds is never replaced. A volume that a VM uses, or that another volume stands on, is never removed.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
options:
  name:
    description: Name of the volume in its pool; in a pool of files, the file's name.
    type: str
    required: true
  pool:
    description: Name of the storage pool, V(default) if omitted.
    type: str
  size:
    description:
      - What a guest sees of the volume, with its unit, for example V(20GiB) (2^30) or V(20GB) (10^9).
      - Required for a new volume, except on top of O(image) or O(backing), whose size it then has.
      - A larger size grows the volume, also under a running VM, which sees it at once.
    type: str
  format:
    description:
      - Format of the volume. A new one in a pool of files is V(qcow2), if omitted.
      - An existing volume keeps its format.
    type: str
    choices: [qcow2, raw]
  image:
    description:
      - Name of the image that a new volume stands on, as an overlay.
      - Mutually exclusive with O(backing).
    type: str
  backing:
    description:
      - The volume that a new volume stands on, as an overlay. That volume is not to be written to any more.
      - Mutually exclusive with O(image).
    type: dict
    suboptions:
      name:
        description: Name of the backing volume.
        type: str
        required: true
      pool:
        description: Its pool; that of the new volume, if omitted.
        type: str
      format:
        description: Its format, as found if omitted. Name it where a guest has written to a raw volume.
        type: str
        choices: [qcow2, raw]
  allow_shrink:
    description: Whether a smaller O(size) may cut the volume's end off. Never done under a running VM.
    type: bool
  protect:
    description: Whether no run may remove this volume. It is remembered until it is said otherwise.
    type: bool
    version_added: 0.2.0
  state:
    description: Whether the volume exists.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: tinycloud.libvirt.volume_info
  - module: tinycloud.libvirt.pool
  - module: tinycloud.libvirt.image
"""

EXAMPLES = r"""
- name: A disk for data
  tinycloud.libvirt.volume:
    name: db-data
    size: 20GiB

- name: A system disk on top of an image
  tinycloud.libvirt.volume:
    name: web-system
    pool: fast
    image: debian-12
    size: 10GiB

- name: Remove it with what it holds
  tinycloud.libvirt.volume:
    name: db-data
    state: absent
"""

RETURN = r"""
volume:
  description:
    - The volume as it is now; null where it does not exist. Sizes are in bytes.
    - C(used_by) names the VMs that need it, also those that reach it through overlays.
  returned: success
  type: dict
  sample: {"name": "web-system", "pool": "fast", "path": "/srv/fast/web-system", "format": "qcow2", "size": 10737418240,
           "allocation": 200704, "backing": {"path": "/srv/fast/debian-12.qcow2", "format": "qcow2"}, "image": "debian-12",
           "used_by": ["web"]}
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
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume


def main():
    run_resource(Volume)


if __name__ == "__main__":
    main()
