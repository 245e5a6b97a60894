#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: volume_snapshot
short_description: Take and remove snapshots of a libvirt storage volume
version_added: 0.2.0
description:
  - A snapshot keeps what a volume holds at one moment, whatever VM has the volume for a disk, if any. Other disks of that VM and its
    memory are none of its business.
  - At rest, a qcow2 volume keeps its snapshots inside its file. Under a running VM, a layer (the volume C(VOLUME.SNAPSHOT) in the same
    pool) takes what is written from then on, and the volume itself stays as it was. For M(tinycloud.libvirt.vm) it is still the same disk.
  - A snapshot is restored into a new volume, with O(tinycloud.libvirt.volume#module:clone), at any time for one that was taken under a
    running VM. Nothing is restored over what is there.
  - Removing a snapshot never loses what was written since; a layer is written into what is below it, also under the running VM.
  - A run that is cut short is finished by the next one.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
options:
  name:
    description: Name of the snapshot, one for each volume.
    type: str
    required: true
  volume:
    description: Name of the volume.
    type: str
    required: true
  pool:
    description: Name of its storage pool, V(default) if omitted. Pools of type dir, fs and netfs.
    type: str
  freeze:
    description:
      - Whether the file systems of a running guest are frozen for the moment, by its guest agent, so that what they hold is whole.
      - With V(if_possible), which is meant if omitted, a guest without an agent is not frozen; the snapshot then holds what a power cut
        would have left. The result says which.
    type: str
    choices: [if_possible, always, never]
  state:
    description: Whether the snapshot exists.
    type: str
    choices: [present, absent]
    default: present
notes:
  - What the snapshots of a volume are, and what was written since each, is part of M(tinycloud.libvirt.volume_info).
  - A volume with layers is not resized, moved or converted. Remove the snapshots first.
seealso:
  - module: tinycloud.libvirt.volume
  - module: tinycloud.libvirt.volume_info
"""

EXAMPLES = r"""
- name: Before the upgrade
  tinycloud.libvirt.volume_snapshot:
    volume: db-data
    name: before-upgrade
    freeze: always

- name: A copy of how it was then
  tinycloud.libvirt.volume:
    name: db-data-before
    clone:
      name: db-data
      snapshot: before-upgrade

- name: The upgrade is there to stay
  tinycloud.libvirt.volume_snapshot:
    volume: db-data
    name: before-upgrade
    state: absent
"""

RETURN = r"""
volume_snapshot:
  description:
    - The snapshot; null where it does not exist.
    - C(kind) is C(internal) or C(external), C(parent) the snapshot before it. C(layer) names the volume that takes what is written since
      an external one, and C(written_since) how many bytes that are.
  returned: success
  type: dict
  sample: {"name": "before-upgrade", "kind": "external", "parent": null, "taken": "2026-11-20T10:00:00Z", "frozen_guest": true,
           "layer": "db-data.before-upgrade", "written_since": 1048576}
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
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume_snapshot import VolumeSnapshot


def main():
    run_resource(VolumeSnapshot)


if __name__ == "__main__":
    main()
