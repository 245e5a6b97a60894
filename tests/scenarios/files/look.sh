#!/bin/sh
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# What a run of the scenario left on the host, but for the identities that libvirt invents anew each time.
virsh dumpxml --inactive killed.vm | sed '/<uuid>/d'
virsh dominfo killed.vm | grep -E 'State|Autostart'
virsh net-dumpxml --inactive killed.net | sed '/<uuid>/d; /^  <mac /d'
virsh net-info killed.net | grep -E 'Active|Autostart'
virsh pool-dumpxml killed | grep -E 'name|path|mode'
virsh pool-info killed | grep -E 'State|Autostart'
cd "$1" || exit 1
find . -printf '%p %m\n' | sort
for volume in *.qcow2; do
    qemu-img info -U "$volume" | grep -E 'virtual size|backing file:'
done
cd /var/lib/tinycloud/registry || exit 1
records=$(grep -rlE killed .)
echo "$records" | wc -l
# shellcheck disable=SC2086
grep -hoE '"state": "[a-z]*"' $records
