# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to do with a VM that is there, by another declaration or by none."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._guest_agent import GuestAgent

_PATIENCE = 30
_NEEDED = ("guest-exec", "guest-exec-status", "guest-file-open", "guest-file-read", "guest-file-write", "guest-file-seek", "guest-file-close")


class OfVm(Resource):
    """What has to do with a VM that another call declares."""

    def fact(self, scene):
        fact = scene.world.domains.get(self.name)
        if fact is None:
            raise self.refusal("unknown_vm", "name: there is no VM '%s'" % self.name, "tinycloud.libvirt.vm_info lists them.")
        return fact

    def running(self, scene):
        """The VM, if it runs."""
        fact = self.fact(scene)
        if not fact.active:
            raise self.refusal("not_running", "name: the VM '%s' does not run" % self.name, "Start it with state: running of tinycloud.libvirt.vm.")
        return fact

    def agent(self, scene):
        """The agent of the running guest, if it is there."""
        agent = GuestAgent(scene.hypervisor, self.running(scene).handle, _PATIENCE)
        if not agent.is_connected:
            raise self.refusal("no_agent", "name: no guest agent answers in the VM '%s'" % self.name,
                               "Have qemu-guest-agent run in the guest (and guest_agent: true for the VM), and wait for it with wait: {for: [agent]}.")
        return agent

    def check_agent(self, scene):
        """Refuse where the guest's agent may not run commands and have to do with files."""
        missing = self.agent(scene).lacks(*_NEEDED)
        if missing:
            raise self.refusal("no_agent", "name: the guest agent in '%s' may not do %s" % (self.name, ", ".join(missing)),
                               "Allow it in the guest: see BLOCK_RPCS or allow-rpcs in /etc/sysconfig/qemu-ga or /etc/qemu/qemu-ga.conf.")


class VmVerb(OfVm):
    """What is done to a VM and is no state of it: done once in a call, whatever was before.

    :ivar outcome: what came of it; None as long as it was not done
    """

    outcome = None

    def plan(self, scene):
        """The verb, once: the look after it finds nothing to do."""
        plan = self.new_plan(scene)
        if self.outcome is None and self.is_wanted(scene):
            plan.changes = [Change((label,), None, said, None) for label, said in self.said().items()]
            plan.act(self.kind, lambda: self._do(scene))
        return plan

    def is_wanted(self, scene):
        """Whether there is anything to be done."""
        return True

    def said(self):
        """What is done, in words for the plan."""
        raise NotImplementedError

    def do(self, scene):
        """Do it; returns the facts."""
        raise NotImplementedError

    def _do(self, scene):
        self.outcome = self.do(scene)

    def facts(self, scene):
        return self.outcome
