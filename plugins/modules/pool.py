#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: pool
short_description: Manage libvirt storage pools
version_added: 0.1.0
description:
  - Defines, builds, starts, changes and removes storage pools.
  - Removing a pool never touches what is in it, unless O(delete_contents) says so.
  - Which types a host has depends on how its libvirt was installed. What it lacks is refused.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
options:
  name:
    description: Name of the pool.
    type: str
    required: true
  type:
    description:
      - Type of the pool. A new pool is a V(dir), a directory of files, if omitted. It cannot change.
      - V(fs) is a file system on a device, V(netfs) one of an NFS, Gluster or CIFS server, V(vstorage) one of a Virtuozzo cluster.
      - V(logical) is an LVM volume group, with thin volumes too, V(disk) a disk with partitions, V(zfs) a ZFS pool.
      - V(iscsi) is an iSCSI target that the kernel logs in to, V(iscsi-direct) one that QEMU logs in to itself.
      - V(scsi) is a SCSI or Fibre Channel host adapter, V(mpath) all multipath devices.
      - V(rbd) is a Ceph pool, V(gluster) a Gluster volume that QEMU opens itself.
      - See U(https://libvirt.org/storage.html).
    type: str
    choices: [dir, disk, fs, gluster, iscsi, iscsi-direct, logical, mpath, netfs, rbd, scsi, vstorage, zfs]
  source:
    description:
      - What the pool is made of, see U(https://libvirt.org/formatstorage.html#source-elements). Which of these a type needs
        and takes is said in a table of the guide to storage; what means nothing to a type is refused.
      - A change is recorded; an active pool follows when it is started again, see O(apply).
    type: dict
    version_added: 0.2.0
    suboptions:
      name:
        description: Name of the volume group, Ceph pool, Gluster volume, ZFS pool or cluster. That of the pool, if omitted for a new one.
        type: str
      hosts:
        description: The servers, such as all monitors of a Ceph cluster.
        type: list
        elements: dict
        suboptions:
          name:
            description: Host name or address.
            type: str
            required: true
          port:
            description: Port. That of the protocol, if omitted.
            type: int
      devices:
        description: The devices, in any order.
        type: list
        elements: dict
        suboptions:
          path:
            description: Absolute path of a device, or name of an iSCSI target.
            type: str
            required: true
          part_separator:
            description: Whether the names of partitions have a C(p) before the number, for V(disk) on a multipath device.
            type: bool
      directory:
        description: Directory on the server, or in the Gluster volume. For the format V(cifs) the share, for V(glusterfs) the volume.
        type: str
      format:
        description:
          - Format of the file system (V(ext4), V(xfs) ...), of the server (V(nfs), V(glusterfs), V(cifs)), or of the partition
            table (V(gpt), V(dos) ...), as the host's libvirt knows it.
          - Found out when the pool is started, if omitted. Required where O(build) makes one.
        type: str
      protocol_version:
        description: Version of NFS, for example V('4.2').
        type: str
      adapter:
        description: The host adapter of a pool of type V(scsi), see U(https://libvirt.org/formatstorage.html#source-elements).
        type: dict
        suboptions:
          type:
            description: Kind of adapter. For V(fc_host), libvirt makes and removes a virtual one (NPIV).
            type: str
            choices: [scsi_host, fc_host]
          name:
            description: Name of a V(scsi_host), for example V(scsi_host1).
            type: str
          unique_id:
            description: Number of the port, with O(source.adapter.address).
            type: int
          address:
            description: PCI address of a V(scsi_host), which outlasts reboots, for example V('0000:00:1f.2').
            type: str
          wwnn:
            description: World wide node name of an V(fc_host), 16 hexadecimal digits.
            type: str
          wwpn:
            description: World wide port name of an V(fc_host).
            type: str
          parent:
            description: Name of the V(fc_host)'s parent.
            type: str
          parent_wwnn:
            description: World wide node name of the parent.
            type: str
          parent_wwpn:
            description: World wide port name of the parent.
            type: str
          parent_fabric_wwn:
            description: World wide name of the fabric that the parent is on.
            type: str
          managed:
            description: Whether the virtual adapter goes with the pool.
            type: bool
      initiator:
        description: Name by which an iSCSI target is logged in to.
        type: str
      auth:
        description: How to log in. CHAP for iSCSI, cephx for V(rbd).
        type: dict
        suboptions:
          username:
            description: User on the server.
            type: str
            required: true
          secret:
            description: Name of the secret (M(tinycloud.libvirt.secret) of type V(iscsi) or V(ceph)), or the UUID of one that has no name.
            type: str
            required: true
      vendor:
        description: Vendor of the storage, a remark.
        type: str
      product:
        description: Product name of the storage, a remark.
        type: str
  path:
    description:
      - Absolute path of the directory on the compute host, where the pool's volumes are found. Required for a new pool of the types
        V(dir), V(fs), V(netfs) and V(vstorage).
      - It is made if it does not exist. One directory belongs to one pool.
      - Libvirt derives it for V(logical) and V(zfs), and types whose volumes QEMU opens itself have none.
      - A change is recorded; an active pool follows when it is started again, see O(apply).
    type: str
  permissions:
    description:
      - Ownership and mode of the pool's directory, set at once where the module runs on the compute host.
      - Of mounted pools, those of the directory in the file system.
    type: dict
    suboptions:
      mode:
        description: Mode as octal digits in quotes, for example V('0711').
        type: str
      owner:
        description: Numeric user ID; V(-1) leaves it as it is.
        type: int
      group:
        description: Numeric group ID; V(-1) leaves it as it is.
        type: int
      label:
        description: Security label (SELinux) that the directory gets when it is made.
        type: str
        version_added: 0.2.0
  copy_on_write:
    description:
      - Whether files in a directory on Btrfs are copied on write. V(false) is faster for images.
      - Takes effect when the directory is made.
    type: bool
    version_added: 0.2.0
  mount_options:
    description:
      - Options that V(fs) and V(netfs) are mounted with, each by itself, for example V(noatime). The whole list.
      - Libvirt supports them without any warranty.
    type: list
    elements: str
    version_added: 0.2.0
  config_options:
    description:
      - Settings of Ceph's library for a pool of type V(rbd), for example C(client_mount_timeout). All of them.
      - Libvirt supports them without any warranty.
    type: dict
    version_added: 0.2.0
  refresh_allocation:
    description:
      - How the allocation of V(rbd) volumes is found out. V(default) asks for each, which can take long; V(capacity) takes
        the capacity instead.
    type: str
    choices: [default, capacity]
    version_added: 0.2.0
  build:
    description:
      - Whether to make what the pool stands on before it is started, a file system of O(source.format) for V(fs),
        a partition table for V(disk), a volume group for V(logical), a ZFS pool for V(zfs).
      - What is there stays. Where it is what should be made, it is used; where it is something else, that is an error.
      - A missing directory is made in any case.
    type: bool
    version_added: 0.2.0
  overwrite:
    description:
      - Whether O(build) destroys what is on the devices of a new pool. A pool that exists is never overwritten.
    type: bool
    version_added: 0.2.0
  refresh:
    description:
      - Whether libvirt looks at what is in the active pool, for files and volumes that came and went without it. This changes
        nothing, and is not done in check mode.
    type: bool
    version_added: 0.2.0
  apply:
    description:
      - What to do about changes that an active pool only takes when it is started again.
      - V(live) records them and reports them in C(restart_required).
      - V(restart) stops and starts the pool, which is refused while running VMs have disks in it, other than files of a directory.
    type: str
    choices: [live, restart]
    default: live
    version_added: 0.2.0
  state:
    description:
      - V(active) is defined and running, V(inactive) is defined and stopped. Stopping is refused while running VMs have disks in the
        pool, other than files of a directory.
      - V(present) is defined, whether it runs is left alone.
      - V(absent) is stopped and undefined; the contents stay. It is refused while VMs have disks in the pool.
    type: str
    choices: [active, present, inactive, absent]
    default: active
  delete_contents:
    description:
      - Whether all volumes (files, images included) go with the pool, and the directory or volume group that held them.
        Only with O(state=absent).
      - Refused for a pool that this collection did not make, that is not active, that has directories in it, or on whose
        volumes those of other pools stand.
    type: bool
    version_added: 0.2.0
  autostart:
    description: Whether the pool starts with the host. A new pool does, if omitted.
    type: bool
seealso:
  - module: tinycloud.libvirt.pool_info
  - module: tinycloud.libvirt.volume
  - module: tinycloud.libvirt.secret
"""

EXAMPLES = r"""
- name: The pool for images and volumes
  tinycloud.libvirt.pool:
    name: default
    path: /var/lib/libvirt/images

- name: A file system of its own, made if there is nothing on the disk yet
  tinycloud.libvirt.pool:
    name: fast
    type: fs
    path: /srv/fast
    source:
      devices: [{path: /dev/disk/by-id/nvme-fast-part1}]
      format: ext4
    build: true

- name: An NFS server
  tinycloud.libvirt.pool:
    name: shared
    type: netfs
    path: /srv/shared
    source:
      hosts: [{name: nas.example.org}]
      directory: /exports/vms
      format: nfs
    mount_options: [nodev, nosuid]

- name: A Ceph pool
  tinycloud.libvirt.pool:
    name: ceph
    type: rbd
    source:
      name: vms
      hosts: [{name: mon1.example.org}, {name: mon2.example.org}, {name: mon3.example.org}]
      auth: {username: libvirt, secret: client.libvirt}

- name: See files that were copied into the directory
  tinycloud.libvirt.pool:
    name: default
    refresh: true

- name: Remove a pool with all that is in it
  tinycloud.libvirt.pool:
    name: scratch
    state: absent
    delete_contents: true

- name: Forget a pool, keep its files
  tinycloud.libvirt.pool:
    name: old
    state: absent
"""

RETURN = r"""
pool:
  description: The pool as it is now; null where it does not exist.
  returned: success
  type: dict
  sample: {"name": "default", "type": "dir", "path": "/var/lib/libvirt/images", "state": "active",
           "autostart": true, "persistent": true, "capacity": 270553174016, "allocation": 24696061952,
           "available": 245857112064}
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
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool


def main():
    run_resource(Pool)


if __name__ == "__main__":
    main()
