# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose a resource is, and what no run may touch.

Domains and networks say it in their metadata, everything else in this host's registry. What an environment finds under
its names and did not make is refused, or taken over where that was asked for; what is protected is not removed.
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.ours import Environment, Protect
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE

_ENVIRONMENT, _PROTECT = Environment(), Protect()
# Where a resource says itself whose it is, and where its record does.
_MARKED, _RECORDED = ("vm", "network"), ("secret", "pool", "volume")
# Records of these remember it, too: of a network it is found where its removal was cut short.
_OWNED = ("network", "volume")


def environment_of(fact):
    """The environment that a domain or network says it belongs to, or None."""
    return _ENVIRONMENT.read(fact.xml)


def record_facts(resource, scene, record=None):
    """What a resource's record says about its owner, and about what opens it: what it said, under what this call says."""
    said = {name: record[name] for name in ("environment", "protect", "secret") if name in (record or {})}
    if scene.environment and resource.kind in _OWNED:
        said["environment"] = scene.environment
    if resource.kind in _RECORDED and resource.declared.get("protect") is not None:
        said["protect"] = resource.declared["protect"]
    if resource.kind == "volume" and resource.declared.get("encryption"):
        # libvirt itself forgets it as soon as it looks at the pool again.
        said["secret"] = resource.declared["encryption"]["secret"]
    return said


def check(resource, scene):
    """Refuse what is not the environment's, and the removal of what is protected."""
    adopts = scene.adopts or resource.declared.get("adopt")
    if scene.environment and not adopts and _is_foreign(resource, scene):
        raise resource.refusal(
            "not_ours", "name: there is a %s '%s' on this host already, which does not belong to the environment '%s'"
            % (resource.key + (scene.environment,)),
            "Write adopt: true to take it over, or choose another name.")
    refuse_protected(resource, scene)


def refuse_protected(resource, scene):
    if resource.absent and is_protected(resource, scene):
        raise resource.refusal("protected", "state: the %s '%s' is protected, no run removes it" % resource.key,
                               "Say protect: false for it first.")


def _record(resource, scene):
    """(key in the registry, record) of what exists and is recorded there; (None, None) of anything else."""
    if resource.kind not in _MARKED + _RECORDED or resource.fact(scene) is None:
        return None, None
    if resource.kind == "volume":
        return resource.record_key(scene), resource.record(scene) or None
    key = resource.fact(scene).uuid
    return key, scene.registry.get(resource.kind, key)


def _is_foreign(resource, scene):
    key, record = _record(resource, scene)
    if key is None:
        return False
    owner = environment_of(resource.fact(scene)) if resource.kind in _MARKED else (record or {}).get("environment")
    if resource.kind == "vm" or owner is not None:
        return owner != scene.environment
    # What was recorded before 0.2.0 says nothing about an environment.
    return record is None


def is_protected(resource, scene):
    """As the task says, or as it was said before."""
    if resource.declared.get("protect") is not None:
        return resource.declared["protect"]
    if resource.kind in _MARKED:
        fact = resource.fact(scene)
        return fact is not None and bool(_PROTECT.read(fact.xml))
    return bool((_record(resource, scene)[1] or {}).get("protect"))


def complete(resource, plan, scene):
    """Add to a resource's plan what its owner has to remember."""
    if resource.absent:
        return
    if resource.kind == "vm":
        if scene.environment and _is_foreign(resource, scene):
            plan.changes.append(Change(("environment",), environment_of(resource.fact(scene)), scene.environment, None))
        return
    key, record = _record(resource, scene)
    if key is None or resource.kind not in _RECORDED:
        return
    before = {name: (record or {}).get(name) for name in ("environment", "protect")}
    said = record_facts(resource, scene, record)
    changes = [Change((name,), was, said[name], None) for name, was in before.items() if name in said and said[name] != (was or False)]
    if changes or (record is None and scene.environment):
        plan.changes.extend(changes)
        facts = dict(record or {"state": COMPLETE, "name": resource.name}, **said)
        plan.act("remember whose it is", lambda: scene.registry.put(resource.kind, key, **facts))
