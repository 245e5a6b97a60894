# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks against libvirt's test driver (what it is told) and a libvirtd of our own (what then runs)."""
from __future__ import annotations

import pathlib

import pytest
from storage import Killed, Mortal

from ansible_collections.tinycloud.libvirt.plugins.module_utils._engine import Engine
from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import Registry
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _host_routes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.environment import Environment
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm import Vm

FRONT = {
    "name": "front", "state": "active", "subnet": "10.20.0.0/24", "domain": "shop.internal", "bridge": "tc-front",
    "reservations": [{"mac": "02:00:00:00:00:01", "address": "10.20.0.5", "name": "five"}],
    "dns_hosts": [{"address": "10.20.0.2", "names": ["storage"]}],
}
CHANGED = {
    "name": "front", "state": "active",
    "reservations": [{"mac": "02:00:00:00:00:01", "address": "10.20.0.6", "name": "six"},
                     {"mac": "02:00:00:00:00:02", "address": "10.20.0.5", "name": "five"}],
    "dns_hosts": [{"address": "10.20.0.2", "names": ["archive"]}, {"address": "10.20.0.3", "names": ["mail"]}],
}


class Ground:
    """One connection and one registry, on which declarations are reconciled."""

    def __init__(self, uri, folder):
        self.hypervisor = Mortal(uri)
        self.registry = Registry(str(folder))

    def reconcile(self, *declared, check=False, environment=None):
        resources = [Network.from_options(options) for options in declared]
        return Engine(self.hypervisor, self.registry, Executor(check), environment).reconcile(resources)

    def dies_at(self, life, after, declared):
        """A run that ends at one of its calls; whether it got by without that call."""
        self.hypervisor.life, self.hypervisor.after = self.hypervisor.calls + life, after
        try:
            self.reconcile(declared)
        except Killed:
            return False
        finally:
            self.hypervisor.life = None
        return True

    def settles(self, declared):
        """Check, apply, check, apply; the outcome of the first apply."""
        checked, applied = self.reconcile(declared, check=True), self.reconcile(declared)
        assert checked.plan.diff() == applied.plan.diff()
        assert not self.reconcile(declared, check=True).plan.changed
        assert not self.reconcile(declared).plan.changed
        return applied

    def facts(self, name):
        return {one["name"]: one for one in Network.listing(Engine(self.hypervisor, self.registry, Executor()).look([]), {})}.get(name)


@pytest.fixture
def pretended(test_uri, tmp_path):
    ground = Ground(test_uri, tmp_path)
    yield ground
    ground.hypervisor.close()


@pytest.fixture
def real(daemon, daemon_uri, tmp_path):
    ground = Ground(daemon_uri, tmp_path)
    yield ground
    ground.hypervisor.close()


def test_a_network_lives_and_ends(pretended):
    assert pretended.settles(FRONT).plan.changed
    facts = pretended.facts("front")
    assert (facts["gateway"], facts["dhcp"], facts["state"]) == ("10.20.0.1", {"start": "10.20.0.128", "end": "10.20.0.254"}, "active")
    assert facts["leases"] == []
    assert pretended.settles(dict(FRONT, state="inactive")).plan.changed
    assert pretended.settles({"name": "front", "state": "absent"}).plan.changed
    assert pretended.facts("front") is None
    assert pretended.registry.all("network") == {}


def test_hosts_change_live(pretended):
    pretended.reconcile(FRONT)
    outcome = pretended.settles(CHANGED)
    assert {change.how for change in outcome.plan.resources[0].changes} == {"live"}
    assert [item["name"] for item in sorted(pretended.facts("front")["reservations"], key=str)] == ["six", "five"]


@pytest.mark.parametrize("cards", [{"virtual_functions": ["0000:03:10.1", "0000:03:10.2"]}, {"physical_function": "eth7"}])
def test_a_pool_of_network_cards_lives_and_changes(pretended, cards):
    """A real libvirtd wants the cards."""
    pool = dict(cards, name="cards", mode="hostdev", managed=True, hostdev_driver="vfio", vlan={"tags": [{"id": 42}]}, state="present")
    assert pretended.settles(pool).plan.changed
    assert {name: pretended.facts("cards")[name] for name in cards} == cards
    pretended.settles(dict(pool, vlan={"tags": [{"id": 43}]}, managed=False))
    facts = pretended.facts("cards")
    assert (facts["vlan"]["tags"], facts["managed"]) == ([{"id": 43}], False)


