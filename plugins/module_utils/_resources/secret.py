# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets that libvirt keeps for pools, volumes, TLS and virtual TPMs. A value goes in and is never shown."""
from __future__ import annotations

import base64
import binascii

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, Field, FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import secret as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import CREATE, DELETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE, INTENDED, REMOVING
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _secret_use, _secret_value, _value_digest
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Resource

HIDDEN = "(not shown)"
OTHER = "(another one, not shown)"
_VALUES = ("value", "value_base64")


class Value(Field):
    """Text that no message ever holds."""

    def __init__(self):
        super().__init__(no_log=True)

    def normalise(self, value):
        if not str(value):
            raise FieldError("it is empty; leave it out to keep the value there is")
        return str(value)


class EncodedValue(Value):
    def normalise(self, value):
        try:
            decoded = base64.b64decode("".join(super().normalise(value).split()), validate=True)
        except (binascii.Error, ValueError):
            raise FieldError("it is not base64; write text as value") from None
        if not decoded:
            raise FieldError("it is empty; leave it out to keep the value there is")
        return super().normalise(value)


class SecretOptions(model.Secret):
    """The options of the module secret."""

    value = Value()
    value_base64 = EncodedValue()
    state = Enum(choices=["present", "absent"], default="present")

    @classmethod
    def check(cls, declared):
        super().check(declared)
        given = [option for option in _VALUES if option in declared]
        if len(given) > 1:
            raise FieldError("a secret has one value: write value or value_base64, not both", ("value_base64",))
        if given and declared[given[0]] is None:
            raise FieldError("libvirt cannot take a value away; remove the secret with state=absent", (given[0],))


