# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM goes: its definition last, so that a removal that was cut short is known and finished by the next run."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import vm as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import DELETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _ownership, _vm_ignition, _vm_seed
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
    ignition = _vm_ignition.volume_in(scene, fact)
    if ignition is not None:
        plan.act("remove the Ignition configuration", lambda: ignition.delete(0))
    if fact.persistent:
        plan.act("undefine", power.undefine)
    _note_what_stays(vm, plan, scene, fact)


def removable(scene, fact):
    """The volumes that were made for the VM and that are no more than its own: {volume: pool}."""
    found = {one["volume"]: one["pool"] for one in model.Vm.fields()["made"].read(fact.xml)}
    return {volume: pool for volume, pool in found.items() if not _is_kept(scene, fact, pool, volume)}


def _is_kept(scene, fact, pool, volume):
    """Whether the VM has a volume as a medium, to read only, or to share."""
    known = scene.world.volumes(pool).get(volume)
    path = None if known is None else known.xml.findtext("target/path")
    targets = {use.target for use in scene.world.usage.uses(path) if use.vm == fact.name} if path else set()
    disks = [disk for disk in fact.xml.findall("devices/disk") if _path.get(disk, "target/@dev") in targets]
    return any(disk.get("device", "disk") != "disk" or disk.find("readonly") is not None or disk.find("shareable") is not None
               for disk in disks)


def _leaving(vm, scene, fact):
    """What goes with the VM: its addresses, and, if that was asked for, the volumes that were made for it."""
    leaving = [Reservation(claim, absent=True) for claim in recorded(fact)]
    if vm.deletes_volumes:
        for name, pool in removable(scene, fact).items():
            volume = Volume.from_options({"name": name, "pool": pool, "state": "absent"})
            if volume.key not in scene.resources:
                _ownership.refuse_protected(volume, scene)
                volume.check(scene)
                leaving.append(volume)
    return leaving


def _note_what_stays(vm, plan, scene, fact):
    made = [one["volume"] for one in model.Vm.fields()["made"].read(fact.xml)]
    kept = [name for name in made if name not in removable(scene, fact)] if vm.deletes_volumes else made
    if kept:
        why = "read only, shared or media" if vm.deletes_volumes else "volumes: delete removes them too"
        plan.notes.append("The VM '%s' was removed, disks of it were kept: %s (%s)" % (vm.name, ", ".join(kept), why))