def test_a_converged_network_costs_one_reading(pretended):
    pretended.reconcile(FRONT)
    before = pretended.hypervisor.calls
    pretended.reconcile(FRONT)
    # The listings of networks and of domains, whose claims count, and five facts of the one network.
    assert pretended.hypervisor.calls - before <= 7


def test_a_network_knows_its_environment_and_labels(real):
    labelled = dict(FRONT, labels={"tier": "web", "since": 2026})
    real.reconcile(labelled, environment=Environment({"name": "shop"}))
    assert real.facts("front")["environment"] == "shop"
    # A call for the network alone does not take it out of its environment, and omitted labels stay.
    assert not real.reconcile(FRONT).plan.changed
    outcome = real.settles(dict(FRONT, labels={"tier": "db"}))
    assert outcome.plan.diff(named=False) == {"before": {"labels": {"since": "2026", "tier": "web"}}, "after": {"labels": {"tier": "db"}}}
    assert outcome.plan.resources[0].pending == []
    real.settles(dict(FRONT, labels=None))
    facts = real.facts("front")
    assert facts["labels"] == {}
    assert facts["environment"] == "shop"


def test_several_networks_of_a_call_must_not_overlap(pretended):
    with pytest.raises(Failure) as refused:
        pretended.reconcile(FRONT, {"name": "back", "state": "active", "subnet": "10.20.0.128/25"})
    assert refused.value.code == "subnet_overlap"
    assert pretended.facts("front") is None


def test_the_subnet_of_a_network_that_goes_in_the_same_call_is_free(pretended):
    pretended.reconcile(FRONT)
    pretended.reconcile({"name": "front", "state": "absent"}, {"name": "back", "state": "present", "subnet": "10.20.0.0/24"})
    assert pretended.facts("back")["subnet"] == "10.20.0.0/24"


def told(ground, name):
    """A network without what is anew in each."""
    text = ground.hypervisor.connection.networkLookupByName(name).XMLDesc(0)
    return [line for line in text.splitlines() if "<uuid>" not in line], sorted(
        (record["name"], record["state"]) for record in ground.registry.all("network").values())


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_run_killed_at_any_call_is_finished_by_the_next(pretended, after):
    pretended.reconcile(FRONT)
    created = told(pretended, "front")
    pretended.reconcile(CHANGED)
    changed = told(pretended, "front")
    for steps, undisturbed in (([FRONT], created), ([FRONT, CHANGED], changed)):
        life, survived = 0, False
        while not survived:
            pretended.reconcile({"name": "front", "state": "absent"})
            for step in steps[:-1]:
                pretended.reconcile(step)
            life, survived = life + 1, pretended.dies_at(life, after, steps[-1])
            pretended.settles(steps[-1])
            assert told(pretended, "front") == undisturbed
        assert life > 10


def vm(name, address, state="present"):
    options = {"name": name, "type": "qemu", "memory": "64MiB", "state": state, "interfaces": [{"network": "front", "address": address}]}
    return Vm(Vm.model.with_defaults(Vm.model.normalise(options)))


def vms(*numbers):
    return [vm("vm%d" % number, "10.20.0.%d" % number) for number in numbers]


def told_libvirt(ground, monkeypatch, resources):
    """The names of the calls that change networks, of one run."""
    names, call = [], ground.hypervisor.call
    monkeypatch.setattr(ground.hypervisor, "call", lambda method, *arguments: (names.append(method.__name__), call(method, *arguments))[1])
    outcome = Engine(ground.hypervisor, ground.registry, Executor()).reconcile(resources)
    monkeypatch.undo()
    addresses = {host.get("ip") for host in outcome.scene.world.networks["front"].xml.findall("ip/dhcp/host")}
    return addresses, names.count("networkDefineXML"), names.count("update")


def test_a_new_network_is_defined_with_the_addresses_of_the_calls_vms(real, monkeypatch):
    found = told_libvirt(real, monkeypatch, [Network.from_options(FRONT), *vms(20, 21, 22, 23)])
    assert found == ({"10.20.0.5", "10.20.0.20", "10.20.0.21", "10.20.0.22", "10.20.0.23"}, 1, 0)