class Secret(Resource):
    kind = "secret"
    model = SecretOptions

    def __init__(self, declared):
        super().__init__(declared)
        self.definition = {name: value for name, value in declared.items() if name in model.Secret.fields()}

    @property
    def value(self):
        """The bytes that were declared, or None."""
        if self.declared.get("value_base64"):
            return base64.b64decode("".join(self.declared["value_base64"].split()))
        text = self.declared.get("value")
        return text and text.encode()

    def found(self, scene):
        return _secret_use.found(scene.world, self.name, self.declared.get("type"))

    def fact(self, scene):
        return next(iter(self.found(scene)), None)

    def usage_type(self, scene):
        """The type that the secret has after this call."""
        fact = self.fact(scene)
        return self.declared.get("type") or (model.Secret.read(fact.xml).get("type") if fact is not None else None)

    def uuid(self, scene):
        """The UUID that the secret has after this call."""
        fact = self.fact(scene)
        return _secret_use.new_uuid(self.declared.get("type"), self.name) if fact is None else fact.uuid

    # What cannot come true

    def check(self, scene):
        self._check_value(scene)
        found = self.found(scene)
        if len(found) > 1:
            types = ", ".join(sorted(model.Secret.read(fact.xml).get("type", "none") for fact in found))
            raise self.refusal("ambiguous_name", "type: there are several secrets '%s', of the types %s" % (self.name, types), "Write which type is meant.")
        if self.absent:
            self._check_removal(scene)
        elif not found and not self.declared.get("type"):
            raise self.refusal("missing_option", "type: the new secret '%s' needs a type" % self.name,
                               "Write one of %s." % ", ".join(model.TYPES))
        elif found and self.declared.get("private") in (False, None) and "private" in self.declared and found[0].xml.get("private") == "yes":
            raise self.refusal("fixed_option", "private: the secret '%s' is private, which libvirt does not take back" % self.name,
                               "Remove it first and make it anew, with its value.")

    def _check_value(self, scene):
        """Ansible masks a secret's text in all it says: no name may hold that text."""
        for option in _VALUES:
            text = self.declared.get(option)
            names = sorted(scene.resources) + [("environment", scene.environment or "")]
            for kind, name in names if text else ():
                if text in name:
                    raise self.refusal("secret_in_a_name", "%s: the name of the %s holds this value, and so could be read from what Ansible masks"
                                       % (option, kind), "Take another value: one that nothing is named by.")

    def _check_removal(self, scene):
        for fact in self.found(scene):
            users = _secret_use.users(scene, fact)
            if users:
                raise self.refusal("secret_in_use", "state: the secret '%s' cannot go, it is needed by %s" % (self.name, ", ".join(users)),
                                   "Remove these first, or in the same call: what is encrypted with it is lost without it.")

    # What to do

    def plan(self, scene):
        plan = self.new_plan(scene)
        fact = self.fact(scene)
        if self.absent:
            self._plan_removal(plan, scene, fact)
        elif fact is None:
            self._plan_creation(plan, scene)
        else:
            self._plan_update(plan, scene, fact)
        return plan

    def _plan_removal(self, plan, scene, fact):
        begun = [key for key, record in scene.registry.all(self.kind).items()
                 if record["state"] == REMOVING and record["name"] == self.name]
        if fact is None and not begun:
            return
        plan.verb = DELETE
        plan.changes = [Change(("state",), "present" if fact is not None else "removing", "absent", None)]
        plan.act("remove", lambda: self._remove(scene, fact, begun))

    def _remove(self, scene, fact, begun):
        if fact is not None:
            with scene.registry.lock("secret-%s" % fact.uuid):
                scene.registry.put(self.kind, fact.uuid, REMOVING, name=self.name)
                try:
                    fact.handle.undefine()
                except HypervisorError as error:
                    if error.code != "no_secret":
                        raise
                self._forget(scene, fact.uuid)
        for identity in begun:
            self._forget(scene, identity)

    def _forget(self, scene, identity):
        _value_digest.forget(scene, identity)
        scene.registry.forget(self.kind, identity)

    def _plan_creation(self, plan, scene):
        plan.verb = CREATE
        shown = self.model.describe(self.definition)
        del shown["name"]
        plan.changes = [Change((name,), None, value, None) for name, value in shown.items() if value is not None]
        if self.value is None:
            plan.notes.append("secret '%s': it has no value yet, and cannot be used before it has one" % self.name)
        else:
            plan.changes.append(Change(("value",), None, HIDDEN, None))
        plan.summary = self.declared["type"]
        plan.act("create", lambda: self._create(scene))

    def _create(self, scene):
        identity = self.uuid(scene)
        with scene.registry.lock("secret-%s" % identity):
            now = scene.again()
            if self.fact(now) is None:
                self._create_alone(scene, identity)
                return
        # Another run made it since the plan: then it is changed like any other that exists.
        self.check(now)
        for action in self.plan(now).actions:
            action.run()

    def _create_alone(self, scene, identity):
        scene.registry.put(self.kind, identity, INTENDED, name=self.name)
        try:
            self._define(scene, self.model.build(dict(self.definition, uuid=identity)))
        except HypervisorError:
            scene.registry.forget(self.kind, identity)
            raise
        if self.value is not None:
            _secret_value.put(scene, self.fact(scene.again()), self.value)
        scene.registry.put(self.kind, identity, COMPLETE, name=self.name)

    def _plan_update(self, plan, scene, fact):
        changes = self.model.compare(self.definition, fact.xml)
        for change in changes:
            change.how = None
        plan.changes = changes
        if changes:
            plan.act("redefine", lambda: self._define(scene, self.model.write(_xml.copy(fact.xml), self.definition)))
        if self.value is not None:
            is_set = _secret_value.is_set(scene, fact, self.value)
            if not is_set:
                plan.changes.append(Change(("value",), OTHER, HIDDEN, None))
            # What becomes private can no longer be read back: its digest has to be kept from now on.
            if not is_set or any(change.path == ("private",) for change in changes):
                plan.act("set the value", lambda: self._set_value(scene, fact))
        if scene.registry.state(self.kind, fact.uuid) in (INTENDED, REMOVING):
            plan.act("finish the creation", lambda: scene.registry.put(self.kind, fact.uuid, COMPLETE, name=self.name))

    def _set_value(self, scene, fact):
        with scene.registry.lock("secret-%s" % fact.uuid):
            now = self.fact(scene.again()) or fact
            # Another run may have set it, and one that looks just now must not miss its digest.
            if not _secret_value.is_set(scene, now, self.value):
                _secret_value.put(scene, now, self.value)

    def _define(self, scene, element):
        return scene.hypervisor.connection.secretDefineXML(_xml.text(element), 0)

    # What users learn

    def facts(self, scene):
        fact = self.fact(scene)
        return None if fact is None else secret_facts(fact)

    @classmethod
    def listing(cls, scene, _options):
        found = [dict(secret_facts(fact), used_by=_secret_use.users(scene, fact)) for fact in scene.world.secrets.values()]
        return sorted(found, key=lambda one: (one["name"] or "", one["type"] or ""))


def secret_facts(fact):
    """What users learn about a secret: all but its value."""
    known = model.Secret.describe(model.Secret.read(fact.xml))
    return {option: known.get(option) for option in model.Secret.fields()}
