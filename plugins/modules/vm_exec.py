#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: vm_exec
short_description: Run a command in a VM, by its guest agent
version_added: 0.2.0
description:
  - Runs a program or a script in a running guest and returns what it wrote. No network and no login are needed, only the guest agent.
  - What the command writes goes to files below C(/tmp) in the guest until it has ended, so the size of the output is bounded by the guest's
    own room, and O(max_output) of each stream comes back. The files are removed then.
  - The guest needs C(/bin/sh), C(mkdir) and C(rm), and an agent that may do C(guest-exec) and read files.
  - A command that does not end in time is killed with all that it began, where the guest has C(setsid).
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
attributes:
  idempotent:
    support: none
    details: A command runs each time, unless O(creates) or O(removes) says that it is not needed.
options:
  name:
    description: Name of the VM.
    type: str
    required: true
  argv:
    description: The program and its arguments. No shell takes them apart. One of this and O(script) is needed.
    type: list
    elements: str
  script:
    description: A script, which O(executable) gets with C(-c). The guest's list of processes shows it while it runs.
    type: str
  executable:
    description: Path of what runs O(script), in the guest.
    type: str
    default: /bin/sh
  stdin:
    description: What the command reads from its standard input. It is kept out of what Ansible shows and logs.
    type: str
  variables:
    description: Environment variables, by their names, beside C(PATH). They are kept out of what Ansible shows and logs.
    type: dict
  creates:
    description: Path in the guest; where there is something, the command is not run.
    type: str
  removes:
    description: Path in the guest; where there is nothing, the command is not run.
    type: str
  timeout:
    description: Seconds that the command has. Then it is killed, and the task fails.
    type: int
    default: 60
  exit_codes:
    description: The exit codes with which the command may end without the task failing, from 0 to 255.
    type: list
    elements: int
    default: [0]
  max_output:
    description: How much of each of the two streams is returned, such as V(1MiB); at most V(64MiB).
    type: str
    default: 1MiB
seealso:
  - module: tinycloud.libvirt.vm
  - name: Commands of the guest agent
    description: What the module is built on.
    link: https://qemu-project.gitlab.io/qemu/interop/qemu-ga-ref.html
"""

EXAMPLES = r"""
- name: Restart a service in a guest that no network reaches
  tinycloud.libvirt.vm_exec:
    name: web
    argv: [systemctl, restart, nginx]

- name: Make the database, once
  tinycloud.libvirt.vm_exec:
    name: db
    script: |
      initdb /srv/data && touch /srv/data/.made
    creates: /srv/data/.made
    timeout: 300

- name: Whether the guest waits for a reboot
  tinycloud.libvirt.vm_exec:
    name: web
    argv: [test, -e, /run/reboot-required]
    exit_codes: [0, 1]
  register: waits

- name: A secret for a program that reads it
  tinycloud.libvirt.vm_exec:
    name: web
    argv: [chpasswd]
    stdin: "root:{{ root_password }}"
"""

RETURN = r"""
vm_exec:
  description: What came of the command; also where it failed. Only RV(vm_exec.ran) where it was not run.
  returned: success, and where the command failed
  type: dict
  contains:
    ran:
      description: Whether it ran.
      type: bool
    rc:
      description: Its exit code, null where a signal ended it.
      type: int
    signal:
      description: The number of the signal that ended it, null where none did.
      type: int
    stdout:
      description: What it wrote to its standard output, null where that is no text.
      type: str
    stderr:
      description: What it wrote to its standard error, null where that is no text.
      type: str
    stdout_base64:
      description: The same in base64, where it is no text.
      type: str
    stderr_base64:
      description: The same in base64, where it is no text.
      type: str
    stdout_size:
      description: How much it wrote in all, in bytes.
      type: int
    stderr_size:
      description: How much it wrote in all, in bytes.
      type: int
    truncated:
      description: Whether there was more of one of them than O(max_output).
      type: bool
  sample: {"ran": true, "rc": 0, "signal": null, "stdout": "web\n", "stderr": "", "stdout_base64": null, "stderr_base64": null,
           "stdout_size": 4, "stderr_size": 0, "truncated": false}
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
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm_exec import VmExec


def main():
    run_resource(VmExec)


if __name__ == "__main__":
    main()
