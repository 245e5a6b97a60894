#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: image_file
short_description: Read files out of images and disks
version_added: 0.2.0
description:
  - Reads a file, or a directory as a tar archive, out of an image, a volume, or a disk of a stopped VM.
  - libguestfs opens the disk and only reads, in a small VM of its own, so that the host's kernel never sees a file system that
    a guest wrote.
  - The module must run on the compute host, not through a remote O(uri).
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
options:
  image:
    description: Name of the image that is read. One of this, O(from_volume) and O(from_vm) is needed.
    type: str
  from_volume:
    description: The volume that is read, with all that it stands on. No running VM may use it.
    type: dict
    suboptions:
      name:
        description: Name of the volume.
        type: str
        required: true
      pool:
        description: Name of its pool, V(default) if omitted.
        type: str
  from_vm:
    description: The VM whose disk is read, with all that it stands on. The VM must be stopped.
    type: dict
    suboptions:
      name:
        description: Name of the VM.
        type: str
        required: true
      disk:
        description: Name of the disk in the VM, for example V(vda). The first disk if omitted.
        type: str
  passphrase:
    description: What opens the disk where it is encrypted with LUKS.
    type: str
  path:
    description: Path inside the disk.
    type: str
    required: true
  dest:
    description:
      - Path of a file on the compute host that is to hold what was read. If omitted, a file of up to 1 MiB comes with the result.
      - A directory needs it. The archive is compressed where the name ends with C(.gz), C(.tgz), C(.xz) or C(.bz2).
    type: str
  mode:
    description: Permissions of O(dest), octal digits in quotes. A new file has V(0600) if omitted.
    type: str
requirements:
  - python3-guestfs on the compute host
seealso:
  - module: tinycloud.libvirt.image_info
  - module: tinycloud.libvirt.image_export
"""

EXAMPLES = r"""
- name: What a VM that does not boot has to say
  tinycloud.libvirt.image_file:
    from_vm: {name: db}
    path: /var/log/syslog
    dest: /tmp/db.syslog

- name: The list of packages that an image was made with
  tinycloud.libvirt.image_file:
    image: debian-12
    path: /etc/os-release
  register: release

- name: All settings of an image
  tinycloud.libvirt.image_file:
    image: debian-12
    path: /etc
    dest: /srv/debian-12-etc.tar.gz
"""

RETURN = r"""
image_file:
  description: What was read.
  returned: success
  type: dict
  contains:
    path:
      description: Its path inside the disk.
      type: str
    dest:
      description: The file on the compute host that holds it, null where there is none.
      type: str
    is_directory:
      description: Whether it is a directory, and what was read is a tar archive.
      type: bool
    size:
      description: Size of what was read, in bytes.
      type: int
    sha256:
      description: Digest of what was read.
      type: str
    content:
      description: What was read, in base64; null where O(dest) holds it.
      type: str
  sample: {"path": "/etc/hostname", "dest": null, "is_directory": false, "size": 10,
           "sha256": "5b1f0c3d7a9e2846b0d1c8f3a7e69542d8b3f01c6a7e94d25f8b3c0a1e6d9f47", "content": "bG9jYWxob3N0Cg=="}
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
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.image_file import ImageFile


def main():
    run_resource(ImageFile)


if __name__ == "__main__":
    main()
