# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks: defined, started, changed while guests are plugged in, never taken away beneath them."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import addressing
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import network as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _network_hosts as hosts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _network_terms as terms_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _network_update as live_update
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._activity import ActiveResource, ActivityOptions
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._claims import all_claims, claims


class NetworkOptions(model.Network, ActivityOptions):
    """The options of the module network."""


class Network(ActiveResource):
    kind = "network"
    model = NetworkOptions

    def existing(self, scene):
        return scene.world.networks

    def define(self, scene, text):
        return scene.hypervisor.connection.networkDefineXML(text)

    def start(self, handle):
        handle.create()

    # What is declared, with all that follows from it

    def actual(self, scene):
        """The definition as it is, in the model's values; empty where there is none."""
        fact = self.fact(scene)
        if fact is None:
            return {}
        further = [str(subnet) for subnet in addressing.subnets_of(fact.xml)[1:]]
        return dict(self.model.read(fact.xml), further_subnets=further)

    def with_defaults(self, scene):
        if self.declared.get("mode") == "bridge":
            return dict(self.declared, **self._owner(scene))
        policy = {"mode": "nat", "stp": False, "delay": 0, "bridge": terms_of.bridge_name(self.name, set(self._taken_links(scene)))}
        if self.declared.get("domain"):
            policy["domain_local_only"] = True
        policy.update(self._owner(scene))
        given = {name: value for name, value in self.declared.items() if value is not None or name not in policy}
        return terms_of.resolved(dict(policy, **given), {})

    @staticmethod
    def _owner(scene):
        """What our metadata remembers of who made it; a call that is no environment leaves that as it is."""
        return {"environment": scene.environment} if scene.environment else {}

    def terms(self, scene):
        """The declaration as it is compared and written."""
        if self.fact(scene) is None:
            return self.with_defaults(scene)
        return terms_of.resolved(dict(self.declared, **self._owner(scene)), self.actual(scene))

    def subnets(self, scene):
        """Every subnet that the network has after this call."""
        after = terms_of.outcome(self.actual(scene), self.terms(scene))
        return [subnet for subnet in [after.get("subnet")] + after.get("further_subnets", []) if subnet]

    def _taken_links(self, scene):
        """{name of a bridge: who has it} without this network's own."""
        taken = dict.fromkeys(host_links(scene.hypervisor), "an interface of the host")
        for name, fact in scene.world.networks.items():
            for element in filter(lambda one: one is not None, (fact.xml, fact.live_xml)):
                bridge = self.model.fields()["bridge"].read(element)
                if name == self.name:
                    taken.pop(bridge, None)
                elif bridge:
                    taken[bridge] = "the network '%s'" % name
        for (kind, name), resource in scene.resources.items():
            if kind == self.kind and name != self.name and not resource.absent and resource.declared.get("bridge"):
                taken[resource.declared["bridge"]] = "the network '%s'" % name
        return taken

    # What speaks against it

    def check(self, scene):
        if self.state in ("absent", "inactive"):
            self._check_unused(scene)
        if self.absent:
            return
        terms, actual, claimed = self.terms(scene), self.actual(scene), claims(scene, self.name)
        own = dict(actual, reservations=hosts.users_hosts(actual["reservations"], claimed)) if actual else {}
        for code, sentence, hint in terms_of.objections(terms, own):
            raise self.refusal(code, sentence, hint)
        self._check_mode(terms, actual)
        self._check_bridge(scene, terms, actual)
        self._check_overlap(scene, terms, actual)
        self._check_claims(scene, claimed)

    def _check_unused(self, scene):
        fact = self.fact(scene)
        users = sorted(name for name in users_of(scene, self.name)
                       if not scene.goes("vm", name))
        if fact is not None and fact.active and users:
            raise self.refusal("network_in_use", "state: the network '%s' is used by running VMs: %s" % (self.name, ", ".join(users)),
                               "Shut them down or unplug them first.")

    def _check_mode(self, terms, actual):
        before, after = actual.get("mode"), terms.get("mode", actual.get("mode"))
        if actual and before != after and "bridge" in (before, after):
            raise self.refusal("fixed_option", "mode: the network '%s' has '%s', which cannot become '%s'" % (self.name, before, after),
                               "Remove the network first, or give the new one another name.")

    def _check_bridge(self, scene, terms, actual):
        bridge = terms.get("bridge")
        if terms.get("mode", actual.get("mode")) == "bridge" or not bridge or bridge == actual.get("bridge"):
            return
        owner = self._taken_links(scene).get(bridge)
        if owner:
            raise self.refusal("bridge_in_use", "bridge: '%s' is in use by %s" % (bridge, owner),
                               "Leave it out to have a free name derived, or give another one.")

    def _check_overlap(self, scene, terms, actual):
        subnet = terms.get("subnet")
        if not subnet or subnet == actual.get("subnet"):
            return
        for name, other in sorted(self._subnets_of_others(scene)):
            if addressing.overlap(subnet, other):
                raise self.refusal("subnet_overlap", "subnet: %s overlaps with %s of the network '%s'" % (subnet, other, name),
                                   "Give the network a subnet of its own.")

    def _subnets_of_others(self, scene):
        """(network, subnet) of every other network that exists after this call, or runs until its restart."""
        for name, fact in scene.world.networks.items():
            if name != self.name and scene.will_exist(self.kind, name, scene.world.networks):
                for element in filter(lambda one: one is not None, (fact.xml, fact.live_xml)):
                    yield from ((name, str(subnet)) for subnet in addressing.subnets_of(element))
        for (kind, name), resource in scene.resources.items():
            if kind == self.kind and name != self.name and not resource.absent and resource.declared.get("subnet"):
                yield name, resource.declared["subnet"]

    def _check_claims(self, scene, claimed):
        for index, item in enumerate(self.declared.get("reservations") or []):
            for claim in claimed:
                if claim.address == item["address"] and claim.mac and item.get("mac") not in (None, claim.mac):
                    raise self.refusal("duplicate_address", "reservations[%d].address: %s belongs to an interface of the VM '%s'"
                                       % (index, item["address"], claim.vm), "Reserve another address.")
        for claim in all_claims(scene):
            # A VM of this call speaks for itself.
            if claim.network == self.name and ("vm", claim.vm) not in scene.resources \
                    and self.declared.get("subnet") and not addressing.lies_in(claim.address, self.subnets(scene)):
                raise self.refusal("address_outside_subnet", "subnet: the VM '%s' has the address %s, which is not in %s"
                                   % (claim.vm, claim.address, self.declared["subnet"]), "Give the VM another address in the same call.")

    # What is to be done

    def _plan_definition(self, plan, scene, fact):
        claimed = claims(scene, self.name)
        wanted = hosts.settled(self.terms(scene), fact.xml, claimed)
        changes = self.model.compare(wanted, fact.xml)
        rest = {name: value for name, value in wanted.items() if name not in live_update.UPDATABLE}
        if not fact.persistent:
            changes.append(Change(("persistent",), False, True, LIVE))
        if any(change.path[0] not in live_update.UPDATABLE for change in changes):
            plan.act("redefine", lambda: self._redefine(scene, fact, rest))
        if any(self._updates(scene, fact, self.model.write(_xml.copy(fact.xml), rest))):
            plan.act("update the hosts", lambda: self._update(scene, fact))
        if self._stays_active(fact):
            seen = self.model.compare(self._running_terms(scene, fact), fact.live_xml, live=True)
            updatable = _updatable_now(seen)
            plan.pending = [change for change in seen if change.path[0] not in updatable]
            known = {change.path for change in changes}
            changes.extend(change for change in seen if change.path[0] in updatable and change.path not in known)
        waiting = {change.path for change in plan.pending}
        for change in changes:
            change.how = None if not self._stays_active(fact) else "restart" if change.path in waiting else "live"
        plan.changes.extend(hosts.told(change, claimed) for change in changes)

    def _stays_active(self, fact):
        return fact.active and self.state != "inactive"

    def _updates(self, scene, fact, definition):
        """What to tell libvirt about the hosts of the definition, and about those of what runs."""
        config = live_update.updates(hosts.settled(self.terms(scene), definition, claims(scene, self.name)), definition)
        if not self._stays_active(fact):
            return config, []
        running = self._running_terms(scene, fact)
        updatable = _updatable_now(self.model.compare(running, fact.live_xml, live=True))
        return config, live_update.updates({name: running[name] for name in updatable if name in running}, fact.live_xml)

    def _running_terms(self, scene, fact):
        """What the running network is held against: where its subnet is another one, all that follows from that too."""
        terms = self.terms(scene)
        after = terms_of.outcome(self.actual(scene), terms)
        if "subnet" in terms and terms["subnet"] != self.model.read(fact.live_xml).get("subnet"):
            terms = dict({name: after[name] for name in ("gateway", "dhcp") if after.get(name) is not None}, **terms)
        return hosts.settled(terms, fact.live_xml, claims(scene, self.name))

    # Both act on the network as it is then: another run may have changed hosts since we looked.

    def _redefine(self, scene, fact, rest):
        with live_update.editing(scene, fact.uuid):
            element = self.fact(scene.again()).xml
            self.define(scene, _xml.text(self.model.write(element, rest)))

    def _update(self, scene, fact):
        with live_update.editing(scene, fact.uuid):
            now = scene.again()
            fact = self.fact(now)
            live_update.apply_held(fact.handle, *self._updates(now, fact, fact.xml))

    def summary(self, declared):
        return " ".join(filter(None, (declared["mode"], declared.get("subnet"), declared.get("domain"))))

    # What users learn

    def facts(self, scene):
        fact = self.fact(scene)
        return None if fact is None else network_facts(scene, fact)

    @classmethod
    def listing(cls, scene, _options):
        return [dict(network_facts(scene, fact), leases=leases(fact)) for _name, fact in sorted(scene.world.networks.items())]


