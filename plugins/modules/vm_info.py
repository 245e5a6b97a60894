#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: vm_info
short_description: Read libvirt virtual machines
version_added: 0.1.0
description: Returns the virtual machines of a compute host with their power state and addresses.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.reading
  - tinycloud.libvirt.listing
options:
  labels:
    description: Report the VMs that bear all of these labels with these words.
    type: dict
    version_added: 0.2.0
  state:
    description: Report the VMs in these power states only.
    type: list
    elements: str
    choices: [running, paused, stopped, saved]
    version_added: 0.2.0
  gather:
    description:
      - What is reported beside the definition, the power state and the addresses that the host knows.
      - V(chains) is what each disk stands on, with sizes; it reads the volumes of all active pools.
      - V(guest) is what the guest agents tell. A guest whose agent does not answer costs a few seconds, many of them
        at the same time hardly more, and has C(guest) null.
      - V(spec) is what M(tinycloud.libvirt.vm) would be given to get the VM. Given back unchanged, it changes nothing.
      - V(statistics) are CPU time, memory and the traffic of disks and interfaces. A QEMU that hangs costs a few
        seconds, and has C(statistics.answered) false.
    type: list
    elements: str
    choices: [chains, guest, spec, statistics]
    default: [spec]
    version_added: 0.2.0
seealso:
  - module: tinycloud.libvirt.vm
"""

EXAMPLES = r"""
- name: Addresses of what runs
  tinycloud.libvirt.vm_info:
    query: "[?state=='running'].{name: name, address: address}"
  register: running

- name: What the front ends in Berlin have done so far
  tinycloud.libvirt.vm_info:
    state: [running]
    labels:
      role: frontend
      site: berlin
    gather: [statistics]
    query: "[].{name: name, cpu_seconds: statistics.cpu.time, answered: statistics.answered}"
  register: work

- name: The VM web as it is
  tinycloud.libvirt.vm_info:
    name: web
    query: "[0].spec"
  register: web

- name: The same with more memory
  tinycloud.libvirt.vm: "{{ web.vms | combine({'memory': '4GiB'}) }}"
"""

RETURN = r"""
vms:
  description:
    - The VMs, sorted by name, or what O(query) makes of them, in the terms of M(tinycloud.libvirt.vm).
    - Of a VM that is active this is what runs; C(spec) is what its next start uses.
    - C(address) is the first address of the first interface that has one. The addresses of an interface are those reserved
      for it, then those leased to it, those the host has seen in use, and with O(gather=guest) those the guest itself has.
    - C(guest) holds what libvirt's guest information does, V(null) where no agent answers.
    - C(statistics.cpu) is in seconds, C(statistics.memory) in bytes; those of disks and interfaces stand with these.
    - Sizes in C(chain) are in bytes, the active layer comes first.
  returned: success
  type: list
  elements: dict
  sample:
    - name: web
      uuid: 4ad3fd0f-7ab9-4e5b-8cd5-1f7e6c3b1f4e
      state: running
      vcpus: 2
      memory: 2GiB
      autostart: true
      persistent: true
      address: 10.20.0.10
      interfaces:
        - {name: front, network: front, mac: "02:4e:10:aa:01:02", addresses: [10.20.0.10],
           statistics: {rx: {bytes: 1284, pkts: 12, errs: 0, drop: 0}, tx: {bytes: 2096, pkts: 19, errs: 0, drop: 0}}}
      disks:
        - name: debian-12
          target: vda
          chain:
            - {path: /var/lib/libvirt/images/web.debian-12.qcow2, pool: default, volume: web.debian-12.qcow2,
               format: qcow2, size: 10737418240, allocation: 270532608}
            - {path: /var/lib/libvirt/images/debian-12, pool: default, volume: debian-12, format: qcow2,
               size: 3221225472, allocation: 431947776}
      guest:
        hostname: web
        os: {id: debian, pretty_name: Debian GNU/Linux 12 (bookworm), kernel_release: 6.1.0-18-cloud-amd64}
      statistics: {cpu: {time: 9.4, user: 6.1, system: 0.9}, memory: {current: 2147483648, rss: 310448128},
                   answered: true}
      spec: {name: web, vcpus: 2, memory: 2GiB, state: running, autostart: true}
"""

from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import run_info
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_report import Wanted
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm import Vm


def main():
    run_info(Vm, "vms", Wanted.arguments())


if __name__ == "__main__":
    main()
