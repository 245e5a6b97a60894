# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host with a pool, runs as the modules make them, and runs that are killed."""
from __future__ import annotations

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils._engine import Engine
from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import Hypervisor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import Registry
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume


class Killed(BaseException):
    """The process ends here."""


class Mortal(Hypervisor):
    """A connection whose process is killed right before, or right after, one of its calls."""

    def __init__(self, uri, life=None, after=False):
        self.life = life
        self.after = after
        super().__init__(uri)

    def call(self, method, *arguments):
        ends = self.life is not None and self.calls == self.life
        if ends and not self.after:
            raise Killed
        answer = super().call(method, *arguments)
        if ends:
            raise Killed
        return answer


class Afar(Hypervisor):
    """The same host, as if it were another machine: nothing but libvirt's own connection reaches it."""

    is_remote = True


class Host:
    """A pool, a registry, and calls as the modules make them."""

    def __init__(self, uri, folder):
        self.uri = uri
        self.folder = folder / "pool"
        self.registry = Registry(str(folder / "registry"))
        self.connected = Hypervisor(uri)
        # What an action plugin would tell.
        self.controller = {}
        self.run(self.pool())

    def pool(self, **options):
        return Pool.from_options(dict({"name": "default", "path": str(self.folder), "state": "active"}, **options))

    def run(self, *resources, check_mode=False, **life):
        connection = Mortal(self.uri, **life) if life else self.connected
        return Engine(connection, self.registry, Executor(check_mode), controller=self.controller).reconcile(resources)

    def volume(self, **options):
        """(check mode's diff, the diff, the diff after it, facts)"""
        options.setdefault("state", "present")
        diffs = [self.run(Volume.from_options(options), check_mode=check).plan.diff() for check in (True, False)]
        again = self.run(Volume.from_options(options))
        return diffs[0], diffs[1], again.plan.changed, again.scene.resources["volume", "default/" + options["name"]].facts(again.scene)

    def refused(self, **options):
        with pytest.raises(Failure) as error:
            self.run(Volume.from_options(dict({"state": "present"}, **options)))
        return error.value.code

    def volumes(self):
        scene = Engine(self.connected, self.registry, Executor()).look([])
        return {one["name"]: one for one in Volume.listing(scene, {})}

    def records(self, kind="volume"):
        return {record["name"]: record["state"] for record in self.registry.all(kind).values()}


def deaths(host, target, set_up, calls=200, least=5):
    """Kill a run before, then after, each of its calls; yields after the next, undisturbed run. At least ``least`` times each."""
    for after in (False, True):
        for life in range(1, calls):
            set_up()
            try:
                host.run(target(), life=life, after=after)
            except Killed:
                host.run(target())
                yield
            else:
                assert life > least
                break
        else:
            raise AssertionError("the run never ended")
