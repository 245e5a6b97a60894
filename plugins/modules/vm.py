#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: vm
short_description: Manage libvirt virtual machines
version_added: 0.1.0
description:
  - Makes virtual machines, changes them in place, moves them between power states and removes them.
  - What a running guest can follow is changed live; the rest is recorded for its next start and reported in
    RV(restart_required). A guest is never restarted unless O(apply=restart) asks for it.
  - An option that is left out is left alone, V(null) removes it or returns it to libvirt's default, and a given
    list is the whole list. What the definition holds beside these options stays as it is.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
requirements:
  - python3-pycdlib on the compute host, for O(cloud_init)
options:
  name:
    description: Name of the VM. It is also the guest's host name in O(cloud_init), DHCP and DNS.
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
    type: str
    choices: [auto, kvm, qemu]
  arch:
    description: Architecture of the guest. A new VM has the host's, if omitted.
    type: str
  machine:
    description:
      - Machine type. V(q35) and V(pc) stand for any version of them. A new x86_64 VM is a V(q35), if omitted.
    type: str
  emulator:
    description: Absolute path of the emulator on the compute host. It is the host's usual one for the architecture, if omitted.
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
      - Whether O(firmware=uefi) starts signed systems only, with the usual keys enrolled. A new VM's does not, if omitted.
      - A VM that exists keeps its variables, and with them the keys that are, or are not, in there.
    type: bool
    version_added: 0.2.0
  loader:
    description: A firmware's file, instead of having libvirt choose one.
    type: dict
    version_added: 0.2.0
    suboptions:
      path:
        description: Absolute path on the compute host.
        type: str
        required: true
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
  nvram:
    description: Where the variables of UEFI are kept. libvirt chooses, if omitted.
    type: dict
    version_added: 0.2.0
    suboptions:
      path:
        description: Absolute path on the compute host. It is made from the template at the first start, and goes with the VM.
        type: str
      template:
        description: Absolute path of the variables that a new VM starts with.
        type: str
  boot:
    description:
      - What the firmware starts, see U(https://libvirt.org/formatdomain.html#operating-system-booting). Changes wait for a restart.
    type: dict
    version_added: 0.2.0
    suboptions:
      devices:
        description:
          - Kinds of devices in the order in which they are tried. libvirt's default is V(hd).
          - Instead, disks and interfaces may have an order of their own by O(disks[].boot_order); the one given last holds.
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
  vcpus:
    description:
      - Number of virtual CPUs that are plugged in. A new VM has one, or as many as O(cpu.topology) says, if omitted.
      - Up to O(maximum_vcpus) of them come to a running guest live. They leave it live where its system lets go of them,
        which it does of none that it was started with; else that waits for a restart.
      - More than the maximum raises the maximum, which waits for a restart.
      - New ones are put to use by the guest agent, where it runs.
    type: int
  maximum_vcpus:
    description:
      - Number of virtual CPUs that can be plugged in without a restart.
      - For a new VM it is as many as O(cpu.topology) says, or O(vcpus), if omitted. V(null) returns it to O(vcpus).
    type: int
    version_added: 0.2.0
  memory:
    description:
      - Memory that the guest may use, with its unit, for example V(2GiB). A new VM has V(1GiB), if omitted.
      - Up to O(maximum_memory) it is changed live by the guest's balloon driver; what that does not do is told in RV(notes).
      - More than the maximum raises the maximum, which waits for a restart.
    type: str
  maximum_memory:
    description:
      - Memory that the guest can have without a restart, with its unit.
      - For a new VM it is O(memory), if omitted. V(null) returns it to that.
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
        description: A CPU model's name, for O(cpu.mode=custom).
        type: str
      fallback:
        description: Whether libvirt may take another model where the host cannot do O(cpu.model).
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
        description: Whether features that cannot be migrated are left out, for O(cpu.mode=host-passthrough) and V(maximum).
        type: bool
        version_added: 0.2.0
      topology:
        description:
          - How O(maximum_vcpus) are laid out; it is the product of these numbers. Each that is not said is one.
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
            description: Whether the width is O(cpu.physical_address.bits) or the host's.
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
  console:
    description:
      - The serial console, which is the first serial port. A new VM has one whose output libvirt logs on the compute host,
        in C(/var/log/libvirt/qemu/VM.console.log), if omitted. V(null) removes it. Changes wait for a restart.
    type: dict
    version_added: 0.2.0
    suboptions:
      type:
        description: Where it leads. A new one is a V(pty), which C(virsh console) opens, if omitted.
        type: str
        choices: [pty, file, unix, tcp, "null"]
      path:
        description: Absolute path of the file or UNIX socket.
        type: str
      host:
        description: Name or address for O(console.type=tcp).
        type: str
      port:
        description: Port for O(console.type=tcp).
        type: int
      mode:
        description: Whether QEMU listens at the UNIX socket or TCP port, or connects to it.
        type: str
        choices: [bind, connect]
      log:
        description: Absolute path of the file that its output is logged to.
        type: str
      log_append:
        description: Whether the log of earlier starts is kept.
        type: bool
  guest_agent:
    description:
      - Whether the VM has the channel of the QEMU guest agent. A new VM has, if omitted. Changes wait for a restart.
    type: bool
    version_added: 0.2.0
  rng:
    description:
      - The guest's source of random numbers. A new VM has the host's, if omitted. V(null) removes it. Changes wait for a restart.
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
        choices: [random, builtin]
      source:
        description: Absolute path of the host's device. A new one has V(/dev/urandom), if omitted.
        type: str
      rate_bytes:
        description: Bytes that the guest may have in a period.
        type: int
      rate_period:
        description: The period in milliseconds. It is a second, if omitted.
        type: int
  memballoon:
    description:
      - The device by which the guest gives memory back, and tells about it. A new VM has one, if omitted. V(null) removes it.
        But for O(memballoon.stats_period), changes wait for a restart.
    type: dict
    version_added: 0.2.0
    suboptions:
      model:
        description: Model of the device.
        type: str
        choices: [virtio, virtio-transitional, virtio-non-transitional]
      stats_period:
        description: Seconds between two reports of the guest about its memory, 0 for none; changed live. A new VM has 10, if omitted.
        type: int
      autodeflate:
        description: Whether the guest gets memory back before it kills processes for want of it.
        type: bool
      free_page_reporting:
        description: Whether the guest tells of pages it does not use, so that the host can have them.
        type: bool
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
        choices: [vnc, spice]
        required: true
      listen:
        description:
          - Address or host name of the compute host to listen at, V(socket) for a UNIX socket, or V(none).
          - It is what the host is set up for, usually 127.0.0.1, if omitted. Without a password, whoever reaches it is let in.
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
  video:
    description:
      - The video card. A VM with O(graphics) has the machine's usual one, if omitted. V(null) removes it. Changes wait for a restart.
    type: dict
    version_added: 0.2.0
    suboptions:
      model:
        description: Model of the card.
        type: str
        choices: [vga, virtio, qxl, cirrus, bochs, ramfb, vmvga, gop]
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
  disks:
    description:
      - The disks. Each says by one of O(disks[].image), O(disks[].volume), O(disks[].file), O(disks[].block) or
        O(disks[].network) where its data is.
      - A disk is known by its name, never by its place in the list. A disk that is no longer listed is unplugged;
        its data stays.
      - While the guest runs, disks on the buses virtio, scsi and usb come and go, a CD-ROM's medium and
        O(disks[].iotune) change, and O(disks[].size) grows, all at once. The rest waits for the next start.
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
        suboptions:
          protocol:
            description: How the hosts are spoken to.
            type: str
            choices: [nbd, iscsi, rbd, http, https]
            required: true
          name:
            description:
              - What is asked for, an NBD export (may be omitted), V(IQN/LUN) of an iSCSI target, V(POOL/IMAGE) of RBD, or
                the path on a web server.
            type: str
          hosts:
            description: The hosts. Only V(rbd) has several.
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
                description: V(unix) for a server on this host, see O(disks[].network.hosts[].socket).
                type: str
                choices: [tcp, unix]
              socket:
                description: Absolute path of a server's socket on this host, in place of a name.
                type: str
          auth:
            description: How to log in, for V(iscsi) and V(rbd).
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
            into V(sata), V(ide) and V(fdc) while the guest runs.
        type: str
        choices: [virtio, scsi, sata, ide, usb, fdc]
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
        description: How QEMU reads and writes. V(native) goes with O(disks[].cache=none) or V(directsync).
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
        suboptions:
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
      - The network interfaces. Each says by O(interfaces[].network), O(interfaces[].bridge), O(interfaces[].direct) or
        O(interfaces[].user) what it is plugged into.
      - An interface is known by its name, then by its MAC, never by its place in the list.
      - While the guest runs, interfaces come and go, and O(interfaces[].network), O(interfaces[].bridge),
        O(interfaces[].link), O(interfaces[].bandwidth), O(interfaces[].filter), O(interfaces[].isolated) and
        O(interfaces[].vlan) change while the guest keeps its card. For a change of the others the card is unplugged and
        plugged in again.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name of the interface. That of what it is plugged into, if omitted. Null for one that others made without a name,
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
          - V(pool) takes a free one of the C(address_pool) of the network, and keeps it until the VM is removed (since 0.2.0).
          - The DNS name is the VM's; a second address of the VM on the same network is named V(VM-INTERFACE).
        type: str
      model:
        description: Model of the network card. A new one is V(virtio), if omitted.
        type: str
      mtu:
        description: MTU in bytes.
        type: int
      driver:
        version_added: 0.2.0
        description: What moves the packets of a virtio card, the host's kernel (V(vhost)) or QEMU.
        type: str
        choices: [vhost, qemu]
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
        description: VLAN tags, on Open vSwitch and SR-IOV devices, and on bridges since libvirt 11.0. V(null) removes them.
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
            description: Kind of the switch.
            type: str
            choices: [openvswitch, 802.1Qbg, 802.1Qbh, midonet]
            required: true
          interface_id:
            description: UUID of the port. libvirt makes one, if omitted.
            type: str
          profile_id:
            description: Profile of the port.
            type: str
      boot_order:
        version_added: 0.2.0
        description: Place in the order of boot devices, from 1.
        type: int
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
  cloud_init:
    description:
      - Data for cloud-init's NoCloud datasource. It is kept in a volume of the first disk's pool and shown to the
        guest as a CD-ROM. Changed data replace it, live.
      - A guest that has booted with this instance ID does not make users or run most other modules again; see
        O(cloud_init.instance_id) to have cloud-init start over at the next boot.
      - Differences, results and the host's log carry the digest of the data at most, never their text.
      - V(null) removes it.
    type: dict
    suboptions:
      instance_id:
        description:
          - What the instance ID follows. V(name) is the VM's name, so that other data do not make it another instance.
            V(data) changes with the data, so that cloud-init starts over with other data. It is V(name), if omitted.
          - An C(instance-id) in O(cloud_init.meta_data) stands instead.
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
  protect:
    description: Whether no run may remove this VM, or stop or restart it while it runs. It is remembered until it is said otherwise.
    type: bool
    version_added: 0.2.0
  xml:
    description:
      - XML that is laid over the definition, for what has no option here. It is C(<domain>) with just what is to be in it,
        or one element below that. Elements and attributes are merged into those that are there; devices are added.
      - What has an option is refused. Other XML, or V(null), takes out what was laid over before.
      - Write it as C(virsh dumpxml) shows it, so that it is recognised. It waits for a restart.
    type: str
    version_added: 0.2.0
  base_xml:
    description:
      - A whole definition, as C(virsh dumpxml) writes it, that a new VM starts from; the other options go over it, and
        the defaults of new VMs do not apply. Its name and UUID are not taken over, nor are MACs that the host has already.
      - It says nothing about a VM that exists.
    type: str
    version_added: 0.2.0
  state:
    description:
      - V(running), V(stopped), V(paused) and V(saved) (its memory in a file) are power states; V(stopped) asks the
        guest to shut down and waits until it has.
      - V(present) leaves the power state alone.
      - V(absent) stops the VM by pulling the plug and removes it with its firmware's variables, its saved memory, and
        what libvirt knows of its snapshots and checkpoints. Its disks stay, unless O(volumes=delete).
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
        O(state=stopped).
    type: bool
    default: false
  volumes:
    version_added: 0.2.0
    description:
      - What becomes of the VM's volumes with O(state=absent). V(delete) removes those that were made for it from images,
        except where the VM only reads them, shares them or has them as media. Other volumes, files and devices are never
        removed with a VM.
    type: str
    choices: [keep, delete]
    default: keep
  remove_disks:
    description: Deprecated, the name of O(volumes=delete) in release 0.1.0.
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
seealso:
  - module: tinycloud.libvirt.vm_info
  - module: tinycloud.libvirt.environment
  - module: tinycloud.libvirt.image
  - module: tinycloud.libvirt.network
"""

EXAMPLES = r"""
- name: A VM from an image, reachable by SSH
  tinycloud.libvirt.vm:
    name: web
    vcpus: 2
    memory: 2GiB
    disks:
      - image: debian-12
        size: 10GiB
    interfaces:
      - network: front
        address: 10.20.0.10
    cloud_init:
      user_data:
        users:
          - name: ops
            ssh_authorized_keys: ["{{ key }}"]
    wait:
      for: [ssh]

- name: One more disk for it, plugged in while it runs
  tinycloud.libvirt.vm:
    name: web
    disks:
      - image: debian-12
      - volume: web-data

- name: A VM that can grow while it runs
  tinycloud.libvirt.vm:
    name: web
    vcpus: 2
    maximum_vcpus: 8
    memory: 2GiB
    maximum_memory: 8GiB
    labels:
      role: web
      tier: "1"

- name: Another medium in its drive, a bound on a disk, another network for its card, all while it runs
  tinycloud.libvirt.vm:
    name: web
    disks:
      - image: debian-12
        iotune:
          total_bytes_sec: 50MiB
      - volume: web-data
      - device: cdrom
        file: /srv/tools.iso
    interfaces:
      - name: front
        network: back
        bandwidth:
          outbound:
            average: 10MiB

- name: What has no option, as XML
  tinycloud.libvirt.vm:
    name: web
    xml: |
      <domain>
        <memoryBacking><hugepages/></memoryBacking>
        <devices><watchdog model="i6300esb" action="reset"/></devices>
      </domain>

- name: A VM from a definition in a file
  tinycloud.libvirt.vm:
    name: legacy
    base_xml: "{{ lookup('ansible.builtin.file', 'legacy.xml') }}"
    memory: 4GiB

- name: More memory, at once, by a clean restart
  tinycloud.libvirt.vm:
    name: web
    memory: 4GiB
    apply: restart

- name: Remove it, keep its disks
  tinycloud.libvirt.vm:
    name: web
    state: absent
"""

RETURN = r"""
vm:
  description: The VM as it is now, in the terms of the options; null where it does not exist.
  returned: success
  type: dict
  sample: {"name": "web", "state": "running", "vcpus": 2, "memory": "2GiB", "address": "10.20.0.10",
           "interfaces": [{"name": "front", "network": "front", "mac": "02:92:d9:f6:8a:78",
                           "addresses": ["10.20.0.10"]}]}
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
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm import Vm


def main():
    run_resource(Vm)


if __name__ == "__main__":
    main()
