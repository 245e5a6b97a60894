# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs on VMs that are killed at any of libvirt's calls, and runs at the same time: the next one ends where an undisturbed one does."""
from __future__ import annotations

import itertools

import pytest
from machines import Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.image import Image
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool

VM = {
    "name": "vm", "type": "qemu", "memory": "64MiB", "state": "stopped", "autostart": True, "disks": [{"image": "base"}], "title": "one",
    "interfaces": [{"network": "front", "address": "10.88.1.10"}], "cloud_init": {"user_data": {"number": 1}}, "shutdown_timeout": 1, "force": True,
}
CHANGED = VM | {
    "title": "two", "vcpus": 2, "autostart": False, "disks": [{"image": "base", "size": "16MiB"}], "cloud_init": {"user_data": {"number": 2}},
    "interfaces": [{"network": "front", "address": "10.88.1.11"}],
}
GONE = {"name": "vm", "state": "absent", "volumes": "delete"}


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    machines = Machines(daemon_uri, daemon, tmp_path)
    machines.result({"name": "default", "path": str(tmp_path / "pool"), "state": "active"}, kind=Pool)
    machines.result({"name": "front", "subnet": "10.88.1.0/24", "state": "active"}, kind=Network)
    machines.result({"name": "base", "source": machines.disk("base.qcow2"), "state": "present"}, kind=Image)
    return machines


def outcome(machines):
    """What there is, without what is another each time."""
    domains = {}
    for domain in machines.connection.listAllDomains():
        tree = _xml.parse(domain.XMLDesc(2))
        _path.drop(tree, "uuid")
        domains[domain.name()] = (_xml.canonical(tree), domain.autostart(), domain.isActive())
    network = _xml.parse(machines.connection.networkLookupByName("front").XMLDesc(0))
    hosts = [_xml.canonical(one) for place in ("ip/dhcp/host", "dns/host") for one in network.findall(place)]
    files = sorted(path.name for path in (machines.folder / "pool").iterdir())
    records = sorted((record["name"], record["state"]) for record in machines.registry.all("volume").values())
    return domains, hosts, files, records


@pytest.mark.parametrize("before, after", [(None, VM), (VM, CHANGED), (CHANGED, GONE)], ids=["made", "changed", "removed"])
def test_a_killed_run_is_finished_by_the_next_one(machines, before, after):
    def start():
        machines.result(GONE)
        if before:
            machines.result(before)

    start()
    machines.result(after)
    undisturbed = outcome(machines)
    for life in itertools.count(4, 8):
        start()
        if not machines.dies(after, life):
            break
        machines.result(after)
        assert outcome(machines) == undisturbed, f"killed before call {life}"
        assert not machines.result(after)["changed"]
    assert life > 30


def test_runs_at_the_same_time_end_in_one_vm(machines):
    machines.result(VM)
    undisturbed = outcome(machines)
    for _round in range(3):
        machines.result(GONE)
        # Processes as modules are: libvirt's client does not bear many connections that are opened at once in one.
        assert machines.apart(4, VM) == [0] * 4
        assert outcome(machines) == undisturbed
        assert not machines.result(VM)["changed"]
