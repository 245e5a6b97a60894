# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the host has against the machine that a VM is to be: said in one sentence before anything is touched."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _emulator
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import vm as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.rng import VIRTIO
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_policy
from ansible_collections.tinycloud.libvirt.plugins.module_utils._sizes import describe_size

# Every machine type has as many.
_SURELY_FINE = 8
_FIELDS = model.Vm.fields()


def check(vm, scene):
    _check_uuid(vm, scene)
    _check_host(vm, scene)
    _check_size(vm, scene)
    _check_files(vm, scene)
    new = _new(vm, scene)
    for option, look in (("machine", _check_machine), ("cpu", _check_cpu), ("firmware", _check_firmware),
                         ("graphics", _check_graphics)):
        if new.get(option):
            look(vm, scene, new)
    _check_room(vm, scene, new)
    _check_cards(vm, scene)


def _new(vm, scene):
    """What is declared and not so already."""
    fact = vm.fact(scene)
    declared = {name: value for name, value in vm.declared.items() if name in _FIELDS and value is not None}
    return declared if fact is None else {
        name: value for name, value in declared.items() if model.Vm.compare({name: value}, fact.xml)}


def _abilities(vm, scene):
    """What the host can do for such a VM; None where it does not say."""
    fact = vm.fact(scene)
    host = _vm_policy.host_type(scene)
    actual = {} if fact is None else {option: _FIELDS[option].read(fact.xml) for option in ("type", "arch", "machine", "emulator")}
    said = {name: value for name, value in vm.declared.items() if value is not None}
    whole = _vm_policy.with_defaults(dict(actual, **said), host)
    return host.can(whole)


def _check_machine(vm, scene, new):
    host = _vm_policy.host_type(scene)
    fact = vm.fact(scene)
    arch = vm.declared.get("arch") or (host.arch if fact is None else _FIELDS["arch"].read(fact.xml))
    known = host.machines(arch)
    if known and new["machine"] not in known:
        raise vm.refusal("unsupported_machine", "machine: this host's QEMU for '%s' knows no machine '%s'" % (arch, new["machine"]),
                         "Leave it out, or see 'virsh capabilities' for those it knows.")


def _check_cpu(vm, scene, new):
    abilities = _abilities(vm, scene)
    if abilities is None:
        return
    mode, name = new["cpu"].get("mode"), new["cpu"].get("model")
    if mode and abilities["cpu_modes"] and mode not in abilities["cpu_modes"]:
        raise vm.refusal("unsupported_cpu", "cpu.mode: this host cannot do '%s' for such a VM; it can do: %s"
                         % (mode, ", ".join(abilities["cpu_modes"])), "host-passthrough is for KVM only.")
    if name and abilities["models"] and name not in abilities["models"]:
        raise vm.refusal("unsupported_cpu", "cpu.model: this host knows no CPU '%s'" % name,
                         "'virsh domcapabilities' lists those it knows.")


def _check_firmware(vm, scene, new):
    abilities = _abilities(vm, scene)
    if new["firmware"] == "uefi" and abilities is not None and "efi" not in abilities["firmware"]:
        raise vm.refusal("unsupported_firmware", "firmware: this host has no UEFI for such a VM",
                         "Install it there: the package ovmf, edk2-ovmf or qemu-ovmf-x86_64.")


def _check_graphics(vm, scene, new):
    abilities = _abilities(vm, scene)
    for index, screen in enumerate(new["graphics"]):
        if abilities is not None and abilities["screens"] and screen["type"] not in abilities["screens"]:
            raise vm.refusal("unsupported_graphics", "graphics[%d].type: this host's QEMU has no '%s'; it has: %s"
                             % (index, screen["type"], ", ".join(abilities["screens"])), "Use vnc.")


def _check_cards(vm, scene):
    """libvirt hands on any word as a model, and the VM would not start."""
    fact = vm.fact(scene)
    there = set() if fact is None else {card.get("type") for card in fact.xml.findall("devices/interface/model")}
    for index, card in enumerate(vm.declared.get("interfaces") or []):
        if card.get("model") is None or card["model"] in VIRTIO or card["model"] in there:
            continue
        known = _cards(vm, scene)
        if known and card["model"] not in known:
            raise vm.refusal("unsupported_model", "interfaces[%d].model: this host's QEMU has no network card '%s'" % (index, card["model"]),
                             "Leave it out for virtio, or choose one of: %s." % ", ".join(sorted(known)))


def _cards(vm, scene):
    """The models of cards that this host's QEMU has for such a VM, asked for once; None where nobody knows."""
    able = _abilities(vm, scene)
    # Boards of other architectures have cards soldered on, which QEMU does not list.
    if able is None or able["arch"] not in ("x86_64", "i686") or vm.declared.get("emulator") or scene.hypervisor.is_remote:
        return None
    known = scene.memory.setdefault("network cards", {})
    path = able["emulator"]
    if path not in known:
        known[path] = _emulator.network_cards(path)
    return known[path]


def _check_room(vm, scene, new):
    """More than the host has can be defined, and never runs."""
    most = max(new.get("memory") or 0, new.get("maximum_memory") or 0)
    total = _vm_policy.host_type(scene).memory if most and vm.state in ("running", "paused") else 0
    if total and most > total:
        option = "memory" if new.get("memory") == most else "maximum_memory"
        raise vm.refusal("not_enough_memory", "%s: %s is more than the %s that the host has"
                         % (option, describe_size(most), describe_size(total >> 20 << 20)), "Ask for less, or choose another host.")
    vcpus = max(new.get("vcpus") or 0, new.get("maximum_vcpus") or 0)
    abilities = _abilities(vm, scene) if vcpus > _SURELY_FINE else None
    if abilities is not None and vcpus > abilities.get("max_vcpus", vcpus):
        raise vm.refusal("too_many_vcpus", "vcpus: %d are more than the %d that such a VM can have here" % (vcpus, abilities["max_vcpus"]),
                         "Ask for less, or choose another machine type.")


def _check_files(vm, scene):
    """What libvirt opens at the start only."""
    if scene.hypervisor.is_remote:
        return
    path = vm.ignition.digest if vm.ignition is not None and vm.ignition.is_path else None
    if path and not os.path.exists(path):
        raise vm.refusal("unknown_file", "ignition: there is no file '%s' on this host" % path, "Put it there first, or give what is in it.")
    for above in ("boot", "loader"):
        for option, path in sorted((vm.declared.get(above) or {}).items()):
            if option in ("kernel", "initrd", "dtb", "path") and path and not os.path.exists(path):
                raise vm.refusal("unknown_file", "%s.%s: there is no file '%s' on this host" % (above, option, path), "Put it there first.")


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
