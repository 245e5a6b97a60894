#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: image_export
short_description: Write images and disks to files for other places
version_added: 0.2.0
description:
  - Writes an image, a volume, or a disk of a stopped VM to a file of the compute host, in the format that another place wants,
    and its checksum beside it (C(<dest>.sha256), as C(sha256sum) writes it).
  - The file gets its name only when it is complete. It is written anew where the image has another content, or the file is not the
    one that was written.
  - The module must run on the compute host, not through a remote O(uri).
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
options:
  image:
    description:
      Name of the image that is read. One of this, O(from_volume) and O(from_vm) is needed,
      unless O(state=absent).
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
  dest:
    description: Path of the file. Its directory must be there.
    type: str
    required: true
  format:
    description:
      - Format of the file, V(qcow2) if omitted.
      - V(tar) is the root file system with all that is mounted in it, as a tar archive. It needs python3-guestfs.
    type: str
    choices: [qcow2, raw, vmdk, vhdx, tar]
  compress:
    description: Whether the content is compressed, which V(qcow2), V(vmdk) (as a stream-optimised one) and V(tar) (with gzip) can be.
    type: bool
  mode:
    description: Permissions of the file, octal digits in quotes, V(0644) if omitted.
    type: str
  state:
    description:
      - V(present) is written.
      - V(absent) is removed with its checksum. A file that is not the one that was written is refused.
    type: str
    choices: [present, absent]
    default: present
requirements:
  - qemu-img on the compute host
seealso:
  - module: tinycloud.libvirt.image
"""

EXAMPLES = r"""
- name: An image for a colleague's VMware
  tinycloud.libvirt.image_export:
    image: debian-12-web
    dest: /srv/export/debian-12-web.vmdk
    format: vmdk

- name: A root file system to make a container of
  tinycloud.libvirt.image_export:
    image: debian-12
    dest: /srv/export/debian-12.tar.gz
    format: tar
    compress: true
"""

RETURN = r"""
image_export:
  description: The file as it is now; null where it does not exist.
  returned: success
  type: dict
  contains:
    dest:
      description: Path of the file.
      type: str
    format:
      description: Its format.
      type: str
    compress:
      description: Whether its content is compressed.
      type: bool
    sha256:
      description: Digest of the file.
      type: str
    size:
      description: Size of the file, in bytes.
      type: int
  sample: {"dest": "/srv/export/debian-12-web.vmdk", "format": "vmdk", "compress": false, "size": 452984832,
           "sha256": "5b1f0c3d7a9e2846b0d1c8f3a7e69542d8b3f01c6a7e94d25f8b3c0a1e6d9f47"}
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
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.image_export import ImageExport


def main():
    run_resource(ImageExport)


if __name__ == "__main__":
    main()
