# shellcheck shell=sh
# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# A Debian tree becomes a cloud guest; $1 is the tree.
set -eu

echo 'LABEL=debian-12 / ext4 rw,errors=remount-ro 0 1' > "$1/etc/fstab"
echo 'localhost' > "$1/etc/hostname"
printf '127.0.0.1 localhost\n::1 localhost\n' > "$1/etc/hosts"
: > "$1/etc/machine-id"
rm -f "$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap" "$1"/etc/ssh/ssh_host_* "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*

# The names in / follow kernel upgrades, so this menu never has to be generated again.
mkdir -p "$1/boot/grub"
cat > "$1/boot/grub/grub.cfg" <<'MENU'
set timeout=0
menuentry debian {
    linux /vmlinuz root=LABEL=debian-12 ro console=tty0 console=ttyS0,115200 quiet mitigations=off no_timer_check tsc=reliable random.trust_cpu=on
    initrd /initrd.img
}
MENU

# Looking for metadata services that are not there takes minutes: a seed disk or nothing. And
# cloud-init runs in any case: its early look for a reason to run can come before the drive does.
printf '%s\n' 'datasource_list: [NoCloud, ConfigDrive, None]' > "$1/etc/cloud/cloud.cfg.d/90_datasource.cfg"
echo 'policy: enabled' > "$1/etc/cloud/ds-identify.cfg"
# One key instead of three, and no locale to generate: the first boot may be on an emulated CPU.
echo 'LANG=C.UTF-8' > "$1/etc/default/locale"
printf '%s\n' 'ssh_genkeytypes: [ed25519]' 'locale: C.UTF-8' > "$1/etc/cloud/cloud.cfg.d/91_first_boot.cfg"

chroot "$1" systemctl enable systemd-networkd systemd-resolved qemu-guest-agent ssh serial-getty@ttyS0 >/dev/null 2>&1 || true
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
    e2scrub_reap.service
do
    ln -sf /dev/null "$1/etc/systemd/system/$unit"
done

rm -rf "$1"/usr/share/man/* "$1"/usr/share/locale/* "$1"/usr/share/doc/* "$1"/var/log/*.log
