# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a network's declaration can have against it on this host: said in one sentence before anything is touched."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import addressing
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _host_routes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _network_hosts as hosts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _network_ports as ports_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _network_terms as terms_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._claims import all_claims, claims
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._network_objections import objections


def check(network, scene):
    if network.state in ("absent", "inactive") and not network.declared.get("force"):
        _check_unused(network, scene)
    if network.absent:
        return
    terms, actual, claimed = network.terms(scene), network.actual(scene), claims(scene, network.name)
    own = dict(actual, reservations=hosts.users_hosts(actual["reservations"], claimed)) if actual else {}
    for code, sentence, hint in objections(terms, own):
        raise network.refusal(code, sentence, hint)
    _check_mode(network, terms, actual)
    _check_bridge(network, scene, terms, actual)
    _check_overlap(network, scene, terms, actual)
    _check_claims(network, scene, terms, claimed)


def _check_unused(network, scene):
    fact = network.fact(scene)
    users = sorted({port.vm for port in ports_of.ports(scene, network.name) if not scene.goes("vm", port.vm)})
    if fact is not None and fact.active and users:
        raise network.refusal("network_in_use", "state: the network '%s' is used by running VMs: %s" % (network.name, ", ".join(users)),
                              "Shut them down or unplug them first, or add 'force: true' to cut them off.")


def _check_mode(network, terms, actual):
    before, after = actual.get("mode"), terms.get("mode", actual.get("mode"))
    if actual and terms_of.has_own_bridge({"mode": before}) != terms_of.has_own_bridge({"mode": after}):
        raise network.refusal("fixed_option", "mode: the network '%s' has '%s', which cannot become '%s'" % (network.name, before, after),
                              "Remove the network first, or give the new one another name.")


def taken_links(network, scene):
    """{name of a bridge: who has it} without this network's own."""
    taken = dict.fromkeys([] if scene.hypervisor.is_remote else os.listdir("/sys/class/net"), "an interface of the host")
    for name, fact in scene.world.networks.items():
        for bridge in own_bridges(fact):
            if name == network.name:
                taken.pop(bridge, None)
            else:
                taken[bridge] = "the network '%s'" % name
    for resource in _others(network, scene):
        if resource.declared.get("bridge") and terms_of.has_own_bridge(resource.declared):
            taken[resource.declared["bridge"]] = "the network '%s'" % resource.name
    return taken


def own_bridges(fact):
    """The bridges that libvirt makes for a network: the one that runs and the one to come."""
    for element in filter(lambda one: one is not None, (fact.xml, fact.live_xml)):
        values = Network.read(element)
        if terms_of.has_own_bridge(values) and values.get("bridge"):
            yield values["bridge"]


def _others(network, scene):
    """Other networks that this call declares."""
    return [resource for (kind, name), resource in scene.resources.items()
            if kind == network.kind and name != network.name and not resource.absent]


def _check_bridge(network, scene, terms, actual):
    bridge = terms.get("bridge")
    if not bridge or bridge == actual.get("bridge") or not terms_of.has_own_bridge(dict(actual, **terms)):
        return
    owner = taken_links(network, scene).get(bridge)
    if owner:
        raise network.refusal("bridge_in_use", "bridge: '%s' is in use by %s" % (bridge, owner),
                              "Leave it out to have a free name derived, or give another one.")


def _check_overlap(network, scene, terms, actual):
    there = [item["subnet"] for _option, item in terms_of.subnets(actual)]
    new = [(option, item["subnet"]) for option, item in terms_of.subnets(terms) if item["subnet"] not in there]
    if not new:
        return
    taken = [(other, "%s of the network '%s'" % (other, name)) for name, other in _subnets_of_others(network, scene)]
    if not scene.hypervisor.is_remote:
        bridges = {bridge for fact in scene.world.networks.values() for bridge in own_bridges(fact)}
        taken += [(route.destination, "the host's own route to %s by %s" % (route.destination, route.device))
                  for route in _host_routes.routes() if route.device not in bridges and route.is_local]
    for option, subnet in new:
        for other, owner in sorted(taken):
            if addressing.overlap(subnet, other):
                raise network.refusal("subnet_overlap", "%ssubnet: %s overlaps with %s" % (option, subnet, owner),
                                      "Give the network a subnet of its own.")


def _subnets_of_others(network, scene):
    """(network, subnet) of every other network that exists after this call, or runs until its restart."""
    for name, fact in scene.world.networks.items():
        if name != network.name and scene.will_exist(network.kind, name, scene.world.networks):
            for element in filter(lambda one: one is not None, (fact.xml, fact.live_xml)):
                yield from ((name, str(subnet)) for subnet in addressing.subnets_of(element))
    for resource in _others(network, scene):
        yield from ((resource.name, item["subnet"]) for _option, item in terms_of.subnets(resource.declared))


def _check_claims(network, scene, terms, claimed):
    """The addresses of VMs are neither reserved for others nor the network's own, and stay within it."""
    gateways = {item.get("gateway"): option for option, item in terms_of.subnets(terms)}
    for claim in claimed:
        if claim.address in gateways:
            raise network.refusal("duplicate_address", "%sgateway: %s is the address of the VM '%s'"
                                  % (gateways[claim.address], claim.address, claim.vm), "Choose another gateway.")
        for index, item in enumerate(terms.get("reservations") or []):
            if claim.address == item["address"] and claim.mac and item.get("mac") not in (None, claim.mac):
                raise network.refusal("duplicate_address", "reservations[%d].address: %s belongs to an interface of the VM '%s'"
                                      % (index, item["address"], claim.vm), "Reserve another address.")
            if claim.mac and claim.mac == item.get("mac") and claim.address != item["address"] and claim in all_claims(scene):
                raise network.refusal("duplicate_address", "reservations[%d].address: the VM '%s' asks for %s itself"
                                      % (index, claim.vm, claim.address), "Leave it out here, or change the address of the VM's interface.")
    if not {"subnet", "further_subnets"} & set(terms):
        return
    subnets = network.subnets(scene)
    for claim in all_claims(scene):
        # A VM of this call speaks for itself.
        if claim.network == network.name and ("vm", claim.vm) not in scene.resources and not addressing.lies_in(claim.address, subnets):
            raise network.refusal("address_outside_subnet", "subnet: the VM '%s' has the address %s, which is not in %s"
                                  % (claim.vm, claim.address, " or ".join(subnets) or "the network"),
                                  "Give the VM another address in the same call.")
