# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes a Debian tree a guest of a cloud: its packages, and what is settled in it before its first boot.

The standard library is all that is used here: the lab's program, which knows nothing of Ansible, shares it.
"""
from __future__ import annotations

# Debian 12's kernel for clouds cannot see a SATA drive, and seeds come on those too.
PACKAGES = (
    "systemd", "systemd-sysv", "systemd-resolved", "libnss-resolve", "dbus", "udev", "kmod", "linux-image-amd64", "initramfs-tools", "zstd",
    "cloud-init", "cloud-guest-utils", "fdisk", "e2fsprogs", "openssh-server", "qemu-guest-agent", "sudo", "python3", "python3-apt", "iproute2",
    "iputils-ping", "procps", "netbase", "ca-certificates", "less",
)
# What a disk of the tree boots with, where nothing else brings it.
LOADER = ("grub-common", "grub-pc-bin")

# Before the kernel is installed and its initramfs made: the seed's drive has to be there when cloud-init looks for it, so its
# drivers come with the root disk's.
EARLY = r"""mkdir -p "$1/usr/share/initramfs-tools/modules.d"
printf '%s\n' ahci ata_piix sd_mod sr_mod isofs virtio_blk virtio_scsi virtio_net > "$1/usr/share/initramfs-tools/modules.d/tinycloud"
"""

_PREPARE = r"""set -eu
echo 'LABEL=@LABEL@ / ext4 rw,errors=remount-ro 0 1' > "$1/etc/fstab"
echo localhost > "$1/etc/hostname"
printf '127.0.0.1 localhost\n::1 localhost\n' > "$1/etc/hosts"
: > "$1/etc/machine-id"
rm -f "$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap" "$1"/etc/ssh/ssh_host_*
# The names in / follow kernel upgrades, so this menu never has to be generated again.
mkdir -p "$1/boot/grub"
cat > "$1/boot/grub/grub.cfg" <<'MENU'
set timeout=0
menuentry debian {
    linux /vmlinuz root=LABEL=@LABEL@ ro console=tty0 console=ttyS0,115200 quiet @KERNEL@
    initrd /initrd.img
}
MENU
# Looking for metadata services that are not there takes minutes: a seed disk or nothing. And cloud-init runs in any case: its
# early look for a reason to run can come before the drive does.
printf '%s\n' 'datasource_list: [NoCloud, ConfigDrive, None]' > "$1/etc/cloud/cloud.cfg.d/90_datasource.cfg"
echo 'policy: enabled' > "$1/etc/cloud/ds-identify.cfg"
echo 'LANG=C.UTF-8' > "$1/etc/default/locale"
chroot "$1" systemctl enable systemd-networkd systemd-resolved qemu-guest-agent ssh serial-getty@ttyS0 >/dev/null 2>&1 || true
"""


def prepare(label, kernel=""):
    """A hook for mmdebstrap.

    :param label: of the root file system
    :param kernel: further words of its command line
    """
    return _PREPARE.replace("@LABEL@", label).replace("@KERNEL@", kernel)
