# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long it takes to place 1,000 VMs on 100 hosts: zones, groups apart, networks, disks, images.

Run it with a Python that finds this collection (PYTHONPATH, as for the unit tests).
"""
from __future__ import annotations

import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._scheduler import Scheduler
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._state import Host, Wanted

GIB = 1 << 30


def host(number: int) -> Host:
    facts = {
        "arch": "x86_64", "cpu": {"count": 64}, "memory": {"total": 256 * GIB},
        "vms": {"defined": number % 5, "vcpus": number % 7, "memory": number % 11 * GIB},
        "pools": [{"name": "default", "capacity": 4000 * GIB, "available": 3000 * GIB, "state": "active"}],
        "networks": ["front"], "images": ["debian"] if number % 3 else [],
        "guests": [{"arch": "x86_64", "types": ["kvm"], "machines": ["pc-q35-9.0"]}],
    }
    return Host(f"host{number:03}", facts, {"zone": f"zone{number % 3}"})


def vm(number: int) -> Wanted:
    group = f"group{number // 20}"
    return Wanted(f"vm{number}", group, "tenant", vcpus=1 + number % 4, memory=(1 + number % 8) * GIB, disks={"default": 20 * GIB},
                  networks=["front"], images=["debian"], arch="x86_64",
                  wishes={"zone": f"zone{number % 3}" if number % 2 else None, "apart_from": [group]})


def main() -> None:
    hosts, vms = [host(number) for number in range(100)], [vm(number) for number in range(1000)]
    began = time.perf_counter()
    found = Scheduler(hosts).place(vms)
    print(f"{(time.perf_counter() - began) * 1000:.0f} ms for {len(found.assignments)} VMs on {len(hosts)} hosts, {len(found.unplaced)} of them unplaced")


main()
