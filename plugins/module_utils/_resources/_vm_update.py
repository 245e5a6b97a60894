# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An existing VM changes: the running guest where it can follow, the definition always, and no surprise reboot."""
from __future__ import annotations

import functools

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FIXED, LIVE, REPLUG, RESTART
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import vm as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.boot import settle_order
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface import Interface
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import (
    _ownership, _vm_device_live, _vm_devices, _vm_ignition, _vm_live, _vm_policy, _vm_rehearsal, _vm_seed, _vm_spec,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._claims import recorded
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_power import (
    PAUSED, RUNNING, SAVED, STOPPED, method, power_state, steps,
)


def plan_update(vm, plan, scene, fact):
    current = power_state(fact.handle)
    wakes = (current, vm.state) in ((PAUSED, RUNNING), (SAVED, RUNNING), (SAVED, PAUSED))
    if wakes:
        # A paused guest lets go of no device, and a saved one comes back as it was.
        vm.plan_power(plan, fact)
    guest = fact.live_xml
    if wakes and current == SAVED:
        guest = _xml.parse(fact.handle.managedSaveGetXMLDesc(0))
    wanted = _comparable(vm, scene, fact.xml)
    persistent = vm.model.compare(wanted, fact.xml)
    running = [] if guest is None else vm.model.compare(_comparable(vm, scene, guest, fact.xml), guest, live=True)
    running, notes = _vm_live.settled(running, guest)
    plan.notes.extend(notes)
    follows = _following(vm, running, guest, (vm.state if wakes else current) == RUNNING)
    waits = [change for change in running if change not in follows]
    _refuse_fixed(vm, persistent)
    shown = _shown(persistent, follows, waits)
    plan.changes.extend(shown)
    plan.changes.extend(_moved_addresses(vm, scene, fact, {change.path for change in shown}))
    seed_before = _vm_seed.recorded_digest(fact)
    own = vm.own_facts(scene)
    new_seed = "cloud_init" in vm.declared and own["seed"] != seed_before
    if new_seed:
        plan.changes.append(Change(("cloud_init",), seed_before, own["seed"], None))
    if vm.recipe and model.Vm.fields()["customised"].read(fact.xml) != vm.recipe_digest:
        plan.notes.append("The disk of the VM '%s' stays as it is: customise is for VMs that are being made" % vm.name)
    if "ignition" in vm.declared and own["ignition_digest"] != _vm_ignition.recorded_digest(fact):
        plan.changes.append(Change(("ignition",), _vm_ignition.recorded_digest(fact), own["ignition_digest"], None))
    remembers = model.Vm.compare(own, fact.xml)
    change = _Change(vm, scene, fact, new_seed)
    if persistent:
        _vm_rehearsal.rehearse(vm, scene, change.rehearsed(), fact.xml)
    if shown or new_seed or remembers:
        plan.act("change", lambda: change.run(follows if fact.active else [], persistent or remembers))
    for seed in _left_seeds(vm, scene, fact):
        plan.act("remove an old seed", functools.partial(seed.delete, 0))
    autostart = bool(vm.declared.get("autostart"))
    if "autostart" in vm.declared and autostart != fact.autostart:
        plan.changes.append(Change(("autostart",), fact.autostart, autostart, None))
        plan.act("autostart", lambda: fact.handle.setAutostart(int(autostart)))
    restarts = waits and vm.declared["apply"] == "restart" and vm.state in ("present", RUNNING)
    if restarts:
        if fact.active and _ownership.is_protected(vm, scene):
            raise vm.refuse_stop()
        plan.disrupts = True
        plan.changes.append(Change(("restart",), None, "for " + ", ".join(".".join(one.path) for one in waits), None))
    else:
        plan.pending = waits if vm.state in ("present", RUNNING, PAUSED) else []
    if wakes and current == SAVED:
        plan.act("follow", lambda: _catch_up(vm, scene))
    elif restarts:
        _plan_restart(vm, plan, fact, RUNNING if wakes else current)
    elif not wakes:
        vm.plan_power(plan, fact)


def _moved_addresses(vm, scene, fact, shown):
    """Changed addresses of interfaces that stay: the guest gets them from the network, its definition holds none."""
    if "interfaces" not in vm.declared:
        return
    before = {(claim.network, claim.mac): claim.address for claim in recorded(fact)}
    for item in vm.interfaces(scene):
        path = ("interfaces", Interface.identity(item))
        was, wanted = before.get((item.get("network"), item["mac"])), item.get("address")
        if was != wanted and path not in shown:
            yield Change(path + ("address",), was, wanted, None)


def _left_seeds(vm, scene, fact):
    """Seeds that are neither the one to come nor the one in the drive, which goes when that comes."""
    if "cloud_init" not in vm.declared:
        return []
    current = _vm_seed.volume_in(scene, fact.xml)
    keep = {vm.seed.volume if vm.seed else None, current.name() if current else None}
    return _vm_seed.leftovers(scene, vm.name, vm.seed_pool, keep)


def _plan_restart(vm, plan, fact, current):
    power = vm.power(fact.handle)
    for step in steps(current, STOPPED) + steps(STOPPED, RUNNING if vm.state == RUNNING else current):
        plan.act(step, method(power, step))


def _catch_up(vm, scene):
    """What a guest that came back from its saved memory still lacks."""
    for action in vm.plan(scene.again()).actions:
        action.run()


def _comparable(vm, scene, element, definition=None):
    """The declaration as it compares with an element.

    :param definition: given for a running guest, which may know its disks by their targets only
    """
    whole = vm.effective(scene)
    if whole.get("disks") is not None:
        if definition is not None:
            whole["disks"] = _vm_spec.with_known_targets(scene, whole["disks"], definition.findall("devices/disk"))
        whole["disks"] = _vm_spec.as_compared(scene, whole["disks"], element.findall("devices/disk"))
    return whole


def _following(vm, changes, guest, runs):
    """The changes that the running guest gets at once; one that is going to stop needs none."""
    if vm.declared["apply"] == "next_boot" or vm.state == STOPPED:
        return []
    of_devices = [change for change in changes if change.path[0] in _vm_device_live.DEVICES]
    return ([change for change in changes if change not in of_devices and _vm_live.way_of(change, guest) is not None]
            + _vm_device_live.following(of_devices, guest, runs))


def _refuse_fixed(vm, changes):
    for change in changes:
        if change.how == FIXED and change.before is not None:
            raise vm.refusal("fixed_option", "%s: is '%s' and cannot become '%s' in an existing VM"
                             % (".".join(change.path), change.before, change.after),
                             "Leave it out, or make a new VM." if len(change.path) == 1 else
                             "Give the device another name to add a new one beside it, or make a new VM.")


def _shown(persistent, follows, waits):
    """Each change once, with the way it takes: what the running guest follows, and what it lacks then waits."""
    ways = dict([(change.path, RESTART) for change in waits]
                + [(change.path, change.how if change.how == REPLUG else LIVE) for change in follows])
    recorded = {change.path for change in persistent}
    shown = persistent + [change for change in follows if change.path not in recorded]
    return [Change(change.path, change.before, change.after, ways.get(change.path)) for change in shown]


class _Change:
    """The doing of it; the running guest first, so that a device libvirt refuses leaves the definition as it was."""

    def __init__(self, vm, scene, fact, new_seed):
        self.vm = vm
        self.scene = scene
        self.fact = fact
        self.new_seed = new_seed
        self.views = [view for view in (fact.xml, fact.live_xml) if view is not None]

    def run(self, follows, redefine):
        definition = _xml.copy(self.fact.xml)
        whole = self._whole(definition, _vm_spec.volume_place_now)
        old_seed = _vm_seed.volume_in(self.scene, definition) if self.new_seed else None
        if self.new_seed:
            self._change_seed(definition)
        left_over = self._place_ignition(whole)
        _vm_live.apply(self.fact.handle, [change for change in follows if change.path[0] not in _vm_device_live.DEVICES])
        _vm_device_live.Follow(self.fact, whole).run(
            [change for change in follows if change.path[0] in _vm_device_live.DEVICES])
        if redefine or self.new_seed or follows:
            self._write(definition, whole)
            self.scene.hypervisor.connection.defineXML(_xml.text(definition))
        if old_seed is not None and old_seed.name() != (self.vm.seed and self.vm.seed.volume):
            old_seed.delete(0)
        if left_over is not None:
            left_over.delete(0)

    def _place_ignition(self, whole):
        """Put the configuration where the definition says it is; returns the handle of the one that was, if it is another."""
        if "ignition" not in self.vm.declared:
            return None
        now = self.vm.ignition
        whole["ignition_file"] = now.place(self.scene) if now else None
        before = _vm_ignition.volume_in(self.scene, self.fact)
        return None if before is None or now and before.name() == now.volume else before

    def rehearsed(self):
        """The definition that is going to be, as far as it can be known before."""
        definition = _xml.copy(self.fact.xml)
        return self._write(definition, self._whole(definition, _vm_rehearsal.place))

    def _write(self, definition, whole):
        self.vm.model.write(definition, dict(whole, **self.vm.own_facts(self.scene)))
        _vm_policy.serve_scsi_disks(definition)
        _vm_live.remember_targets(definition)
        settle_order(definition, whole)
        return definition

    def _whole(self, element, place):
        """The declaration with the data's places, ``place(scene, pool, volume)``, and names for new devices."""
        whole = self.vm.effective(self.scene, place)
        if whole.get("disks") is not None:
            compared = _vm_spec.as_compared(self.scene, whole["disks"], element.findall("devices/disk"))
            whole["disks"] = _vm_spec.with_targets(compared, self.views)
        if whole.get("interfaces") is not None:
            existing = element.findall("devices/interface")
            whole["interfaces"] = [item if Interface.match(item, existing) is not None
                                   else _vm_policy.interface_defaults(item) for item in whole["interfaces"]]
        return whole

    def _change_seed(self, definition):
        running = self.fact.live_xml
        drive = None if running is None else _vm_seed.drive_of(running)
        if self.vm.seed is None:
            _vm_seed.eject(definition)
            if drive is not None:
                _path.drop(drive, "source")
        else:
            path = self.vm.seed.upload(self.scene)
            _vm_seed.insert(definition, path)
            if drive is not None:
                _path.drop(drive, "source")
                _path.put(drive, "source/@file", path)
        if drive is not None:
            _path.drop(drive, "backingStore")
            _vm_devices.update(self.fact.handle, drive)
