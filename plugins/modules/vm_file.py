#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: vm_file
short_description: Read or write a file in a running VM, by its guest agent
version_added: 0.2.0
description:
  - With O(content), makes a file in a running guest hold just that; a file that does is left alone. Without, returns what a file holds.
  - No network and no login are needed, only the guest agent. The file is complete before it gets its name.
  - For files in a VM that does not run there is M(tinycloud.libvirt.image_file).
  - The guest needs C(/bin/sh) and C(stat), and an agent that may do C(guest-exec), and read and write files.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
options:
  name:
    description: Name of the VM.
    type: str
    required: true
  path:
    description: Absolute path of the file in the guest. To write it, its directory has to be there.
    type: str
    required: true
  content:
    description: What the file is to hold, as text. If omitted, the file is read.
    type: str
  mode:
    description: Permissions of the file that O(content) is written to, octal digits in quotes. A new file has V(0600) if omitted.
    type: str
  max_size:
    description: The largest file that is read, such as V(1MiB); at most V(64MiB).
    type: str
    default: 1MiB
seealso:
  - module: tinycloud.libvirt.vm_exec
  - module: tinycloud.libvirt.image_file
"""

EXAMPLES = r"""
- name: A message for whoever logs in
  tinycloud.libvirt.vm_file:
    name: web
    path: /etc/motd
    content: "Do not change anything here by hand.\n"
    mode: "0644"

- name: What the guest calls itself
  tinycloud.libvirt.vm_file:
    name: web
    path: /etc/os-release
  register: release
"""

RETURN = r"""
vm_file:
  description: The file as it is now; null where check mode would have made it.
  returned: success
  type: dict
  contains:
    name:
      description: Name of the VM.
      type: str
    path:
      description: Its path in the guest.
      type: str
    size:
      description: Its size in bytes.
      type: int
    mode:
      description: Its permissions, octal digits.
      type: str
    sha256:
      description: Digest of what was read, or of O(content).
      type: str
    content:
      description: What was read, null where it is no text, or was written.
      type: str
    content_base64:
      description: What was read in base64, where it is no text.
      type: str
  sample: {"name": "web", "path": "/etc/hostname", "size": 4, "mode": "0644", "content": "web\n", "content_base64": null,
           "sha256": "63f2a98d04a1a4cd5df4f8a4e0b3a0d9f5c1f3d5f0d4a49c3e3f4ac0a26f7d50"}
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
"""

from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import run_resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm_file import VmFile


def main():
    run_resource(VmFile)


if __name__ == "__main__":
    main()
