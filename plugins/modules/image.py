#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: image
short_description: Manage base images for volumes
version_added: 0.1.0
description:
  - An image is a name for a base volume whose content is known by its digest. New volumes stand on it, see
    the option O(tinycloud.libvirt.volume#module:image).
  - The compute host fetches the image itself, under a hidden temporary name. Only what is complete, has the right checksum
    and is a disk image that depends on no other file gets the name.
  - The volume is called C(<name>-<first 12 digits of the content's sha256>.<format>), cannot be written, and is never replaced.
    Where O(source) or O(checksum) become others, the name points to a new volume; the old one stays for what stands on it.
  - As long as O(source) and O(checksum) stay as they were, nothing is fetched, nor asked for on the network.
    To follow an address whose content changes, change O(checksum).
  - A download that was cut off is continued by the next run where the server can do so.
  - The module must run on the compute host, not through a remote O(uri).
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
options:
  name:
    description: Name of the image.
    type: str
    required: true
  pool:
    description:
      - Name of the pool that keeps the image, a directory of files.
      - A new image goes to the pool V(default) if omitted.
    type: str
  source:
    description:
      - Where the image is fetched from, an C(http), C(https) or C(file) URL, or an absolute path on the compute host.
        Required for a new image.
      - Proxies are taken from the environment, for example E(https_proxy), passwords from C(~/.netrc).
    type: str
  checksum:
    description:
      - What proves the content, V(sha256:<digest>), V(sha384:<digest>) or V(sha512:<digest>).
      - Instead of the digest, the URL or path of a list of checksums (a C(SHA512SUMS) file, GNU or BSD style);
        the line with the file name of O(source) counts. The list is read only when the image is fetched.
      - Belongs to O(source). If omitted together with a new O(source), nothing is verified.
    type: str
  format:
    description:
      - Format of the image. It is inspected if omitted, and must be as stated otherwise.
      - A V(raw) image cannot be told from any other file, so it must be stated.
    type: str
    choices: [qcow2, raw]
  state:
    description:
      - V(present) is fetched and verified.
      - V(absent) is deleted, which is refused as long as a volume or a VM stands on it.
    type: str
    choices: [present, absent]
    default: present
requirements:
  - qemu-img on the compute host
seealso:
  - module: tinycloud.libvirt.image_info
  - module: tinycloud.libvirt.volume
"""

EXAMPLES = r"""
- name: A cloud image, verified by its publisher's list of checksums
  tinycloud.libvirt.image:
    name: debian-12
    source: https://example.com/debian-12-genericcloud-amd64.qcow2
    checksum: sha512:https://example.com/SHA512SUMS

- name: A raw image that is a file on the compute host
  tinycloud.libvirt.image:
    name: appliance
    pool: images
    source: /srv/appliance.img
    checksum: sha256:5b1f0c3d7a9e2846b0d1c8f3a7e69542d8b3f01c6a7e94d25f8b3c0a1e6d9f47
    format: raw

- name: Remove an image that nothing stands on
  tinycloud.libvirt.image:
    name: debian-11
    state: absent
"""

RETURN = r"""
image:
  description: The image as it is now; null where it does not exist. See RV(tinycloud.libvirt.image_info#module:images).
  returned: success
  type: dict
  sample:
    name: debian-12
    pool: default
    volume: debian-12-0b45edc1ac29.qcow2
    path: /var/lib/libvirt/images/debian-12-0b45edc1ac29.qcow2
    format: qcow2
    sha256: 0b45edc1ac2944b7f9a4f5b0c1f7f3f4a8d3c8b6e0d2a1c9b7e5f3d1a2b4c6e8
    source: https://example.org/images/debian-12.qcow2
    checksum: sha512:https://example.org/images/SHA512SUMS
    verified: sha512:2f0d
    created: "2026-01-31T12:00:00Z"
    size: 3221225472
    allocation: 432013312
    children: [default/web.qcow2]
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
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.image import Image


def main():
    run_resource(Image)


if __name__ == "__main__":
    main()