def _updatable_now(seen):
    """What the running network can take: reservations wait where its subnet is another one until its restart."""
    moves = any(change.path[0] == "subnet" for change in seen)
    return [name for name in live_update.UPDATABLE if not (moves and name == "reservations")]


def host_links(hypervisor):
    """Names of the host's network interfaces; none where the host is another machine."""
    return [] if hypervisor.is_remote else os.listdir("/sys/class/net")


def users_of(scene, network):
    """Names of the running VMs that are plugged into a network."""
    return [name for name, fact in scene.world.domains.items()
            if fact.active and any(source.get("network") == network for source in fact.live_xml.findall("devices/interface/source"))]


def network_subnets(scene, name):
    """Every subnet that a network has after this call; none where it does not exist or has no addresses of its own."""
    return scene.once(("subnets", name), lambda scene: _subnets(scene, name))


def _subnets(scene, name):
    declared = scene.declared("network", name)
    if declared is not None:
        return declared.subnets(scene)
    fact = scene.world.networks.get(name)
    return [] if fact is None else [str(subnet) for subnet in addressing.subnets_of(fact.xml)]


def network_facts(scene, fact):
    """What users learn about a network, in the options' terms; what VMs' interfaces put there is theirs."""
    values = model.Network.read(fact.xml)
    claimed = claims(scene, fact.name)
    values["reservations"] = hosts.users_hosts(values["reservations"], claimed)
    values["dns_hosts"] = hosts.users_names(values["dns_hosts"], claimed)
    return dict(model.Network.describe(values), state="active" if fact.active else "inactive", autostart=fact.autostart,
                persistent=fact.persistent)


def leases(fact):
    """The addresses handed out now; the time they expire in seconds since 1970."""
    if not fact.active:
        return []
    try:
        found = fact.handle.DHCPLeases()
    except HypervisorError as error:
        if error.code != "no_support":
            raise
        return []
    return [{"mac": lease["mac"], "address": lease["ipaddr"], "hostname": lease["hostname"], "expires": lease["expirytime"]}
            for lease in sorted(found, key=lambda lease: lease["ipaddr"])]
