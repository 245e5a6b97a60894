#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: host_info
short_description: Read what a compute host is, can do and has left
version_added: 0.1.0
description:
  - Returns versions, processors, memory, kinds of VMs that can run, and the use of storage pools, processors and memory.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.reading
options:
  query:
    description: A JMESPath expression that filters and shapes the result, see U(https://jmespath.org).
    type: str
  cpu_definition:
    description:
      - Whether to return the CPU that V(host-model) stands for here, as XML in C(host.cpu.definition).
      - It is what O(baseline_of) takes.
    type: bool
    default: false
    version_added: 0.2.0
  baseline_of:
    description:
      - CPU definitions of several hosts, as C(host.cpu.definition). What guests can have on each of them is returned in
        C(host.cpu.baseline), see U(https://libvirt.org/html/libvirt-libvirt-host.html#virConnectBaselineHypervisorCPU).
    type: list
    elements: str
    version_added: 0.2.0
  pci:
    description:
      - Whether to return the host's PCI devices in C(host.pci), which takes a call for each.
    type: bool
    default: false
    version_added: 0.2.0
seealso:
  - module: tinycloud.libvirt.pool_info
  - module: tinycloud.libvirt.vm_info
"""

EXAMPLES = r"""
- name: Memory that VMs have not been promised yet
  tinycloud.libvirt.host_info:
    query: "{total: memory.total, promised: vms.memory}"
  register: room
"""

RETURN = r"""
host:
  description: The host, or what O(query) makes of it. Sizes are in bytes.
  returned: success
  type: dict
  contains:
    hostname:
      description: Name of the host.
      type: str
      sample: host1
    uri:
      description: The libvirt connection that was asked.
      type: str
      sample: qemu:///system
    uuid:
      description: The host's UUID, as libvirt knows it.
      type: str
      sample: 86d2151c-3377-51d5-c756-eea1948111bc
    driver:
      description: Libvirt's driver.
      type: str
      sample: QEMU
    versions:
      description: Versions of libvirt and of the hypervisor.
      type: dict
      sample: {"libvirt": "11.3.0", "hypervisor": "10.0.13"}
    arch:
      description: The processors' architecture.
      type: str
      sample: x86_64
    kvm:
      description: Whether libvirt offers KVM for the host's own architecture.
      type: bool
      sample: true
    cpu:
      description:
        - The processors; C(count) is the number that is online.
        - C(definition) and C(baseline) are there where they were asked for; C(baseline) has C(model) and C(features).
      type: dict
      sample: {"model": "EPYC-Milan", "vendor": "AMD", "count": 2,
               "topology": {"sockets": 1, "dies": 1, "cores": 2, "threads": 1}}
    memory:
      description: Memory of the host; what only caches hold is counted as free.
      type: dict
      sample: {"total": 25276502016, "free": 22111791104}
    guests:
      description: Architectures that VMs can have, with the domain types and the short names of machine types.
      type: list
      elements: dict
      sample: [{"arch": "x86_64", "types": ["qemu", "kvm"], "machines": ["pc", "q35"], "emulator": "/usr/bin/qemu-system-x86_64"}]
    usual:
      description: What the host offers to a VM that asks for nothing special; null where libvirt does not tell.
      type: dict
      sample: {"type": "kvm", "arch": "x86_64", "machine": "pc-i440fx-10.0", "max_vcpus": 255, "firmware": ["efi"],
               "loaders": ["/usr/share/OVMF/OVMF_CODE_4M.fd"], "cpu_modes": ["host-passthrough", "maximum", "host-model", "custom"]}
    pools:
      description: The storage pools, as RV(tinycloud.libvirt.pool_info#module:pools).
      type: list
      elements: dict
    vms:
      description: Number of VMs, and the virtual processors and memory that were promised to all and to the running ones.
      type: dict
      sample: {"defined": 3, "running": 2, "vcpus": 4, "memory": 2147483648, "vcpus_running": 3, "memory_running": 1610612736}
    networks:
      description: Names of the networks.
      type: list
      elements: str
      sample: [default, shop.front]
    images:
      description: Names of the images that are complete.
      type: list
      elements: str
      sample: [debian-12]
    numa:
      description: The NUMA nodes, with their huge pages by size.
      type: list
      elements: dict
      sample: [{"id": 0, "memory": 137438953472, "cpus": 16, "hugepages": [{"size": 2097152, "count": 1024}, {"size": 1073741824, "count": 0}]}]
    hugepages:
      description: The huge pages over all nodes, and how many of them were promised to VMs. One that names no size counts with the smallest.
      type: list
      elements: dict
      sample: [{"size": 2097152, "count": 1024, "promised": 512}, {"size": 1073741824, "count": 0, "promised": 0}]
    pci:
      description:
        - The PCI devices, if O(pci) asks for them; C(kind) is the PCI class, C(node) the NUMA node, C(vm) the VM that has it, running or not.
      type: list
      elements: dict
      sample: [{"address": "0000:3b:00.0", "vendor": "0x10de", "product": "0x20b5", "kind": "0x030200", "driver": "vfio-pci", "iommu_group": 41,
                "node": 0, "vm": "shop.render"}]
    environments:
      description: What each environment of M(tinycloud.libvirt.environment) has here, by the marks it left.
      type: dict
      sample: {"shop": {"vms": [{"name": "shop.db", "vcpus": 2, "memory": 2147483648, "networks": ["shop.front"], "addresses": 1}],
                        "networks": ["shop.front"], "volumes": [{"name": "shop.db-data", "pool": "default", "size": 21474836480}]}}
"""

from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import VirtModule
from ansible_collections.tinycloud.libvirt.plugins.module_utils._query import search
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.host import host_facts


def main():
    module = VirtModule({
        "query": {"type": "str"}, "cpu_definition": {"type": "bool", "default": False},
        "baseline_of": {"type": "list", "elements": "str"}, "pci": {"type": "bool", "default": False},
    })
    query = module.declared.get("query")

    def work(hypervisor):
        facts = host_facts(module.engine(hypervisor).look([]), module.declared)
        return {"changed": False, "host": search(query, facts) if query else facts}

    module.answer(work)


if __name__ == "__main__":
    main()
