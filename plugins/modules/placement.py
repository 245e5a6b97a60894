#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: placement
short_description: Find a compute host for each VM of an environment
version_added: 0.2.0
description:
  - Takes what hosts tell of themselves and what an environment declares, and says which VM goes where and what each host needs for its VMs.
    It changes nothing; M(tinycloud.libvirt.environment) does, as the role P(tinycloud.libvirt.tenant#role) shows.
  - Filters say where a VM can go, weighers where it should. VMs are placed in their order, each takes its room before the next is
    placed, and equal hosts go by name, so that the same question has the same answer.
  - A VM that the environment has already keeps its host, and one whose volume is on a host goes there.
  - VMs with a network in common that ends at its host (any in O(networks) whose C(mode) is not C(bridge)) are placed on one host.
  - If there is no host for a VM, it fails, and says of each host what speaks against it.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.reading
attributes:
  action_group:
    description: It connects to nothing, so the defaults of the group (O(tinycloud.libvirt.vm#module:uri)) are not for it.
    support: none
  action:
    description: It runs on the controller, from facts, and connects to nothing.
    support: full
options:
  name:
    description: Name of the environment.
    type: str
    required: true
  hosts:
    description: The hosts there are.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the host, as it is in the inventory.
        type: str
        required: true
      facts:
        description: What M(tinycloud.libvirt.host_info) returned as C(host).
        type: dict
        required: true
      enabled:
        description: Whether it takes new VMs. It does if omitted.
        type: bool
      zone:
        description: Its availability zone.
        type: str
      tags:
        description: Words that VMs may ask for, for example V(ssd).
        type: list
        elements: str
      tenants:
        description: Environments that it is kept for. Anybody's VMs if omitted.
        type: list
        elements: str
      max_instances:
        description: How many VMs it may have.
        type: int
      failures:
        description: How often making VMs failed there lately; it is then the last to be taken.
        type: int
      busy:
        description: How much work goes on there.
        type: int
      cpu_ratio:
        description: Virtual CPUs for each CPU of the host, V(4.0) if omitted.
        type: float
      memory_ratio:
        description: Memory of VMs for each byte of the host, V(1.0) if omitted.
        type: float
      disk_ratio:
        description: Size of volumes for each byte of a pool, V(1.0) if omitted.
        type: float
      reserved_vcpus:
        description: Virtual CPUs to be left, none if omitted.
        type: int
      reserved_memory:
        description: Memory to be left to the host, with a unit, V(512MiB) if omitted.
        type: str
      reserved_disk:
        description: Space to be left in each pool, with a unit, none if omitted.
        type: str
  vms:
    description:
      - VMs and groups of VMs, as in O(tinycloud.libvirt.environment#module:vms). C(placement) of each says where it wants to be, with
      - C(host), C(zone) and C(tags) that it must have;
      - C(together_with) and C(apart_from), names of VMs or groups that must, or must not, be on its host; C(max_per_host) of those that it
        must be apart from are tolerated below that number, 1 if omitted;
      - C(prefer_together_with) and C(prefer_apart_from), the same as wishes.
    type: list
    elements: dict
  profiles:
    description: As in O(tinycloud.libvirt.environment#module:profiles).
    type: dict
  flavors:
    description: As in O(tinycloud.libvirt.environment#module:flavors).
    type: dict
  pools:
    description: Pools that are made where they are missing.
    type: list
    elements: dict
  images:
    description: Images of the environment.
    type: list
    elements: dict
  networks:
    description: Networks of the environment. Others must be on the host already.
    type: list
    elements: dict
  volumes:
    description: Volumes of the environment.
    type: list
    elements: dict
  spanning_networks:
    description: Networks of O(networks) that do not end at the host whatever their mode, so that VMs on them may be anywhere.
    type: list
    elements: str
  filters:
    description:
      - Names of the filters to ask, all if omitted, V(enabled), V(host), V(zone), V(tags), V(tenant), V(arch), V(machine), V(firmware), V(cpu),
        V(network), V(pool), V(volume), V(instances), V(vcpus), V(memory), V(disk), V(numa), V(hugepages), V(pci), V(affinity)
        and V(anti_affinity).
      - V(numa), V(hugepages) and V(pci) look at what VMs say in C(numatune), C(memory_backing) and C(hostdevs); the last one needs facts
        that were asked for with O(tinycloud.libvirt.host_info#module:pci).
      - One of your own is a class with C(name) and C(reason(vm, host)), named by its Python path on the controller.
    type: list
    elements: str
  weighers:
    description:
      - Multipliers of weighers by their names, over V(memory), V(vcpus), V(disk), V(soft_affinity), V(soft_anti_affinity) and V(image) with 1,
        V(busy) with -1, V(instances) with 0 and V(failures) with -1000. The weights of each are brought between 0 and 1 first.
      - One of your own is a class with C(name) and C(weight(vm, host)), named by its Python path on the controller.
    type: dict
  quota:
    description:
      - Upper limits over all hosts, of V(instances), V(vcpus), V(memory), V(volumes) (disks of images among them), V(volume_size), V(networks),
        V(addresses) (that are asked for) and V(images). Sizes have units.
      - What is limited has to be stated, V(vcpus) and V(memory) by each VM, sizes by each volume and each disk of an image.
      - What the environment has, and neither declares nor removes in this run, counts, too.
    type: dict
  restrictions:
    description:
      - What VMs may use, lists of V(networks) beside the environment's own, of V(images), and of V(devices), the options of
        M(tinycloud.libvirt.vm) for kinds of devices, for example V(disks) and V(interfaces).
      - V(networks) holds for own networks that are of a bridge or device of the host, too, and V(images) for what volumes are made of, for
        other data of the host, and for images that are declared.
      - With any restriction, definitions in XML are refused.
    type: dict
  prune:
    description: Whether VMs and networks that the environment has and does not declare are going to be removed, and so do not count.
    type: bool
    default: false
  prune_volumes:
    description: Whether the same goes for volumes, with O(prune).
    type: bool
    default: false
seealso:
  - module: tinycloud.libvirt.host_info
  - module: tinycloud.libvirt.environment
"""

EXAMPLES = r"""
- name: Where two web servers and their database should go
  tinycloud.libvirt.placement:
    name: shop
    hosts:
      - {name: host1, facts: "{{ hostvars.host1.facts.host }}", zone: east, tags: [ssd]}
      - {name: host2, facts: "{{ hostvars.host2.facts.host }}", zone: west}
    vms:
      - {name: db, memory: 4GiB, placement: {tags: [ssd]}}
      - {name: web, count: 2, flavor: m1.small, placement: {apart_from: [web]}}
    quota: {instances: 5, memory: 16GiB}
  register: where
"""

RETURN = r"""
assignments:
  description: The host of each VM.
  returned: success
  type: dict
  sample: {"db": "host1", "web-1": "host1", "web-2": "host2"}
needs:
  description: For each host its VMs, and the networks, images and volumes to be there. What no VM uses is on every host, a volume on the first.
  returned: success
  type: dict
  sample: {"host1": {"vms": ["db", "web-1"], "networks": [], "images": [], "volumes": []}}
hosts:
  description: What is left of each host after that, memory in bytes.
  returned: success
  type: dict
  sample: {"host1": {"vcpus": 27, "memory": 4294967296, "instances": 2}}
usage:
  description: What the environment comes to over all hosts, as in O(quota), sizes in bytes.
  returned: success
  type: dict
  sample: {"instances": 3, "vcpus": 3, "memory": 8589934592, "volumes": 0, "volume_size": 0, "networks": 0, "addresses": 0, "images": 0}
failure:
  description: What speaks against it, for programs.
  returned: failure
  type: dict
  sample: {"code": "no_valid_host", "message": "no host can take the VM 'db': host1 (memory: 4GiB wanted, 2GiB left)"}
"""
