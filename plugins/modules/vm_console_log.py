#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: vm_console_log
short_description: Read what a VM wrote to its serial console, or wait for it
version_added: 0.2.0
description:
  - Returns the last lines of the log that the host keeps of a VM's serial console, whether the VM runs or not.
  - With O(pattern) it waits until one of these lines, or one that is written meanwhile, is as wanted.
  - The module must run on the compute host, not through a remote O(uri).
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.reading
options:
  name:
    description: Name of the VM. New VMs have such a log.
    type: str
    required: true
  lines:
    description: How many of the last lines are returned, and looked at first.
    type: int
    default: 50
  pattern:
    description: A L(regular expression,https://docs.python.org/3/library/re.html#regular-expression-syntax) that is to be found in a line.
    type: str
  timeout:
    description: Seconds that are waited for O(pattern). Then the task fails, and shows the last lines.
    type: int
    default: 60
seealso:
  - module: tinycloud.libvirt.vm_screenshot
"""

EXAMPLES = r"""
- name: What a guest said last
  tinycloud.libvirt.vm_console_log:
    name: web
  register: console

- name: Wait until the installer is through
  tinycloud.libvirt.vm_console_log:
    name: web
    pattern: 'Installation (complete|finished)'
    timeout: 1800
"""

RETURN = r"""
vm_console_log:
  description: What was read. Check mode waits for nothing.
  returned: success
  type: dict
  contains:
    name:
      description: Name of the VM.
      type: str
    path:
      description: The log, a file of the compute host.
      type: str
    lines:
      description: The last lines, the oldest first.
      type: list
      elements: str
    matched:
      description: The first line that O(pattern) was found in, null without a pattern.
      type: str
  sample: {"name": "web", "path": "/var/log/libvirt/qemu/web.console.log", "lines": ["Debian GNU/Linux 12 web ttyS0", "", "web login:"],
           "matched": null}
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
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm_console_log import VmConsoleLog


def main():
    run_resource(VmConsoleLog)


if __name__ == "__main__":
    main()
