# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way from a declaration to reality: look, refuse, plan, run, look again."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import Plan
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _ownership
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Scene
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._versions import check_versions
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._wait import wait_for_vms


class Outcome:
    """What a call came to: the plan that was (or would be) run, and the scene after it."""

    def __init__(self, plan, scene):
        self.plan = plan
        self.scene = scene


class Engine:
    """
    :param hypervisor: the connection
    :param registry: this host's records
    :param executor: runs the plan (or, in check mode, does not)
    :param environment: the Environment that declares the resources, if any
    :param controller: what the action plugin tells of the controller, if there is any such
    """

    def __init__(self, hypervisor, registry, executor, environment=None, controller=None):
        self.hypervisor = hypervisor
        self.registry = registry
        self.executor = executor
        self.environment = environment
        self._memory = {"controller": controller or {}}

    def look(self, resources):
        return Scene(self.hypervisor, self.registry, resources, self.environment, self._memory)

    def plan(self, scene):
        for resource in scene.resources.values():
            check_versions(resource, self.hypervisor)
            _ownership.check(resource, scene)
            resource.check(scene)
        plans = []
        for resource in scene.resources.values():
            plan = resource.plan(scene)
            _ownership.complete(resource, plan, scene)
            plans.append(plan)
        whole = Plan(plans)
        if self.environment:
            self.environment.arrange(whole, scene)
        return whole

    def reconcile(self, resources, wait=None):
        """Make the world as the resources declare it; raises Failure.

        :param wait: what the running VMs that say nothing else are waited for: ``{"for": [...], "timeout": seconds}``
        """
        scene = self.look(resources)
        plan = self.plan(scene)
        if self.environment:
            self.environment.confirm(plan)
        try:
            if self.executor.run(plan):
                scene = self.look(resources)
                again = self.plan(scene)
                self._insist(again)
                plan.now_waits(again)
            self.executor.wait(lambda: wait_for_vms(scene, wait))
        except Failure as failure:
            failure.changed = self.executor.acted
            raise
        return Outcome(plan, scene)

    @staticmethod
    def _insist(again):
        """What was applied must read back as declared."""
        for resource in again.changing:
            wanting = ", ".join("%s is %s instead of %s" % (".".join(change.path), change.before, change.after)
                                for change in resource.changes)
            raise Failure("not_converged", "%s '%s' did not take what was applied: %s"
                          % (resource.key + (wanting or resource.actions[0].title,)), resource.key,
                          "Something else may be changing it at the same time; run again, and if it stays report it.")
