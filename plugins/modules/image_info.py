#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: image_info
short_description: Read base images
version_added: 0.1.0
description:
  - Returns the images of a compute host, what their content is, and which volumes stand on them.
  - Images that are still being fetched, and volumes that were not made by M(tinycloud.libvirt.image), are not reported.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.reading
  - tinycloud.libvirt.listing
seealso:
  - module: tinycloud.libvirt.image
"""

EXAMPLES = r"""
- name: Images that no volume stands on
  tinycloud.libvirt.image_info:
    query: "[?!children].name"
  register: unused
"""

RETURN = r"""
images:
  description: The images, sorted by name, or what O(query) makes of them.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the image.
      type: str
    pool:
      description: The pool that keeps it.
      type: str
    volume:
      description: The volume that it is.
      type: str
    path:
      description: Path of that volume on the compute host.
      type: str
    format:
      description: Format of the volume.
      type: str
    sha256:
      description: Digest of the volume's content.
      type: str
    source:
      description: Where it was fetched from.
      type: str
    checksum:
      description: The checksum as the task stated it, null without one.
      type: str
    verified:
      description: The checksum that the content was verified with, null without one.
      type: str
    created:
      description: When it was verified.
      type: str
    size:
      description: Size of the disk in it, in bytes.
      type: int
    allocation:
      description: What it takes of the pool, in bytes.
      type: int
    children:
      description: The volumes that stand on it, each as C(pool/volume).
      type: list
      elements: str
  sample: [{"name": "debian-12", "pool": "default", "volume": "debian-12-0b45edc1ac29.qcow2",
            "path": "/var/lib/libvirt/images/debian-12-0b45edc1ac29.qcow2", "format": "qcow2",
            "sha256": "0b45edc1ac2944b7f9a4f5b0c1f7f3f4a8d3c8b6e0d2a1c9b7e5f3d1a2b4c6e8",
            "source": "https://example.org/images/debian-12.qcow2",
            "checksum": "sha512:https://example.org/images/SHA512SUMS", "verified": "sha512:2f0d",
            "created": "2026-01-31T12:00:00Z", "size": 3221225472, "allocation": 432013312,
            "children": ["default/web.qcow2"]}]
"""

from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import run_info
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.image import Image


def main():
    run_info(Image, "images")


if __name__ == "__main__":
    main()