def test_the_addresses_of_several_vms_are_one_change_of_a_network(real, monkeypatch):
    real.reconcile(FRONT)
    addresses, definitions, updates = told_libvirt(real, monkeypatch, vms(20, 21, 22, 23))
    assert len(addresses) == 5
    # While it runs, libvirt takes a reservation and a DNS name at a time.
    assert (definitions, updates) == (1, 8)


def test_a_gateway_is_not_the_address_of_a_vm(real):
    Engine(real.hypervisor, real.registry, Executor()).reconcile([Network.from_options(FRONT), *vms(20)])
    with pytest.raises(Failure) as refused:
        real.reconcile(dict(FRONT, gateway="10.20.0.20"))
    assert refused.value.code == "duplicate_address"
    assert refused.value.message.startswith("gateway: ")


def test_what_the_host_reaches_itself_is_no_subnet_of_a_network(real, monkeypatch):
    monkeypatch.setattr(_host_routes, "routes", lambda: [_host_routes.Route("10.20.0.0/22", "eth0", True), _host_routes.Route("10.0.0.0/8", "tun0", False)])
    with pytest.raises(Failure) as refused:
        real.reconcile(FRONT)
    assert refused.value.code == "subnet_overlap"
    assert "eth0" in refused.value.message
    assert real.facts("front") is None
    real.settles(dict(FRONT, subnet="10.21.0.0/24", reservations=[], dns_hosts=[]))


def test_a_pools_addresses_are_handed_out_kept_and_given_back(real):
    def run(*resources):
        Engine(real.hypervisor, real.registry, Executor()).reconcile(resources)
        assert not Engine(real.hypervisor, real.registry, Executor(True)).reconcile(resources).plan.changed
        return {slot["address"]: slot["vm"] for slot in real.facts("front")["address_pool"]}

    pool = [{"address": "10.20.0.60", "gateway": "10.20.0.1", "mac": "02:00:00:00:00:60"}, {"address": "10.20.0.61"}]
    assert run(Network.from_options(dict(FRONT, address_pool=pool)), vm("a", "pool"), vm("b", "pool")) == {"10.20.0.60": "a", "10.20.0.61": "b"}
    with pytest.raises(Failure) as refused:
        run(vm("c", "pool"))
    assert refused.value.code == "address_pool_exhausted"
    assert run(vm("a", "pool", "absent")) == {"10.20.0.60": None, "10.20.0.61": "b"}
    assert run(vm("b", "pool"), vm("c", "pool")) == {"10.20.0.60": "c", "10.20.0.61": "b"}


def test_an_address_is_kept_for_a_vm_whatever_its_mac_is(real):
    def plug(mac):
        options = {"name": "web", "type": "qemu", "memory": "64MiB", "state": "present", "interfaces": [{"network": "front", "mac": mac}]}
        Engine(real.hypervisor, real.registry, Executor()).reconcile([Vm(Vm.model.with_defaults(Vm.model.normalise(options)))])

    wanted = dict(FRONT, reservations=[{"vm": "web", "address": "10.20.0.20"}])
    real.settles(wanted)
    assert real.facts("front")["reservations"] == [{"name": "web", "address": "10.20.0.20"}]
    for mac in ("02:00:00:00:00:aa", "02:00:00:00:00:bb"):
        plug(mac)
        assert real.settles(wanted).plan.changed
        assert real.facts("front")["reservations"] == [{"mac": mac, "name": "web", "address": "10.20.0.20"}]
    Engine(real.hypervisor, real.registry, Executor()).reconcile([vm("db", "10.20.0.21")])
    with pytest.raises(Failure) as refused:
        real.reconcile(dict(FRONT, reservations=[{"vm": "db", "address": "10.20.0.22"}]))
    assert refused.value.code == "duplicate_address"
    assert refused.value.message.startswith("reservations[0].address: the VM 'db' asks for 10.20.0.21")


def test_hosts_change_live_and_the_network_runs_on(real):
    real.settles(FRONT)
    link = pathlib.Path("/sys/class/net/tc-front/ifindex").read_text("ascii")
    process = pathlib.Path("/run/libvirt/network/front.pid").read_text("ascii")
    outcome = real.settles(CHANGED)
    assert outcome.plan.resources[0].pending == []
    fact = outcome.scene.world.networks["front"]
    for element in (fact.xml, fact.live_xml):
        assert sorted(host.get("ip") for host in element.findall("ip/dhcp/host")) == ["10.20.0.5", "10.20.0.6"]
        assert sorted(host.findtext("hostname") for host in element.findall("dns/host")) == ["archive", "mail"]
    assert pathlib.Path("/sys/class/net/tc-front/ifindex").read_text("ascii") == link
    assert pathlib.Path("/run/libvirt/network/front.pid").read_text("ascii") == process


