# shellcheck shell=sh
# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# A Debian tree becomes the root of lab hosts; $1 is the tree.
set -eu

# Units that act on the machine beneath (kernel settings, devices, modules) or that only cost time.
for unit in \
    systemd-udevd.service systemd-udevd-kernel.socket systemd-udevd-control.socket \
    systemd-udev-trigger.service systemd-udev-settle.service systemd-sysctl.service \
    systemd-modules-load.service systemd-firstboot.service systemd-networkd.service \
    systemd-networkd.socket systemd-networkd-wait-online.service systemd-resolved.service \
    systemd-timesyncd.service console-getty.service getty@.service \
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer
do
    ln -sf /dev/null "$1/etc/systemd/system/$unit"
done

# Identity comes from the lab, at each host's own birth.
rm -f "$1"/etc/ssh/ssh_host_* "$1/etc/resolv.conf" "$1/etc/hostname"
: > "$1/etc/machine-id"

# A lab host reaches nothing but its lab, so the archives it was built from are out of its reach.
rm -f "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*
echo 'force-unsafe-io' > "$1/etc/dpkg/dpkg.cfg.d/lab"
printf '%s\n' 'path-exclude=/usr/share/man/*' 'path-exclude=/usr/share/doc/*' \
    'path-exclude=/usr/share/locale/*' >> "$1/etc/dpkg/dpkg.cfg.d/lab"
echo 'Acquire::Languages "none";' > "$1/etc/apt/apt.conf.d/lab"

printf '%s\n' 'UseDNS no' 'MaxStartups 100' 'MaxSessions 100' > "$1/etc/ssh/sshd_config.d/lab.conf"
