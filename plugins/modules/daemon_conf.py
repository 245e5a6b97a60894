#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: daemon_conf
short_description: Manage settings of libvirt's daemons
version_added: 0.2.0
description:
  - Sets options in one of libvirt's own configuration files, such as C(/etc/libvirt/qemu.conf). All other lines of the
    file, comments included, stay as they are.
  - Settings are verified before the file is touched, by the description of the file that libvirt brings along
    for L(Augeas,https://augeas.net/). An unknown setting or a value of the wrong kind is refused.
  - A setting that an earlier run made and this one does not list goes back to what it was before.
  - The daemon reads the file when it starts, so restart it when this module has changed something.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
attributes:
  action_group:
    description: It takes no connection, so there is nothing to set for it in common with the others.
    support: none
    membership: []
options:
  name:
    description: Name of the file in C(/etc/libvirt), such as V(qemu.conf), V(libvirtd.conf) or V(virtqemud.conf).
    type: str
    required: true
  settings:
    description:
      - The settings, as the file's own comments explain them. Text, numbers, booleans (written as C(1) and C(0)) and lists
        of texts are values; null takes a setting out of the file, so that libvirt's default holds.
      - All that are to be managed; V({}) manages none any more.
    type: dict
    required: true
requirements:
  - python3-augeas on the compute host
seealso:
  - name: qemu.conf and the other files
    description: Each file explains its settings in comments.
    link: https://libvirt.org/manpages/libvirtd.html
"""

EXAMPLES = r"""
- name: Let migration take place over a network of its own, and keep guests' memory out of core files
  tinycloud.libvirt.daemon_conf:
    name: qemu.conf
    settings:
      migration_address: 10.0.7.11
      dump_guest_core: false
      shared_filesystems: [/srv/shared]
  notify: Restart libvirt
"""

RETURN = r"""
daemon_conf:
  description: The file as it is now.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      type: str
      sample: qemu.conf
    settings:
      description: Every setting that the file states; numbers are text there. Null if libvirt on this host has no such file.
      type: dict
      sample: {"migration_address": "10.0.7.11", "dump_guest_core": "0", "shared_filesystems": ["/srv/shared"]}
    managed:
      description: Names of those settings that this module takes care of.
      type: list
      elements: str
      sample: [dump_guest_core, migration_address, shared_filesystems]
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

from ansible_collections.tinycloud.libvirt.plugins.module_utils._conf_file import AUGEAS_IMPORT_ERROR
from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import run_host_resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.daemon_conf import DaemonConf


def main():
    run_host_resource(DaemonConf, ("augeas", AUGEAS_IMPORT_ERROR))


if __name__ == "__main__":
    main()
