# shellcheck shell=sh
# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# A cloud guest becomes one that boots fast on an emulated CPU; $1 is the tree.
set -eu

rm -f "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*
# One key instead of three, and no locale to generate.
printf '%s\n' 'ssh_genkeytypes: [ed25519]' 'locale: C.UTF-8' > "$1/etc/cloud/cloud.cfg.d/91_first_boot.cfg"
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
    e2scrub_reap.service
do
    ln -sf /dev/null "$1/etc/systemd/system/$unit"
done

rm -rf "$1"/usr/share/man/* "$1"/usr/share/locale/* "$1"/usr/share/doc/* "$1"/var/log/*.log
