#!/bin/sh
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# verify.sh DISK: an ext4 file system that was frozen needs no recovery, and its files are what its log says.
# The file that was being written when the guest was frozen has no line yet. Says the number of the last line.
set -eu
# https://docs.kernel.org/filesystems/ext4/globals.html: s_feature_incompat is at 0x60 of the superblock, RECOVER is 4.
features=$(od -An -tu4 -j $((1024 + 0x60)) -N 4 "$1")
[ $((features & 4)) -eq 0 ] || { echo "the journal was not empty"; exit 1; }
folder=$(mktemp -d)
mount -t ext4 -o loop,ro,noload "$1" "$folder"
trap 'cd /; umount "$folder"; rmdir "$folder"' EXIT
cd "$folder"
last=$(tail -n 1 log | cut -d ' ' -f 3)
[ "$last" -gt 0 ]
under_way=$(((last + 1) % 200))
awk -v skip=$under_way '{digest[$2] = $1} END {for (name in digest) if (name != skip) print digest[name] "  " name}' log > "$1.sums"
sha256sum --quiet -c "$1.sums" >&2
cp log "$1.log"
echo "$last"
