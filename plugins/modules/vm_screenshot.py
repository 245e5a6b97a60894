#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: vm_screenshot
short_description: Bring what a VM's screen shows to the controller
version_added: 0.2.0
description:
  - Takes a picture of a running VM's screen and writes it to a file of the controller, over what is there.
  - The picture is a PNG; QEMU before 7.1 makes PPM, see RV(vm_screenshot.mime_type).
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
attributes:
  idempotent:
    support: none
    details: Each run takes another picture.
options:
  name:
    description: Name of the VM.
    type: str
    required: true
  dest:
    description: Absolute path of the file on the controller. Its directory has to be there.
    type: str
    required: true
  screen:
    description: Number of the screen, from 0.
    type: int
    default: 0
seealso:
  - module: tinycloud.libvirt.vm_console_log
"""

EXAMPLES = r"""
- name: Why a guest does not come up
  tinycloud.libvirt.vm_screenshot:
    name: web
    dest: "{{ playbook_dir }}/web.png"
"""

RETURN = r"""
vm_screenshot:
  description: The picture; null in check mode.
  returned: success
  type: dict
  contains:
    name:
      description: Name of the VM.
      type: str
    dest:
      description: The file on the controller.
      type: str
    mime_type:
      description: What the file is, C(image/png) or C(image/x-portable-pixmap).
      type: str
    size:
      description: Its size in bytes.
      type: int
  sample: {"name": "web", "dest": "/home/me/web.png", "mime_type": "image/png", "size": 5120}
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
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm_screenshot import VmScreenshot


def main():
    run_resource(VmScreenshot)


if __name__ == "__main__":
    main()
