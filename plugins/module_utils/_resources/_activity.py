# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pools and networks have in common: defined, active or not, started with the host or not."""
from __future__ import annotations

import uuid

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, Flag
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import CREATE, DELETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE, INTENDED, REMOVING
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._ownership import record_facts


class ActivityOptions:
    """The options every resource of this shape has beside its model's."""

    state = Enum(choices=["active", "present", "inactive", "absent"], default="active")
    autostart = Flag()


class ActiveResource(Resource):
    """A resource with a definition that libvirt can start and stop.

    The creation is recorded before it begins and after it ends, so that a run that was cut short between the two
    is finished by the next one with the same defaults.

    :cvar not_shown: options that a plan of a new one does not show: they say how the module works
    """

    not_shown = ("name",)

    def existing(self, scene):
        """All of this kind that exist, by name."""
        raise NotImplementedError

    def with_defaults(self, scene):
        """The declaration of a new resource: what the user gave over our own policy."""
        return self.declared

    def built(self, scene, declared):
        """The definition of a new resource."""
        return self.model.build(declared)

    def define(self, scene, text):
        """Hand a definition to libvirt and return its handle."""
        raise NotImplementedError

    def start(self, handle):
        handle.create(0)

    def start_new(self, handle):
        """Start what this very run has defined."""
        self.start(handle)

    def apply_live(self, plan, scene, fact, changes):
        """Plan what makes the running object follow; return the changes that wait for a restart of it."""
        return changes

    def fact(self, scene):
        return self.existing(scene).get(self.name)

    def _record(self, scene, identity, state):
        before = scene.registry.get(self.kind, identity)
        scene.registry.put(self.kind, identity, state, name=self.name, **record_facts(self, scene, before))

    def unfinished(self, scene, fact):
        record = scene.registry.get(self.kind, fact.uuid)
        return record is not None and record["name"] == self.name and record["state"] in (INTENDED, REMOVING)

    def plan(self, scene):
        plan = self.new_plan(scene)
        fact = self.fact(scene)
        if self.absent:
            if fact is not None:
                self._plan_removal(plan, scene, fact)
            elif self._remains(scene):
                self._plan_end_of_removal(plan, scene)
        elif fact is None:
            self._plan_creation(plan, scene)
        else:
            self._plan_update(plan, scene, fact)
        return plan

    def _plan_removal(self, plan, scene, fact):
        plan.verb = DELETE
        plan.changes = [Change(("state",), "active" if fact.active else "inactive", "absent", None)]
        plan.act("begin", lambda: self._record(scene, fact.uuid, REMOVING))
        if fact.active:
            plan.act("stop", fact.handle.destroy)
        if fact.persistent:
            plan.act("undefine", fact.handle.undefine)
        plan.act("forget", lambda: self._forget_removed(scene))

    def _remains(self, scene):
        """Records of removals, of this one and of those that were cut short before their last step."""
        return [key for key, record in scene.registry.all(self.kind).items()
                if record["name"] == self.name and record["state"] == REMOVING]

    def _plan_end_of_removal(self, plan, scene):
        plan.verb = DELETE
        plan.changes = [Change(("state",), "removing", "absent", None)]
        plan.act("forget", lambda: self._forget_removed(scene))

    def _forget_removed(self, scene):
        for key in self._remains(scene):
            scene.registry.forget(self.kind, key)

    def _plan_creation(self, plan, scene):
        plan.verb = CREATE
        declared = self.with_defaults(scene)
        shown = self.model.describe({name: value for name, value in self.declared.items() if name not in self.not_shown})
        plan.changes = [Change((name,), None, value, None) for name, value in shown.items() if value is not None]
        plan.summary = self.summary(declared)
        plan.act("create", lambda: self._create(scene, declared))

    def _create(self, scene, declared):
        identity = str(uuid.uuid4())
        with self._alone(scene):
            self._record(scene, identity, INTENDED)
            try:
                handle = self.define(scene, _xml.text(self.built(scene, dict(declared, uuid=identity))))
            except HypervisorError:
                scene.registry.forget(self.kind, identity)
                now = scene.again()
                if self.fact(now) is None:
                    raise
            else:
                self._forget_others(scene, identity)
                try:
                    self._finish(scene, handle, identity, self.start_new)
                except Failure:
                    self._take_back(scene, handle, identity)
                    raise
                return
        # Another run defined it since the plan: then it is changed like any other that exists.
        self.check(now)
        for action in self.plan(now).actions:
            action.run()

    def _take_back(self, scene, handle, identity):
        """What cannot be started is not left behind."""
        if handle.isActive():
            handle.destroy()
        handle.undefine()
        scene.registry.forget(self.kind, identity)

    def _alone(self, scene):
        """A lock against other runs that make or start the same."""
        return scene.registry.lock("%s-%s" % (self.kind, self.name))

    def _forget_others(self, scene, identity):
        """Records of this name's former bearers: of runs that were cut short early, and of what others removed."""
        for key, record in scene.registry.all(self.kind).items():
            if record["name"] == self.name and key != identity:
                scene.registry.forget(self.kind, key)

    def _finish(self, scene, handle, identity, start):
        handle.setAutostart(int(self.declared.get("autostart") is not False))
        if self.state == "active" and not handle.isActive():
            start(handle)
        self._record(scene, identity, COMPLETE)

    def _finish_later(self, scene, fact):
        with self._alone(scene):
            if self.unfinished(scene, fact):
                self._finish(scene, fact.handle, fact.uuid, self.start)

    def _start_once(self, scene, fact):
        with self._alone(scene):
            if not fact.handle.isActive():
                self.start(fact.handle)

    def _plan_update(self, plan, scene, fact):
        self._plan_definition(plan, scene, fact)
        wanted_autostart = self.declared.get("autostart")
        if wanted_autostart is not None and wanted_autostart != fact.autostart:
            plan.changes.append(Change(("autostart",), fact.autostart, wanted_autostart, None))
            plan.act("autostart", lambda: fact.handle.setAutostart(int(wanted_autostart)))
        if self.state == "active" and not fact.active:
            plan.changes.append(Change(("state",), "inactive", "active", None))
            plan.act("start", lambda: self._start_once(scene, fact))
        elif self.state == "inactive" and fact.active:
            plan.changes.append(Change(("state",), "active", "inactive", None))
            plan.act("stop", fact.handle.destroy)
        if self.unfinished(scene, fact):
            plan.act("finish the creation", lambda: self._finish_later(scene, fact))

    def _plan_definition(self, plan, scene, fact):
        changes = self.model.compare(self.declared, fact.xml)
        live = self.model.compare(self.declared, fact.live_xml, live=True) if fact.active else []
        waiting = self.apply_live(plan, scene, fact, live)
        plan.pending = [] if self.state == "inactive" else waiting
        plan.changes.extend(changes)
        if changes:
            edited = self.model.write(_xml.copy(fact.xml), self.declared)
            plan.act("redefine", lambda: self.define(scene, _xml.text(edited)))

    def summary(self, declared):
        """A few words about a new resource, for the plan."""
        return ""
