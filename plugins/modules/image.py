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
  - It comes from a O(source), which the compute host fetches, from another image (O(base)), from a volume (O(from_volume))
    or from a disk of a stopped VM (O(from_vm)). What is made from these can be different inside, see O(customise).
  - The compute host fetches the image itself, under a hidden temporary name. Only what is complete, has the right checksum
    and is a disk image that depends on no other file gets the name.
  - The volume is called C(<name>-<first 12 digits of the content's sha256>.<format>), cannot be written, and is never replaced.
    Where O(source) or O(checksum) become others, the name points to a new volume; the old one stays for what stands on it.
    The playbook C(tinycloud.libvirt.image_prune) removes old ones that nothing needs.
  - As long as O(source) and O(checksum) stay as they were, nothing is fetched, nor asked for on the network.
    To follow an address whose content changes, change O(checksum).
  - As long as O(customise) and the content of O(base) stay as they were, nothing is built. Several images with the same recipe
    on the same content share one build.
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
        A new image needs this, O(catalogue), O(base), O(from_volume),
        O(from_vm), O(debian) or O(upload).
      - What is packed with gzip, bzip2, xz or zstd is unpacked.
      - Proxies are taken from the environment, for example E(https_proxy), passwords from C(~/.netrc).
    type: str
  checksum:
    description:
      - What proves what O(source) gives, as it comes (packed, where it is), V(sha256:<digest>), V(sha384:<digest>) or V(sha512:<digest>).
      - Instead of the digest, the URL or path of a list of checksums (a C(SHA512SUMS) file, GNU or BSD style);
        the line with the file name of O(source) counts. The list is read only when the image is fetched.
      - Belongs to O(source). If omitted together with a new O(source), nothing is verified.
    type: str
  catalogue:
    description:
      - Short name of a well-known cloud image, instead of O(source) and O(checksum), for the compute host's architecture.
      - One of V(alma-8), V(alma-9), V(alpine-3.20), V(alpine-3.21), V(centos-stream-9), V(centos-stream-10), V(cirros-0.6),
        V(debian-11), V(debian-12), V(debian-13), V(fedora-41), V(fedora-42), V(opensuse-leap-15.6), V(rocky-8), V(rocky-9),
        V(ubuntu-22.04), V(ubuntu-24.04), V(debian-local), or of O(catalogue_entries).
      - V(debian-local) is not fetched but made on the compute host, as with O(debian.suite=trixie).
      - The image that is there stays, although its publisher may have put a newer one in its place.
    type: str
  catalogue_entries:
    description: A catalogue of one's own, best in C(module_defaults). An entry goes before one of ours with the same name.
    type: list
    elements: dict
    suboptions:
      name:
        description: Name of the entry, for O(catalogue).
        type: str
        required: true
      source:
        description:
          - Where the image is. C({arch}) in it becomes the host's architecture as Linux calls it (C(x86_64)), C({deb}) as Debian does
            (C(amd64)), here as in the checksum.
        type: str
        required: true
      checksum:
        description: What proves it, as O(checksum).
        type: str
      member:
        description: The image's file in a tar archive, as O(member).
        type: str
      format:
        description: Its format, as O(format).
        type: str
        choices: [qcow2, raw]
      user:
        description: Who logs in to what is started from it, told in C(image.user).
        type: str
  member:
    description: Name of the image's file in the tar archive that O(source) or O(upload) gives.
    type: str
  headers:
    description:
      - Headers of the requests to the server of O(source), for example C(Authorization). They are told nowhere, kept nowhere, and not
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
        description: Name of its pool, O(pool) if omitted.
        type: str
  from_vm:
    description:
      - The VM whose disk is copied, with all that it stands on. The VM must be stopped.
      - It is read once. Let O(customise.sysprep) remove what makes the VM this very machine.
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
      - What is packed is unpacked, see O(source). The compute host needs room for it in its temporary directory (C(remote_tmp)). Not with
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
        Needs O(base), O(from_volume) or O(from_vm).
      - The recipe is known by its digest (C(image.recipe)), which is all that results and diffs tell of it. If omitted, the content
        stays as it is.
      - The order is that of the options here, with accounts before files, so that files can belong to them; O(customise.sysprep) and
        O(customise.first_boot) come last.
      - Needs python3-guestfs on the compute host, which the role P(tinycloud.libvirt.compute_host#role) installs with
        C(compute_host_guestfs).
    type: dict
    suboptions:
      root_password:
        description: Password of root in plain text. It is hashed with SHA-512 before anything is written, and no command ever has it.
        type: str
      root_password_hash:
        description: Password of root as C(/etc/shadow) has it, instead of O(customise.root_password).
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
            description: Password in plain text, hashed as O(customise.root_password) is. A new user has none if omitted.
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
        description: Files to write. Each has either O(customise.files[].content) or O(customise.files[].source).
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
        description: Scripts that run inside, after O(customise.commands). Without a C(#!) line they are for C(/bin/sh).
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
      - What is made from O(base), O(from_volume) or O(from_vm) is V(qcow2) if omitted.
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
  - python3-guestfs on the compute host, for O(customise)
seealso:
  - module: tinycloud.libvirt.image_info
  - module: tinycloud.libvirt.volume
"""

EXAMPLES = r"""
- name: A Debian made of packages, where there is no server of images
  tinycloud.libvirt.image:
    name: debian
    catalogue: debian-local

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

- name: The same with what all web servers have, ready to be cloned
  tinycloud.libvirt.image:
    name: debian-12-web
    base: debian-12
    customise:
      size: 8GiB
      timezone: Europe/Berlin
      users:
        - {name: ops, ssh_keys: ["{{ lookup('ansible.builtin.file', '~/.ssh/id_ed25519.pub') }}"], sudo: "ALL=(ALL) NOPASSWD:ALL"}
      files:
        - {path: /etc/motd, content: "{{ lookup('ansible.builtin.template', 'motd.j2') }}", mode: "0644"}
      packages:
        install: [nginx]
      services:
        enable: [nginx]
      sysprep: [all]
      sparsify: true

- name: An image of a VM that was set up by hand, and is stopped now
  tinycloud.libvirt.image:
    name: golden
    from_vm: {name: golden}
    customise:
      sysprep: [all]

- name: A well-known image
  tinycloud.libvirt.image:
    name: debian-13
    catalogue: debian-13

- name: A packed image from a server that wants to know who asks
  tinycloud.libvirt.image:
    name: freebsd-14
    source: https://example.com/images/freebsd-14.qcow2.xz
    checksum: sha256:https://example.com/images/SHA256SUMS
    headers:
      Authorization: "Bearer {{ image_token }}"

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
    base: null
    recipe: null
    user: debian
    from_volume: null
    from_vm: null
    debian: null
    upload: null
    created: "2026-01-31T12:00:00Z"
    size: 3221225472
    allocation: 432013312
    children: [default/web.qcow2]
    former: []
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
