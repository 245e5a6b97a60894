# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a VM's declaration can have against it: each said in one sentence before anything is touched."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import (
    _ownership, _vm_customise, _vm_disk_checks, _vm_host_devices, _vm_interface_checks, _vm_machine_checks,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_power import (
    RUNNING, SAVED, STOPPED, power_state, steps,
)


def check(vm, scene):
    _check_state(vm, scene)
    if vm.absent:
        return
    _vm_machine_checks.check(vm, scene)
    _vm_disk_checks.check(vm, scene)
    if vm.declared.get("cloud_init") is not None:
        _vm_disk_checks.check_pool(vm, scene, "cloud_init", vm.seed_pool)
    if vm.ignition is not None and not vm.ignition.is_path:
        _vm_disk_checks.check_pool(vm, scene, "ignition", vm.seed_pool)
    _vm_interface_checks.check(vm, scene)
    _vm_host_devices.check(vm, scene)
    _vm_customise.check(vm, scene)


def _check_state(vm, scene):
    fact = vm.fact(scene)
    if vm.state in ("present", "absent"):
        return
    current = STOPPED if fact is None else power_state(fact.handle)
    if current == RUNNING and vm.state != RUNNING and _ownership.is_protected(vm, scene):
        raise vm.refuse_stop()
    if steps(current, vm.state) is None:
        raise vm.refusal("unreachable_state", "state: the VM '%s' is %s and cannot become %s: it has no memory to save"
                         % (vm.name, current if fact is not None else "not there yet", vm.state),
                         "Make it running or paused first, then saved.")
    if (current, vm.state) == (SAVED, STOPPED) and not vm.declared["force"]:
        raise vm.refusal("unreachable_state",
                         "state: the VM '%s' is saved, and stopping it would throw its saved memory away" % vm.name,
                         "Start it and stop it then, or add 'force: true' to lose what was saved.")
