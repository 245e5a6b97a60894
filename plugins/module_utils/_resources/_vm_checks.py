# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a VM's declaration can have against it: each said in one sentence before anything is touched."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import addressing
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_machine_checks, _vm_sharing, _vm_spec
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._claims import all_claims, claims
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_power import (
    SAVED, STOPPED, power_state, steps,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.network import network_subnets


def check(vm, scene):
    _check_state(vm, scene)
    if vm.absent:
        return
    _check_ownership(vm, scene)
    _vm_machine_checks.check(vm, scene)
    for index, disk in enumerate(vm.declared.get("disks") or []):
        _check_disk(vm, scene, index, disk)
    if vm.declared.get("cloud_init") is not None:
        _check_pool(vm, scene, "cloud_init", vm.seed_pool)
    interfaces = vm.interfaces(scene)
    for index, interface in enumerate(interfaces):
        _check_network(vm, scene, index, interface)
        _check_bridge(vm, scene, index, interface)
        _check_mac(vm, scene, index, interface)
        if interface.get("address"):
            _check_address(vm, scene, index, interface)


def _named(names):
    return ", ".join(sorted(names)) or "none"


def _check_state(vm, scene):
    fact = vm.fact(scene)
    if vm.state in ("present", "absent"):
        return
    current = STOPPED if fact is None else power_state(fact.handle)
    if steps(current, vm.state) is None:
        raise vm.refusal("unreachable_state", "state: the VM '%s' is %s and cannot become %s: it has no memory to save"
                         % (vm.name, current if fact is not None else "not there yet", vm.state),
                         "Make it running or paused first, then saved.")
    if (current, vm.state) == (SAVED, STOPPED) and not vm.declared["force"]:
        raise vm.refusal("unreachable_state",
                         "state: the VM '%s' is saved, and stopping it would throw its saved memory away" % vm.name,
                         "Start it and stop it then, or add 'force: true' to lose what was saved.")


def _check_ownership(vm, scene):
    fact = vm.fact(scene)
    if fact is None or not scene.environment or vm.declared.get("adopt"):
        return
    owner = Vm.fields()["environment"].read(fact.xml)
    if owner != scene.environment:
        raise vm.refusal("not_ours", "adopt: there is a VM '%s' on this host already, and it is %s"
                         % (vm.name, "of the environment '%s'" % owner if owner else "of no environment"),
                         "Say 'adopt: true' to have this environment take it over, or choose another name.")


def _check_pool(vm, scene, option, pool):
    if not scene.will_exist("pool", pool, scene.world.pools):
        raise vm.refusal("unknown_pool", "%s: there is no pool '%s' on this host; there are: %s"
                         % (option, pool, _named(scene.world.pools)),
                         "Make it with the module tinycloud.libvirt.pool, or name another pool.")


def _check_disk(vm, scene, index, disk):
    option = "disks[%d]" % index
    speaks_of = _vm_spec.volume_of(vm.name, disk)
    if speaks_of is None:
        path = disk.get("file")
        if path and not scene.hypervisor.is_remote and not os.path.exists(path):
            raise vm.refusal("unknown_file", "%s.file: there is no file '%s' on this host" % (option, path),
                             "Put it there first, or use a volume or an image.")
        if path and not scene.hypervisor.is_remote and os.path.isdir(path):
            raise vm.refusal("not_a_disk", "%s.file: '%s' is a directory" % (option, path),
                             "Name a disk image or a block device, or use a volume or an image.")
        if path:
            _vm_sharing.check(vm, scene, option + ".file", disk, path)
        return
    _check_pool(vm, scene, option + ".pool", speaks_of[0])
    if disk.get("volume"):
        volumes = scene.world.volumes(speaks_of[0])
        resource = scene.resources.get(("volume", "%s/%s" % speaks_of))
        if resource.absent if resource is not None else speaks_of[1] not in volumes:
            raise vm.refusal("unknown_volume", "%s.volume: there is no volume '%s' in the pool '%s'"
                             % ((option, speaks_of[1], speaks_of[0])),
                             "Make it with the module tinycloud.libvirt.volume, or use an image.")
        place = _vm_spec.volume_place(scene, *speaks_of)
        _vm_sharing.check(vm, scene, option + ".volume", disk, place and place[0])


def _check_network(vm, scene, index, interface):
    name = interface.get("network")
    if name and not scene.will_exist("network", name, scene.world.networks):
        raise vm.refusal("unknown_network", "interfaces[%d].network: there is no network '%s' on this host; there are: %s"
                         % (index, name, _named(scene.world.networks)),
                         "Make it with the module tinycloud.libvirt.network, or name another network.")


def _macs(scene):
    """(VM, MAC) of every interface that is declared now or belongs to a VM that is not."""
    for resource in scene.resources.values():
        if resource.kind == "vm" and not resource.absent:
            for item in resource.interfaces(scene):
                yield resource.name, item["mac"]
    for name, fact in scene.world.domains.items():
        resource = scene.resources.get(("vm", name))
        if resource is None or "interfaces" not in resource.declared and not resource.absent:
            for mac in fact.xml.findall("devices/interface/mac"):
                yield name, mac.get("address").lower()


def _check_bridge(vm, scene, index, interface):
    bridge = interface.get("bridge")
    if bridge and not scene.hypervisor.is_remote and not os.path.exists("/sys/class/net/" + bridge):
        raise vm.refusal("unknown_bridge", "interfaces[%d].bridge: this host has no bridge '%s'" % (index, bridge),
                         "Make it there first, or plug into a network.")


def _check_mac(vm, scene, index, interface):
    owners = [owner for owner, mac in _macs(scene) if mac == interface["mac"]]
    if owners != [vm.name]:
        others = [owner for owner in owners if owner != vm.name] or [vm.name]
        raise vm.refusal("duplicate_mac", "interfaces[%d].mac: '%s' is already the MAC of an interface of the VM '%s'"
                         % (index, interface["mac"], others[0]),
                         "Leave 'mac' out to have one derived, or choose another.")


def _check_address(vm, scene, index, interface):
    option, address, network = "interfaces[%d].address" % index, interface["address"], interface["network"]
    subnets = network_subnets(scene, network)
    if not addressing.lies_in(address, subnets):
        raise vm.refusal("address_outside_network", "%s: '%s' is not in the network '%s', which has %s"
                         % (option, address, network, _named(subnets)),
                         "Choose an address of that network, or leave it to DHCP.")
    if not any(addressing.is_usable(subnet, address) for subnet in subnets):
        raise vm.refusal("address_outside_network", "%s: '%s' is the address of the network '%s' itself or its broadcast "
                         "address" % (option, address, network), "Choose the address of a host in it.")
    if address in _gateways(scene, network):
        raise vm.refusal("duplicate_address", "%s: '%s' is the gateway of the network '%s'" % (option, address, network),
                         "Choose another address.")
    for claim in all_claims(scene):
        if claim.network == network and claim.address == address and claim.mac != interface["mac"]:
            raise vm.refusal("duplicate_address", "%s: '%s' is already the address of the VM '%s'"
                             % (option, address, claim.vm), "Choose another address.")
    for host in _reserved(scene, network):
        if host.get("ip") == address and (host.get("mac") or "").lower() not in ("", interface["mac"]) \
                and not _is_claimed(scene, network, host.get("mac").lower()):
            raise vm.refusal("duplicate_address", "%s: '%s' is already reserved for the MAC %s in the network '%s'"
                             % (option, address, host.get("mac"), network), "Choose another address.")


def _gateways(scene, network):
    """The host's own addresses in a network, as they are after this call."""
    declared = scene.declared("network", network)
    planned = None if declared is None else declared.terms(scene).get("gateway")
    fact = scene.world.networks.get(network)
    return [planned] if planned else [] if fact is None else [ip.get("address") for ip in fact.xml.findall("ip")]


def _reserved(scene, network):
    fact = scene.world.networks.get(network)
    return [] if fact is None else fact.xml.findall("ip/dhcp/host")


def _is_claimed(scene, network, mac):
    """Whether an entry is, or was until this call, a VM's; what was gives way."""
    return any(claim.mac == mac for claim in claims(scene, network))