def test_what_differs_only_in_one_of_the_two_is_set_right_there(real, libvirt, daemon):
    real.settles(FRONT)
    network = daemon.networkLookupByName("front")
    stray = "<host mac='02:00:00:00:00:09' ip='10.20.0.9'/>"
    arguments = (libvirt.VIR_NETWORK_UPDATE_COMMAND_ADD_LAST, libvirt.VIR_NETWORK_SECTION_IP_DHCP_HOST, -1, stray)
    for flag in (libvirt.VIR_NETWORK_UPDATE_AFFECT_CONFIG, libvirt.VIR_NETWORK_UPDATE_AFFECT_LIVE):
        network.update(*arguments, flag)
        assert real.settles(FRONT).plan.changed
        assert "10.20.0.9" not in network.XMLDesc(0) + network.XMLDesc(libvirt.VIR_NETWORK_XML_INACTIVE)


def test_what_waits_is_recorded_and_told_each_time(real):
    real.settles(FRONT)
    wanted = dict(FRONT, domain="lab.internal", mtu=1400)
    outcome = real.settles(wanted)
    assert {change.path for change in outcome.plan.resources[0].pending} == {("mtu",), ("domain",)}
    assert outcome.plan.totals.endswith("1 waits for a restart.")
    assert real.reconcile(wanted).plan.resources[0].pending
    real.reconcile(dict(wanted, state="inactive"))
    assert real.settles(wanted).plan.resources[0].pending == []


def test_what_is_for_the_next_start_leaves_what_runs_alone(real):
    real.settles(FRONT)
    outcome = real.settles(dict(CHANGED, apply="next_boot"))
    assert {change.path[0] for change in outcome.plan.resources[0].pending} == {"reservations", "dns_hosts"}
    assert {change.how for change in outcome.plan.resources[0].changes} == {"restart"}
    fact = outcome.scene.world.networks["front"]
    assert [host.get("ip") for host in fact.live_xml.findall("ip/dhcp/host")] == ["10.20.0.5"]
    assert [host.get("ip") for host in fact.xml.findall("ip/dhcp/host")] == ["10.20.0.6", "10.20.0.5"]
    assert real.settles(CHANGED).plan.resources[0].pending == []


def test_a_running_transient_network_becomes_persistent(real, daemon):
    daemon.networkCreateXML("<network><name>front</name><forward mode='nat'/><bridge name='tc-front'/>"
                            "<ip address='10.20.0.1' prefix='24'/></network>")
    outcome = real.settles({"name": "front", "state": "active", "reservations": FRONT["reservations"]})
    assert ("persistent",) in {change.path for change in outcome.plan.resources[0].changes}
    assert real.facts("front")["persistent"]
    assert real.facts("front")["reservations"][0]["address"] == "10.20.0.5"


def test_a_network_that_could_not_start_is_repaired_by_the_next_run(real):
    with pytest.raises(Failure) as failed:
        real.reconcile(dict(FRONT, dnsmasq_options=["no-such-option"]))
    assert failed.value.code == "internal_error"
    assert failed.value.resource == ("network", "front")
    real.settles(dict(FRONT, dnsmasq_options=["no-ping"]))
    facts = real.facts("front")
    assert (facts["state"], facts["autostart"], facts["dnsmasq_options"]) == ("active", True, ["no-ping"])
    assert [record["state"] for record in real.registry.all("network").values()] == ["complete"]


def test_a_refused_definition_leaves_everything_as_it_was(real, daemon, monkeypatch):
    real.settles(FRONT)
    network = daemon.networkLookupByName("front")
    before = network.XMLDesc(0)
    # libvirt's own checks come after ours: let one through.
    monkeypatch.setattr(Network, "check", lambda *_arguments: None)
    with pytest.raises(Failure):
        real.reconcile(dict(FRONT, dhcp={"start": "10.21.0.5", "end": "10.21.0.9"}))
    assert network.XMLDesc(0) == before
    assert "10.21.0.5" not in network.XMLDesc(1)
