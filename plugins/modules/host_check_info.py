#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: host_check_info
short_description: Tell whether a machine is fit to be a compute host
version_added: 0.2.0
description:
  - Looks at virtualization, kernel, room and surroundings of a machine and reports what is fine, what is missing and how to
    mend it. Nothing needs to be installed for that.
  - V(kvm) is not content with a device node. It makes a VM and, where QEMU is installed, runs a guest's firmware in it.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.reading
attributes:
  action_group:
    description: It takes no connection, so there is nothing to set for it in common with the others.
    support: none
    membership: []
options:
  checks:
    description: The checks to make; all, if omitted.
    type: list
    elements: str
    choices: [architecture, kvm, iommu, cgroups, hugepages, modules, disk, time_sync, name_resolution, machine_id, validation]
  required:
    description: Checks that must be V(ok); if one is not, the module fails and names it.
    type: list
    elements: str
    choices: [architecture, kvm, iommu, cgroups, hugepages, modules, disk, time_sync, name_resolution, machine_id, validation]
    default: []
seealso:
  - module: tinycloud.libvirt.host_info
  - name: virt-host-validate
    description: Libvirt's own checks, which V(validation) runs where they are installed.
    link: https://libvirt.org/manpages/virt-host-validate.html
"""

EXAMPLES = r"""
- name: Look at the machine, and go on only where KVM works
  tinycloud.libvirt.host_check_info:
    required: [kvm]
  register: fitness

- name: Show what was found
  ansible.builtin.debug:
    var: fitness.report
"""

RETURN = r"""
checks:
  description: What each check found.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: The check.
      type: str
      sample: kvm
    status:
      description: V(ok), V(warning), V(failed) or V(unknown).
      type: str
      sample: warning
    message:
      description: What was found.
      type: str
      sample: "there is no /dev/kvm: guests will be emulated, many times slower"
    hint:
      description: What mends it; null where nothing needs to be.
      type: str
      sample: Turn on VT-x, AMD-V or nested virtualization for this machine.
report:
  description: The same for people, one line per check.
  returned: always
  type: list
  elements: str
  sample: ["ok    architecture    x86_64", "ok    kvm             a guest's firmware runs"]
"""

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _host_checks
from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import HostModule


def main():
    choices = list(_host_checks.CHECKS)
    module = HostModule({
        "checks": {"type": "list", "elements": "str", "choices": choices},
        "required": {"type": "list", "elements": "str", "choices": choices, "default": []},
    })
    required, wanted = module.declared["required"], module.declared.get("checks")
    found = _host_checks.report(wanted and set(wanted) | set(required))
    result = {"changed": False, "checks": found, "report": _host_checks.lines(found)}
    unfit = _host_checks.unfit(found, required)
    if unfit:
        module.ansible.fail_json(msg="; ".join(_host_checks.lines(unfit)), failure={
            "code": "unfit_host", "message": "this machine does not pass: %s" % ", ".join(one["name"] for one in unfit)}, **result)
    module.ansible.exit_json(**result)


if __name__ == "__main__":
    main()
