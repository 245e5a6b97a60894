# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the host has against the machine that a VM is to be: said in one sentence before anything is touched."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import vm as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_policy

_FIELDS = model.Vm.fields()


def check(vm, scene):
    _check_uuid(vm, scene)
    _check_host(vm, scene)
    _check_size(vm, scene)


def _check_uuid(vm, scene):
    wanted = vm.declared.get("uuid")
    if wanted is None:
        return
    others = [(name, fact.uuid) for name, fact in sorted(scene.world.domains.items())]
    others += [(one.name, one.declared.get("uuid")) for one in scene.resources.values() if one.kind == vm.kind and not one.absent]
    for name, uuid in others:
        if uuid == wanted and name != vm.name and not scene.goes(vm.kind, name):
            raise vm.refusal("duplicate_uuid", "uuid: '%s' is the UUID of the VM '%s'" % (wanted, name),
                             "Leave 'uuid' out to have one made, or choose another.")


def _check_host(vm, scene):
    if vm.fact(scene) is not None and not vm.declared.get("type"):
        return
    host = _vm_policy.host_type(scene)
    arch = vm.declared.get("arch") or host.arch
    if arch not in host.archs:
        raise vm.refusal("unsupported_arch", "arch: this host runs no guests of '%s'; it runs: %s"
                         % (arch, ", ".join(host.archs) or "none"),
                         "Install QEMU for that architecture there, or choose another.")
    if vm.declared.get("type") == "kvm" and not host.has_kvm(arch):
        raise vm.refusal("no_kvm", "type: this host has no KVM for guests of '%s'" % arch,
                         "Leave 'type' out to have them emulated where KVM is missing, or see why /dev/kvm does not work there.")


def _check_size(vm, scene):
    """Less than the VM has, where the task does not say that it shall have less."""
    fact = vm.fact(scene)
    if fact is None:
        return
    for option in ("vcpus", "memory"):
        most = vm.declared.get("maximum_" + option)
        now = _FIELDS[option].read(fact.xml)
        if most is not None and option not in vm.declared and now is not None and now > most:
            say = _FIELDS[option].describe
            raise vm.refusal("maximum_too_small", "maximum_%s: %s is less than the %s that the VM has" % (option, say(most), say(now)),
                             "Declare '%s' as well." % option)
