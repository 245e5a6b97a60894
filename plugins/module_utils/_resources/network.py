# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks: defined, started, changed while guests are plugged in, never taken away beneath them."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, Enum, Flag
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import addressing
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import network as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _address_pools, _network_checks
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _network_hosts as hosts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _network_ports as ports_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _network_terms as terms_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _network_update as live_update
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._activity import ActiveResource, ActivityOptions
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._claims import claims
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._network_vms import with_vms
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._reserved import Batch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.reservation import reservations

# Lists that are told of where they are empty, too.
_ALWAYS_TOLD = ("reservations", "dns_hosts", "forwarders", "dnsmasq_options")


class NetworkOptions(model.Network, ActivityOptions):
    """The options of the module network."""

    apply = Enum(choices=["live", "next_boot", "restart"], default="live")
    force = Flag(default=False)


class Network(ActiveResource):
    kind = "network"
    model = NetworkOptions
    not_shown = ("name", "apply", "force")

    def existing(self, scene):
        return scene.world.networks

    def built(self, scene, declared):
        """A new network is defined with the addresses of the call's VMs, rather than changed for each."""
        return Batch(reservations(scene, self.name), scene).written(super().built(scene, declared))

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
        return self.model.read(fact.xml)

    def with_defaults(self, scene):
        if not terms_of.has_own_bridge(self.declared):
            return dict(self.declared, **self._owner(scene))
        policy = {"mode": "nat", "stp": False, "delay": 0, "bridge": terms_of.bridge_name(self.name, set(_network_checks.taken_links(self, scene)))}
        if self.declared.get("domain"):
            policy["domain_local_only"] = True
        policy.update(self._owner(scene))
        declared = with_vms(self, scene, self.declared)
        given = {name: value for name, value in declared.items() if value is not None or name not in policy}
        terms = terms_of.resolved(dict(policy, **given), {})
        servers = [server for slot in terms.get("address_pool") or [] for server in slot.get("dns") or [] if server != terms.get("gateway")]
        if servers and "forwarders" not in terms:
            terms["forwarders"] = [{"address": server} for server in dict.fromkeys(servers)]
        return terms

    @staticmethod
    def _owner(scene):
        """What our metadata remembers of who made it; a call that is no environment leaves that as it is."""
        return {"environment": scene.environment} if scene.environment else {}

    def terms(self, scene):
        """The declaration as it is compared and written."""
        if self.fact(scene) is None:
            return self.with_defaults(scene)
        return terms_of.resolved(dict(with_vms(self, scene, self.declared), **self._owner(scene)), self.actual(scene))

    def subnets(self, scene):
        """Every subnet that the network has after this call."""
        after = terms_of.outcome(self.actual(scene), self.terms(scene))
        return [item["subnet"] for _option, item in terms_of.subnets(after)]

    # What speaks against it

    def check(self, scene):
        _network_checks.check(self, scene)

    # What is to be done

    def _plan_creation(self, plan, scene):
        super()._plan_creation(plan, scene)
        self._plan_plugging(plan, scene)

    def _plan_update(self, plan, scene, fact):
        super()._plan_update(plan, scene, fact)
        if not fact.active:
            self._plan_plugging(plan, scene)

    def _plan_plugging(self, plan, scene):
        """Guests that outlived the network are back in it once it runs."""
        if self.state != "active" or not terms_of.has_own_bridge(dict(self.actual(scene), **self.terms(scene))):
            return
        left = ports_of.orphans(scene, self.name)
        plan.changes.extend(_plugged(left))
        if left:
            plan.act("plug in again", lambda: ports_of.replug(scene, self.name, self.fact(scene.again()).uuid, left))

    def _plan_definition(self, plan, scene, fact):
        claimed = claims(scene, self.name)
        changes = self.model.compare(self._wanted(scene, fact.xml), fact.xml)
        if not fact.persistent:
            changes.append(Change(("persistent",), False, True, LIVE))
        live, waits = [], []
        if self._stays_active(fact):
            seen = self._seen(scene, fact)
            live = self._taken_live(seen, fact)
            waits = [change for change in seen if change not in live]
        if changes or live:
            plan.act("change", lambda: self._change(scene, fact))
        if self._stays_active(fact):
            self._plan_running(plan, scene, fact, waits)
            known = {change.path for change in changes}
            changes.extend(change for change in live if change.path not in known)
        waiting = {change.path for change in waits}
        for change in changes:
            change.how = None if not self._stays_active(fact) else "restart" if change.path in waiting else "live"
        plan.changes[:0] = [hosts.told(change, claimed) for change in changes]

    def _plan_running(self, plan, scene, fact, waits):
        """What the running network needs beside its updates: a restart, if that is wanted, or its ports put right."""
        strays = ports_of.strays(scene, fact)
        if waits and self.declared.get("apply") == "restart":
            plan.changes.append(Change(("restart",), None, "for " + ", ".join(".".join(one.path) for one in waits), None))
            plan.act("restart", lambda: self._restart(scene, fact))
        else:
            plan.pending = waits
            if strays:
                plan.act("plug in again", lambda: ports_of.replug(scene, self.name, fact.uuid, strays))
        plan.changes.extend(_plugged(strays))
        if (self.declared.get("portgroups") is not None or "vlan" in self.declared) and self.declared.get("apply") != "next_boot":
            behind = ports_of.behind(scene, fact)
            plan.changes.extend(Change(("ports", "%s %s" % (port.vm, port.name), "follows"), False, True, None) for port, _vlan in behind)
            if behind or any(change.path[0] == "portgroups" for change in self._seen(scene, fact)):
                plan.act("let ports follow", lambda: self._let_ports_follow(scene))

    def _stays_active(self, fact):
        return fact.active and self.state != "inactive"

    def _wanted(self, scene, element):
        return hosts.settled(self.terms(scene), element, claims(scene, self.name))

    def _taken_live(self, seen, fact):
        """Which of these differences the running network is to be rid of."""
        return [] if self.declared.get("apply") == "next_boot" else live_update.taken_live(seen, self.model.fields()["mode"].read(fact.live_xml))

    def _seen(self, scene, fact):
        """How what runs differs from what is declared."""
        return self.model.compare(self._running_terms(scene, fact), fact.live_xml, live=True)

    def _running_terms(self, scene, fact):
        """What the running network is held against: where its subnet is another one, all that follows from that too."""
        terms = self.terms(scene)
        after = terms_of.outcome(self.actual(scene), terms)
        if "subnet" in terms and terms["subnet"] != self.model.read(fact.live_xml).get("subnet"):
            terms = dict({name: after[name] for name in ("gateway", "dhcp") if after.get(name) is not None}, **terms)
        return hosts.settled(terms, fact.live_xml, claims(scene, self.name))

    # All act on the network as it is then: another run may have changed hosts since we looked.

    def _change(self, scene, fact):
        with live_update.editing(scene, fact.uuid):
            now = scene.again()
            fact = self.fact(now)
            live = []
            if self._stays_active(fact):
                taken = self._taken_live(self._seen(now, fact), fact)
                running = live_update.with_updates(self._running_terms(now, fact), fact.live_xml, taken)
                live = live_update.updates(fact.live_xml, running)
            # As a whole, for libvirt to take or refuse at once; then what runs follows step by step.
            self.define(scene, _xml.text(self.model.write(fact.xml, self._wanted(now, fact.xml))))
            live_update.tell(fact.handle, live)

    def _restart(self, scene, fact):
        """Its guests stay plugged in: the bridge is another one afterwards, and they are handed over to it."""
        with self._alone(scene):
            taken = [port for port in ports_of.ports(scene.again(), self.name, ports_of.waiting_room(fact.uuid)) if port.bridge]
            fact.handle.destroy()
            self.start(fact.handle)
            if terms_of.has_own_bridge(self.actual(scene.again())):
                ports_of.replug(scene, self.name, fact.uuid, taken)
            else:
                self._let_ports_follow(scene)

    def _let_ports_follow(self, scene):
        now = scene.again()
        ports_of.follow(now, self.fact(now))

    def summary(self, declared):
        return " ".join(filter(None, (declared["mode"], declared.get("subnet"), declared.get("domain"))))

    # What users learn

    def facts(self, scene):
        fact = self.fact(scene)
        return None if fact is None else network_facts(scene, fact)

    @classmethod
    def listing(cls, scene, _options):
        found = []
        for name, fact in sorted(scene.world.networks.items()):
            handed_out = leases(fact)
            plugged = [port.as_values(handed_out) for port in ports_of.ports(scene, name)]
            facts = network_facts(scene, fact)
            told = model.Network.describe(users_values(scene, fact))
            spec = dict(model.Network.options(told), state=facts["state"], autostart=facts["autostart"])
            found.append(dict(facts, leases=handed_out, ports=plugged, names=names(fact, handed_out), spec=spec))
        return found


