# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Storage pools: defined, built, started, changed; removed without touching what is in them, unless that is asked for."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, Enum, FieldError, Flag
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import pool as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool_types import AUTH_TYPES, SECRET_TYPES, pool_type
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import DELETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import REMOVING
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _pool_checks, _pool_contents, _pool_running, _secret_use
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._activity import ActiveResource, ActivityOptions
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._refresh import refresh


class PoolOptions(model.Pool, ActivityOptions):
    """The options of the module pool."""

    build_ = Flag()
    overwrite = Flag()
    refresh = Flag()
    apply = Enum(choices=["live", "restart"], default="live")
    delete_contents = Flag()

    @classmethod
    def check(cls, declared):
        if declared.get("overwrite") and not declared.get("build"):
            raise FieldError("only what builds a pool overwrites anything: write build: true too, or leave this out", ("overwrite",))
        if declared.get("delete_contents") and declared.get("state") != "absent":
            raise FieldError("contents are deleted together with their pool only, with state: absent", ("delete_contents",))


class Pool(ActiveResource):
    kind = "pool"
    model = PoolOptions
    not_shown = ("name", "build", "overwrite", "refresh", "apply", "delete_contents")

    def existing(self, scene):
        return scene.world.pools

    def type(self, scene):
        """The type that the pool has, or is going to have."""
        fact = self.fact(scene)
        return self.declared.get("type") or ("dir" if fact is None else fact.xml.get("type"))

    def needs(self, scene):
        return self.secrets()

    # What is declared, with all that follows from it

    def with_defaults(self, scene):
        given = {name: value for name, value in self.declared.items() if value is not None}
        kind = pool_type(self.type(scene))
        policy = {"type": self.type(scene)}
        if kind.path:
            policy["path"] = kind.path
        values = dict(policy, **given)
        if kind.source_named:
            values["source"] = dict({"name": self.name}, **values.get("source") or {})
        if kind.derived_path:
            values["path"] = kind.derived_path % values["source"]["name"]
        return self._with_auth_type(scene, values)

    def terms(self, scene, element):
        """The declaration as it is compared with a definition and written into it."""
        wanted = self._with_auth_type(scene, self.declared)
        secret = _pool_checks.given(wanted, "source.auth.secret")
        named = element.find("source/auth/secret")
        if secret and named is not None and _secret_use.name_of(scene.world, named, self._secret_type(scene)) == secret:
            # By whatever it is named there, it is this one.
            auth = dict(wanted["source"]["auth"], secret=self.model.read(element)["source"]["auth"]["secret"])
            wanted = dict(wanted, source=dict(wanted["source"], auth=auth))
        return wanted

    def _with_auth_type(self, scene, values):
        source = values.get("source") or {}
        if not source.get("auth"):
            return values
        auth = dict(source["auth"], type=AUTH_TYPES.get(self.type(scene)))
        return dict(values, source=dict(source, auth=auth))

    def _secret_type(self, scene):
        return SECRET_TYPES.get(AUTH_TYPES.get(self.type(scene)))

    # What speaks against it

    def check(self, scene):
        fact = self.fact(scene)
        if self.absent:
            if fact is not None:
                _pool_checks.refuse_removal(self, scene, fact)
            return
        if fact is not None:
            _pool_checks.refuse_fixed(self, fact)
        _pool_checks.refuse_foreign_options(self, scene)
        if fact is None:
            _pool_checks.refuse_unsupported(self, scene)
            _pool_checks.refuse_incomplete(self, scene)
            _pool_checks.refuse_taken_path(self, scene)
        else:
            if self.declared.get("path") not in (None, fact.xml.findtext("target/path")):
                _pool_checks.refuse_taken_path(self, scene)
            _pool_checks.refuse_stop(self, scene, fact)
        secret = _pool_checks.given(self.declared, "source.auth.secret")
        if secret:
            _secret_use.refuse_unknown(self, scene, "source.auth.secret", self._secret_type(scene), secret)

    # What to do

    def define(self, scene, text):
        return scene.hypervisor.connection.storagePoolDefineXML(text, 0)

    def start(self, handle):
        _pool_running.start(self.declared, handle, new=False)

    def start_new(self, handle):
        _pool_running.start(self.declared, handle, new=True)

    def plan(self, scene):
        plan = super().plan(scene)
        fact = self.fact(scene)
        if self.declared.get("refresh") and self.state in ("active", "present") and fact is not None and fact.active:
            plan.look("refresh", lambda: refresh(fact.handle))
        return plan

    def _plan_removal(self, plan, scene, fact):
        if not self.declared.get("delete_contents"):
            super()._plan_removal(plan, scene, fact)
            return
        plan.verb = DELETE
        plan.changes = [Change(("state",), "active" if fact.active else "inactive", "absent", None)]
        plan.changes += [Change(("contents", name), "present", None, None) for name in sorted(scene.world.volumes(self.name))]
        if not _pool_contents.are_deleted(scene, fact):
            plan.act("begin", lambda: self._record(scene, fact.uuid, REMOVING))
        plan.act("delete the contents", lambda: _pool_contents.delete(scene, fact))
        if fact.persistent:
            plan.act("undefine", fact.handle.undefine)
        plan.act("forget", lambda: self._forget_removed(scene))

    def _plan_definition(self, plan, scene, fact):
        terms = self.terms(scene, fact.xml)
        changes = self.model.compare(terms, fact.xml)
        waits = []
        if fact.active and self.state != "inactive":
            seen = self.model.compare(self.terms(scene, fact.live_xml), fact.live_xml, live=True)
            waits = self.apply_live(plan, scene, fact, seen)
        if waits and self.declared.get("apply") == "restart":
            plan.changes.append(Change(("restart",), None, "for " + ", ".join(".".join(one.path) for one in waits), None))
        else:
            plan.pending = waits
        for change in changes:
            change.how = "restart" if any(change.path == one.path for one in plan.pending) else None
        plan.changes[:0] = changes
        if changes:
            edited = self.model.write(_xml.copy(fact.xml), terms)
            plan.act("redefine", lambda: self.define(scene, _xml.text(edited)))
        if waits and not plan.pending:
            plan.act("restart", lambda: self._restart(scene, fact))

    def _restart(self, scene, fact):
        with self._alone(scene):
            fact.handle.destroy()
            self.start(fact.handle)

    def apply_live(self, plan, scene, fact, changes):
        """libvirt sets permissions when it builds a pool, which it does not do while the pool is active."""
        follow = [change for change in changes if change.how == LIVE]
        if not follow or scene.hypervisor.is_remote or not pool_type(fact.xml.get("type")).holds_files:
            return changes
        recorded = {change.path for change in self.model.compare(self.declared, fact.xml)}
        for change in follow:
            change.how = None
        plan.changes.extend(change for change in follow if change.path not in recorded)
        plan.act("set permissions", lambda: _pool_running.set_permissions(fact.handle, self.declared["permissions"]))
        return [change for change in changes if change not in follow]

    def summary(self, declared):
        source = declared.get("source") or {}
        where = [one["name"] for one in source.get("hosts") or []] + [one["path"] for one in source.get("devices") or []]
        return " ".join([declared["type"]] + where + list(filter(None, (source.get("name"), source.get("directory"), declared.get("path")))))

    # What users learn

    def facts(self, scene):
        fact = self.fact(scene)
        return None if fact is None else pool_facts(scene, fact)

    @classmethod
    def listing(cls, scene, _options):
        told = [pool_facts(scene, fact) for _name, fact in sorted(scene.world.pools.items())]
        return [dict(facts, spec=cls.model.options(facts)) for facts in told]


def pool_facts(scene, fact):
    """What users learn about a pool; sizes in bytes."""
    values = _without_nothing(model.Pool.describe(model.Pool.read(fact.xml)))
    # No option, so it stands beside what can be declared again.
    extents = [extent for device in (values.get("source") or {}).get("devices") or [] for extent in device.pop("free_extents", [])]
    auth = (values.get("source") or {}).get("auth")
    if auth:
        named = fact.xml.find("source/auth/secret")
        auth["secret"] = named is not None and _secret_use.name_of(scene.world, named, SECRET_TYPES.get(auth.pop("type", None))) or None
    source = fact.live_xml if fact.active else fact.xml
    sizes = {option: int(_path.get(source, option) or 0) for option in ("capacity", "allocation", "available")}
    if extents:
        values["free_extents"] = extents
    return dict(values, state="active" if fact.active else "inactive", autostart=fact.autostart,
                persistent=fact.persistent, **sizes)


def _without_nothing(values):
    """Without the lists and mappings that have nothing in them."""
    if isinstance(values, list):
        return [_without_nothing(one) for one in values]
    if not isinstance(values, dict):
        return values
    kept = {name: _without_nothing(one) for name, one in values.items()}
    return {name: one for name, one in kept.items() if one not in ([], {})}
