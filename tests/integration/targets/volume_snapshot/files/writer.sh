#!/bin/sh
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs in the guest: writes one file after the other to /mnt, and the digest of each, until /run/stop is there.
number=0
while [ ! -e /run/stop ]; do
    number=$((number + 1))
    head -c 65536 /dev/urandom > "/mnt/$((number % 200))" || break
    # One line per file as it is now; what was written over is known by the newer line.
    digest=$(sha256sum < "/mnt/$((number % 200))")
    echo "${digest%% *} $((number % 200)) $number" >> /mnt/log || break
done
sync
echo "$number" > /run/stopped
