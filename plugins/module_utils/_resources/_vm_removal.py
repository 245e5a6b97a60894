# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM goes: its definition last, so that a removal that was cut short is known and finished by the next run."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import vm as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import DELETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_seed
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._claims import recorded
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_power import power_state
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.reservation import Reservation
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume


def plan_removal(vm, plan, scene, fact):
    plan.verb = DELETE
    plan.changes = [Change(("state",), power_state(fact.handle), "absent", None)]
    power = vm.power(fact.handle)
    if fact.active:
        plan.act("stop", power.pull_the_plug)
    for leaving in _leaving(vm, scene, fact):
        part = leaving.plan(scene)
        plan.changes.extend(change.under(leaving.kind, leaving.key[1]) for change in part.changes)
        plan.actions.extend(part.actions)
    seed = _vm_seed.volume_in(scene, fact.xml)
    if seed is not None:
        plan.act("remove the seed", lambda: seed.delete(0))
    if fact.persistent:
        plan.act("undefine", power.undefine)
    _note_what_stays(vm, plan, fact)


def _leaving(vm, scene, fact):
    """What goes with the VM: its addresses, and, if that was asked for, the volumes that were made for it."""
    leaving = [Reservation(claim, absent=True) for claim in recorded(fact)]
    if vm.declared["remove_disks"]:
        for made in model.Vm.fields()["made"].read(fact.xml):
            volume = Volume.from_options({"name": made["volume"], "pool": made["pool"], "state": "absent"})
            if volume.key not in scene.resources:
                volume.check(scene)
                leaving.append(volume)
    return leaving


def _note_what_stays(vm, plan, fact):
    made = [one["volume"] for one in model.Vm.fields()["made"].read(fact.xml)]
    if made and not vm.declared["remove_disks"]:
        plan.notes.append("The VM '%s' was removed, its disks were kept: %s (remove_disks: true removes them too)"
                          % (vm.name, ", ".join(made)))
