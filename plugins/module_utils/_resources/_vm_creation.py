# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM comes: its definition is made from nothing, and tried, before anything is touched."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.boot import settle_order
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import CREATE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import (
    _vm_customise, _vm_facts, _vm_live, _vm_policy, _vm_rehearsal, _vm_seed, _vm_spec,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_power import STOPPED, method, steps

# What a plan of a new VM does not show: how the module works, and the text of seed and recipe (their digests stand for them).
_NOT_SHOWN = ("name", "cloud_init", "customise", "ignition", "base_xml", "apply", "shutdown_timeout", "force", "remove_disks", "adopt", "wait")


def plan_creation(vm, plan, scene):
    plan.verb = CREATE
    shown = vm.model.describe({name: value for name, value in vm.declared.items() if name not in _NOT_SHOWN})
    if vm.seed:
        shown["cloud_init"] = vm.seed.digest
    if vm.recipe:
        shown["customise"] = vm.recipe_digest
    if vm.ignition:
        shown["ignition"] = vm.ignition.digest
    plan.changes = [Change((name,), None, value, None) for name, value in shown.items() if value is not None]
    host = _vm_policy.host_type(scene)
    element = _definition(vm, scene, host, _vm_rehearsal.place)
    _vm_rehearsal.rehearse(vm, scene, element)
    fields = vm.model.fields()
    plan.summary = _vm_facts.summary(dict(vm.declared, vcpus=fields["vcpus"].read(element) or 1, memory=fields["memory"].read(element) or 0))
    _vm_customise.plan_into(vm, plan, scene)
    plan.act("create", lambda: _create(vm, scene, host))


def _definition(vm, scene, host, place):
    """
    :param place: tells where a volume is, ``place(scene, pool, volume)``
    """
    if vm.declared.get("base_xml"):
        return _based(vm, scene, place)
    whole = _vm_policy.with_defaults(vm.effective(scene, place), host)
    whole["interfaces"] = [_vm_policy.interface_defaults(item) for item in whole.get("interfaces") or []]
    whole["disks"] = _vm_spec.with_targets(whole.get("disks") or [], [])
    whole.update(_vm_policy.furniture(vm.declared, vm.name, scene.hypervisor.is_system, host.screens(whole)))
    element = vm.model.build(dict(whole, **vm.own_facts(scene)))
    _vm_policy.furnish(element)
    settle_order(element, whole)
    _vm_live.remember_targets(element)
    return element


def _based(vm, scene, place):
    """A definition that the user brought, with the options over it; it brings its own furniture."""
    element = _xml.parse(vm.declared["base_xml"])
    _path.drop(element, "uuid")
    taken = {mac.get("address") for fact in scene.world.domains.values() for mac in fact.xml.findall("devices/interface/mac")}
    for interface in element.findall("devices/interface"):
        if _path.get(interface, "mac/@address") in taken:
            _path.drop(interface, "mac")
    whole = vm.effective(scene, place)
    if whole.get("disks") is not None:
        whole["disks"] = _vm_spec.with_targets(whole["disks"], [element])
    if whole.get("interfaces") is not None:
        whole["interfaces"] = [_vm_policy.interface_defaults(item) for item in whole["interfaces"]]
    vm.model.write(element, dict(whole, **vm.own_facts(scene)))
    _vm_policy.serve_scsi_disks(element)
    settle_order(element, whole)
    _vm_live.remember_targets(element)
    return element


def _create(vm, scene, host):
    element = _definition(vm, scene, host, _vm_spec.volume_place_now)
    if vm.seed:
        _vm_seed.insert(element, vm.seed.upload(scene))
    if vm.ignition:
        vm.model.write(element, {"ignition_file": vm.ignition.place(scene)})
    try:
        handle = scene.hypervisor.connection.defineXML(_xml.text(element))
    except HypervisorError:
        now = scene.again()
        if vm.fact(now) is None:
            raise
        # Another run made it since the plan: then it is changed like any other that exists.
        for action in vm.plan(now).actions:
            action.run()
        return
    _vm_customise.forget(vm, scene)
    if vm.declared.get("autostart"):
        handle.setAutostart(1)
    if vm.state not in ("present", STOPPED):
        for step in steps(STOPPED, vm.state):
            method(vm.power(handle), step)()
