#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: volume_download
short_description: Write the content of a libvirt storage volume to a file
version_added: 0.2.0
description:
  - Writes what a volume, or a snapshot of it, holds to a file, holes as holes.
  - A module of its own, because the file is none of the volume's facts and no declaration about the volume brings it about.
  - The file is complete before it gets its name. As long as neither the volume nor the file was written to, a later run does not read
    them again, and changes nothing.
  - With a remote O(uri) all comes through libvirt's own connection, as it is in the pool, and whether the volume was written to since
    cannot be told; remove the file to have it written again.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
options:
  name:
    description: Name of the volume. A volume to which a running VM writes is refused; take a snapshot and name that.
    type: str
    required: true
  pool:
    description: Name of its storage pool, V(default) if omitted.
    type: str
  snapshot:
    description: Take it as it was at this snapshot of M(tinycloud.libvirt.volume_snapshot).
    type: str
  dest:
    description: Absolute path of the file. Its directory has to be there.
    type: str
    required: true
  dest_on:
    description:
      - Where O(dest) is, on the host where the module runs or on the controller.
      - For the controller the file is left in the host's temporary directory (C(remote_tmp)), which needs room for it, fetched without
        its holes, and verified on arrival. Nothing is sent in check mode, or where the file is what an earlier run wrote. Not with
        C(async).
    type: str
    choices: [host, controller]
    default: host
  format:
    description: Format of the file; that of the volume, if omitted. An overlay is written with what it stands on.
    type: str
    choices: [qcow2, raw, qcow, qed, vdi, vmdk, vpc]
  mode:
    description: Permission bits of the file in octal digits, in quotes. V('0600') where it is written and this is omitted.
    type: str
  replace:
    description: Whether another file of that name may be written over, one that no earlier run wrote.
    type: bool
seealso:
  - module: tinycloud.libvirt.volume
  - module: tinycloud.libvirt.volume_snapshot
"""

EXAMPLES = r"""
- name: What the database was before the upgrade, as a file
  tinycloud.libvirt.volume_download:
    name: db-data
    snapshot: before-upgrade
    dest: /srv/backup/db-data.qcow2

- name: A volume to the controller
  tinycloud.libvirt.volume_download:
    name: appliance
    dest: /home/me/appliance.qcow2
    dest_on: controller
"""

RETURN = r"""
volume_download:
  description: The file as it is now; null where check mode would have written it. C(size) in bytes.
  returned: success
  type: dict
  sample: {"dest": "/srv/backup/db-data.qcow2", "volume": "db-data", "pool": "default", "snapshot": "before-upgrade", "size": 1376256,
           "format": "qcow2"}
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
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume_download import VolumeDownload


def main():
    run_resource(VolumeDownload)


if __name__ == "__main__":
    main()
