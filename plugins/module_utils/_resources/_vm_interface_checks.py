# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a VM's interfaces can have against them: each said in one sentence before anything is touched."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import addressing
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._claims import all_claims, claims
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.network import network_subnets

# Since then a plain bridge of Linux takes tags, too.
_TAGS_ON_BRIDGES = 11 * 1000000


def check(vm, scene):
    names = {(claim.network, claim.mac): claim.hostname for claim in vm.claims(scene)}
    for index, interface in enumerate(vm.interfaces(scene)):
        option = "interfaces[%d]" % index
        _check_network(vm, scene, option, interface)
        _check_host_device(vm, scene, option, interface)
        _check_filter(vm, scene, option, interface)
        _check_vlan(vm, scene, option, interface)
        _check_mac(vm, scene, option, interface)
        if interface.get("address"):
            _check_address(vm, scene, option, interface)
            _check_name(vm, scene, option, interface, names[interface["network"], interface["mac"]])


def _named(names):
    return ", ".join(sorted(names)) or "none"


def _check_network(vm, scene, option, interface):
    name = interface.get("network")
    if name and not scene.will_exist("network", name, scene.world.networks):
        raise vm.refusal("unknown_network", "%s.network: there is no network '%s' on this host; there are: %s"
                         % (option, name, _named(scene.world.networks)),
                         "Make it with the module tinycloud.libvirt.network, or name another network.")
    portgroup = interface.get("portgroup")
    if portgroup and portgroup not in _portgroups(scene, name):
        raise vm.refusal("unknown_portgroup", "%s.portgroup: the network '%s' has no portgroup '%s'; it has: %s"
                         % (option, name, portgroup, _named(_portgroups(scene, name))),
                         "Add it to the network, or name another one.")


def _portgroups(scene, network):
    declared = scene.declared("network", network)
    if declared is not None and "portgroups" in declared.declared:
        return {one["name"] for one in declared.declared["portgroups"] or []}
    fact = scene.world.networks.get(network)
    return set() if fact is None else {one.get("name") for one in fact.xml.findall("portgroup")}


def _check_host_device(vm, scene, option, interface):
    direct = (interface.get("direct") or {}).get("dev")
    for said, name, what in ((".bridge", interface.get("bridge"), "bridge"), (".direct.dev", direct, "network device")):
        if name and not scene.hypervisor.is_remote and not os.path.exists("/sys/class/net/" + name):
            raise vm.refusal("unknown_" + what.replace(" ", "_"), "%s%s: this host has no %s '%s'" % (option, said, what, name),
                             "Make it there first, or plug into a network.")


def _check_filter(vm, scene, option, interface):
    name = (interface.get("filter") or {}).get("name")
    if not name:
        return
    try:
        scene.hypervisor.connection.nwfilterLookupByName(name)
    except HypervisorError as error:
        if error.code not in ("no_nwfilter", "no_support"):
            raise
        raise vm.refusal("unknown_filter", "%s.filter.name: there is no network filter '%s' on this host" % (option, name),
                         "Define it there first; 'virsh nwfilter-list' shows those that there are.") from None


def _check_vlan(vm, scene, option, interface):
    if not interface.get("vlan") or interface.get("hostdev"):
        return
    fact = scene.world.networks.get(interface.get("network"))
    switch = (interface.get("virtualport") or {}).get("type")
    mode = None
    if fact is not None:
        mode = _path.get(fact.xml, "forward/@mode")
        switch = switch or next((one.get("type") for one in fact.xml.iter("virtualport")), None)
    if switch == "openvswitch" or mode in ("passthrough", "hostdev") or scene.declared("network", interface.get("network")):
        return
    if not any(interface.get(kind) for kind in ("network", "bridge", "direct")) or scene.hypervisor.connection.getLibVersion() < _TAGS_ON_BRIDGES:
        raise vm.refusal("no_vlan", "%s.vlan: what '%s' is plugged into takes no VLAN tags" % (option, interface["name"]),
                         "Plug it into a network on Open vSwitch or of SR-IOV devices; since 11.0 libvirt tags on any bridge.")


def _owners(scene):
    """VMs by the MACs of every interface that is declared now or belongs to a VM that is not."""
    found = {}
    for resource in scene.resources.values():
        if resource.kind == "vm" and not resource.absent:
            for item in resource.interfaces(scene):
                found.setdefault(item["mac"], []).append(resource.name)
    for name, fact in scene.world.domains.items():
        resource = scene.resources.get(("vm", name))
        if resource is None or "interfaces" not in resource.declared and not resource.absent:
            for mac in fact.xml.findall("devices/interface/mac"):
                found.setdefault(mac.get("address").lower(), []).append(name)
    return found


def _check_mac(vm, scene, option, interface):
    owners = scene.once("owners of MACs", _owners)[interface["mac"]]
    if owners != [vm.name]:
        others = [owner for owner in owners if owner != vm.name] or [vm.name]
        raise vm.refusal("duplicate_mac", "%s.mac: '%s' is already the MAC of an interface of the VM '%s'"
                         % (option, interface["mac"], others[0]),
                         "Leave 'mac' out to have one derived, or choose another.")


def _check_address(vm, scene, option, interface):
    option, address, network = option + ".address", interface["address"], interface["network"]
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
    for claim in scene.once("claims by address", _by_address)[network, address]:
        if claim.mac != interface["mac"]:
            raise vm.refusal("duplicate_address", "%s: '%s' is already the address of the VM '%s'"
                             % (option, address, claim.vm), "Choose another address.")
    for host in _reserved(scene, network):
        if host.get("ip") == address and (host.get("mac") or "").lower() not in ("", interface["mac"]) \
                and not _is_claimed(scene, network, host.get("mac").lower()):
            raise vm.refusal("duplicate_address", "%s: '%s' is already reserved for the MAC %s in the network '%s'"
                             % (option, address, host.get("mac"), network), "Choose another address.")


def _by_address(scene):
    found = {}
    for claim in all_claims(scene):
        found.setdefault((claim.network, claim.address), []).append(claim)
    return found


def _check_name(vm, scene, option, interface, hostname):
    """libvirt keeps a name once in a network's reservations."""
    for host in _reserved(scene, interface["network"]):
        mac = (host.get("mac") or "").lower()
        if host.get("name") == hostname and mac not in ("", interface["mac"]) and not _is_claimed(scene, interface["network"], mac):
            raise vm.refusal("duplicate_name", "%s.address: the network '%s' has reserved the name '%s' for the MAC %s"
                             % (option, interface["network"], hostname, host.get("mac")),
                             "Take that reservation away, or give the interface that MAC.")


def _gateways(scene, network):
    """The host's own addresses in a network, as they are after this call."""
    return scene.once(("gateways", network), lambda scene: _gateways_of(scene, network))


def _gateways_of(scene, network):
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
