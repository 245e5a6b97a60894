#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: vm_power
short_description: Start a running VM anew, or interrupt it
version_added: 0.2.0
description:
  - Reboots or resets a running VM and waits until it has started anew, or interrupts its kernel.
  - Whether a VM runs, is paused, saved or stopped is its state; declare that with O(tinycloud.libvirt.vm#module:state).
  - The VM keeps its definition; what waits for the next boot of M(tinycloud.libvirt.vm) needs a stop and a start (O(tinycloud.libvirt.vm#module:apply)),
    since a reboot goes on in the same machine.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
attributes:
  idempotent:
    support: none
    details: Each run does it once more.
options:
  name:
    description: Name of the VM.
    type: str
    required: true
  action:
    description:
      - V(reboot) asks the guest to end its work and start anew, and waits until it did. With a guest agent it is also waited for until
        that answers again, with another boot.
      - V(reset) starts it anew at once, as by the button; what the guest has not written is lost.
      - V(nmi) sends a non-maskable interrupt, with which many kernels write a crash dump. Nothing is waited for.
    type: str
    required: true
    choices: [reboot, reset, nmi]
  via:
    description: Whom to ask for a V(reboot), the guest's agent or its ACPI button. With V(any), libvirt chooses.
    type: str
    choices: [any, agent, acpi]
    default: any
  timeout:
    description: Seconds that the VM has to come back.
    type: int
    default: 120
seealso:
  - module: tinycloud.libvirt.vm
"""

EXAMPLES = r"""
- name: After an update of the kernel
  tinycloud.libvirt.vm_power:
    name: web
    action: reboot

- name: A guest that hangs
  tinycloud.libvirt.vm_power:
    name: web
    action: reset
"""

RETURN = r"""
vm_power:
  description: The VM afterwards; null in check mode.
  returned: success
  type: dict
  contains:
    name:
      description: Name of the VM.
      type: str
    action:
      description: What was done.
      type: str
    state:
      description: Its state, as in O(tinycloud.libvirt.vm#module:state).
      type: str
    boot_id:
      description: What the guest's kernel calls this boot, null where no agent tells.
      type: str
  sample: {"name": "web", "action": "reboot", "state": "running", "boot_id": "0f3a4f6e-6e5c-4a0e-9f5f-2a8f6b1d7c11"}
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
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm_power import VmPower


def main():
    run_resource(VmPower)


if __name__ == "__main__":
    main()
