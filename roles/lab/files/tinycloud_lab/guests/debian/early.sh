# shellcheck shell=sh
# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# Before the kernel is installed and its initramfs made: the seed's drive has to be there when
# cloud-init looks for it, so its drivers come with the root disk's. $1 is the tree.
mkdir -p "$1/usr/share/initramfs-tools/modules.d"
printf '%s\n' ahci ata_piix sd_mod sr_mod isofs virtio_blk virtio_scsi virtio_net \
    > "$1/usr/share/initramfs-tools/modules.d/lab"
