#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: volume
short_description: Manage libvirt storage volumes
version_added: 0.1.0
description:
  - Creates, fills, grows, converts, moves and removes volumes, the persistent disks of VMs.
  - What a volume holds is replaced only where O(replace) says so, and never while anything needs it. A volume that a VM uses, that
    another volume stands on, or that has snapshots is neither overwritten, converted, shrunk, wiped nor removed.
  - Whatever is written anew (O(source), O(upload), O(content), O(clone), O(convert), O(move_from)) is complete before it gets the volume's name, so a
    run that is cut short leaves the old volume or the new one. Where volumes are no files at hand (a remote O(uri), a pool of block
    devices), an unfinished one is recorded as such and made anew by the next run.
  - For snapshots see M(tinycloud.libvirt.volume_snapshot); to get content out of a volume, M(tinycloud.libvirt.volume_download).
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
options:
  name:
    description: Name of the volume in its pool; in a pool of files, the file's name.
    type: str
    required: true
  pool:
    description: Name of the storage pool, V(default) if omitted.
    type: str
  size:
    description:
      - What a guest sees of the volume, with its unit, for example V(20GiB) (2^30) or V(20GB) (10^9).
      - Required for a new volume, except on top of O(image) or O(backing), whose size it then has.
      - A larger size grows the volume, also under a running VM, which sees it at once.
    type: str
  format:
    description:
      - Format of the volume. A new one in a pool of files is V(qcow2), if omitted, or has the format of its O(source), O(upload),
        O(content) or O(clone).
      - In a pool of type disk, what the partition is for (V(none) and those after it).
      - An existing volume keeps its format, unless O(convert) is given.
      - A LUKS volume is V(raw) (or V(qcow2)) with O(encryption).
    type: str
    choices: [qcow2, raw, qcow, qed, vdi, vmdk, vpc, none, linux, fat16, fat32, linux-swap, linux-lvm, linux-raid, extended]
  allocation:
    description:
      - How much room a new raw volume has for itself at once, with its unit. Nothing, if omitted; it grows as it is written.
      - A logical volume has room for all of it, if omitted. LVM loses one that has less, once more is written to it than that.
      - Only for the creation. An existing volume is left alone.
    type: str
    version_added: 0.2.0
  preallocation:
    description:
      - What of a new volume is there at once, instead of when it is written. V(metadata) (qcow2 only) is its tables, V(full) room for
        all data.
      - Only for the creation. An existing volume is left alone.
    type: str
    version_added: 0.2.0
    choices: ['off', metadata, full]
  compat:
    description: Version of qcow2, V(0.10) or V(1.1). Quote it. Of an existing volume it is changed with O(convert).
    type: str
    version_added: 0.2.0
    choices: ['0.10', '1.1']
  cluster_size:
    description: Size of a qcow2 volume's clusters, a power of two from V(512B) to V(2MiB). Of an existing volume it is changed with O(convert).
    type: str
    version_added: 0.2.0
  lazy_refcounts:
    description: Whether qcow2 writes its reference counts late. Of an existing volume it is changed with O(convert).
    type: bool
    version_added: 0.2.0
  extended_l2:
    description:
      - Whether qcow2 keeps track of parts of a cluster (QEMU 5.2 and later). Of an existing volume it is changed with O(convert).
    type: bool
    version_added: 0.2.0
  nocow:
    description: Whether btrfs writes the new volume's file in place. Only for the creation; on other file systems it means nothing.
    type: bool
    version_added: 0.2.0
  encryption:
    description:
      - Encrypts a new volume, see U(https://libvirt.org/formatstorageencryption.html). An existing one stays as it is.
      - A filled volume (O(source), O(upload), O(content)) cannot be encrypted.
    type: dict
    version_added: 0.2.0
    suboptions:
      format:
        description: The format of the encryption.
        type: str
        choices: [luks]
        required: true
      secret:
        description:
          - The secret (M(tinycloud.libvirt.secret) of type V(volume)) with the passphrase, by its name or by its UUID.
          - It cannot be removed as long as a volume needs it that was made with it.
        type: str
        required: true
      cipher:
        description: Name of the cipher, for example V(aes). QEMU's default, if omitted.
        type: str
      cipher_size:
        description: Size of its key in bits, for example V(256).
        type: int
      cipher_mode:
        description: Its mode, for example V(xts).
        type: str
      cipher_hash:
        description: The hash for the passphrase, for example V(sha256).
        type: str
      ivgen:
        description: The generator of initialization vectors, for example V(plain64).
        type: str
      ivgen_hash:
        description: The hash of that generator.
        type: str
  permissions:
    description:
      - Of the volume's file or device. Those of an existing file are changed where they differ, except while a VM runs with it, when
        libvirt decides whose it is.
    type: dict
    version_added: 0.2.0
    suboptions:
      mode:
        description: Permission bits in octal digits, in quotes, for example V('0600').
        type: str
      owner:
        description: Numeric user, V(-1) for whoever makes it.
        type: int
      group:
        description: Numeric group, V(-1) for whoever makes it.
        type: int
      label:
        description: SELinux label. Refused on a host without SELinux.
        type: str
  image:
    description:
      - Name of the image that a new volume stands on, as an overlay.
      - Mutually exclusive with O(backing), O(clone), O(source), O(upload) and O(content).
    type: str
  copy_of:
    version_added: 0.2.0
    description: Name of an image that the new volume is a full copy of. It does not need the image afterwards.
    type: str
  backing:
    description:
      - The volume that a new volume stands on, as an overlay. That volume is not to be written to any more.
      - Mutually exclusive with O(image), O(clone), O(source), O(upload) and O(content).
    type: dict
    suboptions:
      name:
        description: Name of the backing volume.
        type: str
        required: true
      pool:
        description: Its pool; that of the new volume, if omitted.
        type: str
      format:
        description: Its format, as found if omitted. Name it where a guest has written to a raw volume.
        type: str
        choices: [qcow2, raw, qcow, qed, vdi, vmdk, vpc]
  clone:
    description:
      - The volume that a new one is a copy of. Blocks are shared where the file system can (reflink), holes stay holes.
      - The copy is made once and stands on its own, whatever becomes of the other volume.
      - A volume to which a running VM writes is not read; take a snapshot and copy that.
    type: dict
    version_added: 0.2.0
    suboptions:
      name:
        description: Name of the volume to copy.
        type: str
        required: true
      pool:
        description: Its pool; that of the new volume, if omitted.
        type: str
      snapshot:
        description: Copy it as it was at this snapshot of M(tinycloud.libvirt.volume_snapshot). The VM may run on.
        type: str
  source:
    description:
      - What a new volume is filled with, a URL or the path of a file on the host where the module runs, the compute host.
      - For a file of the controller see O(upload).
      - A qcow2 file is known by its first bytes and inspected before use, anything else is raw unless O(source_format) says so.
        Where O(format) is another one, it is converted.
      - A download that was cut off goes on where it was. A file that has the size, time and inode it had is not read again.
      - If the volume was made from this source, later runs leave it alone, whatever became of the source or the volume since; a note
        says so where the source has changed. Another source than the one it was made from is refused. O(replace) changes both.
    type: str
    version_added: 0.2.0
  upload:
    description:
      - A file of the controller that a new volume is filled with, looked for as O(ansible.builtin.copy#module:src) is, in C(files/) of the
        role or beside the playbook. One that is encrypted with Ansible's vault is decrypted.
      - It is sent only where the plan needs it, without its holes, and verified on arrival. In check mode, and where the volume has its
        content, nothing is sent; while its size and time are as they were it is not even read.
      - The compute host needs room for it in its temporary directory (C(remote_tmp)), and then in the pool. Not with C(async).
      - Apart from that as O(source), whose formats and rules hold here, too. A file that lies elsewhere today is known by its content.
      - With a remote O(uri) and the task on the controller (C(delegate_to=localhost)) it goes through libvirt's own connection.
    type: str
    version_added: 0.2.0
  source_format:
    description: Format of O(source) or O(upload), where its first bytes do not say it.
    type: str
    version_added: 0.2.0
    choices: [qcow2, raw, qcow, qed, vdi, vmdk, vpc]
  checksum:
    description:
      - What proves O(source), as C(ALGORITHM:DIGEST) or C(ALGORITHM:SOURCE) of a list such as C(SHA256SUMS).
      - Content that does not have it never becomes a volume.
    type: str
    version_added: 0.2.0
  content:
    description:
      - Text that a new volume is filled with, byte by byte. Differences and results show its digest only.
    type: str
    version_added: 0.2.0
  replace:
    description:
      - Whether O(source), O(upload) or O(content) shall take the place of other content that is there, also of what was
        written to the volume since.
      - Done only while no VM and no other volume needs it; the new content is complete and verified before.
    type: bool
    version_added: 0.2.0
  convert:
    description:
      - Whether an existing volume may be written anew to have the declared O(format), O(compat), O(cluster_size),
        O(lazy_refcounts) or O(extended_l2).
      - Done only while no VM has it for a disk. Its content and size stay. Refused for overlays.
    type: bool
    version_added: 0.2.0
  move_from:
    description:
      - The pool to move the volume from, where it is not in O(pool) yet.
      - At rest it is copied, and the definitions of VMs that have it for a disk follow. Under a running VM, QEMU copies it while the
        guest goes on writing, and changes over. The old file goes when all is in place.
      - Refused where volumes or snapshots stand on it. Between pools of type dir, fs and netfs.
    type: str
    version_added: 0.2.0
  allow_shrink:
    description: Whether a smaller O(size) may cut the volume's end off. Never done under a running VM.
    type: bool
  protect:
    description: Whether no run may remove this volume. It is remembered until it is said otherwise.
    type: bool
    version_added: 0.2.0
  wipe:
    description:
      - With O(state=absent), overwrites all of the volume before it is removed. To wipe is to destroy, so it belongs to the removal alone;
        a volume of that name whose wiping was cut short is used by nothing until its removal was finished.
      - V(zero) is quick on sparse files. V(trim) is for pools of type V(rbd), which know that and V(zero) alone; all others need C(scrub)
        on the compute host.
    type: str
    version_added: 0.2.0
    choices: [zero, nnsa, dod, bsi, gutmann, schneier, pfitzner7, pfitzner33, random, trim]
  state:
    description: Whether the volume exists.
    type: str
    choices: [present, absent]
    default: present
seealso:
  - module: tinycloud.libvirt.volume_info
  - module: tinycloud.libvirt.volume_snapshot
  - module: tinycloud.libvirt.volume_download
  - module: tinycloud.libvirt.pool
  - module: tinycloud.libvirt.image
"""

EXAMPLES = r"""
- name: A disk for data
  tinycloud.libvirt.volume:
    name: db-data
    size: 20GiB

- name: A system disk on top of an image
  tinycloud.libvirt.volume:
    name: web-system
    pool: fast
    image: debian-12
    size: 10GiB

- name: A disk with the content of a verified file
  tinycloud.libvirt.volume:
    name: appliance
    source: https://example.org/appliance.vmdk
    source_format: vmdk
    checksum: sha256:https://example.org/SHA256SUMS
    format: qcow2
    size: 40GiB

- name: A disk with the content of a file of the controller
  tinycloud.libvirt.volume:
    name: appliance
    upload: appliance.raw
    format: qcow2

- name: A copy of a running VM's disk, as it was when the snapshot was taken
  tinycloud.libvirt.volume:
    name: db-data-test
    clone:
      name: db-data
      snapshot: before-upgrade

- name: To the fast pool, while the VM goes on
  tinycloud.libvirt.volume:
    name: db-data
    pool: fast
    move_from: default

- name: An encrypted disk
  tinycloud.libvirt.volume:
    name: payroll
    size: 10GiB
    format: raw
    encryption:
      format: luks
      secret: payroll

- name: Remove it with what it holds
  tinycloud.libvirt.volume:
    name: db-data
    state: absent
"""

RETURN = r"""
volume:
  description:
    - The volume as it is now; null where it does not exist. Sizes are in bytes.
    - C(used_by) names the VMs that need it, also those that reach it through overlays; C(uses) says through which disk, whether they run, and
      how many layers lie between. C(chain) lists the files it stands on, C(children) the volumes that stand on it.
    - C(content) says what it was made from, C(snapshots) what M(tinycloud.libvirt.volume_snapshot) took of it.
  returned: success
  type: dict
  sample: {"name": "web-system", "pool": "fast", "path": "/srv/fast/web-system", "format": "qcow2", "size": 10737418240,
           "allocation": 200704, "backing": {"path": "/srv/fast/debian-12.qcow2", "format": "qcow2"}, "image": "debian-12",
           "used_by": ["web"], "uses": [{"vm": "web", "target": "vda", "running": true, "depth": 0}],
           "chain": ["/srv/fast/debian-12.qcow2"], "children": [], "content": null, "snapshots": []}
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
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume


def main():
    run_resource(Volume)


if __name__ == "__main__":
    main()
