#!/bin/sh
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# Stands before QEMU for libguestfs, and counts the launches of its appliance: a line for each.
case "$*" in *guestfs_network*|*-kernel*) echo launch >> "$(dirname "$0")/launches" ;; esac
exec qemu-system-x86_64 "$@"
