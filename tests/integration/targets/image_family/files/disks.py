# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""make FOLDER PASSPHRASE: a disk with LVM and XFS, and one with LUKS, each with as much of a system as tells what it is.
look PASSPHRASE LVM LUKS: what is in two disks that were made of them. All by libguestfs, in one launch each."""
import json
import sys

import guestfs

ACCOUNTS = {"/etc/passwd": "root:x:0:0:root:/root:/bin/sh\n", "/etc/group": "root:x:0:\n", "/etc/shadow": "root:*:19000::::::\n"}
FEDORA = dict(ACCOUNTS, **{
    "/etc/os-release": 'ID=fedora\nVERSION_ID=42\nPRETTY_NAME="Fedora Linux 42"\n', "/etc/redhat-release": "Fedora release 42\n",
})
# With packages: one that is installed, one that was removed, and cloud-init.
DEBIAN = dict(ACCOUNTS, **{
    "/etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n', "/etc/debian_version": "12.7\n",
    "/usr/bin/cloud-init": "#!/bin/sh\n",
    "/var/lib/dpkg/status": "".join("Package: %s\nStatus: %s\nArchitecture: all\nVersion: %s\n\n" % one for one in (
        ("openssh-server", "install ok installed", "1:9.2p1-2+deb12u3"), ("less", "deinstall ok config-files", "590-2"))),
})


def fill(disk, system):
    for folder in ("etc", "bin", "usr/bin", "var/lib/dpkg", "boot", "dev"):
        disk.mkdir_p("/" + folder)
    for path, text in system.items():
        disk.write(path, text)
        disk.chmod(0o755 if "/bin/" in path else 0o644, path)


def make(folder, passphrase):
    disk = guestfs.GuestFS(python_return_dict=True)
    disk.set_backend("direct")
    for name in ("lvm", "luks"):
        path = f"{folder}/{name}.qcow2"
        disk.disk_create(path, "qcow2", 768 << 20)
        disk.add_drive_opts(path, format="qcow2")
    disk.launch()
    disk.part_init("/dev/sda", "gpt")
    disk.part_add("/dev/sda", "p", 2048, 206847)
    disk.part_add("/dev/sda", "p", 206848, -34)
    disk.mkfs("ext4", "/dev/sda1")
    disk.pvcreate("/dev/sda2")
    disk.vgcreate("system", ["/dev/sda2"])
    disk.lvcreate("root", "system", 400)
    disk.mkfs("xfs", "/dev/system/root")
    disk.mount("/dev/system/root", "/")
    fill(disk, FEDORA)
    disk.mount("/dev/sda1", "/boot")
    disk.umount("/boot")
    disk.write("/etc/fstab", "/dev/system/root / xfs defaults 0 0\nUUID=%s /boot ext4 defaults 0 0\n" % disk.vfs_uuid("/dev/sda1"))
    disk.umount_all()
    disk.part_disk("/dev/sdb", "mbr")
    disk.luks_format("/dev/sdb1", passphrase, 0)
    disk.cryptsetup_open("/dev/sdb1", passphrase, "secret")
    disk.mkfs("ext4", "/dev/mapper/secret")
    disk.mount("/dev/mapper/secret", "/")
    fill(disk, DEBIAN)
    disk.write("/etc/fstab", "UUID=%s / ext4 defaults 0 0\n" % disk.vfs_uuid("/dev/mapper/secret"))
    disk.umount_all()
    disk.cryptsetup_close("/dev/mapper/secret")
    disk.shutdown()


def look(passphrase, lvm, luks, family):
    disk = guestfs.GuestFS(python_return_dict=True)
    disk.set_backend("direct")
    for path in (lvm, luks, family):
        disk.add_drive_opts(path, format="qcow2", readonly=True)
    disk.launch()
    disk.cryptsetup_open("/dev/sdb1", passphrase, "secret")
    seen = {}
    for name, device in (("lvm", "/dev/system/root"), ("luks", "/dev/mapper/secret")):
        disk.mount_ro(device, "/")
        seen[name] = {"type": disk.vfs_type(device), "hostname": disk.read_file("/etc/hostname").decode().strip(),
                      "megabytes": disk.statvfs("/")["blocks"] * disk.statvfs("/")["bsize"] >> 20}
        disk.umount_all()
    disk.mount_ro("/dev/sdc1", "/")
    seen["labels"] = {path: [one["attrval"].decode().strip("\0") for one in disk.getxattrs(path) if one["attrname"] == "security.selinux"]
                      for path in ("/etc/labelled", "/etc/unlabelled")}
    seen["relabels"] = bool(disk.exists("/.autorelabel"))
    disk.close()
    print(json.dumps(seen))


{"make": make, "look": look}[sys.argv[1]](*sys.argv[2:])
