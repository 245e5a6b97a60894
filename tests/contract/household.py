# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host with environments on it, declared as the module does it, and runs that end between two actions."""
from __future__ import annotations

import copy
from collections import Counter

import pytest
from storage import Killed

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._engine import Engine
from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import Hypervisor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import result_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import Registry
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._standing import Standing
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.environment import Environment

# No guest answers a shutdown here: it is its firmware.
VM = {"type": "qemu", "memory": "64MiB", "state": "stopped", "shutdown_timeout": 1, "force": True}


class MortalExecutor(Executor):
    """Ends the run right before one of its actions (or, where ``life`` is the last one, at its end)."""

    def __init__(self, life):
        super().__init__(lanes=1)
        self.life = life

    def step(self, resource, action):
        if self.life == 0:
            raise Killed
        self.life -= 1
        super().step(resource, action)


def _counted(calls):
    class Counted(Hypervisor):
        def call(self, method, *arguments):
            calls[method.__name__] += 1
            return super().call(method, *arguments)
    return Counted


class Household:
    """
    :param connection: libvirt's own, for what somebody else does and sees
    """

    def __init__(self, uri, connection, folder):
        self.uri = uri
        self.connection = connection
        self.folder = folder
        self.registry = Registry(str(folder / "registry"))
        # How often the last run asked libvirt anything, by the names of its methods.
        self.calls = Counter()

    def run(self, options, executor=None):
        self.calls.clear()
        hypervisor = _counted(self.calls)(self.uri)
        try:
            environment = Environment(copy.deepcopy(options))
            engine = Engine(hypervisor, self.registry, executor or Executor(), environment)
            outcome = engine.reconcile(environment.resources(Standing(hypervisor, self.registry, environment.name)), environment.declared.get("wait"))
            return dict(result_of(outcome), **environment.facts(outcome.scene))
        finally:
            hypervisor.close()

    def apply(self, options):
        """Check mode, the real run, and one more: the first two agree, the last finds nothing left to do."""
        checked = self.run(options, Executor(check_mode=True))
        applied = self.run(options)
        assert (checked["diff"], checked["plan"], checked["notes"]) == (applied["diff"], applied["plan"], applied["notes"])
        again = self.run(options)
        assert not again["changed"], again["plan"]
        return applied

    def refused(self, options):
        before = self.everything()
        with pytest.raises(Failure) as failure:
            self.run(options)
        assert self.everything() == before
        assert not failure.value.changed
        return failure.value.code, failure.value.message

    def dies(self, options, life):
        """A run that ends before one of its actions; False where it came to its end."""
        try:
            self.run(options, MortalExecutor(life))
        except Killed:
            return True
        return False

    # What others do and see

    def domain(self, name):
        return self.connection.lookupByName(name)

    def everything(self):
        """All that is there, without what is another each time."""
        domains = {}
        for domain in self.connection.listAllDomains():
            tree = _xml.parse(domain.XMLDesc(2))
            _path.drop(tree, "uuid")
            domains[domain.name()] = (_xml.canonical(tree), domain.autostart(), domain.isActive())
        networks = {}
        for network in self.connection.listAllNetworks():
            tree = _xml.parse(network.XMLDesc(0))
            for invented in ("uuid", "mac"):
                _path.drop(tree, invented)
            networks[network.name()] = (_xml.canonical(tree), network.isActive(), network.autostart())
        volumes = {pool.name(): sorted(pool.listVolumes()) for pool in self.connection.listAllStoragePools() if pool.isActive()}
        records = sorted((kind, record["name"], record["state"], record.get("environment"))
                         for kind in ("pool", "network", "volume", "image") for record in self.registry.all(kind).values() if "name" in record)
        return domains, networks, volumes, records

    def names(self):
        domains, networks, volumes, _records = self.everything()
        return sorted(domains), sorted(networks), sorted(name for found in volumes.values() for name in found)