def _plugged(ports):
    return [Change(("ports", "%s %s" % (port.vm, port.name), "plugged"), False, True, None) for port in ports]


def network_subnets(scene, name):
    """Every subnet that a network has after this call; none where it does not exist or has no addresses of its own."""
    return scene.once(("subnets", name), lambda scene: _subnets(scene, name))


def _subnets(scene, name):
    declared = scene.declared("network", name)
    if declared is not None:
        return declared.subnets(scene)
    fact = scene.world.networks.get(name)
    return [] if fact is None else [str(subnet) for subnet in addressing.subnets_of(fact.xml)]


def users_values(scene, fact):
    """A network's definition in the model's values, without what VMs' interfaces put there."""
    values, claimed = model.Network.read(fact.xml), claims(scene, fact.name)
    return dict(values, reservations=hosts.users_hosts(values["reservations"], claimed),
                dns_hosts=hosts.users_names(values["dns_hosts"], claimed))


def network_facts(scene, fact):
    """What users learn about a network, in the options' terms."""
    values = {name: value for name, value in users_values(scene, fact).items() if value != [] or name in _ALWAYS_TOLD}
    holders = _address_pools.holders(scene, fact.name)
    facts = model.Network.describe(values)
    for slot in facts.get("address_pool", []):
        slot["vm"] = holders.get(slot["address"])
    return dict(facts, state="active" if fact.active else "inactive", autostart=fact.autostart,
                persistent=fact.persistent)


def names(fact, handed_out):
    """What the network's DNS server answers, VMs' names included: full names where it has a domain."""
    values = model.Network.read(fact.xml)
    domain = values.get("domain")
    found = {item["address"]: list(item["names"]) for item in values["dns_hosts"]}
    for lease in handed_out:
        known = found.setdefault(lease["address"], [])
        if lease["hostname"] and lease["hostname"] not in known:
            known.append(lease["hostname"])
    return [{"address": address, "names": sorted("%s.%s" % (name, domain) if domain and "." not in name else name for name in words)}
            for address, words in sorted(found.items()) if words]


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
