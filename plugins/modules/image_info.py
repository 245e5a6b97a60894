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
  - With O(inspect) it also tells what is inside. libguestfs opens each image that has not been looked into before, which takes
    some seconds with KVM; what it found is kept by the digest of the content.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.reading
  - tinycloud.libvirt.listing
options:
  inspect:
    description:
      - Whether to look into the images, see RV(images[].inspection). Best together with O(name).
      - Needs python3-guestfs on the compute host, which the role P(tinycloud.libvirt.compute_host#role) installs with
        C(compute_host_guestfs).
    type: bool
    default: false
  passphrase:
    description: What opens images that are encrypted with LUKS. What is found with it is not kept.
    type: str
seealso:
  - module: tinycloud.libvirt.image
"""

EXAMPLES = r"""
- name: Whether an image has cloud-init, and which system it is
  tinycloud.libvirt.image_info:
    name: debian-12
    inspect: true
    query: "[0].inspection.systems[0].{system: name, cloud_init: cloud_init}"
  register: inside

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
      description: Where it was fetched from, null where it was not.
      type: str
    checksum:
      description: The checksum as the task stated it, null without one.
      type: str
    verified:
      description: The checksum that the content was verified with, null without one.
      type: str
    base:
      description: Name of the image that it was made from, null where it was not.
      type: str
    from_volume:
      description: The volume that it was made from, null where it was not.
      type: dict
    upload:
      description: The controller's file that it was made of, or null.
      type: str
    debian:
      description: What it was made from as in O(tinycloud.libvirt.image#module:debian), or null.
      type: dict
    from_vm:
      description: The VM that it was made from, null where it was not.
      type: dict
    recipe:
      description: Digest of what was made different inside and of what it was applied to, null where it was fetched.
      type: str
    user:
      description: Who logs in to what is started from it, where a catalogue says so.
      type: str
    created:
      description: When it was verified or made.
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
    former:
      description: Volumes that the name pointed to before, and that are still there.
      type: list
      elements: dict
      contains:
        pool:
          description: The volume's pool.
          type: str
        volume:
          description: The volume.
          type: str
        sha256:
          description: Digest of its content.
          type: str
        replaced:
          description: When another content took its place.
          type: str
        used_by:
          description: What still needs it, each as C(volume pool/name) or C(vm name).
          type: list
          elements: str
      sample: [{"pool": "default", "volume": "debian-12-9f0c5e1ac2dd.qcow2", "sha256": "9f0c5e1ac2dd44b7", "replaced": "2026-01-31T12:00:00Z",
                "used_by": ["volume default/web.root.qcow2"]}]
    inspection:
      description: What is inside.
      returned: with O(inspect)
      type: dict
      contains:
        partitions:
          description: How the disk is divided, C(gpt) or C(msdos), null where it has no partitions.
          type: str
        encrypted:
          description: Whether something in it is encrypted with LUKS.
          type: bool
        filesystems:
          description: File systems with device, type, label, UUID, and size in bytes.
          type: list
          elements: dict
          sample: [{"device": "/dev/sda1", "type": "ext4", "label": "root", "uuid": "0b6c5f1e-3d2a", "size": 3220176896}]
        systems:
          description: The operating systems, none where none is recognised.
          type: list
          elements: dict
          contains:
            root:
              description: Device of the root file system.
              type: str
            type:
              description: Kind of system, for example C(linux).
              type: str
            distribution:
              description: Identifier of the distribution.
              type: str
            name:
              description: Name of the system for people.
              type: str
            version:
              description: Its version.
              type: str
            architecture:
              description: Its architecture.
              type: str
            hostname:
              description: Its host name.
              type: str
            package_format:
              description: Format of its packages, for example C(deb).
              type: str
            package_manager:
              description: Its package manager, for example C(apt).
              type: str
            mounts:
              description: Devices by where they are mounted.
              type: dict
            packages:
              description: Versions of the installed packages by their names.
              type: dict
            users:
              description: Users with their number, home and shell.
              type: list
              elements: dict
            cloud_init:
              description: Whether cloud-init is installed.
              type: bool
          sample: [{"root": "/dev/sda1", "type": "linux", "distribution": "debian", "name": "Debian GNU/Linux 12 (bookworm)",
                    "version": "12", "architecture": "x86_64", "hostname": "localhost", "package_format": "deb",
                    "package_manager": "apt", "mounts": {"/": "/dev/sda1"}, "packages": {"openssh-server": "1:9.2p1-2"},
                    "users": [{"name": "root", "uid": 0, "home": "/root", "shell": "/bin/bash"}], "cloud_init": true}]
  sample: [{"name": "debian-12", "pool": "default", "volume": "debian-12-0b45edc1ac29.qcow2",
            "path": "/var/lib/libvirt/images/debian-12-0b45edc1ac29.qcow2", "format": "qcow2",
            "sha256": "0b45edc1ac2944b7f9a4f5b0c1f7f3f4a8d3c8b6e0d2a1c9b7e5f3d1a2b4c6e8",
            "source": "https://example.org/images/debian-12.qcow2",
            "checksum": "sha512:https://example.org/images/SHA512SUMS", "verified": "sha512:2f0d",
            "base": null, "from_volume": null, "from_vm": null, "debian": null, "upload": null, "recipe": null, "user": null,
            "created": "2026-01-31T12:00:00Z", "size": 3221225472, "allocation": 432013312,
            "children": ["default/web.qcow2"], "former": []}]
"""

from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import run_info
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.image import Image


def main():
    run_info(Image, "images", {"inspect": {"type": "bool", "default": False}, "passphrase": {"type": "str", "no_log": True}})


if __name__ == "__main__":
    main()
