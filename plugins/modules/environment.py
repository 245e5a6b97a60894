#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: environment
short_description: Manage secrets, pools, images, networks, volumes and VMs in one call
version_added: 0.1.0
description:
  - Takes lists of resources with the very options of the single modules, reads the host once, makes one plan, runs it
    in the right order and in parallel where that is possible, and waits for all VMs at once.
  - Secrets, networks, volumes and VMs belong to the environment. Their names on the host are V(ENVIRONMENT.NAME), and so two
    environments can use the same names; the environment's own resources refer to each other by the short names, also to
    those that are there already and are not listed in the call. Only a name that is none of its own is one of the host's.
  - Pools and images belong to the host and keep their names.
  - What is no longer listed stays as it is. To remove it, list it with C(state=absent), or have everything removed that
    is not listed with O(prune).
  - Whose a resource is, domains and networks say in their metadata, secrets, pools and volumes in the host's registry
    (C(/var/lib/tinycloud/registry)). What exists under the environment's names and is not its own is refused, unless
    O(adopt) says to take it over.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
requirements:
  - python3-pycdlib on the compute host, for O(vms[].cloud_init)
options:
  name:
    description: Name of the environment, without a dot.
    type: str
    required: true
  secrets:
    description: The secrets, as in M(tinycloud.libvirt.secret).
    type: list
    elements: dict
    version_added: 0.2.0
    suboptions:
      # begin: options of secret as secrets[]
      name:
        description:
          - Name of the secret, by which pools and volumes refer to it. Libvirt keeps it as the secret's usage, and has one
            secret for a type and a name at most.
          - Of O(secrets[].type=volume), it may be the absolute path of the volume.
        type: str
        required: true
      type:
        description:
          - What the secret is for. V(volume) opens encrypted (LUKS) volumes, V(ceph) and V(iscsi) log in to storage,
            V(tls) opens the keys of TLS certificates, V(vtpm) the state of virtual TPMs.
          - Required for a new secret. It cannot change.
        type: str
        choices: [ceph, iscsi, tls, volume, vtpm]
      description:
        description: Text for people. Every user who may read from libvirt sees it.
        type: str
      private:
        description:
          - Whether libvirt hands the value to nobody but its own drivers. Not so, if omitted for a new secret.
          - A private secret stays private until it is removed.
        type: bool
      ephemeral:
        description: Whether the secret is kept in memory only, and is gone when libvirt's daemon ends. Not so, if omitted for a new secret.
        type: bool
      value:
        description:
          - The value as text. If omitted, it is left alone.
          - Ansible masks this text wherever it stands in a result, so it must not be part of a resource's name.
        type: str
      value_base64:
        description: The value in base64, for what is not text. Ceph hands out its keys like that.
        type: str
      state:
        description:
          - V(present) is defined.
          - V(absent) is removed, with its value. It is refused while pools, volumes or VMs refer to it.
        type: str
        choices: [present, absent]
        default: present
      # end: options of secret
  state:
    description:
      - V(present) has each resource in the state that it says itself.
      - V(running) and V(stopped) start or stop all VMs of the environment, listed or not, whatever state they say themselves.
      - V(absent) removes all VMs and networks of the environment, listed or not, and with O(prune_volumes) its volumes.
        Secrets stay, without which what is encrypted would be lost, and pools and images, which are the host's.
    type: str
    choices: [present, running, stopped, absent]
    default: present
    version_added: 0.2.0
  prune:
    description:
      - Remove VMs and networks that belong to the environment and are not listed.
      - What is not the environment's own is never touched; a network stays as long as VMs that stay use it.
    type: bool
    default: false
    version_added: 0.2.0
  prune_volumes:
    description:
      - With O(prune) or O(state=absent), remove volumes, too, those that were made for the disks of VMs among them. Their data is lost.
      - Volumes that something needs that stays are left.
    type: bool
    default: false
    version_added: 0.2.0
  adopt:
    description: Take over what exists under the names of listed resources and belongs to nobody or to somebody else.
    type: bool
    default: false
    version_added: 0.2.0
  max_unavailable:
    description:
      - How many running VMs may be restarted at once where changes ask for it (O(vms[].apply=restart)), any number if omitted.
      - Before the next one goes, a restarted VM must be as its O(vms[].wait) or O(wait) says. At the first one that is not,
        nothing further is begun.
    type: int
    version_added: 0.2.0
  pools:
    description: The storage pools, as in M(tinycloud.libvirt.pool).
    type: list
    elements: dict
    suboptions:
      # begin: options of pool as pools[]
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
          - A change is recorded; an active pool follows when it is started again, see O(pools[].apply).
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
              - Found out when the pool is started, if omitted. Required where O(pools[].build) makes one.
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
                description: Number of the port, with O(pools[].source.adapter.address).
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
          - A change is recorded; an active pool follows when it is started again, see O(pools[].apply).
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
          - Whether to make what the pool stands on before it is started, a file system of O(pools[].source.format) for V(fs),
            a partition table for V(disk), a volume group for V(logical), a ZFS pool for V(zfs).
          - What is there stays. Where it is what should be made, it is used; where it is something else, that is an error.
          - A missing directory is made in any case.
        type: bool
        version_added: 0.2.0
      overwrite:
        description:
          - Whether O(pools[].build) destroys what is on the devices of a new pool. A pool that exists is never overwritten.
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
            Only with O(pools[].state=absent).
          - Refused for a pool that this collection did not make, that is not active, that has directories in it, or on whose
            volumes those of other pools stand.
        type: bool
        version_added: 0.2.0
      autostart:
        description: Whether the pool starts with the host. A new pool does, if omitted.
        type: bool
      # end: options of pool
  images:
    description: The images, as in M(tinycloud.libvirt.image).
    type: list
    elements: dict
    suboptions:
      # begin: options of image as images[]
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
            A new image needs this, O(images[].catalogue), O(images[].base), O(images[].from_volume),
            O(images[].from_vm), O(images[].debian) or O(images[].upload).
          - What is packed with gzip, bzip2, xz or zstd is unpacked.
          - Proxies are taken from the environment, for example E(https_proxy), passwords from C(~/.netrc).
        type: str
      checksum:
        description:
          - What proves what O(images[].source) gives, as it comes (packed, where it is), V(sha256:<digest>), V(sha384:<digest>) or V(sha512:<digest>).
          - Instead of the digest, the URL or path of a list of checksums (a C(SHA512SUMS) file, GNU or BSD style);
            the line with the file name of O(images[].source) counts. The list is read only when the image is fetched.
          - Belongs to O(images[].source). If omitted together with a new O(images[].source), nothing is verified.
        type: str
      catalogue:
        description:
          - Short name of a well-known cloud image, instead of O(images[].source) and O(images[].checksum), for the compute host's architecture.
          - One of V(alma-8), V(alma-9), V(alpine-3.20), V(alpine-3.21), V(centos-stream-9), V(centos-stream-10), V(cirros-0.6),
            V(debian-11), V(debian-12), V(debian-13), V(fedora-41), V(fedora-42), V(opensuse-leap-15.6), V(rocky-8), V(rocky-9),
            V(ubuntu-22.04), V(ubuntu-24.04), V(debian-local), or of O(images[].catalogue_entries).
          - V(debian-local) is not fetched but made on the compute host, as with O(images[].debian.suite=trixie).
          - The image that is there stays, although its publisher may have put a newer one in its place.
        type: str
      catalogue_entries:
        description: A catalogue of one's own, best in C(module_defaults). An entry goes before one of ours with the same name.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the entry, for O(images[].catalogue).
            type: str
            required: true
          source:
            description:
              - Where the image is. C({arch}) in it becomes the host's architecture as Linux calls it (C(x86_64)), C({deb}) as Debian does
                (C(amd64)), here as in the checksum.
            type: str
            required: true
          checksum:
            description: What proves it, as O(images[].checksum).
            type: str
          member:
            description: The image's file in a tar archive, as O(images[].member).
            type: str
          format:
            description: Its format, as O(images[].format).
            type: str
            choices: [qcow2, raw]
          user:
            description: Who logs in to what is started from it, told in C(image.user).
            type: str
      member:
        description: Name of the image's file in the tar archive that O(images[].source) or O(images[].upload) gives.
        type: str
      headers:
        description:
          - Headers of the requests to the server of O(images[].source), for example C(Authorization). They are told nowhere, kept nowhere, and not
            sent to where the server redirects to.
        type: dict
      base:
        description: Name of the image that this one is made from. It does not depend on it afterwards.
        type: str
      from_volume:
        description:
          - The volume whose content is copied, with all that it stands on. No running VM may use it.
          - It is read once. What is written to the volume later does not change the image.
        type: dict
        suboptions:
          name:
            description: Name of the volume.
            type: str
            required: true
          pool:
            description: Name of its pool, O(images[].pool) if omitted.
            type: str
      from_vm:
        description:
          - The VM whose disk is copied, with all that it stands on. The VM must be stopped.
          - It is read once. Let O(images[].customise.sysprep) remove what makes the VM this very machine.
        type: dict
        suboptions:
          name:
            description: Name of the VM.
            type: str
            required: true
          disk:
            description: Name of the disk in the VM, for example V(vda). The first disk if omitted.
            type: str
      upload:
        description:
          - A file of the controller, looked for as O(ansible.builtin.copy#module:src) is, in C(files/) of the role or beside the playbook.
          - It is sent only where the plan needs it, without its holes, and verified on arrival. While its size and time are as they were it is
            not even read; one with another content makes a new volume, as any other source does.
          - What is packed is unpacked, see O(images[].source). The compute host needs room for it in its temporary directory (C(remote_tmp)). Not with
            C(async).
        type: str
        version_added: 0.2.0
      debian:
        description:
          - Makes the image from Debian's packages with mmdebstrap, which needs no server of images, only an archive of packages. It boots
            by BIOS and has cloud-init, an SSH server and the guest agent.
          - Takes a minute or two, and a gigabyte in C(/var/tmp) meanwhile. Made once, it stays as it is as long as the options here do.
          - Needs root, and mmdebstrap and e2fsprogs on the compute host.
        type: dict
        version_added: 0.2.0
        suboptions:
          suite:
            description: Name of the suite, V(bookworm), V(trixie) or newer.
            type: str
            required: true
          archives:
            description:
              - Where the packages are, lines of apt's C(sources.list) such as V(deb http://deb.debian.org/debian trixie main). The image has
                them as its own sources.
              - The archives of Debian that apt on the compute host knows, for this suite, if omitted.
            type: list
            elements: str
          packages:
            description: Names of further packages.
            type: list
            elements: str
          size:
            description: Size of the image's disk, 2GiB if omitted. Room that is not used takes no space.
            type: str
      customise:
        description:
          - What is different inside the image, done by libguestfs to a copy, all in one launch of its appliance.
            Needs O(images[].base), O(images[].from_volume) or O(images[].from_vm).
          - The recipe is known by its digest (C(image.recipe)), which is all that results and diffs tell of it. If omitted, the content
            stays as it is.
          - The order is that of the options here, with accounts before files, so that files can belong to them; O(images[].customise.sysprep) and
            O(images[].customise.first_boot) come last.
          - Needs python3-guestfs on the compute host, which the role P(tinycloud.libvirt.compute_host#role) installs with
            C(compute_host_guestfs).
        type: dict
        suboptions:
          root_password:
            description: Password of root in plain text. It is hashed with SHA-512 before anything is written, and no command ever has it.
            type: str
          root_password_hash:
            description: Password of root as C(/etc/shadow) has it, instead of O(images[].customise.root_password).
            type: str
          root_locked:
            description: Whether no password lets root in.
            type: bool
          users:
            description: Users to make. Of those that are there already, what is stated is changed.
            type: list
            elements: dict
            suboptions:
              name:
                description: Name of the user.
                type: str
                required: true
              uid:
                description: Number of the user, the next free one from 1000 if omitted.
                type: int
              comment:
                description: The user's full name.
                type: str
              home:
                description: Home directory, C(/home/<name>) if omitted.
                type: str
              shell:
                description: Login shell, the first of C(/bin/bash), C(/bin/ash) and C(/bin/sh) that is there if omitted.
                type: str
              groups:
                description: Further groups that the user is a member of; missing ones are made.
                type: list
                elements: str
              password:
                description: Password in plain text, hashed as O(images[].customise.root_password) is. A new user has none if omitted.
                type: str
              password_hash:
                description: Password as C(/etc/shadow) has it.
                type: str
              locked:
                description: Whether no password lets the user in.
                type: bool
              ssh_keys:
                description: All of the user's authorized SSH keys.
                type: list
                elements: str
              sudo:
                description: What follows the user's name in a rule of sudoers, for example V(ALL=(ALL\) NOPASSWD:ALL).
                type: str
          hostname:
            description: Name of the host.
            type: str
          timezone:
            description: Time zone, for example V(Europe/Berlin).
            type: str
          locale:
            description: The system's language, for example V(C.UTF-8). It is generated where the guest has C(locale-gen).
            type: str
          datasources:
            description: Where cloud-init looks for its seed, for example V(NoCloud) and V(None). Each further one can cost minutes of a boot.
            type: list
            elements: str
          network:
            description:
              - Network interfaces, written for NetworkManager, ifupdown or systemd-networkd, the first of these that the guest has.
              - A guest with cloud-init needs none of this.
            type: list
            elements: dict
            suboptions:
              name:
                description: Name of the interface in the guest; V(en*) is any wired one.
                type: str
                required: true
              dhcp:
                description: Whether to ask for addresses by DHCP.
                type: bool
              addresses:
                description: Addresses with their prefix lengths, for example V(10.20.0.10/24).
                type: list
                elements: str
              gateway:
                description: Address of the gateway.
                type: str
              dns:
                description: Addresses of name servers.
                type: list
                elements: str
          directories:
            description: Directories that are to be there, with those above them.
            type: list
            elements: dict
            suboptions:
              path:
                description: Path of the directory.
                type: str
                required: true
              owner:
                description: Its user, a name or a number.
                type: str
              group:
                description: Its group, a name or a number.
                type: str
              mode:
                description: Its permissions, octal digits in quotes.
                type: str
          files:
            description: Files to write. Each has either O(images[].customise.files[].content) or O(images[].customise.files[].source).
            type: list
            elements: dict
            suboptions:
              path:
                description: Path of the file. Directories above it are made.
                type: str
                required: true
              content:
                description: The file's text, for example from the template lookup.
                type: str
              source:
                description: Path of a file on the compute host. A change of its content is a change of the recipe.
                type: str
              owner:
                description: Its user, a name or a number.
                type: str
              group:
                description: Its group, a name or a number.
                type: str
              mode:
                description: Its permissions, octal digits in quotes. A new file has V(0644) if omitted.
                type: str
              selinux_type:
                description: Its SELinux type, where that is to be another one than the guest's policy says.
                type: str
          links:
            description: Symbolic links. What is not a directory at the path is replaced.
            type: list
            elements: dict
            suboptions:
              path:
                description: Path of the link.
                type: str
                required: true
              target:
                description: What it leads to.
                type: str
                required: true
          lines:
            description: Lines of files, edited as M(ansible.builtin.lineinfile) does.
            type: list
            elements: dict
            suboptions:
              path:
                description: Path of the file, made where it is missing.
                type: str
                required: true
              regexp:
                description: A regular expression of Python's. The last line that it matches is replaced, or all are removed.
                type: str
              line:
                description: The line. It is added at the end where none matches.
                type: str
              state:
                description: Whether the line is to be there, V(present) if omitted.
                type: str
                choices: [present, absent]
          augeas:
            description: Settings in configuration files whose syntax Augeas knows, U(https://augeas.net).
            type: list
            elements: dict
            suboptions:
              path:
                description: Augeas path, for example V(/files/etc/ssh/sshd_config/PermitRootLogin).
                type: str
                required: true
              value:
                description: Its value. Null or omitted removes the setting.
                type: str
          delete:
            description: Files and directories that go, with all that is in them; C(*), C(?) and C([...]) match names.
            type: list
            elements: str
          packages:
            description: Packages, by the guest's own package manager, with the compute host's network where something has to be fetched.
            type: dict
            suboptions:
              install:
                description: Names of packages to install.
                type: list
                elements: str
              remove:
                description: Names of packages to remove, before others are installed.
                type: list
                elements: str
              update:
                description: Whether to update all packages.
                type: bool
          services:
            description: Services of systemd, OpenRC or SysV.
            type: dict
            suboptions:
              enable:
                description: Services that start when the guest boots.
                type: list
                elements: str
              disable:
                description: Services that do not.
                type: list
                elements: str
          commands:
            description: Lines of shell that run inside, as root, in their order. The first that fails ends the build. No service runs meanwhile.
            type: list
            elements: str
          scripts:
            description: Scripts that run inside, after O(images[].customise.commands). Without a C(#!) line they are for C(/bin/sh).
            type: list
            elements: str
          sysprep:
            description:
              - Traces of a machine to remove, by names of U(https://libguestfs.org/virt-sysprep.1.html).
              - V(all) is each of them but V(ssh-userdir), which would remove authorized keys.
            type: list
            elements: str
            choices:
              - all
              - bash-history
              - cloud-init
              - crash-data
              - dhcp-client-state
              - lastlog
              - logfiles
              - machine-id
              - mail-spool
              - net-hwaddr
              - package-manager-cache
              - random-seed
              - ssh-hostkeys
              - ssh-userdir
              - tmp-files
          first_boot:
            description:
              - Scripts that run once, in their order, when the guest boots for the first time. Their output is in
                C(/var/log/tinycloud-first-boot.log) there.
              - One that fails is tried again at the next boot.
            type: list
            elements: str
          passphrase:
            description: What opens the disk where it is encrypted with LUKS.
            type: str
          size:
            description: Size of the image's disk. The root file system grows with it, and its partition, which must be the last one.
            type: str
          sparsify:
            description: Whether blocks that no file uses any more are left out of the image.
            type: bool
          compress:
            description: Whether the image is compressed. It takes less room, and reading it more time.
            type: bool
      format:
        description:
          - Format of the image. It is inspected if omitted, and must be as stated otherwise.
          - A V(raw) image cannot be told from any other file, so it must be stated.
          - What is made from O(images[].base), O(images[].from_volume) or O(images[].from_vm) is V(qcow2) if omitted.
        type: str
        choices: [qcow2, raw]
      state:
        description:
          - V(present) is fetched and verified.
          - V(absent) is deleted, which is refused as long as a volume or a VM stands on it.
        type: str
        choices: [present, absent]
        default: present
      # end: options of image
  networks:
    description: The networks, as in M(tinycloud.libvirt.network).
    type: list
    elements: dict
    suboptions:
      # begin: options of network as networks[]
      name:
        description: Name of the network.
        type: str
        required: true
      title:
        description: A short name for people. Needs libvirt 9.7.
        type: str
        version_added: 0.2.0
      description:
        description: What the network is for, as text. Needs libvirt 9.7.
        type: str
        version_added: 0.2.0
      mode:
        description:
          - Where packets from the network go. A new network is V(nat), if omitted.
          - V(nat) translates addresses towards the host's networks, V(route) routes without translating, V(open) routes and leaves
            all filtering to the host's firewall, V(isolated) forwards nothing.
          - V(bridge) plugs guests into the existing bridge of the host that O(networks[].bridge) names. It is the kernel's,
            or with O(networks[].virtualport) one of Open vSwitch.
            With O(networks[].forward_interfaces) in its place, guests share an interface of the host by macvtap.
            The host runs that network.
          - V(private), V(vepa) and V(passthrough) are macvtap's other modes,
            on O(networks[].forward_interfaces) or O(networks[].physical_function).
          - V(hostdev) gives each guest a network card of its own,
            O(networks[].virtual_functions) or those of O(networks[].physical_function).
        type: str
        choices: [nat, route, open, isolated, bridge, private, vepa, passthrough, hostdev]
      forward_interfaces:
        description:
          - Interfaces of the host. For modes V(nat) and V(route) the one that packets may leave by; for macvtap's modes those that
            guests share, which are added and removed while the network runs. The list is the whole list.
        type: list
        elements: str
        version_added: 0.2.0
      physical_function:
        description: An SR-IOV network card of the host, by its interface, whose virtual functions guests get.
        type: str
        version_added: 0.2.0
      virtual_functions:
        description: PCI addresses of network cards for mode V(hostdev), for example V(0000:03:10.1). The list is the whole list.
        type: list
        elements: str
        version_added: 0.2.0
      managed:
        description: Whether libvirt takes a card of mode V(hostdev) from the host's driver and gives it back.
        type: bool
        version_added: 0.2.0
      hostdev_driver:
        description: The driver that hands cards of mode V(hostdev) to guests.
        type: str
        choices: [vfio, kvm]
        version_added: 0.2.0
      hostdev_driver_model:
        description: The kernel module of a driver for one kind of card, for example V(mlx5_vfio_pci). Needs libvirt 10.0.
        type: str
        version_added: 0.2.0
      nat:
        description: How mode V(nat) translates. Null is libvirt's default, the host's own address and ports from 1024 on.
        type: dict
        version_added: 0.2.0
        suboptions:
          addresses:
            description: IPv4 addresses of the host that guests appear with.
            type: dict
            suboptions:
              start:
                description: The first address.
                type: str
              end:
                description: The last address.
                type: str
          ports:
            description: Ports that guests appear with.
            type: dict
            suboptions:
              start:
                description: The first port.
                type: int
              end:
                description: The last port.
                type: int
          ipv6:
            description: Whether IPv6 addresses are translated, too; they are routed otherwise.
            type: bool
      subnet:
        description:
          - The network's IPv4 or IPv6 subnet as address and prefix length, for example V(10.20.0.0/24).
          - Required for modes V(nat) and V(route). It must not overlap with the subnet of another network of the host, nor with what
            the host itself reaches directly by an interface of its own.
        type: str
      gateway:
        description: The host's own address in the network. The first address of O(networks[].subnet), if omitted or null.
        type: str
      dhcp:
        description:
          - The range of addresses that are handed out to anyone who asks. Null hands out none but the reserved ones.
          - A new network's range is the upper half of O(networks[].subnet), if
            omitted (the lower half where the gateway lives in the upper one),
            so V(10.20.0.128) to V(10.20.0.254) of V(10.20.0.0/24). Of an IPv6 subnet only the first 65536 addresses are considered.
          - Guests of an IPv6 subnet with a range learn by router advertisements to ask for an address; without one they make
            addresses of their own from the advertised prefix.
        type: dict
        suboptions:
          enabled:
            description: V(false) is the same as null for the whole option.
            type: bool
          start:
            description: The first address. Derived as said above, if omitted where there is no range yet.
            type: str
          end:
            description: The last address. Derived as said above, if omitted where there is no range yet.
            type: str
          lease_time:
            description: For how long an address is handed out, V(30m), V(12h), V(7d) or V(infinite); an hour, if it was never given.
            type: str
            version_added: 0.2.0
          further_ranges:
            description: Ranges beside this one. The list is the whole list.
            type: list
            elements: dict
            version_added: 0.2.0
            suboptions:
              start:
                description: The first address.
                type: str
                required: true
              end:
                description: The last address.
                type: str
                required: true
              lease_time:
                description: For how long an address is handed out.
                type: str
      tftp_root:
        description: Directory of the host whose files guests fetch by TFTP, for booting from the network.
        type: str
        version_added: 0.2.0
      boot_file:
        description:
          - File that guests boot from the network; null lets none.
          - Firmware of several kinds is told apart by lines such as V(dhcp-match=set:efi,option:client-arch,7) and
            V(dhcp-boot=tag:efi,ipxe.efi) in O(networks[].dnsmasq_options).
        type: str
        version_added: 0.2.0
      boot_server:
        description: Address of the server that has O(networks[].boot_file). The host itself, if omitted.
        type: str
        version_added: 0.2.0
      local_ptr:
        description: Whether names of addresses in O(networks[].subnet) that the
          network does not know are unknown, rather than asked of other servers.
        type: bool
        version_added: 0.2.0
      further_subnets:
        description:
          - Subnets beside O(networks[].subnet), such as an IPv6 one beside an IPv4 one. The list is the whole list.
          - libvirt hands out addresses of one IPv4 and of one IPv6 subnet; a new one whose C(dhcp) is omitted is served if no other
            of its kind is.
        type: list
        elements: dict
        version_added: 0.2.0
        suboptions:
          subnet:
            description: The subnet as address and prefix length.
            type: str
            required: true
          gateway:
            description: The host's own address in it. The first address, if omitted.
            type: str
          dhcp:
            description: The range of addresses that are handed out, as in O(networks[].dhcp); null for none.
            type: dict
            suboptions:
              enabled:
                description: V(false) is the same as null for the whole option.
                type: bool
              start:
                description: The first address.
                type: str
              end:
                description: The last address.
                type: str
              lease_time:
                description: For how long an address is handed out.
                type: str
              further_ranges:
                description: Ranges beside this one. The list is the whole list.
                type: list
                elements: dict
                suboptions:
                  start:
                    description: The first address.
                    type: str
                    required: true
                  end:
                    description: The last address.
                    type: str
                    required: true
                  lease_time:
                    description: For how long an address is handed out.
                    type: str
          tftp_root:
            description: Directory of the host whose files guests fetch by TFTP.
            type: str
          boot_file:
            description: File that guests boot from the network.
            type: str
          boot_server:
            description: Address of the server that has it.
            type: str
          local_ptr:
            description: Whether unknown names of its addresses are asked nowhere else.
            type: bool
      address_pool:
        description:
          - Addresses for VMs whose interfaces ask for C(pool) in place of an address. Each gets a free one, in the order of this list,
            and keeps it until it is removed. The list is the whole list.
          - What a slot says of its subnet has to be what the network says.
            A new network's O(networks[].forwarders) are the servers in O(networks[].address_pool[].dns), if omitted.
        type: list
        elements: dict
        version_added: 0.2.0
        suboptions:
          name:
            description: What people call the slot.
            type: str
          address:
            description: The address, outside of the ranges that are handed out to anyone.
            type: str
            required: true
          gateway:
            description: The network's gateway.
            type: str
          broadcast:
            description: The subnet's broadcast address.
            type: str
          netmask:
            description: The subnet's mask.
            type: str
          dns:
            description: DNS servers, the gateway or some of O(networks[].forwarders).
            type: list
            elements: str
          mac:
            description: The MAC of the interface that gets the slot. The interface's own, if omitted.
            type: str
      routes:
        description: Routes that the host takes through this network. The list is the whole list.
        type: list
        elements: dict
        version_added: 0.2.0
        suboptions:
          destination:
            description: Where to, as address and prefix length.
            type: str
            required: true
          gateway:
            description: The router, an address in the network.
            type: str
            required: true
          metric:
            description: Of several routes to the same destination, the one with the smallest metric is taken.
            type: int
      domain:
        description: The DNS domain of the network's guests.
        type: str
      domain_local_only:
        description:
          - Whether names in O(networks[].domain) that the network does not know are unknown, rather than asked of other servers.
          - V(true) for a new network with a domain, if omitted.
        type: bool
      domain_register:
        description: Whether libvirt tells the host's systemd-resolved
          to ask this network for names in O(networks[].domain). Needs libvirt 10.1.
        type: bool
        version_added: 0.2.0
      dns:
        description: Whether the network has a DNS server. It does, if that was never said.
        type: bool
        version_added: 0.2.0
      forward_plain_names:
        description: Whether names without a domain that the network does not know are asked of other servers.
        type: bool
        version_added: 0.2.0
      bridge:
        description:
          - Name of the bridge, 15 characters at most. Derived from O(networks[].name) for a new network, if omitted.
          - Required for mode V(bridge), unless that uses O(networks[].forward_interfaces).
        type: str
      stp:
        description: Whether the bridge runs the spanning tree protocol. A new network's does not, if omitted.
        type: bool
      delay:
        description: Seconds that a new port of the bridge only listens. None for a new network, if omitted.
        type: int
      zone:
        description: The zone of firewalld that the bridge is put into. libvirt's own, if omitted.
        type: str
        version_added: 0.2.0
      mac_table_manager:
        description: Who keeps the table of MAC addresses behind the bridge's ports; V(libvirt) floods no port with unknown ones.
        type: str
        choices: [kernel, libvirt]
        version_added: 0.2.0
      mac:
        description: MAC address of the bridge. libvirt chooses one, if omitted.
        type: str
        version_added: 0.2.0
      mtu:
        description: Size of the largest packet in bytes. Null is libvirt's default.
        type: int
      isolated_ports:
        description: Whether guests reach the host and what is beyond, but not each other.
        type: bool
        version_added: 0.2.0
      trust_guest_rx_filters:
        description: Whether guests may change which packets they receive, their MAC and the multicast groups they listen to.
        type: bool
        version_added: 0.2.0
      guest_ipv6:
        description: Whether guests may speak IPv6 with each other in a network that has no IPv6 subnet.
        type: bool
        version_added: 0.2.0
      vlan:
        description:
          - VLAN tags of all ports, for Open vSwitch, SR-IOV cards and, from libvirt 11.0 on, the kernel's bridges. Null removes them.
        type: dict
        version_added: 0.2.0
        suboptions:
          tags:
            description: The tags. The list is the whole list.
            type: list
            elements: dict
            required: true
            suboptions:
              id:
                description: The VLAN's number.
                type: int
                required: true
              native_mode:
                description: Makes this the VLAN of packets without a tag, which leave V(tagged) or V(untagged).
                type: str
                choices: [tagged, untagged]
          trunk:
            description: Whether guests send and receive tagged packets. They do where there are several tags.
            type: bool
      virtualport:
        description: What ports tell a switch that is not the kernel's bridge. Null removes it.
        type: dict
        version_added: 0.2.0
        suboptions:
          type:
            description: The kind of switch.
            type: str
            choices: [openvswitch, 802.1Qbg, 802.1Qbh, midonet]
          profile_id:
            description: Name of a profile that the switch knows.
            type: str
          interface_id:
            description: UUID of the port.
            type: str
          manager_id:
            description: Number of the manager of port types.
            type: int
          type_id:
            description: Number of the port type.
            type: int
          type_version:
            description: Version of the port type.
            type: int
          instance_id:
            description: UUID of the instance.
            type: str
      bandwidth:
        description:
          - Limits of all guests' traffic together through the bridge, in sizes with a unit per second, V(10MiB).
          - C(inbound) is what guests receive, C(outbound) what they send. Null removes the limits.
        type: dict
        version_added: 0.2.0
        suboptions:
          inbound:
            description: What is received.
            type: dict
            suboptions:
              average:
                description: The rate to be kept.
                type: str
              peak:
                description: The highest rate.
                type: str
              burst:
                description: What may be received at peak rate in one go.
                type: str
              floor:
                description: The rate that is guaranteed to one interface, in a network with a limit.
                type: str
          outbound:
            description: What is sent.
            type: dict
            suboptions:
              average:
                description: The rate to be kept.
                type: str
              peak:
                description: The highest rate.
                type: str
              burst:
                description: What may be sent at peak rate in one go.
                type: str
      portgroups:
        description:
          - Kinds of ports that VMs' interfaces can ask for. They change while guests use them, and their ports follow.
          - The list is the whole list.
        type: list
        elements: dict
        version_added: 0.2.0
        suboptions:
          name:
            description: Its name.
            type: str
            required: true
          default:
            description: Whether ports that ask for none are of this group.
            type: bool
          trust_guest_rx_filters:
            description: Whether guests may change which packets they receive.
            type: bool
          vlan:
            description: VLAN tags of the group's ports, as in O(networks[].vlan).
            type: dict
            suboptions:
              tags:
                description: The tags. The list is the whole list.
                type: list
                elements: dict
                required: true
                suboptions:
                  id:
                    description: The VLAN's number.
                    type: int
                    required: true
                  native_mode:
                    description: Makes this the VLAN of packets without a tag, which leave V(tagged) or V(untagged).
                    type: str
                    choices: [tagged, untagged]
              trunk:
                description: Whether guests send and receive tagged packets.
                type: bool
          virtualport:
            description: What ports tell a switch that is not the kernel's bridge, as in O(networks[].virtualport).
            type: dict
            suboptions:
              type:
                description: The kind of switch.
                type: str
                choices: [openvswitch, 802.1Qbg, 802.1Qbh, midonet]
              profile_id:
                description: Name of a profile that the switch knows.
                type: str
              interface_id:
                description: UUID of the port.
                type: str
              manager_id:
                description: Number of the manager of port types.
                type: int
              type_id:
                description: Number of the port type.
                type: int
              type_version:
                description: Version of the port type.
                type: int
              instance_id:
                description: UUID of the instance.
                type: str
          bandwidth:
            description: Limits of each port's traffic, as in O(networks[].bandwidth).
            type: dict
            suboptions:
              inbound:
                description: What is received.
                type: dict
                suboptions:
                  average:
                    description: The rate to be kept.
                    type: str
                  peak:
                    description: The highest rate.
                    type: str
                  burst:
                    description: What may be received at peak rate in one go.
                    type: str
                  floor:
                    description: The rate that is guaranteed to one interface, in a network with a limit.
                    type: str
              outbound:
                description: What is sent.
                type: dict
                suboptions:
                  average:
                    description: The rate to be kept.
                    type: str
                  peak:
                    description: The highest rate.
                    type: str
                  burst:
                    description: What may be sent at peak rate in one go.
                    type: str
      reservations:
        description: Addresses that are kept for one client each. The list is the whole list.
        type: list
        elements: dict
        suboptions:
          vm:
            description:
              - A VM that the address is kept for. Its interface in this network says the MAC, on every run anew, and the VM's name
                is the O(networks[].reservations[].name), if that is omitted.
              - Until it has an interface there, the address is kept for who sends that name.
              - A VM whose own interface has an C(address) needs no entry here.
            type: str
            version_added: 0.2.0
          mac:
            description:
              - The client's MAC address.
              - IPv4 needs it, unless O(networks[].reservations[].vm) or O(networks[].reservations[].name) is given.
            type: str
          client_id:
            description: What an IPv6 client calls itself, its DUID in hexadecimal octets, V(0:3:0:1:2:0:0:aa:bb:cc).
            type: str
            version_added: 0.2.0
          name:
            description: The host name that is given to the client, or
              by which it is known where it has no O(networks[].reservations[].mac).
            type: str
          address:
            description: The address, within O(networks[].subnet) or one of O(networks[].further_subnets).
            type: str
            required: true
          lease_time:
            description: For how long the address is handed out.
            type: str
            version_added: 0.2.0
      dns_hosts:
        description: Addresses with the names that the network's DNS server answers them for. The list is the whole list.
        type: list
        elements: dict
        suboptions:
          address:
            description: The address; each stands once.
            type: str
            required: true
          names:
            description: Its names.
            type: list
            elements: str
            required: true
      dns_services:
        description: Where services are found, as SRV records. The list is the whole list.
        type: list
        elements: dict
        version_added: 0.2.0
        suboptions:
          service:
            description: The service's name, for example V(ldap).
            type: str
            required: true
          protocol:
            description: Its protocol.
            type: str
            choices: [tcp, udp]
            required: true
          domain:
            description: The domain that the record belongs to. The network's, if omitted.
            type: str
          target:
            description: Name of the host that has the service. There is no such service, if omitted.
            type: str
          port:
            description: The port it listens on.
            type: int
          priority:
            description: Of several, those with the smallest number are asked first.
            type: int
          weight:
            description: Of several with the same priority, the share that one gets.
            type: int
      dns_texts:
        description: TXT records. The list is the whole list.
        type: list
        elements: dict
        version_added: 0.2.0
        suboptions:
          name:
            description: The name; each stands once.
            type: str
            required: true
          value:
            description: The text.
            type: str
            required: true
      forwarders:
        description:
          - DNS servers that are asked for what the network does not know; the host's own, if there is none without a domain.
          - The list is the whole list.
        type: list
        elements: dict
        suboptions:
          address:
            description: The server's address. If omitted, names in
              O(networks[].forwarders[].domain) are asked of the host's own servers.
            type: str
          domain:
            description: Names in this domain only.
            type: str
      dnsmasq_options:
        description:
          - Lines of dnsmasq's configuration that libvirt has no words for, for example V(no-ping) for faster leases, or
            V(ra-param=br-front,high,60) for router advertisements.
          - The list is the whole list; order does not count.
        type: list
        elements: str
      labels:
        description:
          - Words about the network by their names, for example C(tier) with the word C(web), kept in its metadata. They are the whole set.
        type: dict
        version_added: 0.2.0
      protect:
        description: Whether no run may remove this network. It is remembered until it is said otherwise.
        type: bool
        version_added: 0.2.0
      state:
        description:
          - V(active) is defined and running, V(inactive) is defined and stopped.
          - V(present) is defined, whether it runs is left alone.
          - V(absent) is stopped and undefined.
          - V(inactive) and V(absent) are refused while running VMs use the network, unless O(networks[].force) is set.
        type: str
        choices: [active, present, inactive, absent]
        default: active
      autostart:
        description: Whether the network starts with the host. A new network does, if omitted.
        type: bool
      apply:
        description:
          - What becomes of a change that the running network cannot take.
          - V(live) records it in the definition and reports it in C(restart_required).
          - V(next_boot) does so with every change, those included that the running network could take.
          - V(restart) restarts the network. Its guests are plugged into the new bridge at once, and their connections survive; packets
            are lost for about a second.
        type: str
        choices: [live, next_boot, restart]
        default: live
        version_added: 0.2.0
      force:
        description: Whether a network is stopped or removed while running VMs use it. They are cut off then.
        type: bool
        default: false
        version_added: 0.2.0
      # end: options of network
  volumes:
    description: The volumes, as in M(tinycloud.libvirt.volume).
    type: list
    elements: dict
    suboptions:
      # begin: options of volume as volumes[]
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
          - Required for a new volume, except on top of O(volumes[].image) or O(volumes[].backing), whose size it then has.
          - A larger size grows the volume, also under a running VM, which sees it at once.
        type: str
      format:
        description:
          - Format of the volume. A new one in a pool of files is V(qcow2), if omitted, or has the format of its O(volumes[].source), O(volumes[].upload),
            O(volumes[].content) or O(volumes[].clone).
          - In a pool of type disk, what the partition is for (V(none) and those after it).
          - An existing volume keeps its format, unless O(volumes[].convert) is given.
          - A LUKS volume is V(raw) (or V(qcow2)) with O(volumes[].encryption).
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
        description: Version of qcow2, V(0.10) or V(1.1). Quote it. Of an existing volume it is changed with O(volumes[].convert).
        type: str
        version_added: 0.2.0
        choices: ['0.10', '1.1']
      cluster_size:
        description: Size of a qcow2 volume's clusters, a power of two from V(512B) to V(2MiB). Of an existing volume it is changed with O(volumes[].convert).
        type: str
        version_added: 0.2.0
      lazy_refcounts:
        description: Whether qcow2 writes its reference counts late. Of an existing volume it is changed with O(volumes[].convert).
        type: bool
        version_added: 0.2.0
      extended_l2:
        description:
          - Whether qcow2 keeps track of parts of a cluster (QEMU 5.2 and later). Of an existing volume it is changed with O(volumes[].convert).
        type: bool
        version_added: 0.2.0
      nocow:
        description: Whether btrfs writes the new volume's file in place. Only for the creation; on other file systems it means nothing.
        type: bool
        version_added: 0.2.0
      encryption:
        description:
          - Encrypts a new volume, see U(https://libvirt.org/formatstorageencryption.html). An existing one stays as it is.
          - A filled volume (O(volumes[].source), O(volumes[].upload), O(volumes[].content)) cannot be encrypted.
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
          - Mutually exclusive with O(volumes[].backing), O(volumes[].clone), O(volumes[].source), O(volumes[].upload) and O(volumes[].content).
        type: str
      copy_of:
        version_added: 0.2.0
        description: Name of an image that the new volume is a full copy of. It does not need the image afterwards.
        type: str
      backing:
        description:
          - The volume that a new volume stands on, as an overlay. That volume is not to be written to any more.
          - Mutually exclusive with O(volumes[].image), O(volumes[].clone), O(volumes[].source), O(volumes[].upload) and O(volumes[].content).
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
          - For a file of the controller see O(volumes[].upload).
          - A qcow2 file is known by its first bytes and inspected before use, anything else is raw unless O(volumes[].source_format) says so.
            Where O(volumes[].format) is another one, it is converted.
          - A download that was cut off goes on where it was. A file that has the size, time and inode it had is not read again.
          - If the volume was made from this source, later runs leave it alone, whatever became of the source or the volume since; a note
            says so where the source has changed. Another source than the one it was made from is refused. O(volumes[].replace) changes both.
        type: str
        version_added: 0.2.0
      upload:
        description:
          - A file of the controller that a new volume is filled with, looked for as O(ansible.builtin.copy#module:src) is, in C(files/) of the
            role or beside the playbook. One that is encrypted with Ansible's vault is decrypted.
          - It is sent only where the plan needs it, without its holes, and verified on arrival. In check mode, and where the volume has its
            content, nothing is sent; while its size and time are as they were it is not even read.
          - The compute host needs room for it in its temporary directory (C(remote_tmp)), and then in the pool. Not with C(async).
          - Apart from that as O(volumes[].source), whose formats and rules hold here, too. A file that lies elsewhere today is known by its content.
          - With a remote O(uri) and the task on the controller (C(delegate_to=localhost)) it goes through libvirt's own connection.
        type: str
        version_added: 0.2.0
      source_format:
        description: Format of O(volumes[].source) or O(volumes[].upload), where its first bytes do not say it.
        type: str
        version_added: 0.2.0
        choices: [qcow2, raw, qcow, qed, vdi, vmdk, vpc]
      checksum:
        description:
          - What proves O(volumes[].source), as C(ALGORITHM:DIGEST) or C(ALGORITHM:SOURCE) of a list such as C(SHA256SUMS).
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
          - Whether O(volumes[].source), O(volumes[].upload) or O(volumes[].content) shall take the place of other content that is there, also of what was
            written to the volume since.
          - Done only while no VM and no other volume needs it; the new content is complete and verified before.
        type: bool
        version_added: 0.2.0
      convert:
        description:
          - Whether an existing volume may be written anew to have the declared O(volumes[].format), O(volumes[].compat), O(volumes[].cluster_size),
            O(volumes[].lazy_refcounts) or O(volumes[].extended_l2).
          - Done only while no VM has it for a disk. Its content and size stay. Refused for overlays.
        type: bool
        version_added: 0.2.0
      move_from:
        description:
          - The pool to move the volume from, where it is not in O(volumes[].pool) yet.
          - At rest it is copied, and the definitions of VMs that have it for a disk follow. Under a running VM, QEMU copies it while the
            guest goes on writing, and changes over. The old file goes when all is in place.
          - Refused where volumes or snapshots stand on it. Between pools of type dir, fs and netfs.
        type: str
        version_added: 0.2.0
      allow_shrink:
        description: Whether a smaller O(volumes[].size) may cut the volume's end off. Never done under a running VM.
        type: bool
      protect:
        description: Whether no run may remove this volume. It is remembered until it is said otherwise.
        type: bool
        version_added: 0.2.0
      wipe:
        description:
          - With O(volumes[].state=absent), overwrites all of the volume before it is removed. To wipe is to destroy, so it belongs to the removal alone;
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
      # end: options of volume
  flavors:
    description:
      - Named bundles of options of VMs, beside those that are always there and which they may replace.
      - Always there are V(m1.nano) (1 vcpu, 256MiB), V(m1.tiny) (1, 512MiB), V(m1.small) (1, 2GiB), V(m1.medium) (2, 4GiB),
        V(m1.large) (4, 8GiB), V(m1.xlarge) (8, 16GiB), V(c1.small) (2, 2GiB), V(c1.medium) (4, 4GiB), V(c1.large) (8, 8GiB),
        V(c1.xlarge) (16, 16GiB), V(r1.small) (1, 8GiB), V(r1.medium) (2, 16GiB), V(r1.large) (4, 32GiB) and V(r1.xlarge) (8, 64GiB).
    type: dict
    version_added: 0.2.0
  profiles:
    description: Named bundles of options of VMs, as in O(vms), to be named in O(vms[].profiles).
    type: dict
    version_added: 0.2.0
  vms:
    description: The VMs and groups of VMs, as in M(tinycloud.libvirt.vm) and with further options that make groups.
    type: list
    elements: dict
    suboptions:
      # begin: options of vm as vms[]
      name:
        description: Name of the VM. It is also the guest's host name in O(vms[].cloud_init), DHCP and DNS.
        type: str
        required: true
      uuid:
        description:
          - UUID of the VM. libvirt makes one for a new VM, if omitted; it never changes.
        type: str
        version_added: 0.2.0
      title:
        description: A title of one line.
        type: str
      description:
        description: A description for people.
        type: str
      labels:
        description:
          - Words by names of your choice, to find VMs by. Values are text; numbers and booleans become text.
          - They are kept in the domain's metadata, and changed live.
        type: dict
        version_added: 0.2.0
      adopt:
        description:
          - Whether an environment takes over a VM of this name that is there and is not its own.
          - A task that names a single VM works on the VM of that name, whoever made it, with or without this.
        type: bool
        version_added: 0.2.0
      type:
        description:
          - How the VM is run. V(auto) is KVM where the host has it and emulation otherwise, settled when the VM is
            made. That is the default of a new VM.
          - The other ones need a O(uri) of libvirt's driver for them, and its own kind of definition; new VMs of theirs
            get none of the devices that other new VMs get.
        type: str
        choices: [auto, kvm, qemu, hvf, lxc, xen, bhyve, vz, openvz, vmware, vbox, hyperv, test]
      genid:
        description:
          - Identifier that tells the guest when it was copied, restored or reverted, see
            U(https://libvirt.org/formatdomain.html#general-metadata).
            V(auto) has libvirt make one, and is content with whichever there is. Changes wait for a restart.
        type: str
        version_added: 0.2.0
      os_type:
        description: What is started. It is V(hvm), a whole machine, by default, and V(exe) for containers. V(linux), V(xen)
          and V(xenpvh) are Xen's.
        type: str
        choices: [hvm, exe, linux, xen, xenpvh]
        version_added: 0.2.0
      arch:
        description: Architecture of the guest. A new VM has the host's, if omitted.
        type: str
      machine:
        description:
          - Machine type. V(q35) and V(pc) stand for any version of them. A new x86_64 VM is a V(q35), if omitted.
        type: str
      emulator:
        description: Absolute path of the emulator on the compute host. It is the host's usual one for the architecture, if
          omitted.
        type: str
        version_added: 0.2.0
      firmware:
        description:
          - Firmware of the guest. A new VM has its machine's usual one, which on x86_64 is V(bios), if omitted.
          - For V(uefi), libvirt chooses among the firmware that the host has, see
            U(https://libvirt.org/formatdomain.html#bios-bootloader). Changes wait for a restart.
        type: str
        choices: [bios, uefi]
        version_added: 0.2.0
      secure_boot:
        description:
          - Whether O(vms[].firmware=uefi) starts signed systems only, with the usual keys enrolled. A new VM's does not, if
            omitted.
          - A VM that exists keeps its variables, and with them the keys that are, or are not, in there.
        type: bool
        version_added: 0.2.0
      loader:
        description: A firmware's file, instead of having libvirt choose one.
        type: dict
        version_added: 0.2.0
        suboptions:
          path:
            description: Absolute path on the compute host. If omitted, libvirt chooses for O(vms[].firmware) one as the other
              options here say.
            type: str
          type:
            description: How the guest sees it. UEFI is V(pflash).
            type: str
            choices: [rom, pflash]
          read_only:
            description: Whether the guest can only read it.
            type: bool
          secure:
            description: Whether it does secure boot.
            type: bool
          stateless:
            description: Whether it keeps no variables, so that there is no O(vms[].nvram). Needs libvirt 8.6.
            type: bool
          format:
            description: Format of the file. Needs libvirt 9.2.
            type: str
            choices: [raw, qcow2]
      nvram:
        description: Where the variables of UEFI are kept. libvirt chooses, if omitted.
        type: dict
        version_added: 0.2.0
        suboptions:
          path:
            description: Absolute path on the compute host. It is made from the template at the first start, and goes with the
              VM.
            type: str
          template:
            description: Absolute path of the variables that a new VM starts with.
            type: str
          format:
            description: Format of the file. Needs libvirt 9.2.
            type: str
            choices: [raw, qcow2]
          template_format:
            description: Format of the template. Needs libvirt 10.10.
            type: str
            choices: [raw, qcow2]
          network:
            description: Where the variables are, if they are not in a file of the host. Needs libvirt 8.5.
            type: dict
            suboptions: &network_source
              protocol:
                description: How the hosts are spoken to.
                type: str
                choices: [nbd, iscsi, rbd, http, https, ftp, ftps, tftp, ssh, nfs, gluster, sheepdog, vxhs]
                required: true
              name:
                description:
                  - What is asked for, an NBD export (may be omitted), V(IQN/LUN) of an iSCSI target, V(POOL/IMAGE) of RBD,
                    V(VOLUME/IMAGE) of Gluster, or the path on a server.
                type: str
              hosts:
                description: The hosts. Only V(rbd) and V(gluster) have several.
                type: list
                elements: dict
                suboptions:
                  name:
                    description: Host name or IP address.
                    type: str
                  port:
                    description: Port. It is the protocol's own, if omitted.
                    type: int
                  transport:
                    description: V(unix) for a server on this host, see O(vms[].disks[].network.hosts[].socket).
                    type: str
                    choices: [tcp, unix, rdma]
                  socket:
                    description: Absolute path of a server's socket on this host, in place of a name.
                    type: str
              auth:
                description: How to log in, for V(iscsi), V(rbd), V(http), V(https), V(ftp), V(ftps) and V(ssh).
                type: dict
                suboptions:
                  username:
                    description: Name of the user.
                    type: str
                    required: true
                  secret:
                    description:
                      - A secret that libvirt keeps, by what it is used for or by its UUID. Its value is never an option
                        here.
                    type: str
                    required: true
              query:
                description: Query of the URL, without the C(?), for V(http) and V(https).
                type: str
              tls:
                description:
                  - Whether the connection is encrypted by the certificates that the host's libvirt is set up for, for
                    V(nbd) and V(vxhs).
                type: bool
              tls_hostname:
                description:
                  - Host name that the certificate of an V(nbd) server is for, if it is another one (since libvirt 8.2).
                type: str
              ssl:
                description: How a server's certificate is looked at, for V(https) and V(ftps).
                type: dict
                suboptions:
                  verify:
                    description: Whether it has to be one that the host trusts.
                    type: bool
                    required: true
              cookies:
                description: Cookies that are sent along, for V(http) and V(https).
                type: list
                elements: dict
                suboptions:
                  name:
                    description: Name of the cookie.
                    type: str
                    required: true
                  value:
                    description: Its value, which is never shown.
                    type: str
                    required: true
              readahead:
                description:
                  - Amount that is read ahead, with a unit, for example V(64KiB), for V(http), V(https), V(ftp), V(ftps)
                    and V(tftp).
                type: str
              timeout:
                description: Seconds that an answer may take, for V(http), V(https), V(ftp), V(ftps) and V(tftp).
                type: int
              reconnect_delay:
                description: Seconds for which requests wait for a server that went away, before they fail, for V(nbd) (since libvirt 9.1).
                type: int
              initiator:
                description: IQN that the compute host has for an V(iscsi) target, for example V(iqn.2030-01.org.example:host).
                type: str
              snapshot:
                description: Snapshot of the image, for V(rbd) and V(sheepdog).
                type: str
              config:
                description: Absolute path of a configuration file of Ceph, for V(rbd).
                type: str
              identity:
                description: Who the compute host is to an V(nfs) or V(ssh) server.
                type: dict
                suboptions:
                  user:
                    description: Name of a user of the compute host, or V(+) and a number, for V(nfs).
                    type: str
                  group:
                    description: Name of a group, or V(+) and a number, for V(nfs).
                    type: str
                  username:
                    description: Name of the user on the server, for V(ssh).
                    type: str
                  keyfile:
                    description: Absolute path of a file with a key, for V(ssh).
                    type: str
                  agent_socket:
                    description: Absolute path of an agent's socket, for V(ssh).
                    type: str
              known_hosts:
                description: Absolute path of a file with keys of servers, for V(ssh) (since libvirt 10.0).
                type: str
      boot:
        description:
          - What the firmware starts, see U(https://libvirt.org/formatdomain.html#operating-system-booting). Changes wait for
            a restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          devices:
            description:
              - Kinds of devices in the order in which they are tried. libvirt's default is V(hd).
              - Instead, disks and interfaces may have an order of their own by O(vms[].disks[].boot_order); the one given last
                holds.
            type: list
            elements: str
            choices: [hd, cdrom, network, fd]
          menu:
            description: Whether the firmware offers a menu.
            type: bool
          menu_timeout:
            description: Milliseconds that the menu waits.
            type: int
          messages:
            description: Whether the BIOS writes to the serial console as well.
            type: bool
          reboot_timeout:
            description: Milliseconds after which a BIOS that found nothing to start tries again; V(-1) is never.
            type: int
          kernel:
            description: Absolute path, on the compute host, of a kernel that is started directly.
            type: str
          initrd:
            description: Absolute path of its initial RAM disk.
            type: str
          cmdline:
            description: Its command line.
            type: str
          dtb:
            description: Absolute path of its device tree.
            type: str
          shim:
            description: Absolute path of the EFI shim that verifies the kernel. Needs libvirt 11.2.
            type: str
          bootloader:
            description: Absolute path of a program of the host that chooses the kernel, for Xen and bhyve.
            type: str
          bootloader_args:
            description: Arguments of that program, in one text.
            type: str
          acpi_tables:
            description: ACPI tables that the guest gets beside the machine's own.
            type: list
            elements: dict
            suboptions:
              type:
                description: Kind of table. All but V(slic) need libvirt 11.2.
                type: str
                choices: [slic, raw, rawset, msdm]
                required: true
              path:
                description: Absolute path of its file on the compute host.
                type: str
                required: true
      init:
        description: What a container runs, see U(https://libvirt.org/formatdomain.html#container-boot). For O(vms[].os_type=exe).
          Changes wait for a restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          path:
            description: Absolute path of its first program, in the container.
            type: str
            required: true
          args:
            description: Arguments of it, in their order.
            type: list
            elements: str
          env:
            description: Environment variables by name.
            type: dict
          dir:
            description: Absolute path of the directory that it starts in.
            type: str
          user:
            description: Name of the user that it runs as, or a number after a plus sign.
            type: str
          group:
            description: Name of the group that it runs as, or a number after a plus sign.
            type: str
      smbios:
        description:
          - Where the guest's SMBIOS tables are from. V(emulate) is made up, V(host) copies from the host.
            V(sysinfo), from O(vms[].sysinfo), is what a declared O(vms[].sysinfo) brings along. Changes wait for a restart.
        type: str
        choices: [emulate, host, sysinfo]
        version_added: 0.2.0
      sysinfo:
        description:
          - What the SMBIOS tables tell the guest of its machine, see
            U(https://libvirt.org/formatdomain.html#smbios-system-information).
            Changes wait for a restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          bios:
            description: The firmware.
            type: dict
            suboptions:
              vendor:
                description: Its vendor.
                type: str
              version:
                description: Its version.
                type: str
              date:
                description: Its date as V(mm/dd/yyyy).
                type: str
              release:
                description: Its release as two numbers, V(1.0).
                type: str
          system:
            description: The machine as a whole.
            type: dict
            suboptions:
              manufacturer:
                description: Its manufacturer.
                type: str
              product:
                description: Its name.
                type: str
              version:
                description: Its version.
                type: str
              serial:
                description: Its serial number. cloud-init reads C(ds=nocloud) and the like here.
                type: str
              uuid:
                description: Its UUID, which must be O(vms[].uuid).
                type: str
              sku:
                description: Its stock number.
                type: str
              family:
                description: The family of machines that it belongs to.
                type: str
          base_boards:
            description: Its boards.
            type: list
            elements: dict
            suboptions:
              manufacturer:
                description: The board's manufacturer.
                type: str
              product:
                description: The board's name.
                type: str
              version:
                description: The board's version.
                type: str
              serial:
                description: The board's serial number.
                type: str
              asset:
                description: The owner's number of the board.
                type: str
              location:
                description: Where it is in the machine.
                type: str
          chassis:
            description: Its case.
            type: dict
            suboptions:
              manufacturer:
                description: The case's manufacturer.
                type: str
              version:
                description: The case's version.
                type: str
              serial:
                description: The case's serial number.
                type: str
              asset:
                description: The owner's number of the case.
                type: str
              sku:
                description: The case's stock number.
                type: str
          oem_strings:
            description: Words for programs in the guest, such as C(io.systemd.credential:NAME=VALUE).
            type: list
            elements: str
      fw_cfg:
        description:
          - Files that programs in the guest find below C(/sys/firmware/qemu_fw_cfg/by_name), see
            U(https://libvirt.org/formatdomain.html#smbios-system-information). Changes wait for a restart.
          - A value stands on QEMU's command line, where all users of the compute host see it. Give secrets by a file.
        type: list
        elements: dict
        version_added: 0.2.0
        suboptions:
          name:
            description: Name of the file, which begins with C(opt/). Use a domain name of yours, C(opt/org.example/name).
            type: str
            required: true
          value:
            description: What is in it, without a comma.
            type: str
          file:
            description: Absolute path of a file on the compute host with what is in it.
            type: str
      vcpus:
        description:
          - Number of virtual CPUs that are plugged in. A new VM has one, or as many as O(vms[].cpu.topology) says, if omitted.
          - Up to O(vms[].maximum_vcpus) of them come to a running guest live. They leave it live where its system lets go of them,
            which it does of none that it was started with; else that waits for a restart.
          - More than the maximum raises the maximum, which waits for a restart.
          - New ones are put to use by the guest agent, where it runs.
        type: int
      maximum_vcpus:
        description:
          - Number of virtual CPUs that can be plugged in without a restart.
          - For a new VM it is as many as O(vms[].cpu.topology) says, or O(vms[].vcpus), if omitted. V(null) returns it to O(vms[].vcpus).
        type: int
        version_added: 0.2.0
      memory:
        description:
          - Memory that the guest may use, with its unit, for example V(2GiB). A new VM has V(1GiB), if omitted.
          - Up to O(vms[].maximum_memory) it is changed live by the guest's balloon driver; what that does not do is told in
            RV(notes).
          - More than the maximum raises the maximum, which waits for a restart.
          - What O(vms[].memory_devices) have comes on top of it.
        type: str
      maximum_memory:
        description:
          - Memory that the guest can have without a restart, with its unit.
          - For a new VM it is O(vms[].memory), if omitted. V(null) returns it to that.
        type: str
        version_added: 0.2.0
      cpu:
        description:
          - The CPU that the guest sees, see U(https://libvirt.org/formatdomain.html#cpu-model-and-topology).
          - Its changes wait for a restart.
        type: dict
        suboptions:
          mode:
            description:
              - How the CPU is chosen.
              - A new VM has V(host-model) under KVM and V(maximum) under emulation, if omitted.
            type: str
            choices: [host-passthrough, host-model, maximum, custom]
          model:
            description: A CPU model's name, for O(vms[].cpu.mode=custom).
            type: str
          fallback:
            description: Whether libvirt may take another model where the host cannot do O(vms[].cpu.model).
            type: str
            choices: [allow, forbid]
            version_added: 0.2.0
          vendor_id:
            description: The 12 characters by which the CPU names its vendor to the guest.
            type: str
            version_added: 0.2.0
          vendor:
            description: The vendor that the host's CPU must be of.
            type: str
            version_added: 0.2.0
          match:
            description: How much of the host's CPU must be what is asked for.
            type: str
            choices: [minimum, exact, strict]
            version_added: 0.2.0
          check:
            description: How strictly libvirt looks, before a start, whether the guest gets the CPU it asks for.
            type: str
            choices: [none, partial, full]
            version_added: 0.2.0
          migratable:
            description: Whether features that cannot be migrated are left out, for O(vms[].cpu.mode=host-passthrough) and
              V(maximum).
            type: bool
            version_added: 0.2.0
          deprecated_features:
            description: Whether features that the CPU's maker gives up are there, on s390. Needs libvirt 11.0.
            type: bool
            version_added: 0.2.0
          numa:
            description: NUMA nodes that the guest sees. Their memory together is that of the VM.
            type: dict
            version_added: 0.2.0
            suboptions:
              cells:
                description: The nodes.
                type: list
                elements: dict
                required: true
                suboptions:
                  id:
                    description: Number of the node, from 0.
                    type: int
                    required: true
                  cpus:
                    description: Numbers of its virtual CPUs, such as V(0-3).
                    type: str
                  memory:
                    description: Its memory with a unit.
                    type: str
                    required: true
                  mem_access:
                    description: Whether other processes can share its memory.
                    type: str
                    choices: [shared, private]
                  discard:
                    description: As O(vms[].memory_backing.discard), for this node.
                    type: bool
                  distances:
                    description: How far it is to the nodes.
                    type: list
                    elements: dict
                    suboptions:
                      id:
                        description: Number of the other node.
                        type: int
                        required: true
                      value:
                        description: From 10, which is itself, to 255.
                        type: int
                        required: true
                  caches:
                    description: Caches of its memory.
                    type: list
                    elements: dict
                    suboptions:
                      level:
                        description: Level of the cache.
                        type: int
                        required: true
                      associativity:
                        description: How it finds what is in it.
                        type: str
                        choices: [none, direct, full]
                        required: true
                      policy:
                        description: When it writes.
                        type: str
                        choices: [none, writeback, writethrough]
                        required: true
                      size:
                        description: Its size with a unit.
                        type: str
                        required: true
                      line:
                        description: Size of a line with a unit.
                        type: str
                        required: true
              latencies:
                description: How long access takes.
                type: list
                elements: dict
                suboptions:
                  initiator:
                    description: Number of the node that asks.
                    type: int
                    required: true
                  target:
                    description: Number of the node that has the memory.
                    type: int
                    required: true
                  cache:
                    description: Level of the target's cache, where that is meant.
                    type: int
                  type:
                    description: Which access.
                    type: str
                    choices: [access, read, write]
                    required: true
                  value:
                    description: Nanoseconds.
                    type: int
                    required: true
              bandwidths:
                description: How much goes.
                type: list
                elements: dict
                suboptions:
                  initiator:
                    description: Number of the node that asks.
                    type: int
                    required: true
                  target:
                    description: Number of the node that has the memory.
                    type: int
                    required: true
                  cache:
                    description: Level of the target's cache, where that is meant.
                    type: int
                  type:
                    description: Which access.
                    type: str
                    choices: [access, read, write]
                    required: true
                  value:
                    description: In a second, with a unit.
                    type: str
                    required: true
          topology:
            description:
              - How O(vms[].maximum_vcpus) are laid out; it is the product of these numbers. Each that is not said is one.
            type: dict
            version_added: 0.2.0
            suboptions:
              sockets:
                description: Number of sockets.
                type: int
              dies:
                description: Number of dies in a socket.
                type: int
              clusters:
                description: Number of clusters in a die. Needs libvirt 10.1.
                type: int
              cores:
                description: Number of cores in a die or cluster.
                type: int
              threads:
                description: Number of threads of a core.
                type: int
          cache:
            description: What the guest sees of the CPU's cache.
            type: dict
            version_added: 0.2.0
            suboptions:
              mode:
                description: Whether the cache is made up, the host's own, or hidden.
                type: str
                choices: [emulate, passthrough, disable]
                required: true
              level:
                description: The level of cache, from 1 to 3. It is all of them, if omitted.
                type: int
          physical_address:
            description: How wide the guest's physical addresses are. Needs libvirt 8.7.
            type: dict
            version_added: 0.2.0
            suboptions:
              mode:
                description: Whether the width is O(vms[].cpu.physical_address.bits) or the host's.
                type: str
                choices: [emulate, passthrough]
                required: true
              bits:
                description: The width in bits.
                type: int
              limit:
                description: The most bits for V(passthrough). Needs libvirt 9.3.
                type: int
          features:
            description: Features that the CPU has beside or without those of its model.
            type: list
            elements: dict
            version_added: 0.2.0
            suboptions:
              name:
                description: Name of the feature, such as V(vmx).
                type: str
                required: true
              policy:
                description: Whether the guest gets it. A new one is V(require), if omitted.
                type: str
                choices: [force, require, optional, disable, forbid]
      max_memory:
        description:
          - Room for memory that is plugged in beyond O(vms[].maximum_memory), see
            U(https://libvirt.org/formatdomain.html#memory-allocation). It needs O(vms[].cpu.numa).
          - Changes wait for a restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          size:
            description: The most memory that there can be in all, with its unit.
            type: str
            required: true
          slots:
            description: Number of devices that can be plugged in.
            type: int
      dump_core:
        description:
          - Whether the guest's memory is in core dumps of QEMU. Changes wait for a restart.
        type: bool
        version_added: 0.2.0
      vcpu_placement:
        description:
          - Whether the host's CPUs for the VM are those of O(vms[].vcpu_cpuset), or V(auto), chosen by numad. Changes wait for a
            restart.
        type: str
        choices: [static, auto]
        version_added: 0.2.0
      vcpu_cpuset:
        description:
          - The host's CPUs that the VM may run on, such as V(0-3,8) or V(0-7,^5), where O(vms[].cputune) says nothing else. Changes
            wait for a restart.
        type: str
        version_added: 0.2.0
      features:
        description:
          - What the machine has, see U(https://libvirt.org/formatdomain.html#hypervisor-features). What is omitted is the
            hypervisor's choice. Changes wait for a restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          acpi:
            description: Whether the machine has ACPI. A new VM has, if omitted.
            type: bool
          apic:
            description: Whether it has an APIC. A new x86_64 VM has, if omitted.
            type: bool
          apic_eoi:
            description: Whether the end of interrupts is told to a KVM guest's hypervisor by its memory.
            type: bool
          pae:
            description: Whether 32-bit guests can use more than 4 GiB.
            type: bool
          hap:
            description: Whether paging is helped by the host's CPU, for Xen.
            type: bool
          viridian:
            description: Whether Xen's guests see Hyper-V's extensions.
            type: bool
          privnet:
            description: Whether a container always has a network of its own.
            type: bool
          hyperv:
            description: Extensions of Hyper-V, which make Windows run better, each on or off.
            type: dict
            suboptions:
              mode:
                description: Whether the guest gets what is said here, or V(passthrough), all that the host has.
                type: str
                choices: [custom, passthrough]
              relaxed:
                description: Relaxed timers.
                type: bool
              vapic:
                description: A virtual APIC.
                type: bool
              spinlocks:
                description: Waiting for locks.
                type: dict
                suboptions:
                  state:
                    description: Whether the guest has it.
                    type: bool
                    required: true
                  retries:
                    description: How often the guest tries before it tells, at least 4095.
                    type: int
              vpindex:
                description: Numbers of virtual processors.
                type: bool
              runtime:
                description: Time that was spent for the guest.
                type: bool
              synic:
                description: The synthetic interrupt controller.
                type: bool
              stimer:
                description: Synthetic timers, for which V(synic) and V(vpindex) are needed.
                type: dict
                suboptions:
                  state:
                    description: Whether the guest has it.
                    type: bool
                    required: true
                  direct:
                    description: Whether their ticks come without messages.
                    type: bool
              reset:
                description: Reset by the hypervisor.
                type: bool
              vendor_id:
                description: The hypervisor's name.
                type: dict
                suboptions:
                  state:
                    description: Whether the guest sees it.
                    type: bool
                    required: true
                  value:
                    description: Up to 12 characters.
                    type: str
              frequencies:
                description: Frequencies in registers.
                type: bool
              reenlightenment:
                description: Word of a migration.
                type: bool
              tlbflush:
                description: Flushes of address translations.
                type: dict
                suboptions:
                  state:
                    description: Whether the guest has it.
                    type: bool
                    required: true
                  direct:
                    description: Those of nested guests. Needs libvirt 11.0.
                    type: bool
                  extended:
                    description: More of them at once. Needs libvirt 11.0.
                    type: bool
              ipi:
                description: Interrupts between processors.
                type: bool
              evmcs:
                description: Nested guests on Intel's processors.
                type: bool
              avic:
                description: SynIC with the processor's own interrupt controller. Needs libvirt 8.10.
                type: bool
              emsr_bitmap:
                description: Fewer updates of nested guests' registers. Needs libvirt 10.7.
                type: bool
              xmm_input:
                description: Calls with arguments in XMM registers. Needs libvirt 10.7.
                type: bool
          kvm:
            description: Extensions of KVM.
            type: dict
            suboptions:
              hidden:
                description: Whether the guest does not see that it runs on KVM.
                type: bool
              hint_dedicated:
                description: Whether the guest may take its CPUs for its own.
                type: bool
              poll_control:
                description: Whether the guest may do the host's waiting.
                type: bool
              pv_ipi:
                description: Whether interrupts between processors go by the hypervisor.
                type: bool
              dirty_ring:
                description: How changed memory is noted.
                type: dict
                suboptions:
                  state:
                    description: Whether it is by a ring.
                    type: bool
                    required: true
                  size:
                    description: Entries of the ring, a power of 2 from 1024 to 65536.
                    type: int
          xen:
            description: Extensions of Xen.
            type: dict
            suboptions:
              e820_host:
                description: Whether a paravirtual guest sees the host's memory map.
                type: bool
              passthrough:
                description: Whether PCI devices can be passed through.
                type: dict
                suboptions:
                  state:
                    description: Whether they can.
                    type: bool
                    required: true
                  mode:
                    description: How page tables are kept.
                    type: str
                    choices: [sync_pt, share_pt]
          pvspinlock:
            description: Whether the guest's locks tell the host that they wait.
            type: bool
          pmu:
            description: Whether the guest can count its CPU's events.
            type: bool
          vmport:
            description: Whether there is VMware's I/O port.
            type: bool
          ps2:
            description: Whether there is a PS/2 controller. Needs libvirt 10.7.
            type: bool
          smm:
            description: System management mode, which secure boot needs.
            type: dict
            suboptions:
              state:
                description: Whether the machine has it.
                type: bool
              tseg:
                description: Memory that it has, with its unit. Leave it to QEMU, if the VM starts.
                type: str
          ioapic:
            description: Who does the I/O APIC. QEMU has to, where an IOMMU remaps interrupts.
            type: str
            choices: [kvm, qemu]
          gic:
            description: Version of an ARM machine's interrupt controller.
            type: str
            choices: ['2', '3', host]
          vmcoreinfo:
            description: Whether the guest's kernel can leave words for dumps of it.
            type: bool
          async_teardown:
            description: Whether QEMU gives back memory after it has ended. Needs libvirt 9.6.
            type: bool
          ras:
            description: Whether an ARM guest is told of memory errors. Needs libvirt 10.4.
            type: bool
          tb_cache:
            description: Size of the cache of an emulated CPU's translations, with its unit, in whole MiB.
            type: str
          hpt:
            description: A pSeries guest's hash page table.
            type: dict
            suboptions:
              resizing:
                description: Whether it can be resized.
                type: str
                choices: [enabled, disabled, required]
              maxpagesize:
                description: The largest pages in it, with its unit.
                type: str
          htm:
            description: Whether a pSeries guest has transactional memory.
            type: bool
          nested_hv:
            description: Whether a pSeries guest can have guests of its own.
            type: bool
          ccf_assist:
            description: Whether a pSeries guest has help in flushing the count cache.
            type: bool
          cfpc:
            description: A pSeries guest's cache flush when privileges change.
            type: str
            choices: [broken, workaround, fixed]
          sbbc:
            description: A pSeries guest's barrier of speculation.
            type: str
            choices: [broken, workaround, fixed]
          ibs:
            description: A pSeries guest's speculation on indirect branches.
            type: str
            choices: [broken, workaround, fixed-ibs, fixed-ccd, fixed-na]
          aia:
            description: A RISC-V guest's interrupt controllers. Needs libvirt 11.1.
            type: str
            choices: [none, aplic, aplic-imsic]
          unknown_msrs:
            description: What bhyve does when the guest reads a register that there is not.
            type: str
            choices: [ignore, fault]
          capabilities:
            description: What a container's root may do.
            type: dict
            suboptions:
              policy:
                description: What holds for capabilities that are not listed.
                type: str
                choices: [default, allow, deny]
              allowed:
                description: Capabilities by name, in small letters without C(CAP_), each V(true) or V(false).
                type: dict
      clock:
        description:
          - The guest's clock, see U(https://libvirt.org/formatdomain.html#time-keeping). Changes wait for a restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          offset:
            description: What the guest's clock is set to at the start. A new VM's is V(utc), if omitted. V(variable) is what
              the guest last set it to.
            type: str
            choices: [utc, localtime, timezone, variable, absolute]
          timezone:
            description: A time zone such as V(Europe/Vienna), for O(vms[].clock.offset=timezone).
            type: str
          basis:
            description: What O(vms[].clock.adjustment) is from, for O(vms[].clock.offset=variable).
            type: str
            choices: [utc, localtime]
          adjustment:
            description: Seconds from there. libvirt writes what the guest sets. For V(utc) and V(localtime), V(reset) forgets
              that at each start.
            type: str
          start:
            description: Seconds since 1970, for O(vms[].clock.offset=absolute). Needs libvirt 8.4.
            type: int
          timers:
            description: What ticks.
            type: list
            elements: dict
            suboptions:
              name:
                description: The timer.
                type: str
                choices: [platform, hpet, kvmclock, pit, rtc, tsc, hypervclock, armvtimer]
                required: true
              present:
                description: Whether the guest has it.
                type: bool
              tickpolicy:
                description: What becomes of ticks that the guest missed.
                type: str
                choices: [delay, catchup, merge, discard]
              track:
                description: What it follows, for V(rtc) and V(platform).
                type: str
                choices: [boot, guest, wall, realtime]
              frequency:
                description: Ticks a second, for V(tsc).
                type: int
              mode:
                description: Who does it, for V(tsc).
                type: str
                choices: [auto, native, emulate, paravirt, smpsafe]
              catchup:
                description: Bounds of O(vms[].clock.timers[].tickpolicy=catchup), in ticks.
                type: dict
                suboptions:
                  threshold:
                    description: How many it has to be behind.
                    type: int
                  slew:
                    description: How many more it makes at once.
                    type: int
                  limit:
                    description: How many are made up for at most.
                    type: int
      pm:
        description:
          - What the firmware offers the guest, see U(https://libvirt.org/formatdomain.html#power-management). Changes wait
            for a restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          suspend_to_mem:
            description: Whether it can sleep.
            type: bool
          suspend_to_disk:
            description: Whether it can hibernate.
            type: bool
      cputune:
        description:
          - Which CPUs of the host the VM runs on and how much of them it gets, see
            U(https://libvirt.org/formatdomain.html#cpu-tuning).
          - Shares, periods, quotas and pins are changed live; what returns to libvirt's default by V(null) waits for a
            restart, but for quotas.
        type: dict
        version_added: 0.2.0
        suboptions:
          shares:
            description: The VM's part of CPU time, beside that of others; 2 to 262144 with cgroups v1, 1 to 10000 with v2.
            type: int
          period:
            description: Microseconds, from 1000 to 1000000, in which each virtual CPU is counted.
            type: int
          quota:
            description: Microseconds that each virtual CPU may run in such a period; V(-1) is without bounds.
            type: int
          global_period:
            description: Microseconds, from 1000 to 1000000, in which the VM as a whole is counted.
            type: int
          global_quota:
            description: Microseconds that the VM as a whole may run in such a period; V(-1) is without bounds.
            type: int
          emulator_period:
            description: Microseconds, from 1000 to 1000000, in which QEMU beside virtual CPUs and I/O threads is counted.
            type: int
          emulator_quota:
            description: Microseconds that QEMU beside virtual CPUs and I/O threads may run in such a period; V(-1) is without
              bounds.
            type: int
          iothread_period:
            description: Microseconds, from 1000 to 1000000, in which each I/O thread is counted.
            type: int
          iothread_quota:
            description: Microseconds that each I/O thread may run in such a period; V(-1) is without bounds.
            type: int
          vcpupins:
            description: Virtual CPUs that run on certain CPUs of the host.
            type: list
            elements: dict
            suboptions:
              vcpu:
                description: Number of the virtual CPU, from 0.
                type: int
                required: true
              cpuset:
                description: CPUs of the host, such as V(0-3,8) or V(0-7,^5).
                type: str
                required: true
          emulatorpin:
            description: CPUs of the host that the rest of QEMU runs on.
            type: str
          iothreadpins:
            description: I/O threads that run on certain CPUs of the host.
            type: list
            elements: dict
            suboptions:
              iothread:
                description: Number of the I/O thread, from 1.
                type: int
                required: true
              cpuset:
                description: CPUs of the host.
                type: str
                required: true
          vcpuscheds:
            description: Virtual CPUs with a scheduling of their own; waits for a restart.
            type: list
            elements: dict
            suboptions:
              vcpus:
                description: Their numbers, such as V(0-1).
                type: str
                required: true
              scheduler:
                description: How it is scheduled by the host.
                type: str
                choices: [batch, idle, fifo, rr]
                required: true
              priority:
                description: From 1 to 99, for V(fifo) and V(rr).
                type: int
          iothreadscheds:
            description: I/O threads with a scheduling of their own; waits for a restart.
            type: list
            elements: dict
            suboptions:
              iothreads:
                description: Their numbers, such as V(1-2).
                type: str
                required: true
              scheduler:
                description: How it is scheduled by the host.
                type: str
                choices: [batch, idle, fifo, rr]
                required: true
              priority:
                description: From 1 to 99, for V(fifo) and V(rr).
                type: int
          emulatorsched:
            description: The rest of QEMU's scheduling; waits for a restart.
            type: dict
            suboptions:
              scheduler:
                description: How it is scheduled by the host.
                type: str
                choices: [batch, idle, fifo, rr]
                required: true
              priority:
                description: From 1 to 99, for V(fifo) and V(rr).
                type: int
          cachetunes:
            description: Parts of the host's cache that virtual CPUs have for themselves, by resctrl; waits for a restart.
            type: list
            elements: dict
            suboptions:
              vcpus:
                description: Numbers of the virtual CPUs.
                type: str
                required: true
              caches:
                description: The parts.
                type: list
                elements: dict
                suboptions:
                  id:
                    description: Number of the host's cache.
                    type: int
                    required: true
                  level:
                    description: Level of the cache.
                    type: int
                    required: true
                  type:
                    description: For what it is.
                    type: str
                    choices: [both, code, data]
                    required: true
                  size:
                    description: Its size with a unit.
                    type: str
                    required: true
              monitors:
                description: Whose use of the cache is counted.
                type: list
                elements: dict
                suboptions:
                  level:
                    description: Level of the cache.
                    type: int
                    required: true
                  vcpus:
                    description: Numbers of the virtual CPUs.
                    type: str
                    required: true
          memorytunes:
            description: Parts of the host's memory bandwidth, by resctrl; waits for a restart.
            type: list
            elements: dict
            suboptions:
              vcpus:
                description: Numbers of the virtual CPUs.
                type: str
                required: true
              nodes:
                description: The parts.
                type: list
                elements: dict
                suboptions:
                  id:
                    description: Number of the host's NUMA node.
                    type: int
                    required: true
                  bandwidth:
                    description: Per cent.
                    type: int
                    required: true
              monitors:
                description: Whose use of memory is counted.
                type: list
                elements: dict
                suboptions:
                  vcpus:
                    description: Numbers of the virtual CPUs.
                    type: str
                    required: true
      numatune:
        description:
          - Which of the host's NUMA nodes the memory is from, see U(https://libvirt.org/formatdomain.html#numa-node-tuning).
            But for the node set, changes wait for a restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          memory:
            description: All of its memory.
            type: dict
            suboptions:
              mode:
                description: Whether it must be there, should be, or is spread.
                type: str
                choices: [strict, preferred, interleave, restrictive]
              nodeset:
                description: The host's NUMA nodes, such as V(0-1). Changed live for V(strict) and V(restrictive).
                type: str
              placement:
                description: Whether they are those of the nodeset, or V(auto), chosen by numad.
                type: str
                choices: [static, auto]
          memnodes:
            description: Memory of NUMA nodes of the guest.
            type: list
            elements: dict
            suboptions:
              cellid:
                description: Number of the guest's node.
                type: int
                required: true
              mode:
                description: As for all of it.
                type: str
                choices: [strict, preferred, interleave, restrictive]
                required: true
              nodeset:
                description: The host's NUMA nodes.
                type: str
                required: true
      memtune:
        description:
          - Bounds of what the VM takes of the host's memory, changed live, see
            U(https://libvirt.org/formatdomain.html#memory-tuning).
        type: dict
        version_added: 0.2.0
        suboptions:
          hard_limit:
            description: What QEMU and the guest's memory may take together at most, with its unit. Too little has the host
              kill the VM.
            type: str
          soft_limit:
            description: What the VM is held to when the host is short of memory, with its unit.
            type: str
          swap_hard_limit:
            description: Memory and swap together, with its unit.
            type: str
          min_guarantee:
            description: What the VM always has, with its unit. Not for QEMU; waits for a restart.
            type: str
      memory_backing:
        description:
          - What of the host the memory is made of, see U(https://libvirt.org/formatdomain.html#memory-backing). Changes wait
            for a restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          hugepages:
            description: Whether the memory is of huge pages, which the host must have set aside.
            type: bool
          pages:
            description: Sizes of these, where they are not the host's usual one.
            type: list
            elements: dict
            suboptions:
              size:
                description: Size of a page with its unit, V(2MiB) or V(1GiB).
                type: str
                required: true
              nodeset:
                description: The guest's NUMA nodes that have them. All others, if omitted.
                type: str
          nosharepages:
            description: Whether the host does not look for equal pages of it.
            type: bool
          locked:
            description: Whether it is never swapped out. Set O(vms[].memtune.hard_limit), too.
            type: bool
          source:
            description: What it is of. virtiofs and vhost-user need V(memfd) or V(file), and O(vms[].memory_backing.access=shared).
            type: str
            choices: [anonymous, file, memfd]
          access:
            description: Whether other processes can share it.
            type: str
            choices: [shared, private]
          allocation:
            description: When it is taken from the host.
            type: dict
            suboptions:
              mode:
                description: At the start, or when the guest needs it.
                type: str
                choices: [immediate, ondemand]
              threads:
                description: Number of threads that do it at the start. Needs libvirt 8.2.
                type: int
          discard:
            description: Whether it is thrown away before a file that holds it is closed.
            type: bool
      blkiotune:
        description:
          - How much of the host's disks the VM gets, changed live, see
            U(https://libvirt.org/formatdomain.html#block-i-o-tuning).
        type: dict
        version_added: 0.2.0
        suboptions:
          weight:
            description: From 10 to 1000, the VM's part beside that of others; needs a scheduler of the host that knows
              weights.
            type: int
          devices:
            description: Disks of the host.
            type: list
            elements: dict
            suboptions:
              path:
                description: Absolute path of the device.
                type: str
                required: true
              weight:
                description: From 10 to 1000; needs a scheduler of the host that knows weights.
                type: int
              read_bytes_sec:
                description: Read a second, with a unit.
                type: str
              write_bytes_sec:
                description: Written a second, with a unit.
                type: str
              read_iops_sec:
                description: Reads a second.
                type: int
              write_iops_sec:
                description: Writes a second.
                type: int
      iothreads:
        description:
          - Number of I/O threads, changed live, see U(https://libvirt.org/formatdomain.html#iothreads-allocation). V(null)
            removes them. Disks say which of them they use.
        type: int
        version_added: 0.2.0
      iothreadids:
        description:
          - The I/O threads one by one, changed live; O(vms[].iothreads) is then as many as there are here.
        type: list
        elements: dict
        version_added: 0.2.0
        suboptions:
          id:
            description: Number of the thread, from 1.
            type: int
            required: true
          thread_pool_min:
            description: The least of worker threads. Needs libvirt 8.5.
            type: int
          thread_pool_max:
            description: The most of worker threads. Needs libvirt 8.5.
            type: int
          poll:
            description: How long it looks for work before it sleeps. Needs libvirt 9.4.
            type: dict
            suboptions:
              max:
                description: Nanoseconds at most.
                type: int
              grow:
                description: What the time is multiplied with.
                type: int
              shrink:
                description: What the time is divided by.
                type: int
      defaultiothread:
        description:
          - QEMU's main thread, which does the work of disks that have no other. Needs libvirt 8.5. Changes wait for a
            restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          thread_pool_min:
            description: The least of worker threads. Needs libvirt 8.5.
            type: int
          thread_pool_max:
            description: The most of worker threads. Needs libvirt 8.5.
            type: int
      throttlegroups:
        description:
          - Bounds that disks can share, see U(https://libvirt.org/formatdomain.html#throttle-group-management). Changed live.
            Needs libvirt 11.2.
        type: list
        elements: dict
        version_added: 0.2.0
        suboptions:
          group_name:
            description: Name of the group.
            type: str
            required: true
          total_bytes_sec:
            description: Read and written a second, with a unit.
            type: str
          read_bytes_sec:
            description: Read a second, with a unit.
            type: str
          write_bytes_sec:
            description: Written a second, with a unit.
            type: str
          total_iops_sec:
            description: Operations a second.
            type: int
          read_iops_sec:
            description: Reads a second.
            type: int
          write_iops_sec:
            description: Writes a second.
            type: int
          total_bytes_sec_max:
            description: Read and written a second in a burst.
            type: str
          read_bytes_sec_max:
            description: Read a second in a burst.
            type: str
          write_bytes_sec_max:
            description: Written a second in a burst.
            type: str
          total_iops_sec_max:
            description: Operations a second in a burst.
            type: int
          read_iops_sec_max:
            description: Reads a second in a burst.
            type: int
          write_iops_sec_max:
            description: Writes a second in a burst.
            type: int
          size_iops_sec:
            description: Size of an operation, with a unit; larger ones count as several.
            type: str
          total_bytes_sec_max_length:
            description: Seconds that such a burst may last.
            type: int
          read_bytes_sec_max_length:
            description: Seconds that such a burst may last.
            type: int
          write_bytes_sec_max_length:
            description: Seconds that such a burst may last.
            type: int
          total_iops_sec_max_length:
            description: Seconds that such a burst may last.
            type: int
          read_iops_sec_max_length:
            description: Seconds that such a burst may last.
            type: int
          write_iops_sec_max_length:
            description: Seconds that such a burst may last.
            type: int
      resource:
        description:
          - Where the VM belongs, see U(https://libvirt.org/formatdomain.html#resource-partitioning). Changes wait for a
            restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          partition:
            description: Group of the host's VMs that it is counted in, such as V(/machine/production), which must be there.
            type: str
          fibrechannel_appid:
            description: What its traffic is called in a Fibre Channel network.
            type: str
      perf:
        description:
          - Events of the host's CPU that are counted for the VM, by name, each V(true) or V(false).
          - C(virsh domstats --perf) tells them. Changed live. See
            U(https://libvirt.org/formatdomain.html#performance-monitoring-events) for their names.
        type: dict
        version_added: 0.2.0
      launch_security:
        description:
          - Keeps the guest's memory from the host, see U(https://libvirt.org/formatdomain.html#launch-security). Needs such a
            CPU. Changes wait for a restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          type:
            description: How the memory is kept from the host. V(sev-snp) needs libvirt 10.5, V(tdx) 11.6.
            type: str
            choices: [sev, sev-snp, s390-pv, tdx]
            required: true
          policy:
            description: What the guest allows, as a number of bits such as V(0x0003).
            type: str
          cbitpos:
            description: Which bit of an address says that a page is encrypted. libvirt finds out, if omitted.
            type: int
          reduced_phys_bits:
            description: By how many bits addresses get shorter. libvirt finds out, if omitted.
            type: int
          kernel_hashes:
            description: Whether a directly started kernel is measured, too.
            type: bool
          dh_cert:
            description: The owner's key, for V(sev), in Base64.
            type: str
          session:
            description: The owner's session, for V(sev), in Base64.
            type: str
          guest_visible_workarounds:
            description: What the hypervisor tells the guest of workarounds, for V(sev-snp), in Base64.
            type: str
          id_block:
            description: The block that names the guest, for V(sev-snp), in Base64.
            type: str
          id_auth:
            description: What proves this block, for V(sev-snp), in Base64.
            type: str
          host_data:
            description: Data of the host's that attestation shows, for V(sev-snp), in Base64.
            type: str
          author_key:
            description: Whether that proof has an author's key, for V(sev-snp).
            type: bool
          vcek:
            description: Whether the chip's own key signs the attestation, for V(sev-snp).
            type: bool
          mr_config_id:
            description: Identifier of the guest's configuration, for V(tdx), in Base64.
            type: str
          mr_owner:
            description: Identifier of its owner, for V(tdx), in Base64.
            type: str
          mr_owner_config:
            description: Identifier of the owner's configuration, for V(tdx), in Base64.
            type: str
      keywrap:
        description:
          - Whether an s390 guest's keys can be wrapped by the machine, see U(https://libvirt.org/formatdomain.html#key-wrap).
            Changes wait for a restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          aes:
            description: AES keys.
            type: bool
          dea:
            description: DEA keys.
            type: bool
      seclabels:
        description:
          - What the host's security drivers (SELinux, AppArmor, owners of files) call the VM, see
            U(https://libvirt.org/formatdomain.html#security-label). Changes wait for a restart.
        type: list
        elements: dict
        version_added: 0.2.0
        suboptions:
          type:
            description: Whether libvirt makes the label at each start, it is the one given here, or there is none.
            type: str
            choices: [dynamic, static, none]
            required: true
          model:
            description: The security driver. It is the host's first one, if omitted.
            type: str
          relabel:
            description: Whether the VM's files get labels as well.
            type: bool
          label:
            description: The label, for V(static).
            type: str
          baselabel:
            description: What libvirt's own is made from, for V(dynamic).
            type: str
      idmap:
        description:
          - Which users of the host a container's users are. Changes wait for a restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          uids:
            description: Users.
            type: list
            elements: dict
            suboptions:
              start:
                description: The first number in the container.
                type: int
                required: true
              target:
                description: Which number of the host it is.
                type: int
                required: true
              count:
                description: How many.
                type: int
                required: true
          gids:
            description: Groups.
            type: list
            elements: dict
            suboptions:
              start:
                description: The first number in the container.
                type: int
                required: true
              target:
                description: Which number of the host it is.
                type: int
                required: true
              count:
                description: How many.
                type: int
                required: true
      on_poweroff:
        description:
          - What happens when the guest shuts itself down. It is V(destroy), which ends the VM, by default.
          - This and the next two are changed live, see U(https://libvirt.org/formatdomain.html#events-configuration).
        type: str
        choices: [destroy, restart, preserve]
        version_added: 0.2.0
      on_reboot:
        description: What happens when the guest reboots itself. It is V(restart) by default.
        type: str
        choices: [destroy, restart, preserve]
        version_added: 0.2.0
      on_crash:
        description: What happens when the guest crashes. It is V(destroy) by default.
        type: str
        choices: [destroy, restart, preserve, coredump-destroy, coredump-restart]
        version_added: 0.2.0
      disks:
        description:
          - The disks. Each says by one of O(vms[].disks[].image), O(vms[].disks[].volume), O(vms[].disks[].file), O(vms[].disks[].block),
            O(vms[].disks[].network), O(vms[].disks[].pool_volume), O(vms[].disks[].directory), O(vms[].disks[].nvme), O(vms[].disks[].vhost_user) or
            O(vms[].disks[].vhost_vdpa) where its data is.
          - A disk is known by its name, never by its place in the list. A disk that is no longer listed is unplugged;
            its data stays.
          - While the guest runs, disks on the buses virtio, scsi and usb come and go, a CD-ROM's medium and
            O(vms[].disks[].iotune) change, and O(vms[].disks[].size) grows, all at once. The rest waits for the next start.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the disk. The volume's or image's name, or the file's without its ending, if omitted. A drive whose
                media change is named after its device, V(cdrom). Null for a disk that others made without one,
                which its target or serial tells.
            type: str
          image:
            description:
              - Name of an image. The VM gets a volume of its own on top of it, V(VM.DISK.qcow2).
            type: str
          clone:
            version_added: 0.2.0
            description:
              - How that volume is made. V(overlay) keeps what differs from the image, which has to stay; V(full) is a copy of
                all of it. It is V(overlay), if omitted, and cannot change later.
            type: str
            choices: [overlay, full]
          volume:
            description: Name of a volume.
            type: str
          pool:
            description: Pool of the volume. It is V(default), if omitted.
            type: str
          size:
            description:
              - Size of the volume on top of an image, with its unit. It is the image's, if omitted. It may grow later, in
                the running guest, too.
            type: str
          file:
            description: Absolute path of a disk image on the compute host. V(null) takes the medium out of a drive.
            type: str
          block:
            version_added: 0.2.0
            description: Path of a block device of the compute host, below C(/dev).
            type: str
          network:
            version_added: 0.2.0
            description:
              - Data that QEMU reads from other hosts,
                see U(https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).
            type: dict
            suboptions: *network_source
          pool_volume:
            version_added: 0.2.0
            description:
              - A volume that libvirt looks up when the VM starts. O(vms[].disks[].volume) names its path in the definition,
                which snapshots can follow.
            type: dict
            suboptions:
              pool:
                description: Name of the pool.
                type: str
                required: true
              volume:
                description: Name of the volume.
                type: str
                required: true
              mode:
                description: Whether a volume of an iSCSI pool is reached through the host's device or by QEMU itself.
                type: str
                choices: [host, direct]
          directory:
            version_added: 0.2.0
            description:
              - Absolute path of a directory that the guest sees as a disk with a FAT file system; for floppies and small
                disks that are only read.
            type: str
          nvme:
            version_added: 0.2.0
            description:
              - A namespace of an NVMe drive that QEMU takes from the host and drives itself, see
                U(https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).
            type: dict
            suboptions:
              address:
                description: The drive's PCI address on the host.
                type: dict
                required: true
                suboptions:
                  domain:
                    description: Number of the domain, V(0) if omitted.
                    type: int
                  bus:
                    description: Number of the bus.
                    type: int
                    required: true
                  slot:
                    description: Number of the slot.
                    type: int
                    required: true
                  function:
                    description: Number of the function, V(0) if omitted.
                    type: int
              namespace:
                description: Number of the namespace, from 1.
                type: int
                required: true
              managed:
                description: Whether libvirt takes the drive from the host's driver and gives it back.
                type: bool
          vhost_user:
            version_added: 0.2.0
            description: The socket of a process that serves the disk. The VM's memory has to be shared.
            type: dict
            suboptions:
              path:
                description: Absolute path of the socket.
                type: str
                required: true
              reconnect:
                description: What becomes of a lost connection.
                type: dict
                suboptions:
                  enabled:
                    description: Whether QEMU connects again.
                    type: bool
                    required: true
                  timeout:
                    description: Seconds between two tries.
                    type: int
          vhost_vdpa:
            version_added: 0.2.0
            description: Path of a vDPA device of the compute host, for example V(/dev/vhost-vdpa-0) (since libvirt 9.8).
            type: str
          startup_policy:
            version_added: 0.2.0
            description:
              - What becomes of a start without the data. V(mandatory), which it is if omitted, is an error. V(optional)
                leaves the drive empty, V(requisite) does so after a migration or a restore only.
            type: str
            choices: [mandatory, requisite, optional]
          encryption:
            version_added: 0.2.0
            description:
              - How the data is encrypted, see U(https://libvirt.org/formatstorageencryption.html). The guest sees it in
                the clear.
            type: dict
            suboptions:
              format:
                description: Format of the encryption. A V(qcow) one is of former times.
                type: str
                choices: [luks, luks2, luks-any, qcow]
                required: true
              engine:
                description: Who decrypts. It is V(qemu), if omitted; V(librbd) is for images of RBD.
                type: str
                choices: [qemu, librbd]
              secret:
                description: A secret that libvirt keeps, with the passphrase, by what it is used for or by its UUID.
                type: str
                required: true
          slice:
            version_added: 0.2.0
            description: The part of the file or device that the data is in.
            type: dict
            suboptions:
              offset:
                description: Where it begins, in bytes.
                type: int
                required: true
              size:
                description: Its size, with a unit.
                type: str
                required: true
          reservations:
            version_added: 0.2.0
            description: Persistent reservations of a SCSI device, with O(vms[].disks[].device=lun).
            type: dict
            suboptions:
              managed:
                description: Whether libvirt starts the helper that makes them.
                type: bool
                required: true
              path:
                description: Absolute path of the socket of a helper that runs.
                type: str
          data_store:
            version_added: 0.2.0
            description: Where a qcow2 image keeps its data, if not in itself (since libvirt 10.10).
            type: dict
            suboptions:
              format:
                description: Format of the data.
                type: str
                choices: [raw]
                required: true
              file:
                description: Absolute path of a file.
                type: str
              block:
                description: Path of a block device below C(/dev).
                type: str
              network:
                description: Data on other hosts, as in O(vms[].disks[].network).
                type: dict
                suboptions: *network_source
          seclabels: &seclabels
            version_added: 0.2.0
            description: How the data is labelled for the host's security drivers.
            type: list
            elements: dict
            suboptions:
              model:
                description: The security driver, for example V(selinux) or V(dac).
                type: str
                required: true
              relabel:
                description: Whether libvirt labels it. V(false) leaves the label as it is.
                type: bool
              label:
                description: The label.
                type: str
          device:
            description:
              - What the guest sees. A new one is a V(disk), if omitted. V(lun) passes SCSI commands through to a block
                device.
            type: str
            choices: [disk, cdrom, floppy, lun]
          format:
            description:
              - Format of the data. It is read from the volume, if omitted; anything else is V(raw). The file of a new disk
                that holds a qcow2 image is refused where the format is not said.
            type: str
            choices: [qcow2, raw]
          bus:
            description:
              - Bus of the device. A new disk is on V(virtio), a new CD-ROM on V(sata), if omitted. Nothing can be plugged
                into V(sata), V(ide), V(fdc) and V(sd) while the guest runs.
            type: str
            choices: [virtio, scsi, sata, ide, usb, fdc, sd]
          target:
            version_added: 0.2.0
            description:
              - Device name in the definition, such as V(vda), which also says the order of the disks on a bus. A new disk
                gets the first that is free, if omitted. Disks that others defined without a name are known by it.
            type: str
          cache:
            description: Cache mode, see U(https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).
            type: str
            choices: [none, writeback, writethrough, directsync, unsafe]
          io:
            version_added: 0.2.0
            description: How QEMU reads and writes. V(native) goes with O(vms[].disks[].cache=none) or V(directsync).
            type: str
            choices: [threads, native, io_uring]
          discard:
            description: Whether the guest's discards free space on the host. A new disk has V(unmap), if omitted.
            type: str
            choices: [unmap, ignore]
          detect_zeroes:
            version_added: 0.2.0
            description: Whether blocks of zeros are stored as holes; V(unmap) also frees the space.
            type: str
            choices: ['off', 'on', unmap]
          serial:
            description: Serial number that the guest sees.
            type: str
          wwn:
            version_added: 0.2.0
            description: World wide name that the guest sees, 16 hexadecimal digits, on V(scsi), V(sata) or V(ide).
            type: str
          read_only:
            description: Whether the guest can only read.
            type: bool
          shared:
            version_added: 0.2.0
            description:
              - Whether several VMs write to it, each of which says so. The data must be raw, and the guests must agree
                among themselves (a cluster's file system).
            type: bool
          boot_order:
            description: Place in the order of boot devices, from 1.
            type: int
          boot_loadparm:
            version_added: 0.2.0
            description: Parameter for the boot loader of s390 guests, up to 8 letters and digits.
            type: str
          driver:
            version_added: 0.2.0
            description:
              - How QEMU works on the data, see U(https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms).
                Changes wait for a restart.
            type: dict
            suboptions:
              name:
                description: Name of the driver. It is V(qemu) with QEMU, if omitted.
                type: str
              error_policy:
                description:
                  - What becomes of an error in writing. V(enospace) stops the guest where the host has no space left, and
                    reports the rest to it.
                type: str
                choices: [stop, report, ignore, enospace]
              rerror_policy:
                description: What becomes of an error in reading.
                type: str
                choices: [stop, report, ignore]
              copy_on_read:
                description: Whether what is read from a backing file is kept in the overlay.
                type: bool
              discard_no_unref:
                description: Whether discarded clusters of a qcow2 image keep their place in it (since libvirt 9.5).
                type: bool
              event_idx:
                description: Whether the guest is interrupted less often.
                type: bool
              ioeventfd:
                description: Whether requests are handled outside of the virtual CPU's thread.
                type: bool
              queues:
                description: Number of queues.
                type: int
              queue_size:
                description: Number of requests in a queue, a power of two.
                type: int
              iothread:
                description: Number of the I/O thread that serves the disk.
                type: int
              iothreads:
                description: The I/O threads that serve it, where they are several (since libvirt 10.0).
                type: list
                elements: dict
                suboptions:
                  id:
                    description: Number of the thread, from 1.
                    type: int
                    required: true
                  queues:
                    description: Numbers of the queues that are this thread's, from 0. Say all queues, or none.
                    type: list
                    elements: int
              metadata_cache:
                description: Cache for the tables of a qcow2 image.
                type: dict
                suboptions:
                  max_size:
                    description: Its size, with a unit.
                    type: str
              iommu:
                description: Whether the guest's IOMMU, if it has one, is between the device and the guest's memory.
                type: bool
              ats:
                description: Whether the device keeps translations of addresses, for the sake of the IOMMU.
                type: bool
              packed:
                description: Whether its queues are packed ones, which take less of the bus.
                type: bool
              page_per_vq:
                description: Whether each queue's notifications have a page of their own.
                type: bool
          blockio:
            version_added: 0.2.0
            description: Sizes that the guest takes the device's blocks for.
            type: dict
            suboptions:
              logical_block_size:
                description: Least amount that is read or written, in bytes.
                type: int
              physical_block_size:
                description: Amount that is written at once, in bytes.
                type: int
              discard_granularity:
                description: Least amount that is discarded, in bytes (since libvirt 10.2).
                type: int
          geometry:
            version_added: 0.2.0
            description: What guests of former times take the disk's plates for.
            type: dict
            suboptions:
              cyls:
                description: Number of cylinders.
                type: int
                required: true
              heads:
                description: Number of heads.
                type: int
                required: true
              secs:
                description: Number of sectors a track.
                type: int
                required: true
              trans:
                description: How the BIOS translates them.
                type: str
                choices: [auto, none, lba]
          model:
            version_added: 0.2.0
            description:
              - Kind of a virtio disk. V(virtio-transitional) also serves drivers of former times,
                V(virtio-non-transitional) does not.
            type: str
            choices: [virtio, virtio-transitional, virtio-non-transitional]
          vendor:
            version_added: 0.2.0
            description: Name of a vendor that the guest sees, up to 8 characters, on V(scsi).
            type: str
          product:
            version_added: 0.2.0
            description: Name of a product that the guest sees, up to 16 characters on V(scsi), 40 on V(sata) and V(ide).
            type: str
          rotation_rate:
            version_added: 0.2.0
            description: Rotations a minute that the guest sees, on V(scsi), V(sata) and V(ide); V(1) is a solid state drive.
            type: int
          removable:
            version_added: 0.2.0
            description: Whether a disk on V(usb) looks like a stick.
            type: bool
          tray:
            version_added: 0.2.0
            description: Whether the tray of a V(cdrom) or V(floppy) drive is open when the guest starts.
            type: str
            choices: [open, closed]
          transient:
            version_added: 0.2.0
            description: Whether what the guest writes is thrown away when it stops.
            type: bool
          transient_share_backing:
            version_added: 0.2.0
            description: Whether several VMs may use the data of a transient disk at once.
            type: bool
          raw_io:
            version_added: 0.2.0
            description: Whether QEMU gets the right to raw I/O, with O(vms[].disks[].device=lun).
            type: bool
          snapshot:
            version_added: 0.2.0
            description: What snapshots of the VM do with the disk by default.
            type: str
            choices: [internal, external, 'no', manual]
          throttle_filters:
            version_added: 0.2.0
            description: Names of groups of the VM whose bounds the disk shares (since libvirt 11.2).
            type: list
            elements: str
          backend_domain:
            version_added: 0.2.0
            description: Name of the domain that serves the disk, for Xen.
            type: str
          acpi_index: &acpi_index
            version_added: 0.2.0
            description: Number by which the firmware tells the guest of a PCI device, which systemd names it after, for example C(enoINDEX).
            type: int
          device_address: &device_address
            version_added: 0.2.0
            description:
              - Where the guest finds the device, see U(https://libvirt.org/formatdomain.html#device-addresses). libvirt chooses
                a place, if omitted, and keeps it. Numbers may be written in hexadecimal digits, for example C(0x1f).
            type: dict
            suboptions: &device_address_parts
              type:
                description: Kind of the bus, which says what else the address consists of.
                type: str
                choices: [pci, drive, virtio-serial, ccid, usb, spapr-vio, ccw, isa, dimm, virtio-mmio, unassigned]
                required: true
              domain:
                description: Number of the domain of V(pci).
                type: int
              bus:
                description: Number of the bus, of V(pci), V(drive), V(virtio-serial) and V(usb).
                type: int
              slot:
                description: Number of the slot, of V(pci), V(ccid) and V(dimm).
                type: int
              function:
                description: Number of the function, of V(pci).
                type: int
              multifunction:
                description: Whether further devices are on other functions of this slot, of V(pci).
                type: bool
              zpci:
                description: Identifiers of a PCI device of s390 guests.
                type: dict
                suboptions:
                  uid:
                    description: The user-defined identifier.
                    type: int
                  fid:
                    description: The function's identifier.
                    type: int
              controller:
                description: Index of the controller, of V(drive), V(virtio-serial) and V(ccid).
                type: int
              target:
                description: Number of the target, of V(drive).
                type: int
              unit:
                description: Number of the unit, of V(drive).
                type: int
              port:
                description: Number of the port, of V(virtio-serial) and V(usb); behind hubs of USB with dots, for example V('1.2').
                type: str
              cssid:
                description: Number of the channel subsystem, of V(ccw).
                type: int
              ssid:
                description: Number of the subchannel set, of V(ccw).
                type: int
              devno:
                description: Number of the device, of V(ccw).
                type: int
              reg:
                description: Register, of V(spapr-vio).
                type: int
              iobase:
                description: First I/O port, of V(isa).
                type: int
              irq:
                description: Interrupt, of V(isa).
                type: int
              base:
                description: Address in the guest's memory, of V(dimm).
                type: int
          iotune:
            version_added: 0.2.0
            description:
              - Bounds of the disk's traffic, changed live. A total does not go together with bounds of reading and writing.
                V(null) removes all of them.
            type: dict
            suboptions:
              total_bytes_sec:
                description: Read and written a second, with a unit, for example V(20MiB).
                type: str
              read_bytes_sec:
                description: Read a second, with a unit, for example V(20MiB).
                type: str
              write_bytes_sec:
                description: Written a second, with a unit, for example V(20MiB).
                type: str
              total_iops_sec:
                description: Operations a second, all of them.
                type: int
              read_iops_sec:
                description: Operations a second, reads.
                type: int
              write_iops_sec:
                description: Operations a second, writes.
                type: int
              total_bytes_sec_max:
                description: The same for a burst, C(total_bytes_sec_max).
                type: str
              read_bytes_sec_max:
                description: The same for a burst, C(read_bytes_sec_max).
                type: str
              write_bytes_sec_max:
                description: The same for a burst, C(write_bytes_sec_max).
                type: str
              total_iops_sec_max:
                description: The same for a burst, C(total_iops_sec_max).
                type: int
              read_iops_sec_max:
                description: The same for a burst, C(read_iops_sec_max).
                type: int
              write_iops_sec_max:
                description: The same for a burst, C(write_iops_sec_max).
                type: int
              size_iops_sec:
                description: Size of the requests that count as one, with a unit; larger ones count as several.
                type: str
              group_name:
                description: Disks of the VM with the same group name share the bounds.
                type: str
              total_bytes_sec_max_length:
                description: Seconds that a burst of bytes may last, C(total_bytes_sec_max_length).
                type: int
              read_bytes_sec_max_length:
                description: Seconds that a burst of bytes may last, C(read_bytes_sec_max_length).
                type: int
              write_bytes_sec_max_length:
                description: Seconds that a burst of bytes may last, C(write_bytes_sec_max_length).
                type: int
              total_iops_sec_max_length:
                description: Seconds that a burst of operations may last, C(total_iops_sec_max_length).
                type: int
              read_iops_sec_max_length:
                description: Seconds that a burst of operations may last, C(read_iops_sec_max_length).
                type: int
              write_iops_sec_max_length:
                description: Seconds that a burst of operations may last, C(write_iops_sec_max_length).
                type: int
      interfaces:
        description:
          - The network interfaces. Each says by one of O(vms[].interfaces[].network), O(vms[].interfaces[].bridge), O(vms[].interfaces[].direct),
            O(vms[].interfaces[].user), O(vms[].interfaces[].ethernet), O(vms[].interfaces[].vhost_user), O(vms[].interfaces[].vdpa),
            O(vms[].interfaces[].hostdev), O(vms[].interfaces[].udp), O(vms[].interfaces[].mcast), O(vms[].interfaces[].server) or
            O(vms[].interfaces[].client) what it is plugged into.
          - An interface is known by its name, then by its MAC, never by its place in the list.
          - While the guest runs, interfaces come and go, and O(vms[].interfaces[].network), O(vms[].interfaces[].bridge),
            O(vms[].interfaces[].link), O(vms[].interfaces[].bandwidth), O(vms[].interfaces[].filter), O(vms[].interfaces[].isolated) and
            O(vms[].interfaces[].vlan) change while the guest keeps its card. For a change of the others the card is unplugged and
            plugged in again.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the interface. That of what it is plugged into, if omitted. Null for one that others made without a
                name,
                which its MAC tells.
            type: str
          network:
            description: Name of a libvirt network.
            type: str
          bridge:
            description: Name of a bridge of the host.
            type: str
          direct:
            version_added: 0.2.0
            description: A network device of the host, by macvtap.
            type: dict
            suboptions:
              dev:
                description: Name of the device.
                type: str
                required: true
              mode:
                description:
                  - How guests on the device reach each other, see
                    U(https://libvirt.org/formatdomain.html#direct-attachment-to-physical-interface). It is V(vepa) for
                    libvirt, if omitted.
                type: str
                choices: [vepa, bridge, private, passthrough]
          user:
            version_added: 0.2.0
            description: Whether it is QEMU's own network stack, which reaches outward only.
            type: bool
          ethernet:
            version_added: 0.2.0
            description:
              - A tap device that something else on the compute host connects. What is said here is set at the host's end.
            type: dict
            suboptions:
              ips:
                description: Addresses.
                type: list
                elements: dict
                suboptions: &interface_ips
                  address:
                    description: IP address.
                    type: str
                    required: true
                  prefix:
                    description: Length of the network's prefix.
                    type: int
                  family:
                    description: Family of the address. It follows from the address.
                    type: str
                    choices: [ipv4, ipv6]
                  peer:
                    description: Address of the guest's end.
                    type: str
              routes:
                description: Routes.
                type: list
                elements: dict
                suboptions: &interface_routes
                  address:
                    description: Address of the network.
                    type: str
                    required: true
                  prefix:
                    description: Length of its prefix.
                    type: int
                  family:
                    description: Family of the address. It follows from the address.
                    type: str
                    choices: [ipv4, ipv6]
                  gateway:
                    description: Address of the gateway.
                    type: str
                    required: true
                  metric:
                    description: The route's metric.
                    type: int
          vhost_user:
            version_added: 0.2.0
            description:
              - A socket by which a switch in another process, such as Open vSwitch with DPDK, serves the interface. The
                VM's memory has to be shared.
            type: dict
            suboptions:
              path:
                description: Absolute path of the socket. None with V(passt) as O(vms[].interfaces[].backend).
                type: str
              mode:
                description: Whether QEMU listens at the socket or connects to it.
                type: str
                choices: [client, server]
              reconnect:
                description: What becomes of a lost connection, with V(client).
                type: dict
                suboptions:
                  enabled:
                    description: Whether QEMU connects again.
                    type: bool
                    required: true
                  timeout:
                    description: Seconds between two tries.
                    type: int
          vdpa:
            version_added: 0.2.0
            description: A vDPA device of the compute host.
            type: dict
            suboptions:
              dev:
                description: Path of the device, for example V(/dev/vhost-vdpa-0).
                type: str
                required: true
          hostdev:
            version_added: 0.2.0
            description: A PCI function of the compute host, such as a virtual function of a network card, given to the guest.
            type: dict
            suboptions:
              address:
                description: Its PCI address on the host.
                type: dict
                required: true
                suboptions:
                  domain:
                    description: Number of the domain, V(0) if omitted.
                    type: int
                  bus:
                    description: Number of the bus.
                    type: int
                    required: true
                  slot:
                    description: Number of the slot.
                    type: int
                    required: true
                  function:
                    description: Number of the function, V(0) if omitted.
                    type: int
              managed:
                description: Whether libvirt takes it from the host's driver and gives it back.
                type: bool
          udp:
            version_added: 0.2.0
            description: A UDP tunnel to another VM.
            type: dict
            suboptions:
              address:
                description: Address of the other end.
                type: str
                required: true
              port:
                description: Port of the other end.
                type: int
                required: true
              local:
                description: This end.
                type: dict
                required: true
                suboptions:
                  address:
                    description: Address of the compute host.
                    type: str
                    required: true
                  port:
                    description: Port.
                    type: int
                    required: true
          mcast:
            version_added: 0.2.0
            description: A multicast group that VMs are connected by. Whoever is on the network can take part.
            type: dict
            suboptions:
              address:
                description: Address of the group.
                type: str
                required: true
              port:
                description: Port.
                type: int
                required: true
          server:
            version_added: 0.2.0
            description: A TCP port at which another VM with O(vms[].interfaces[].client) connects.
            type: dict
            suboptions:
              address:
                description: Address of the compute host. It is any of them, if omitted.
                type: str
              port:
                description: Port.
                type: int
                required: true
          client:
            version_added: 0.2.0
            description: The port of a VM with O(vms[].interfaces[].server).
            type: dict
            suboptions:
              address:
                description: Address of the other compute host.
                type: str
                required: true
              port:
                description: Port.
                type: int
                required: true
          backend:
            version_added: 0.2.0
            description:
              - What serves the host's end, see
                U(https://libvirt.org/formatdomain.html#userspace-slirp-or-passt-connection).
            type: dict
            suboptions:
              type:
                description:
                  - V(passt) is a process that needs no rights, and forwards ports (since libvirt 9.0). V(default) is what
                    QEMU itself has.
                type: str
                choices: [default, passt]
              log_file:
                description: Absolute path of a file that V(passt) writes its log to.
                type: str
              tap:
                description: Absolute path of another device in place of C(/dev/net/tun).
                type: str
              vhost:
                description: Absolute path of another device in place of C(/dev/vhost-net).
                type: str
          source_dev:
            version_added: 0.2.0
            description: Network device of the compute host that packets of O(vms[].interfaces[].user) leave by.
            type: str
          ips:
            version_added: 0.2.0
            description: Addresses that the guest's end gets with O(vms[].interfaces[].user), and that LXC sets in the guest.
            type: list
            elements: dict
            suboptions: *interface_ips
          routes:
            version_added: 0.2.0
            description: Routes that LXC sets in the guest.
            type: list
            elements: dict
            suboptions: *interface_routes
          port_forwards:
            version_added: 0.2.0
            description:
              - Ports of the compute host that lead to the guest, with V(passt) as O(vms[].interfaces[].backend) (since libvirt
                9.0).
            type: list
            elements: dict
            suboptions:
              proto:
                description: The protocol.
                type: str
                choices: [tcp, udp]
                required: true
              address:
                description: Address of the host at which it listens. It is any, if omitted.
                type: str
              dev:
                description: Network device of the host at which it listens.
                type: str
              ranges:
                description: The ports; all of them, if omitted.
                type: list
                elements: dict
                suboptions:
                  start:
                    description: First port.
                    type: int
                    required: true
                  end:
                    description: Last port. It is the first, if omitted.
                    type: int
                  to:
                    description: First port in the guest. It is the same, if omitted.
                    type: int
                  exclude:
                    description: Whether these are not forwarded.
                    type: bool
          portgroup:
            version_added: 0.2.0
            description: Portgroup of the network.
            type: str
          mac:
            description:
              - MAC address. A new interface gets one that follows from the names of VM and interface, if omitted, so
                that a rebuilt VM keeps its address. An existing one keeps its own.
            type: str
          address:
            description:
              - IP address on the network, without a prefix length. The network's DHCP reservation and DNS name follow it,
                live; the guest takes it when it next asks for its lease.
              - V(pool) takes a free one of the C(address_pool) of the network, and keeps it until the VM is removed (since
                0.2.0).
              - The DNS name is the VM's; a second address of the VM on the same network is named V(VM-INTERFACE).
            type: str
          model:
            description: Model of the network card. A new one is V(virtio), if omitted.
            type: str
          mtu:
            description: MTU in bytes.
            type: int
          mac_type:
            version_added: 0.2.0
            description: Whether VMware takes the MAC for one of its own kind.
            type: str
            choices: [static, generated]
          mac_check:
            version_added: 0.2.0
            description: Whether VMware looks for others with the same MAC.
            type: bool
          driver:
            version_added: 0.2.0
            description:
              - How a virtio card moves packets, see
                U(https://libvirt.org/formatdomain.html#setting-nic-driver-specific-options).
            type: dict
            suboptions:
              name:
                description:
                  - Who moves them, the host's kernel (V(vhost)) or QEMU. V(vfio) and V(xen) are for
                    O(vms[].interfaces[].hostdev).
                type: str
                choices: [vhost, qemu, vfio, xen]
              txmode:
                description: How QEMU sends.
                type: str
                choices: [iothread, timer]
              ioeventfd:
                description: Whether requests are handled outside of the virtual CPU's thread.
                type: bool
              event_idx:
                description: Whether the guest is interrupted less often.
                type: bool
              rx_queue_size:
                description: Number of packets in a receiving queue, a power of two from 256 to 1024.
                type: int
              tx_queue_size:
                description: Number of packets in a sending queue, a power of two from 256 to 1024.
                type: int
              rss:
                description: Whether the card spreads flows over its queues.
                type: bool
              rss_hash_report:
                description: Whether it tells the guest the flow's hash.
                type: bool
              host:
                description: What the host may leave to the guest, each on if omitted.
                type: dict
                suboptions:
                  csum:
                    description: Checksums.
                    type: bool
                  tso4:
                    description: Segments of TCP over IPv4.
                    type: bool
                  tso6:
                    description: Segments of TCP over IPv6.
                    type: bool
                  ecn:
                    description: Congestion marks in segments.
                    type: bool
                  ufo:
                    description: Fragments of UDP.
                    type: bool
                  gso:
                    description: Segments of any protocol.
                    type: bool
                  mrg_rxbuf:
                    description: Packets in several buffers.
                    type: bool
              guest:
                description: What the guest may leave to its card, each on if omitted.
                type: dict
                suboptions:
                  csum:
                    description: Checksums.
                    type: bool
                  tso4:
                    description: Segments of TCP over IPv4.
                    type: bool
                  tso6:
                    description: Segments of TCP over IPv6.
                    type: bool
                  ecn:
                    description: Congestion marks in segments.
                    type: bool
                  ufo:
                    description: Fragments of UDP.
                    type: bool
              iommu:
                description: Whether the guest's IOMMU, if it has one, is between the device and the guest's memory.
                type: bool
              ats:
                description: Whether the device keeps translations of addresses, for the sake of the IOMMU.
                type: bool
              packed:
                description: Whether its queues are packed ones, which take less of the bus.
                type: bool
              page_per_vq:
                description: Whether each queue's notifications have a page of their own.
                type: bool
          queues:
            version_added: 0.2.0
            description: Number of queues of a virtio card.
            type: int
          link:
            description: Whether the cable is plugged in.
            type: str
            choices: [up, down]
          bandwidth:
            version_added: 0.2.0
            description:
              - Bounds of its traffic, see U(https://libvirt.org/formatnetwork.html#quality-of-service). V(null) removes them.
            type: dict
            suboptions:
              inbound:
                description: Towards the guest.
                type: dict
                suboptions:
                  average:
                    description: Amount a second, with a unit, for example V(10MiB).
                    type: str
                  peak:
                    description: Amount a second that may be reached for a while.
                    type: str
                  burst:
                    description: Amount that may go at the peak's speed.
                    type: str
                  floor:
                    description:
                      - Amount a second that it always gets; its network must bound its own inbound traffic.
                    type: str
              outbound:
                description: From the guest.
                type: dict
                suboptions:
                  average:
                    description: Amount a second, with a unit, for example V(10MiB).
                    type: str
                  peak:
                    description: Amount a second that may be reached for a while.
                    type: str
                  burst:
                    description: Amount that may go at the peak's speed.
                    type: str
          filter:
            version_added: 0.2.0
            description: A network filter of libvirt's that its traffic passes. V(null) removes it.
            type: dict
            suboptions:
              name:
                description: Name of the filter, such as V(clean-traffic).
                type: str
                required: true
              parameters:
                description: Values of the filter's variables, such as C(IP); a list gives a variable several.
                type: dict
          isolated:
            version_added: 0.2.0
            description: Whether it reaches only ports of its bridge that are not isolated, such as the host itself.
            type: bool
          vlan:
            version_added: 0.2.0
            description: VLAN tags, on Open vSwitch and SR-IOV devices, and on bridges since libvirt 11.0. V(null) removes
              them.
            type: dict
            suboptions:
              tags:
                description: The tags.
                type: list
                elements: dict
                required: true
                suboptions:
                  id:
                    description: Number of the VLAN.
                    type: int
                    required: true
                  native_mode:
                    description: Whether untagged packets belong to this VLAN, and how they leave.
                    type: str
                    choices: [tagged, untagged]
              trunk:
                description: Whether the guest sees the tags. It does where there are several.
                type: bool
          virtualport:
            version_added: 0.2.0
            description: How a switch of its own kind knows the interface.
            type: dict
            suboptions:
              type:
                description: Kind of the switch. It is the network's, if omitted.
                type: str
                choices: [openvswitch, 802.1Qbg, 802.1Qbh, midonet]
              interface_id:
                description: UUID of the port, for V(openvswitch) and V(midonet). libvirt makes one, if omitted.
                type: str
              profile_id:
                description: Profile of the port, for V(openvswitch) and V(802.1Qbh).
                type: str
              manager_id:
                description: Number of the VSI manager, for V(802.1Qbg).
                type: int
              type_id:
                description: Number of the VSI type, for V(802.1Qbg).
                type: int
              type_version:
                description: Version of the VSI type, for V(802.1Qbg).
                type: int
              instance_id:
                description: UUID of the VSI instance, for V(802.1Qbg). libvirt makes one, if omitted.
                type: str
          trust_guest_rx_filters:
            version_added: 0.2.0
            description:
              - Whether the guest may change its MAC and take part in multicasts by itself, with O(vms[].interfaces[].direct).
                Changed live.
            type: bool
          coalesce:
            version_added: 0.2.0
            description: How interrupts are put together. Changed live.
            type: dict
            suboptions:
              rx_frames:
                description: Most packets that wait for one interrupt; 0 is libvirt's own.
                type: int
          target:
            version_added: 0.2.0
            description: The device at the host's end.
            type: dict
            suboptions:
              dev:
                description: Its name. libvirt names it C(vnetN), if omitted.
                type: str
              managed:
                description: Whether libvirt makes it. V(false) takes one that is there, with O(vms[].interfaces[].ethernet).
                type: bool
          script:
            version_added: 0.2.0
            description: Absolute path of a program that sets up the host's end, with O(vms[].interfaces[].ethernet), and for Xen.
            type: str
          downscript:
            version_added: 0.2.0
            description: Absolute path of a program that takes down the host's end, with O(vms[].interfaces[].ethernet).
            type: str
          sndbuf:
            version_added: 0.2.0
            description: Bytes that the tap device takes before QEMU has to wait; 0 is any number.
            type: int
          teaming:
            version_added: 0.2.0
            description:
              - Two interfaces that the guest uses as one, see
                U(https://libvirt.org/formatdomain.html#teaming-a-virtio-hostdev-nic-pair).
            type: dict
            suboptions:
              type:
                description: Whether this one stays through a migration (V(persistent)), or is unplugged for it.
                type: str
                choices: [persistent, transient]
                required: true
              persistent:
                description: Alias of the other interface, C(ua-) and its name, with V(transient).
                type: str
          backend_domain:
            version_added: 0.2.0
            description: Name of the domain that serves the interface, for Xen.
            type: str
          boot_order:
            version_added: 0.2.0
            description: Place in the order of boot devices, from 1.
            type: int
          boot_loadparm:
            version_added: 0.2.0
            description: Parameter for the boot loader of s390 guests, up to 8 letters and digits.
            type: str
          rom: &rom
            version_added: 0.2.0
            description: The boot ROM of the device.
            type: dict
            suboptions:
              enabled:
                description: Whether the guest sees one.
                type: bool
              bar:
                description: Whether it is in the guest's memory map.
                type: bool
              file:
                description: Absolute path of another ROM on the compute host.
                type: str
          acpi_index: *acpi_index
          device_address: *device_address
      controllers:
        description:
          - What devices are plugged into, see U(https://libvirt.org/formatdomain.html#controllers). libvirt makes those that the devices
            need, and so do new VMs' defaults, so controllers that are not listed stay; but one with a O(vms[].controllers[].name) goes when it
            is no longer listed. Changes wait for a restart.
          - A controller is known by its name, then by its type and index.
          - A new VM of the machine q35 with controllers of the type pci here gets no further PCIe ports to plug things into.
        type: list
        elements: dict
        version_added: 0.2.0
        suboptions:
          name:
            description: Name of the controller. It has none, if omitted.
            type: str
          type:
            description: Kind of the bus.
            type: str
            choices: [pci, scsi, usb, virtio-serial, sata, ide, fdc, ccid, isa, nvme, xenbus]
            required: true
          index:
            description:
              - Number of the controller among those of its type. It is V(0), if omitted; of V(pci), where V(0) is the
                root, it must be said.
            type: int
          model:
            description:
              - Model of the controller, for example V(virtio-scsi), V(qemu-xhci) or V(pcie-root-port). libvirt chooses
                one, if omitted.
            type: str
          model_name:
            description:
              - QEMU's device for a controller of the type V(pci), for example V(ioh3420). libvirt chooses one, if
                omitted.
            type: str
          ports:
            description: Number of ports, of V(usb) and V(virtio-serial).
            type: int
          vectors:
            description: Number of interrupts, of V(virtio-serial).
            type: int
          master_startport:
            description: First port of its EHCI controller that this V(usb) companion serves.
            type: int
          serial:
            description: Serial number that the guest sees, of V(nvme) (since libvirt 11.5).
            type: str
          driver:
            description: How QEMU works for a virtio controller.
            type: dict
            suboptions:
              queues:
                description: Number of queues, of V(scsi).
                type: int
              cmd_per_lun:
                description: Number of commands that a unit may have under way, of V(scsi).
                type: int
              max_sectors:
                description: Most sectors that a request can have, of V(scsi).
                type: int
              ioeventfd:
                description: Whether requests are handled outside of the virtual CPU's thread, of V(scsi).
                type: bool
              iothread:
                description: Number of the I/O thread that serves it.
                type: int
              iothreads:
                description: The I/O threads that serve it, where they are several, of V(scsi) (since libvirt 11.2).
                type: list
                elements: dict
                suboptions:
                  id:
                    description: Number of the thread, from 1.
                    type: int
                    required: true
                  queues:
                    description: Numbers of the queues that are this thread's, from 0. Say all queues, or none.
                    type: list
                    elements: int
              iommu:
                description: Whether the guest's IOMMU, if it has one, is between the device and the guest's memory.
                type: bool
              ats:
                description: Whether the device keeps translations of addresses, for the sake of the IOMMU.
                type: bool
              packed:
                description: Whether its queues are packed ones, which take less of the bus.
                type: bool
              page_per_vq:
                description: Whether each queue's notifications have a page of their own.
                type: bool
          pcihole64:
            description:
              - Size of the part of the guest's addresses above 4 GiB that is for PCI devices, with a unit; of a root of
                V(pci).
            type: str
          target:
            description: What the guest sees of a controller of V(pci). libvirt chooses what is omitted.
            type: dict
            suboptions:
              chassis:
                description: Number of the chassis, of PCIe ports.
                type: int
              chassis_nr:
                description: Number of the chassis, of a V(pci-bridge).
                type: int
              port:
                description: Number of the port.
                type: int
              index:
                description: Number of the root, of a V(pci-root) of POWER guests.
                type: int
              bus_nr:
                description: First bus, of an expander bus.
                type: int
              node:
                description: NUMA node that it is of, from 0.
                type: int
              hotplug:
                description: Whether devices come and go there while the guest runs.
                type: bool
              mem_reserve:
                description: Memory that is kept for devices that come later, with a unit (since libvirt 10.3).
                type: str
          max_grant_frames:
            description: Most grant frames, of V(xenbus).
            type: int
          max_event_channels:
            description: Most event channels, of V(xenbus).
            type: int
          acpi_index: *acpi_index
          device_address: *device_address
      rng:
        description:
          - The guest's source of random numbers. A new VM has the host's, if omitted. V(null) removes it. Changes wait for a
            restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          model:
            description: Model of the device. A new one is V(virtio), if omitted.
            type: str
            choices: [virtio, virtio-transitional, virtio-non-transitional]
          backend:
            description: Where the numbers are from. A new one has V(random), a device of the host, if omitted.
            type: str
            choices: [random, builtin, egd]
          source:
            description: Absolute path of the host's device. A new one has V(/dev/urandom), if omitted.
            type: str
          rate_bytes:
            description: Bytes that the guest may have in a period.
            type: int
          rate_period:
            description: The period in milliseconds. It is a second, if omitted.
            type: int
          egd:
            version_added: 0.2.0
            description: Where the daemon is whose randomness it is, of the backend V(egd).
            type: dict
            suboptions: &chardev
              type:
                description:
                  - Where the host's end is, see U(https://libvirt.org/formatdomain.html#host-interface).
                  - V(tcp), V(udp) and V(unix) are sockets; V(pty), V(file), V(pipe), V(dev), V(nmdm), V(stdio), V(vc) and
                    V(null) are devices and files; V(spicevmc), V(spiceport), V(qemu-vdagent) and V(dbus) belong to a
                    screen.
                type: str
                choices: [pty, tcp, udp, unix, file, pipe, dev, "null", stdio, vc, spicevmc, spiceport, qemu-vdagent, dbus, nmdm]
              path:
                description: Absolute path of the file, device, pipe or socket. libvirt makes one up for V(pty) and some sockets.
                type: str
              host:
                description: Host name or address that it listens at or connects to; of V(udp), where it sends to.
                type: str
              port:
                description: Port there.
                type: int
              mode:
                description: Whether it listens, V(bind), or connects, of V(tcp) and V(unix).
                type: str
                choices: [bind, connect]
              bind_host:
                description: Address that V(udp) listens at.
                type: str
              bind_port:
                description: Port that V(udp) listens at; V(0) is any free one.
                type: int
              protocol:
                description: What is spoken over V(tcp). It is V(raw), if omitted.
                type: str
                choices: [raw, telnet, telnets, tls]
              tls:
                description: Whether V(tcp) is encrypted. The host's configuration of QEMU says so, if omitted.
                type: bool
              reconnect:
                description: Whether one that connects does so again after the connection was lost.
                type: dict
                suboptions:
                  enabled:
                    description: Whether it does.
                    type: bool
                    required: true
                  timeout:
                    description: Seconds that it waits before.
                    type: int
              append:
                description: Whether a V(file) is appended to when the guest starts.
                type: bool
              channel:
                description: Name of the channel of V(spiceport) and V(dbus), such as V(org.qemu.console.serial.0).
                type: str
              master:
                description: Device of the host's end of V(nmdm).
                type: str
              slave:
                description: Device of the other end of V(nmdm).
                type: str
              clipboard:
                description: Whether V(qemu-vdagent) shares the clipboard.
                type: bool
              mouse:
                description: Whose mouse V(qemu-vdagent) shows.
                type: str
                choices: [server, client]
              seclabels:
                description: How the host's security drivers label what it uses.
                type: list
                elements: dict
                suboptions:
                  model:
                    description: Name of the security driver, such as V(selinux) or V(dac).
                    type: str
                    required: true
                  relabel:
                    description: Whether it labels at all.
                    type: bool
                  label:
                    description: The label, in the driver's own form.
                    type: str
              log:
                description: Absolute path of a file that everything is written to that the guest says.
                type: str
              log_append:
                description: Whether the log is appended to when the guest starts.
                type: bool
          driver:
            version_added: 0.2.0
            description: Switches of the virtio driver, see U(https://libvirt.org/formatdomain.html#virtio-related-options).
            type: dict
            suboptions: &virtio_driver
              iommu:
                description: Whether the device uses the guest's IOMMU.
                type: bool
              ats:
                description: Whether the device caches the IOMMU's translations.
                type: bool
              packed:
                description: Whether it has packed queues.
                type: bool
              page_per_vq:
                description: Whether each queue is told of at a page of its own.
                type: bool
          device_address: *device_address
      console:
        description:
          - The serial console, which is the first serial port. A new VM has one whose output libvirt logs on the compute
            host,
            in C(/var/log/libvirt/qemu/VM.console.log), if omitted. V(null) removes it. Changes wait for a restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          <<: *chardev
          target:
            version_added: 0.2.0
            description: What the guest sees of it.
            type: dict
            suboptions: &serial_target
              type:
                description: Kind of the port. It is the machine's usual one, if omitted.
                type: str
                choices: [isa-serial, usb-serial, pci-serial, spapr-vio-serial, system-serial, sclp-serial, isa-debug]
              port:
                description: Number of the port, from V(0).
                type: int
              model:
                description: Model of the port, such as V(isa-serial) or V(pl011).
                type: str
          device_address: *device_address
      guest_agent:
        description:
          - Whether the VM has the channel of the QEMU guest agent. A new VM has, if omitted. Changes wait for a restart.
        type: bool
        version_added: 0.2.0
      memballoon:
        description:
          - The device by which the guest gives memory back, and tells about it. A new VM has one, if omitted. V(null) removes
            it.
            But for O(vms[].memballoon.stats_period), changes wait for a restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          model:
            description: Model of the device.
            type: str
            choices: [virtio, virtio-transitional, virtio-non-transitional]
          stats_period:
            description: Seconds between two reports of the guest about its memory, 0 for none; changed live. A new VM has 10,
              if omitted.
            type: int
          autodeflate:
            description: Whether the guest gets memory back before it kills processes for want of it.
            type: bool
          free_page_reporting:
            description: Whether the guest tells of pages it does not use, so that the host can have them.
            type: bool
          driver:
            version_added: 0.2.0
            description: Switches of the virtio driver, see U(https://libvirt.org/formatdomain.html#virtio-related-options).
            type: dict
            suboptions: *virtio_driver
          device_address: *device_address
      graphics:
        description:
          - Where the VM's screen can be seen. A new VM has VNC at a UNIX socket, if omitted, which only the compute host's
            root reaches; C(virsh domdisplay) tells where. An empty list is a VM without any.
          - But for the password, changes wait for a restart.
        type: list
        elements: dict
        version_added: 0.2.0
        suboptions:
          type:
            description: The protocol. A VM has one of each at most.
            type: str
            choices: [vnc, spice, rdp, sdl, desktop, egl-headless, dbus]
            required: true
          listen:
            description:
              - Address or host name of the compute host to listen at, V(socket) for a UNIX socket, or V(none).
              - It is what the host is set up for, usually 127.0.0.1, if omitted. Without a password, whoever reaches it is
                let in.
            type: str
          port:
            description: TCP port. It is any free one, if omitted or V(null).
            type: int
          websocket:
            description: TCP port for browsers, V(-1) for any free one. For VNC.
            type: int
          password:
            description:
              - Password, of 8 characters at most for VNC. It is never shown.
              - It is changed live where the screen was started with a password.
            type: str
          password_valid_to:
            description: Time in UTC after which it is not accepted any more, for example V(2030-12-31T23:59:59).
            type: str
          keymap:
            description: Layout of the keyboard, for example V(en-us).
            type: str
          share_policy:
            description: Whether several people may look at once. For VNC.
            type: str
            choices: [allow-exclusive, force-shared, ignore]
          listen_network:
            version_added: 0.2.0
            description: Network of libvirt's in which the host's own address is listened at, instead of O(vms[].graphics[].listen).
            type: str
          socket:
            version_added: 0.2.0
            description: Absolute path of the socket of V(listen=socket). libvirt makes one up, if omitted.
            type: str
          connected:
            version_added: 0.2.0
            description: What becomes of those who look when the password changes.
            type: str
            choices: [fail, disconnect, keep]
          power_control:
            version_added: 0.2.0
            description: Whether VNC's viewers may stop and reset the guest.
            type: bool
          audio:
            version_added: 0.2.0
            description: Number of one of O(vms[].audios) that the screen of VNC or D-Bus plays.
            type: int
          spice:
            version_added: 0.2.0
            description: What only SPICE has, see U(https://libvirt.org/formatdomain.html#graphical-framebuffers).
            type: dict
            suboptions:
              tls_port:
                description: Port of encrypted connections; V(-1) is any free one.
                type: int
              default_mode:
                description: How channels connect of which nothing is said.
                type: str
                choices: [secure, insecure, any]
              channels:
                description: How single channels connect.
                type: list
                elements: dict
                suboptions:
                  name:
                    description: Name of the channel.
                    type: str
                    required: true
                    choices: [main, display, inputs, cursor, playback, record, smartcard, usbredir]
                  mode:
                    description: Whether it must, or must not, be encrypted.
                    type: str
                    required: true
                    choices: [secure, insecure, any]
              image_compression:
                description: How images are compressed.
                type: str
                choices: [auto_glz, auto_lz, quic, glz, lz, "off"]
              jpeg_compression:
                description: When images are compressed with losses.
                type: str
                choices: [auto, never, always]
              zlib_compression:
                description: When images are compressed for slow connections.
                type: str
                choices: [auto, never, always]
              playback_compression:
                description: Whether sound is compressed.
                type: bool
              streaming:
                description: What is recognised as video.
                type: str
                choices: [filter, all, "off"]
              clipboard:
                description: Whether the clipboard is shared.
                type: bool
              file_transfer:
                description: Whether files can be sent to the guest.
                type: bool
              mouse:
                description: Whose mouse is shown.
                type: str
                choices: [server, client]
          gl:
            version_added: 0.2.0
            description: Whether OpenGL draws.
            type: dict
            suboptions:
              enable:
                description: Whether it does.
                type: bool
              render_node:
                description: Absolute path of the host's graphics device, such as V(/dev/dri/renderD128).
                type: str
          display:
            version_added: 0.2.0
            description: The X11 display of V(sdl) and V(desktop).
            type: str
          xauth:
            version_added: 0.2.0
            description: Absolute path of the X11 authority of V(sdl).
            type: str
          full_screen:
            version_added: 0.2.0
            description: Whether V(sdl) or V(desktop) fills the screen.
            type: bool
          p2p:
            version_added: 0.2.0
            description: Whether D-Bus connects without a bus.
            type: bool
          address:
            version_added: 0.2.0
            description: Address of the bus of V(dbus).
            type: str
          user_name:
            version_added: 0.2.0
            description: Name of the user of V(rdp).
            type: str
          multi_user:
            version_added: 0.2.0
            description: Whether V(rdp) lets several users in.
            type: bool
          replace_user:
            version_added: 0.2.0
            description: Whether a new connection of V(rdp) ends the old one.
            type: bool
      video:
        description:
          - The video card. A VM with O(vms[].graphics) has the machine's usual one, if omitted. V(null) removes it. Changes wait
            for a restart.
        type: dict
        version_added: 0.2.0
        suboptions:
          model:
            description: Model of the card.
            type: str
            choices: [vga, virtio, qxl, cirrus, bochs, ramfb, vmvga, gop, xen, vbox, parallels]
            required: true
          heads:
            description: Number of screens.
            type: int
          vram:
            description: Video memory in KiB.
            type: int
          ram:
            description: Primary memory of a V(qxl) in KiB.
            type: int
          vgamem:
            description: Memory of the VGA part of a V(qxl) in KiB.
            type: int
          accel3d:
            description: Whether the guest has 3D acceleration.
            type: bool
          vram64:
            version_added: 0.2.0
            description: Second video memory of V(qxl), in KiB.
            type: int
          primary:
            version_added: 0.2.0
            description: Whether the firmware uses it. The first one is, if omitted.
            type: bool
          blob:
            version_added: 0.2.0
            description: Whether a V(virtio) card shares its memory with the host without copies.
            type: bool
          accel2d:
            version_added: 0.2.0
            description: Whether the host draws in two dimensions.
            type: bool
          render_node:
            version_added: 0.2.0
            description: Absolute path of the host's graphics device that draws for a V(vhostuser) card.
            type: str
          resolution:
            version_added: 0.2.0
            description: Resolution that the firmware begins with.
            type: dict
            suboptions: &resolution
              x:
                description: Width in pixels.
                type: int
                required: true
              y:
                description: Height in pixels.
                type: int
                required: true
          driver:
            version_added: 0.2.0
            description: What draws.
            type: dict
            suboptions: &video_driver
              iommu:
                description: Whether the device uses the guest's IOMMU.
                type: bool
              ats:
                description: Whether the device caches the IOMMU's translations.
                type: bool
              packed:
                description: Whether it has packed queues.
                type: bool
              page_per_vq:
                description: Whether each queue is told of at a page of its own.
                type: bool
              name:
                description: QEMU itself, or a program of its own.
                type: str
                choices: [qemu, vhostuser]
          acpi_index:
            version_added: 0.2.0
            description: Index by which the guest's firmware names the card.
            type: int
          device_address: *device_address
      serials:
        version_added: 0.2.0
        description:
          - Serial ports beside the first one, which is O(vms[].console), see
            U(https://libvirt.org/formatdomain.html#serial-port). V([]) and V(null) remove them.
          - Those on USB and PCI come and go live.
        type: list
        elements: dict
        suboptions:
          <<: *chardev
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(serial-file), if omitted.
            type: str
          device_address: *device_address
          target:
            description: What the guest sees of it.
            type: dict
            suboptions: *serial_target
      consoles:
        version_added: 0.2.0
        description:
          - Consoles, see U(https://libvirt.org/formatdomain.html#console). The repetition of the first serial port, which
            libvirt makes by itself, need not be in the list.
          - Those of virtio come and go live.
        type: list
        elements: dict
        suboptions:
          <<: *chardev
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(console-pty-virtio), if omitted.
            type: str
          device_address: *device_address
          target:
            description: What the guest sees of it.
            type: dict
            suboptions:
              type:
                description: Kind of the console.
                type: str
                choices: [virtio, serial, sclp, sclplm, xen, lxc, uml, openvz]
      parallels:
        version_added: 0.2.0
        description: Parallel ports, see U(https://libvirt.org/formatdomain.html#parallel-port).
        type: list
        elements: dict
        suboptions:
          <<: *chardev
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(parallel-pty), if omitted.
            type: str
          device_address: *device_address
          target:
            description: What the guest sees of it.
            type: dict
            suboptions:
              port:
                description: Number of the port, from V(0).
                type: int
      channels:
        version_added: 0.2.0
        description:
          - Private channels between host and guest, see U(https://libvirt.org/formatdomain.html#channel), without the guest
            agent's, which is O(vms[].guest_agent). They come and go live.
        type: list
        elements: dict
        suboptions:
          <<: *chardev
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(channel-org-example-port-0), if omitted.
            type: str
          device_address: *device_address
          target:
            description: What the guest sees of it.
            type: dict
            required: true
            suboptions:
              type:
                description: "Kind of the channel: V(virtio), or what the guest sends to an address, V(guestfwd). It is V(virtio), if omitted."
                type: str
                choices: [virtio, guestfwd, xen]
              name:
                description: Name by which the guest finds it, below C(/dev/virtio-ports).
                type: str
              address:
                description: Address that the guest sends to, of V(guestfwd).
                type: str
              port:
                description: Port that the guest sends to, of V(guestfwd).
                type: int
      rngs:
        version_added: 0.2.0
        description: Further sources of random numbers beside O(vms[].rng).
        type: list
        elements: dict
        suboptions:
          model:
            description: Model of the device. A new one is V(virtio), if omitted.
            type: str
            choices: [virtio, virtio-transitional, virtio-non-transitional]
          backend:
            description: Where the numbers are from. A new one has V(random), a device of the host, if omitted.
            type: str
            choices: [random, builtin, egd]
          source:
            description: Absolute path of the host's device. A new one has V(/dev/urandom), if omitted.
            type: str
          egd:
            description: Where the daemon is whose randomness it is, of the backend V(egd).
            type: dict
            suboptions: *chardev
          rate_bytes:
            description: Bytes that the guest may have in a period.
            type: int
          rate_period:
            description: The period in milliseconds. It is a second, if omitted.
            type: int
          driver:
            description: Switches of the virtio driver, see U(https://libvirt.org/formatdomain.html#virtio-related-options).
            type: dict
            suboptions: *virtio_driver
          device_address: *device_address
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(rng-random), if omitted.
            type: str
      videos:
        version_added: 0.2.0
        description: Video cards beside O(vms[].video), for guests with several screens.
        type: list
        elements: dict
        suboptions:
          model:
            description: Model of the card.
            type: str
            required: true
            choices: [vga, virtio, qxl, cirrus, bochs, ramfb, vmvga, gop, xen, vbox, parallels]
          heads:
            description: Number of screens.
            type: int
          vram:
            description: Video memory in KiB.
            type: int
          vram64:
            description: Second video memory of V(qxl), in KiB.
            type: int
          ram:
            description: First video memory of V(qxl), in KiB.
            type: int
          vgamem:
            description: Part of it that is the frame buffer, in KiB.
            type: int
          primary:
            description: Whether the firmware uses it. The first one is, if omitted.
            type: bool
          blob:
            description: Whether a V(virtio) card shares its memory with the host without copies.
            type: bool
          accel3d:
            description: Whether the host draws in three dimensions.
            type: bool
          accel2d:
            description: Whether the host draws in two dimensions.
            type: bool
          render_node:
            description: Absolute path of the host's graphics device that draws for a V(vhostuser) card.
            type: str
          resolution:
            description: Resolution that the firmware begins with.
            type: dict
            suboptions: *resolution
          driver:
            description: What draws.
            type: dict
            suboptions: *video_driver
          acpi_index:
            description: Index by which the guest's firmware names the card.
            type: int
          device_address: *device_address
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(video-virtio), if omitted.
            type: str
      sounds:
        version_added: 0.2.0
        description: Sound cards, see U(https://libvirt.org/formatdomain.html#sound-devices).
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(sound-ich9), if omitted.
            type: str
          device_address: *device_address
          model:
            description: Model of the card.
            type: str
            required: true
            choices: [ich9, ich7, ich6, ac97, es1370, sb16, pcspk, usb, virtio]
          codecs:
            description: What the codecs of V(ich6) and V(ich9) can.
            type: list
            elements: str
            choices: [duplex, micro, output]
          audio:
            description: Number of one of O(vms[].audios) that plays it. It is the first, if omitted.
            type: int
          multichannel:
            description: Whether a V(usb) card has more than two channels.
            type: bool
          streams:
            description: Number of streams of a V(virtio) card.
            type: int
          driver:
            description: Switches of the virtio driver, see U(https://libvirt.org/formatdomain.html#virtio-related-options).
            type: dict
            suboptions: *virtio_driver
      audios:
        version_added: 0.2.0
        description:
          - Where the host plays and records, see U(https://libvirt.org/formatdomain.html#audio-backends). The one that
            libvirt adds by itself need not be in the list.
        type: list
        elements: dict
        suboptions:
          id:
            description: Number of the backend, by which it is known.
            type: int
            required: true
          type:
            description: Kind of the backend.
            type: str
            required: true
            choices: [none, alsa, coreaudio, dbus, jack, oss, pulseaudio, pipewire, sdl, spice, file]
          timer_period:
            description: Microseconds between two looks at the buffers.
            type: int
          driver:
            description: Driver of V(sdl).
            type: str
            choices: [esd, alsa, arts, pulseaudio]
          path:
            description: File that V(file) writes.
            type: str
          runtime_dir:
            description: Folder that V(pipewire) is found in.
            type: str
          server_name:
            description: Server of V(pulseaudio).
            type: str
          try_mmap:
            description: Whether V(oss) maps memory.
            type: bool
          exclusive:
            description: Whether V(oss) lets nobody else play.
            type: bool
          dsp_policy:
            description: Policy of timing of V(oss), V(-1) to V(10).
            type: int
          input:
            description: How it records.
            type: dict
            suboptions: &audio_end
              mixing_engine:
                description: Whether QEMU mixes.
                type: bool
              fixed_settings:
                description: Whether the settings are always the same.
                type: bool
              voices:
                description: Number of voices.
                type: int
              buffer_length:
                description: Length of the buffer in microseconds.
                type: int
              buffer_count:
                description: Number of buffers.
                type: int
              latency:
                description: Wanted delay in microseconds.
                type: int
              dev:
                description: Device of V(alsa) and V(oss).
                type: str
              name:
                description: Name of the sink or source.
                type: str
              stream_name:
                description: Name that it shows to the server.
                type: str
              server_name:
                description: Server of V(jack).
                type: str
              client_name:
                description: Name of the client of V(jack).
                type: str
              connect_ports:
                description: Ports that V(jack) connects to, as a regular expression.
                type: str
              exact_name:
                description: Whether V(jack) must give it just that name.
                type: bool
              try_poll:
                description: Whether V(alsa) and V(oss) poll.
                type: bool
              settings:
                description: The fixed settings.
                type: dict
                suboptions:
                  frequency:
                    description: Samples a second.
                    type: int
                  channels:
                    description: Number of channels.
                    type: int
                  format:
                    description: Format of a sample.
                    type: str
                    choices: [s8, u8, s16, u16, s32, u32, f32]
          output:
            description: How it plays.
            type: dict
            suboptions: *audio_end
      inputs:
        version_added: 0.2.0
        description:
          - Input devices, see U(https://libvirt.org/formatdomain.html#input-devices). The PS/2 mouse and keyboard, which
            libvirt adds by itself, need not be in the list.
          - Those on USB and virtio come and go live.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(input-tablet-usb), if omitted.
            type: str
          device_address: *device_address
          type:
            description: Kind of the device; V(passthrough) and V(evdev) are devices of the host.
            type: str
            required: true
            choices: [mouse, keyboard, tablet, passthrough, evdev]
          bus:
            description: Bus that it is on. It is the machine's usual one, if omitted.
            type: str
            choices: [ps2, usb, virtio, xen, parallels]
          model:
            description: Model of one on the bus V(virtio).
            type: str
            choices: [virtio, virtio-transitional, virtio-non-transitional]
          source:
            description: Absolute path of the host's device, such as V(/dev/input/event3).
            type: str
          grab:
            description: Whether all devices of the host are taken together.
            type: str
            choices: [all]
          grab_toggle:
            description: Keys that give the devices to the guest or back to the host.
            type: str
            choices: [ctrl-ctrl, alt-alt, shift-shift, meta-meta, scrolllock, ctrl-scrolllock]
          repeat:
            description: Whether the host's keys repeat.
            type: bool
          driver:
            description: Switches of the virtio driver, see U(https://libvirt.org/formatdomain.html#virtio-related-options).
            type: dict
            suboptions: *virtio_driver
      filesystems:
        version_added: 0.2.0
        description:
          - Folders of the host in the guest, see U(https://libvirt.org/formatdomain.html#filesystems). virtiofs comes and
            goes live; it needs shared memory.
          - What changes of one that stays waits for a restart.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(filesystem-share), if omitted.
            type: str
          device_address: *device_address
          type:
            description: "What of the host it is: a folder is V(mount). Others are for containers. It is V(mount), if omitted."
            type: str
            choices: [mount, template, file, block, ram, bind]
          driver:
            description: How the guest gets at it.
            type: dict
            suboptions:
              iommu:
                description: Whether the device uses the guest's IOMMU.
                type: bool
              ats:
                description: Whether the device caches the IOMMU's translations.
                type: bool
              packed:
                description: Whether it has packed queues.
                type: bool
              page_per_vq:
                description: Whether each queue is told of at a page of its own.
                type: bool
              type:
                description: V(virtiofs), or V(path) for 9p. Others are for containers.
                type: str
                choices: [virtiofs, path, handle, loop, nbd, ploop, mtp]
              format:
                description: Format of a file, for containers.
                type: str
              write_policy:
                description: Whether 9p writes through to the disk.
                type: str
                choices: [immediate]
              queue_size:
                description: Length of the queue of virtiofs.
                type: int
          source:
            description: The folder's absolute path; the file, device or template of other types.
            type: str
          socket:
            description: Absolute path of the socket of a virtiofsd that runs already, instead of O(vms[].filesystems[].source).
            type: str
          target:
            description: Tag by which the guest mounts it, or the path in a container.
            type: str
          access_mode:
            description: "Whose files 9p makes: as the guest says with QEMU's rights, or with the owners kept aside."
            type: str
            choices: [passthrough, mapped, squash]
          model:
            description: Model of the virtio device.
            type: str
            choices: [virtio, virtio-transitional, virtio-non-transitional]
          file_mode:
            description: Permissions of new files, of V(mapped).
            type: str
          directory_mode:
            description: Permissions of new folders, of V(mapped).
            type: str
          multidevs:
            description: What 9p does with a folder that spans several file systems.
            type: str
            choices: [default, remap, forbid, warn]
          read_only:
            description: Whether the guest only reads.
            type: bool
          boot_order:
            description: Place among the devices that the firmware starts from, from V(1).
            type: int
          binary:
            description: The server of virtiofs.
            type: dict
            suboptions:
              path:
                description: Absolute path of virtiofsd.
                type: str
              xattr:
                description: Whether it has extended attributes.
                type: bool
              cache:
                description: Whether the guest may cache.
                type: str
                choices: [none, always]
              sandbox:
                description: How it is shut in.
                type: str
                choices: [namespace, chroot]
              lock_posix:
                description: Whether it has POSIX locks.
                type: bool
              lock_flock:
                description: Whether it has BSD locks.
                type: bool
              thread_pool_size:
                description: Number of threads.
                type: int
              open_files:
                description: Most files that it has open.
                type: int
          id_map:
            description: Which users and groups of the host the guest's are, of virtiofs.
            type: dict
            suboptions:
              uids:
                description: Users.
                type: list
                elements: dict
                suboptions:
                  start:
                    description: First number in the guest.
                    type: int
                    required: true
                  target:
                    description: First number on the host.
                    type: int
                    required: true
                  count:
                    description: How many.
                    type: int
                    required: true
              gids:
                description: Groups.
                type: list
                elements: dict
                suboptions:
                  start:
                    description: First number in the guest.
                    type: int
                    required: true
                  target:
                    description: First number on the host.
                    type: int
                    required: true
                  count:
                    description: How many.
                    type: int
                    required: true
          space_hard_limit:
            description: Most space that a container may use, with a unit.
            type: str
          space_soft_limit:
            description: Space that a container should not pass, with a unit.
            type: str
      hostdevs:
        version_added: 0.2.0
        description:
          - Devices of the host that the guest gets, see U(https://libvirt.org/formatdomain.html#host-device-assignment).
            They come and go live.
          - What changes of one that stays waits for a restart. V(storage), V(misc) and V(net) are parts of the host for
            containers.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(hostdev-pci-0000-03-10-1), if omitted.
            type: str
          device_address: *device_address
          type:
            description: Kind of the device.
            type: str
            required: true
            choices: [pci, usb, scsi, scsi_host, mdev, storage, misc, net]
          source:
            description: Which device of the host it is.
            type: dict
            required: true
            suboptions:
              address:
                description:
                  - PCI address, such as V(0000:03:10.1), of V(pci). Where O(vms[].hostdevs[].source.vendor) and
                    O(vms[].hostdevs[].source.product) say which it is, it is found.
                type: str
              vendor:
                description: Number of the maker, such as V(0x1d6b), of V(usb) and V(pci).
                type: str
              product:
                description: Number of the product, such as V(0x0002), of V(usb) and V(pci).
                type: str
              device:
                description: Number of the device on its bus, of V(usb).
                type: int
              adapter:
                description: SCSI host, such as V(scsi_host0), of V(scsi).
                type: str
              bus:
                description: Number of the bus, of V(usb) and V(scsi).
                type: int
              target:
                description: Number of the target, of V(scsi).
                type: int
              unit:
                description: Number of the unit, of V(scsi).
                type: int
              uuid:
                description: UUID of the mediated device, of V(mdev).
                type: str
              protocol:
                description: V(iscsi) of V(scsi), V(vhost) of V(scsi_host).
                type: str
                choices: [iscsi, vhost]
              name:
                description: Name of the iSCSI target.
                type: str
              hosts:
                description: Where the iSCSI target is.
                type: list
                elements: dict
                suboptions:
                  name:
                    description: Name or address of the host.
                    type: str
                  port:
                    description: Port there.
                    type: int
                  transport:
                    description: How it is connected to.
                    type: str
                    choices: [tcp, unix, rdma]
                  socket:
                    description: Absolute path of a socket.
                    type: str
              auth:
                description: Who logs in.
                type: dict
                suboptions:
                  username:
                    description: The user's name.
                    type: str
                    required: true
                  secret:
                    description: The secret of libvirt's that holds the password, by its usage or UUID.
                    type: str
                    required: true
              initiator:
                description: IQN of the initiator.
                type: str
              wwpn:
                description: World wide name of V(scsi_host).
                type: str
              block:
                description: Absolute path of the block device, of V(storage).
                type: str
              char:
                description: Absolute path of the character device, of V(misc).
                type: str
              interface:
                description: Name of the network device, of V(net).
                type: str
              startup_policy:
                description: Whether the guest starts where a USB device is missing.
                type: str
                choices: [mandatory, requisite, optional]
              guest_reset:
                description: Whether the guest may reset a USB device.
                type: str
                choices: ["off", uninitialized, "on"]
          managed:
            description: Whether libvirt takes it from the host's driver and gives it back.
            type: bool
          model:
            description: Model of the device in the guest; V(mdev) needs one.
            type: str
            choices: [vfio-pci, vfio-ccw, vfio-ap, virtio, virtio-transitional, virtio-non-transitional]
          driver:
            description: What on the host drives it.
            type: dict
            suboptions:
              name:
                description: Kind of the driver.
                type: str
                choices: [vfio, xen, kvm]
              model:
                description: Name of the kernel module, such as V(vfio-pci-igb).
                type: str
          display:
            description: Whether a mediated device has a screen.
            type: bool
          ramfb:
            description: Whether that screen shows the firmware as well.
            type: bool
          rom:
            description: The device's ROM for booting.
            type: dict
            suboptions:
              enabled:
                description: Whether the guest sees a ROM.
                type: bool
              bar:
                description: Whether it is in the device's memory.
                type: bool
              file:
                description: Absolute path of a file that stands for it.
                type: str
          read_only:
            description: Whether the guest only reads, of V(scsi).
            type: bool
          shared:
            description: Whether others may have it as well, of V(scsi).
            type: bool
          boot_order:
            description: Place among the devices that the firmware starts from, from V(1).
            type: int
          boot_loadparm:
            description: What the firmware of s390 is told when it starts from the device.
            type: str
          teaming:
            description: Interface that stands in for the device while the VM is migrated.
            type: dict
            suboptions:
              type:
                description: What it is of the two.
                type: str
                choices: [transient]
              persistent:
                description: Alias of the other, such as V(ua-front).
                type: str
          acpi_index:
            description: Index by which the guest's firmware names the device.
            type: int
      memory_devices:
        version_added: 0.2.0
        description:
          - Memory modules and the like, see U(https://libvirt.org/formatdomain.html#memory-devices). V(dimm), V(nvdimm) and
            V(virtio-mem) come and go live; the guest has to let go of them.
          - They need a maximum of memory with slots, and NUMA cells. What changes of one that stays waits for a restart,
            but for O(vms[].memory_devices[].target.requested).
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(memory-dimm-0), if omitted.
            type: str
          device_address: *device_address
          model:
            description: Kind of the memory.
            type: str
            required: true
            choices: [dimm, nvdimm, virtio-mem, virtio-pmem, sgx-epc]
          access:
            description: Whether the host shares it with other processes.
            type: str
            choices: [shared, private]
          discard:
            description: Whether its content is dropped when it goes.
            type: bool
          uuid:
            description: UUID of an V(nvdimm) on POWER.
            type: str
          source:
            description: What of the host it is made of.
            type: dict
            suboptions:
              path:
                description: Absolute path of the file or device, of V(nvdimm) and V(virtio-pmem).
                type: str
              page_size:
                description: Size of the host's pages, with a unit.
                type: str
              nodes:
                description: NUMA nodes of the host, such as V(0-1).
                type: str
              align_size:
                description: Alignment, with a unit.
                type: str
              persistent:
                description: Whether the host's memory is persistent.
                type: bool
          target:
            description: What of the guest it becomes.
            type: dict
            required: true
            suboptions:
              size:
                description: Size, with a unit.
                type: str
                required: true
              node:
                description: NUMA cell of the guest.
                type: int
              label_size:
                description: Size of the labels of an V(nvdimm), with a unit.
                type: str
              block:
                description: Smallest part of V(virtio-mem) that comes and goes, with a unit.
                type: str
              requested:
                description: How much of V(virtio-mem) the guest shall have now, with a unit. It changes live.
                type: str
              read_only:
                description: Whether the guest only reads an V(nvdimm).
                type: bool
              dynamic_slots:
                description: Whether V(virtio-mem) takes slots of the host's memory as it needs them.
                type: bool
              address:
                description: Where in the guest's memory it begins, in hexadecimal digits.
                type: str
      redirdevs:
        version_added: 0.2.0
        description:
          - USB ports for devices at whoever looks at the screen, see
            U(https://libvirt.org/formatdomain.html#redirected-devices). They come and go live.
        type: list
        elements: dict
        suboptions:
          <<: *chardev
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(redirdev-spicevmc-usb), if omitted.
            type: str
          device_address: *device_address
          bus:
            description: Bus that it is on.
            type: str
            choices: [usb]
          boot_order:
            description: Place among the devices that the firmware starts from, from V(1).
            type: int
      redirfilter:
        version_added: 0.2.0
        description: "Which USB devices may be redirected: the first rule that fits counts."
        type: list
        elements: dict
        suboptions:
          class:
            description: Class of the device; V(-1) is any.
            type: int
          vendor:
            description: Number of the maker; V(-1) is any.
            type: int
          product:
            description: Number of the product; V(-1) is any.
            type: int
          version:
            description: Version of the product, such as V(1.10); V(-1) is any.
            type: str
          allow:
            description: Whether it may.
            type: bool
            required: true
      hubs:
        version_added: 0.2.0
        description: USB hubs, see U(https://libvirt.org/formatdomain.html#hub-devices).
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(hub-usb), if omitted.
            type: str
          device_address: *device_address
          type:
            description: Kind of the hub.
            type: str
            choices: [usb]
      smartcards:
        version_added: 0.2.0
        description: Smartcards, see U(https://libvirt.org/formatdomain.html#smartcard-devices).
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(smartcard-host), if omitted.
            type: str
          device_address: *device_address
          mode:
            description: The host's reader, a card made of certificates, or one that is elsewhere.
            type: str
            required: true
            choices: [host, host-certificates, passthrough]
          certificates:
            description: Three names of certificates, of V(host-certificates).
            type: list
            elements: str
          database:
            description: Absolute path of the folder of their database.
            type: str
          source:
            description: Where the card is, of V(passthrough).
            type: dict
            suboptions: *chardev
      tpm:
        version_added: 0.2.0
        description:
          - The trusted platform module, see U(https://libvirt.org/formatdomain.html#tpm-device). V(emulator) needs C(swtpm)
            on the host. V(null) removes it.
          - Of an emulated one, libvirt keeps the state with the VM and removes it with the VM.
        type: dict
        suboptions:
          model:
            description: What the guest sees. It is the machine's usual one, if omitted.
            type: str
            choices: [tpm-tis, tpm-crb, tpm-spapr, spapr-tpm-proxy]
          type:
            description: An emulated one, the host's, or another program's. A new one is V(emulator), if omitted.
            type: str
            choices: [emulator, passthrough, external]
          version:
            description: Version of an emulated one.
            type: str
            choices: ["1.2", "2.0"]
          device:
            description: Absolute path of the host's, such as V(/dev/tpm0).
            type: str
          persistent_state:
            description: Whether its state stays when a VM goes that was never defined.
            type: bool
          debug:
            description: How much it logs, V(0) to V(20).
            type: int
          encryption:
            description: UUID of the secret of libvirt's that its state is encrypted with.
            type: str
          active_pcr_banks:
            description: Banks of measurements that are active.
            type: list
            elements: str
            choices: [sha1, sha256, sha384, sha512]
          source:
            description: Where the state is kept, or the socket of another program.
            type: dict
            suboptions:
              type:
                description: A folder or file of the state, or a socket.
                type: str
                required: true
                choices: [dir, file, unix]
              path:
                description: Absolute path of it.
                type: str
                required: true
              mode:
                description: It connects to a socket.
                type: str
                choices: [connect]
          profile:
            description: What the emulated one can.
            type: dict
            suboptions:
              source:
                description: Name of the profile, such as V(local:restricted).
                type: str
              remove_disabled:
                description: What is left out that the host's cryptography refuses.
                type: str
                choices: [check, fips-host]
          device_address: *device_address
      vsock:
        version_added: 0.2.0
        description:
          - A socket between host and guest, see U(https://libvirt.org/formatdomain.html#vsock). V(null) removes it. It
            comes and goes live.
        type: dict
        suboptions:
          model:
            description: Model of the virtio device.
            type: str
            choices: [virtio, virtio-transitional, virtio-non-transitional]
          cid_auto:
            description: Whether libvirt chooses the guest's number. It does, if no number is given.
            type: bool
          cid:
            description: The guest's number, from V(3).
            type: int
          driver:
            description: Switches of the virtio driver, see U(https://libvirt.org/formatdomain.html#virtio-related-options).
            type: dict
            suboptions: *virtio_driver
          device_address: *device_address
      watchdogs:
        version_added: 0.2.0
        description:
          - Watchdogs, see U(https://libvirt.org/formatdomain.html#watchdog-devices). The one that the machine has built in
            need not be in the list.
          - V(i6300esb) comes, goes and changes live.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(watchdog-i6300esb), if omitted.
            type: str
          device_address: *device_address
          model:
            description: Model of the watchdog.
            type: str
            required: true
            choices: [i6300esb, itco, ib700, diag288]
          action:
            description: What happens when the guest stopped to feed it. It is V(reset), if omitted.
            type: str
            choices: [reset, shutdown, poweroff, pause, none, dump, inject-nmi]
      panics:
        version_added: 0.2.0
        description: Devices by which a guest tells that it has crashed, see U(https://libvirt.org/formatdomain.html#panic-device).
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(panic-isa), if omitted.
            type: str
          device_address: *device_address
          model:
            description: Model of the device.
            type: str
            choices: [isa, pvpanic, hyperv, pseries, s390]
      shmems:
        version_added: 0.2.0
        description: Memory shared with other guests, see U(https://libvirt.org/formatdomain.html#shared-memory-device). It comes and goes live.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the memory, the same in all guests.
            type: str
            required: true
          model:
            description: Model of the device. It is V(ivshmem-plain), if omitted.
            type: str
            choices: [ivshmem-plain, ivshmem-doorbell]
          role:
            description: Whether the VM can be migrated with it.
            type: str
            choices: [master, peer]
          size:
            description: Size with a unit, a power of two.
            type: str
          server:
            description: Absolute path of the socket of the server of V(ivshmem-doorbell).
            type: str
          msi:
            description: Whether the guests can interrupt each other; V(ivshmem-doorbell) always can.
            type: bool
          vectors:
            description: Number of interrupts.
            type: int
          ioeventfd:
            description: Whether interrupts go by the kernel.
            type: bool
          device_address: *device_address
      iommu:
        version_added: 0.2.0
        description:
          - Translation of the devices' addresses in the guest, see U(https://libvirt.org/formatdomain.html#iommu-devices).
            V(null) removes it.
        type: dict
        suboptions:
          model:
            description: Model of the IOMMU.
            type: str
            required: true
            choices: [intel, smmuv3, virtio]
          driver:
            description: How it works.
            type: dict
            suboptions:
              intremap:
                description: Whether interrupts are remapped, of V(intel).
                type: bool
              caching_mode:
                description: Whether the host's devices can be given to the guest's guests, of V(intel).
                type: bool
              eim:
                description: Whether there are more than 255 virtual CPUs, of V(intel).
                type: bool
              iotlb:
                description: Whether devices cache translations.
                type: bool
              aw_bits:
                description: Bits of an address, of V(intel).
                type: int
              dma_translation:
                description: Whether it translates addresses at all.
                type: bool
          device_address: *device_address
      nvram_address:
        version_added: 0.2.0
        description: Where the memory of the firmware is plugged in, on POWER. libvirt chooses, if omitted.
        type: dict
        suboptions: *device_address_parts
      cryptos:
        version_added: 0.2.0
        description: Cryptographic devices, see U(https://libvirt.org/formatdomain.html#crypto-devices).
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name of the device. One that others made has none, V(null), and is known by what it is. It follows from the
                kind, such as V(crypto-virtio), if omitted.
            type: str
          device_address: *device_address
          model:
            description: Model of the device.
            type: str
            choices: [virtio]
          backend:
            description: "Who calculates: QEMU, or the host's kernel."
            type: str
            required: true
            choices: [builtin, lkcf]
          queues:
            description: Number of queues.
            type: int
          driver:
            description: Switches of the virtio driver, see U(https://libvirt.org/formatdomain.html#virtio-related-options).
            type: dict
            suboptions: *virtio_driver
      pstore:
        version_added: 0.2.0
        description: Memory for the guest's last words, see U(https://libvirt.org/formatdomain.html#pstore). V(null) removes it.
        type: dict
        suboptions:
          backend:
            description: Kind of the memory.
            type: str
            required: true
            choices: [acpi-erst]
          path:
            description: Absolute path of the file that holds it.
            type: str
            required: true
          size:
            description: Size, with a unit.
            type: str
            required: true
          device_address: *device_address
      leases:
        version_added: 0.2.0
        description: Leases of a lock manager that the VM holds while it runs, see U(https://libvirt.org/formatdomain.html#device-leases).
        type: list
        elements: dict
        suboptions:
          key:
            description: Name of the lease.
            type: str
            required: true
          lockspace:
            description: Name of its lockspace.
            type: str
          path:
            description: Absolute path of the file of the lease.
            type: str
            required: true
          offset:
            description: Where in the file it is, in bytes.
            type: int
      qemu:
        version_added: 0.2.0
        description:
          - What libvirt hands on to QEMU as it is, see U(https://libvirt.org/drvqemu.html#pass-through-of-arbitrary-qemu-commands).
            libvirt supports none of it, and takes the VM for tainted. What has an option of its own is better said there.
          - Changes wait for a restart. V(null) removes all of it.
        type: dict
        suboptions:
          arguments:
            description: Words of QEMU's command line, in this order.
            type: list
            elements: str
          environment:
            description: Variables of QEMU's environment by their names.
            type: dict
          add_capabilities:
            description: Abilities, by libvirt's names, that libvirt shall take QEMU to have.
            type: list
            elements: str
          remove_capabilities:
            description: Abilities, by libvirt's names, that libvirt shall take QEMU not to have.
            type: list
            elements: str
          deprecation:
            description: What QEMU does where libvirt uses something that is going to be dropped. For those who test libvirt.
            type: str
            choices: [none, omit, reject, crash]
          overrides:
            description: What QEMU is told of devices in place of what libvirt would tell it. Needs libvirt 8.2 or newer.
            type: list
            elements: dict
            suboptions:
              alias:
                description: The device's alias, which is V(ua-) and its name.
                type: str
                required: true
              properties:
                description: Properties of the device, as QEMU knows them.
                type: list
                elements: dict
                suboptions:
                  name:
                    description: Name of the property.
                    type: str
                    required: true
                  type:
                    description: Type of the property; V(remove) leaves it to QEMU.
                    type: str
                    required: true
                    choices: [string, signed, unsigned, bool, remove]
                  value:
                    description: The value, by its type. With V(remove) there is none.
                    type: str
      cloud_init:
        description:
          - Data for cloud-init's NoCloud datasource. It is kept in a volume of the first disk's pool and shown to the
            guest as a CD-ROM. Changed data replace it, live.
          - A guest that has booted with this instance ID does not make users or run most other modules again; see
            O(vms[].cloud_init.instance_id) to have cloud-init start over at the next boot.
          - Differences, results and the host's log carry the digest of the data at most, never their text.
          - V(null) removes it.
        type: dict
        suboptions:
          instance_id:
            description:
              - What the instance ID follows. V(name) is the VM's name, so that other data do not make it another instance.
                V(data) changes with the data, so that cloud-init starts over with other data. It is V(name), if omitted.
              - An C(instance-id) in O(vms[].cloud_init.meta_data) stands instead.
            type: str
            choices: [name, data]
            version_added: 0.2.0
          user_data:
            description: A mapping that becomes C(#cloud-config), or text as it is.
            type: raw
          vendor_data:
            description: The same for vendor data.
            type: raw
          meta_data:
            description: Metadata beside the instance ID and the host name, which are the VM's name.
            type: dict
          network_config:
            description: Network configuration, version 1 or 2, as a mapping (with or without C(network) around it) or text.
            type: raw
      customise:
        description:
          - What is different inside the first disk of a VM that is being made, for guests without cloud-init. libguestfs does it before
            the VM is defined. Of a VM that is there already, nothing is changed inside.
          - The disk must be a file, and nothing else may use it or stand on it.
          - All new VMs of one call share one launch of the appliance, where their disks stand on images whose file systems lie on partitions, and
            are known. Those of a new image are looked up first, in another launch. Disks with LVM, btrfs or encryption, and those that stand on
            no image, take a launch each.
          - The order is that of the options here, with accounts before files, so that files can belong to them; O(vms[].customise.sysprep) and
            O(vms[].customise.first_boot) come last.
          - Differences, results and the host's log carry the digest of it at most, never its text.
          - Needs python3-guestfs on the compute host, which the role P(tinycloud.libvirt.compute_host#role) installs with
            C(compute_host_guestfs).
        type: dict
        version_added: 0.2.0
        suboptions:
          root_password:
            description: Password of root in plain text. It is hashed with SHA-512 before anything is written, and no command ever has it.
            type: str
          root_password_hash:
            description: Password of root as C(/etc/shadow) has it, instead of O(vms[].customise.root_password).
            type: str
          root_locked:
            description: Whether no password lets root in.
            type: bool
          users:
            description: Users to make. Of those that are there already, what is stated is changed.
            type: list
            elements: dict
            suboptions:
              name:
                description: Name of the user.
                type: str
                required: true
              uid:
                description: Number of the user, the next free one from 1000 if omitted.
                type: int
              comment:
                description: The user's full name.
                type: str
              home:
                description: Home directory, C(/home/<name>) if omitted.
                type: str
              shell:
                description: Login shell, the first of C(/bin/bash), C(/bin/ash) and C(/bin/sh) that is there if omitted.
                type: str
              groups:
                description: Further groups that the user is a member of; missing ones are made.
                type: list
                elements: str
              password:
                description: Password in plain text, hashed as O(vms[].customise.root_password) is. A new user has none if omitted.
                type: str
              password_hash:
                description: Password as C(/etc/shadow) has it.
                type: str
              locked:
                description: Whether no password lets the user in.
                type: bool
              ssh_keys:
                description: All of the user's authorized SSH keys.
                type: list
                elements: str
              sudo:
                description: What follows the user's name in a rule of sudoers, for example V(ALL=(ALL\) NOPASSWD:ALL).
                type: str
          hostname:
            description: Name of the host.
            type: str
          timezone:
            description: Time zone, for example V(Europe/Berlin).
            type: str
          locale:
            description: The system's language, for example V(C.UTF-8). It is generated where the guest has C(locale-gen).
            type: str
          datasources:
            description: Where cloud-init looks for its seed, for example V(NoCloud) and V(None). Each further one can cost minutes of a boot.
            type: list
            elements: str
          network:
            description:
              - Network interfaces, written for NetworkManager, ifupdown or systemd-networkd, the first of these that the guest has.
              - A guest with cloud-init needs none of this.
            type: list
            elements: dict
            suboptions:
              name:
                description: Name of the interface in the guest; V(en*) is any wired one.
                type: str
                required: true
              dhcp:
                description: Whether to ask for addresses by DHCP.
                type: bool
              addresses:
                description: Addresses with their prefix lengths, for example V(10.20.0.10/24).
                type: list
                elements: str
              gateway:
                description: Address of the gateway.
                type: str
              dns:
                description: Addresses of name servers.
                type: list
                elements: str
          directories:
            description: Directories that are to be there, with those above them.
            type: list
            elements: dict
            suboptions:
              path:
                description: Path of the directory.
                type: str
                required: true
              owner:
                description: Its user, a name or a number.
                type: str
              group:
                description: Its group, a name or a number.
                type: str
              mode:
                description: Its permissions, octal digits in quotes.
                type: str
          files:
            description: Files to write. Each has either O(vms[].customise.files[].content) or O(vms[].customise.files[].source).
            type: list
            elements: dict
            suboptions:
              path:
                description: Path of the file. Directories above it are made.
                type: str
                required: true
              content:
                description: The file's text, for example from the template lookup.
                type: str
              source:
                description: Path of a file on the compute host. A change of its content is a change of the recipe.
                type: str
              owner:
                description: Its user, a name or a number.
                type: str
              group:
                description: Its group, a name or a number.
                type: str
              mode:
                description: Its permissions, octal digits in quotes. A new file has V(0644) if omitted.
                type: str
              selinux_type:
                description: Its SELinux type, where that is to be another one than the guest's policy says.
                type: str
          links:
            description: Symbolic links. What is not a directory at the path is replaced.
            type: list
            elements: dict
            suboptions:
              path:
                description: Path of the link.
                type: str
                required: true
              target:
                description: What it leads to.
                type: str
                required: true
          lines:
            description: Lines of files, edited as M(ansible.builtin.lineinfile) does.
            type: list
            elements: dict
            suboptions:
              path:
                description: Path of the file, made where it is missing.
                type: str
                required: true
              regexp:
                description: A regular expression of Python's. The last line that it matches is replaced, or all are removed.
                type: str
              line:
                description: The line. It is added at the end where none matches.
                type: str
              state:
                description: Whether the line is to be there, V(present) if omitted.
                type: str
                choices: [present, absent]
          augeas:
            description: Settings in configuration files whose syntax Augeas knows, U(https://augeas.net).
            type: list
            elements: dict
            suboptions:
              path:
                description: Augeas path, for example V(/files/etc/ssh/sshd_config/PermitRootLogin).
                type: str
                required: true
              value:
                description: Its value. Null or omitted removes the setting.
                type: str
          delete:
            description: Files and directories that go, with all that is in them; C(*), C(?) and C([...]) match names.
            type: list
            elements: str
          packages:
            description: Packages, by the guest's own package manager, with the compute host's network where something has to be fetched.
            type: dict
            suboptions:
              install:
                description: Names of packages to install.
                type: list
                elements: str
              remove:
                description: Names of packages to remove, before others are installed.
                type: list
                elements: str
              update:
                description: Whether to update all packages.
                type: bool
          services:
            description: Services of systemd, OpenRC or SysV.
            type: dict
            suboptions:
              enable:
                description: Services that start when the guest boots.
                type: list
                elements: str
              disable:
                description: Services that do not.
                type: list
                elements: str
          commands:
            description: Lines of shell that run inside, as root, in their order. The first that fails ends the build. No service runs meanwhile.
            type: list
            elements: str
          scripts:
            description: Scripts that run inside, after O(vms[].customise.commands). Without a C(#!) line they are for C(/bin/sh).
            type: list
            elements: str
          sysprep:
            description:
              - Traces of a machine to remove, by names of U(https://libguestfs.org/virt-sysprep.1.html).
              - V(all) is each of them but V(ssh-userdir), which would remove authorized keys.
            type: list
            elements: str
            choices:
              - all
              - bash-history
              - cloud-init
              - crash-data
              - dhcp-client-state
              - lastlog
              - logfiles
              - machine-id
              - mail-spool
              - net-hwaddr
              - package-manager-cache
              - random-seed
              - ssh-hostkeys
              - ssh-userdir
              - tmp-files
          first_boot:
            description:
              - Scripts that run once, in their order, when the guest boots for the first time. Their output is in
                C(/var/log/tinycloud-first-boot.log) there.
              - One that fails is tried again at the next boot.
            type: list
            elements: str
          passphrase:
            description: What opens the disk where it is encrypted with LUKS.
            type: str
          grow:
            description: Whether the root file system gets all of the disk, with its partition, which must be the last one.
            type: bool
      ignition:
        description:
          - Configuration for Ignition, which sets up Fedora CoreOS, Flatcar and others at their first boot. It is a mapping, its JSON as
            text, or the absolute path of a file on the compute host.
          - Other than such a file, it is kept in a volume of the first disk's pool. The guest finds it as C(opt/com.coreos/config) of
            O(vms[].fw_cfg). Changed data are there at the next start, and Ignition looks at the first one only.
          - Differences, results and the host's log carry the digest of the data at most, never their text.
          - V(null) removes it.
        type: raw
        version_added: 0.2.0
      protect:
        description: Whether no run may remove this VM, or stop or restart it while it runs. It is remembered until it is said
          otherwise.
        type: bool
        version_added: 0.2.0
      xml:
        description:
          - XML that is laid over the definition, for what has no option here. It is C(<domain>) with just what is to be in
            it,
            or one element below that. Elements and attributes are merged into those that are there; devices are added.
          - What has an option is refused. Other XML, or V(null), takes out what was laid over before.
          - Write it as C(virsh dumpxml) shows it, so that it is recognised. It waits for a restart.
        type: str
        version_added: 0.2.0
      base_xml:
        description:
          - A whole definition, as C(virsh dumpxml) writes it, that a new VM starts from; the other options go over it, and
            the defaults of new VMs do not apply. Its name and UUID are not taken over, nor are MACs that the host has
            already.
          - It says nothing about a VM that exists.
        type: str
        version_added: 0.2.0
      state:
        description:
          - V(running), V(stopped), V(paused) and V(saved) (its memory in a file) are power states; V(stopped) asks the
            guest to shut down and waits until it has.
          - V(present) leaves the power state alone.
          - V(absent) stops the VM by pulling the plug and removes it with its firmware's variables, its saved memory, and
            what libvirt knows of its snapshots and checkpoints. Its disks stay, unless O(vms[].volumes=delete).
          - The guide to states has each way between two of them.
        type: str
        choices: [present, running, stopped, paused, saved, absent]
        default: running
      autostart:
        description: Whether the VM starts with the host. A new VM does not, if omitted.
        type: bool
      apply:
        description:
          - How changes reach a running guest. V(live) changes at once what can be changed, V(next_boot) only the
            definition, V(restart) shuts the guest down and starts it where something waits for that.
        type: str
        choices: [live, next_boot, restart]
        default: live
      shutdown_timeout:
        description: Seconds that a guest has to shut down.
        type: int
        default: 120
      force:
        description:
          - Whether to pull the plug of a guest that does not shut down in time, and to lose a saved memory for
            O(vms[].state=stopped).
        type: bool
        default: false
      volumes:
        version_added: 0.2.0
        description:
          - What becomes of the VM's volumes with O(vms[].state=absent). V(delete) removes those that were made for it from images,
            except where the VM only reads them, shares them or has them as media. Other volumes, files and devices are never
            removed with a VM.
        type: str
        choices: [keep, delete]
        default: keep
      remove_disks:
        description: Deprecated, the name of O(vms[].volumes=delete) in release 0.1.0.
        type: bool
        default: false
      wait:
        description: What to wait for when the VM runs.
        type: dict
        suboptions:
          for:
            description:
              - V(address) is a DHCP lease or an address that the guest agent reports, V(agent) a connected guest agent,
                V(ssh) an SSH server's greeting, V(cloud_init) its end without errors (read by the guest agent).
            type: list
            elements: str
            choices: [address, agent, ssh, cloud_init]
            required: true
          timeout:
            description: Seconds to wait.
            type: int
            default: 300
      # end: options of vm
      count:
        description:
          - Makes a group of as many like VMs. They are named V(NAME-1), V(NAME-2) and so on, or, where O(vms[].name) has a C({n}) or
            C({n:02}), by that pattern, for example V(web{n:02}).
          - The same pattern in O(vms[].disks[].volume) and O(vms[].disks[].name) stands for the VM's number. An address in
            O(vms[].interfaces[].address) is that of the first VM, the others' count up from there.
        type: int
        version_added: 0.2.0
      flavor:
        description: A bundle of O(flavors). What O(vms[].profiles) and the VM itself say goes over it.
        type: str
        version_added: 0.2.0
      profiles:
        description:
          - Bundles of O(profiles). The later one goes over the earlier, and what the VM says itself over all of them.
          - Mappings are merged by key, lists are replaced whole.
        type: list
        elements: str
        version_added: 0.2.0
      after:
        description: VMs or groups that are made, changed and started before this one, and are as their wait says. Removal goes the other way round.
        type: list
        elements: str
        version_added: 0.2.0
      placement:
        description: Where it wants to be among several hosts, as in M(tinycloud.libvirt.placement). Nothing comes of it in this module.
        type: dict
        version_added: 0.2.0
  only:
    description:
      - Names of the VMs, those of groups counted out, that are to be on this host. The others of O(vms) are somebody else's business.
      - The role P(tinycloud.libvirt.tenant#role) says it, which spreads an environment over hosts.
    type: list
    elements: str
    version_added: 0.2.0
  wait:
    description: What to wait for with every running VM of the environment that says nothing itself.
    type: dict
    suboptions:
      for:
        description: What to wait for, as in O(vms[].wait.for).
        type: list
        elements: str
        choices: [address, agent, ssh, cloud_init]
        required: true
      timeout:
        description: Seconds to wait.
        type: int
        default: 300
  plan_out:
    description:
      - Absolute path of a file on the compute host to write the plan to, in check mode as well. It holds what C(--diff) shows, as JSON.
    type: str
    version_added: 0.2.0
  plan_in:
    description:
      - Absolute path of a file that O(plan_out) wrote. Nothing is done, and the task fails, if there is anything else to do by now,
        because the declaration or reality have moved. A plan that was carried out already is not carried out again.
    type: str
    version_added: 0.2.0
seealso:
  - module: tinycloud.libvirt.placement
  - module: tinycloud.libvirt.vm
  - module: tinycloud.libvirt.host_info
"""

EXAMPLES = r"""
- name: A shop with a database and a web server
  tinycloud.libvirt.environment:
    name: shop
    pools:
      - name: default
        path: /var/lib/libvirt/images
    images:
      - name: debian-12
        source: https://example.com/debian-12.qcow2
        checksum: sha512:https://example.com/SHA512SUMS
    networks:
      - name: front
        mode: nat
        subnet: 10.20.0.0/24
        domain: shop.internal
    volumes:
      - name: db-data
        size: 20GiB
    vms:
      - name: db
        memory: 2GiB
        disks: [{image: debian-12, size: 10GiB}, {volume: db-data}]
        interfaces: [{network: front, address: 10.20.0.10}]
      - name: web
        count: 2
        flavor: m1.small
        after: [db]
        disks: [{image: debian-12}]
        interfaces: [{network: front}]
    prune: true
    wait:
      for: [ssh]

- name: Stop all of it for the night
  tinycloud.libvirt.environment:
    name: shop
    state: stopped

- name: Remove all of it but the volumes
  tinycloud.libvirt.environment:
    name: shop
    state: absent
"""

RETURN = r"""
secrets:
  description: The declared secrets as they are now, without their values.
  returned: success
  type: list
  elements: dict
pools:
  description: The declared pools as they are now.
  returned: success
  type: list
  elements: dict
images:
  description: The declared images as they are now.
  returned: success
  type: list
  elements: dict
networks:
  description: The declared networks as they are now.
  returned: success
  type: list
  elements: dict
volumes:
  description: The declared volumes as they are now.
  returned: success
  type: list
  elements: dict
vms:
  description: The declared VMs as they are now; C(hostname) is the name within the environment.
  returned: success
  type: list
  elements: dict
  sample: [{"name": "shop.db", "hostname": "db", "state": "running", "address": "10.20.0.10"}]
outputs:
  description: What is where, by the names within the environment, for later tasks and C(set_stats).
  returned: success
  type: dict
  sample: {"vms": {"db": {"name": "shop.db", "state": "running", "address": "10.20.0.10", "addresses": {"front": ["10.20.0.10"]}}},
           "networks": {"front": {"name": "shop.front", "bridge": "virbr-1f0c", "subnet": "10.20.0.0/24"}},
           "volumes": {"db-data": {"name": "shop.db-data", "pool": "default", "path": "/var/lib/libvirt/images/shop.db-data"}}}
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

from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import run_environment
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.environment import Environment


def main():
    run_environment(Environment)


if __name__ == "__main__":
    main()
