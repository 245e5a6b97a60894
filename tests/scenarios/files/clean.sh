#!/bin/sh
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# Takes away what the scenarios of killing made, whatever state it is in.
virsh destroy killed.vm
virsh undefine killed.vm --managed-save
virsh net-destroy killed.net
virsh net-undefine killed.net
virsh pool-destroy killed
virsh pool-undefine killed
rm -rf "$1"
records=$(grep -rlE killed /var/lib/tinycloud/registry)
# shellcheck disable=SC2086
[ -z "$records" ] || rm -f $records
exit 0
