# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What virNetworkUpdate is told: by its own rules it leads from any hosts, ranges, records and port groups to any others."""
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _network_update as update
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._network_hosts import settled, told, users_hosts, users_names

# Few words, so that they meet.
WORDS = st.text("ab1", min_size=1, max_size=2)
SUFFIXES = st.sampled_from(["", "shop.internal"])


def some(strategy, key):
    return st.lists(strategy, max_size=4, unique_by=key)


def without_nothing(item):
    return {name: value for name, value in item.items() if value}


@st.composite
def reservations(draw):
    count = draw(st.integers(0, 4))
    unique = dict(min_size=count, max_size=count, unique=True)
    macs, hosts, names = (draw(st.lists(st.integers(2, 12), **unique)) for _time in range(3))
    return [without_nothing({"mac": "02:00:00:00:00:%02x" % mac, "address": "10.20.0.%d" % host, "name": "n%d" % name if draw(st.booleans()) else ""})
            for mac, host, name in zip(macs, hosts, names)]


def ranges(starts):
    items = [{"start": "10.20.0.%d" % start, "end": "10.20.0.%d" % (start + 5), "lease_time": lease} for start, lease in starts]
    return dict(items[0], further_ranges=items[1:]) if items else None


UPDATABLE = st.fixed_dictionaries({
    "reservations": reservations(),
    "dns_hosts": some(st.fixed_dictionaries({"address": st.integers(2, 9).map("10.20.0.{}".format),
                                             "names": st.lists(WORDS, min_size=1, max_size=3, unique=True)}), lambda item: item["address"]),
    "dns_texts": some(st.fixed_dictionaries({"name": WORDS, "value": WORDS}), lambda item: item["name"]),
    "dns_services": some(st.fixed_dictionaries({"service": st.sampled_from(["ldap", "http"]), "protocol": st.just("tcp"), "domain": SUFFIXES,
                                                "target": st.sampled_from(["", "db", "web"])}).map(without_nothing), lambda item: tuple(sorted(item.items()))),
    "portgroups": some(st.fixed_dictionaries({"name": WORDS, "isolated": st.booleans(), "tag": st.integers(1, 3)}), lambda item: item["name"]).map(
        lambda items: [{"name": item["name"], "default": not index and item["isolated"], "vlan": {"tags": [{"id": item["tag"]}]}}
                       for index, item in enumerate(items)]),
    "dhcp": some(st.tuples(st.sampled_from([100, 110, 120, 130]), st.sampled_from(["infinite", "12h"])), lambda item: item[0]).map(ranges),
})


def changes_to(declared, element):
    """What virNetworkUpdate is told of a declaration's hosts."""
    return update.updates(element, Network.write(_xml.copy(element), {key: value for key, value in declared.items() if key in update.UPDATABLE}))


class Pretended:
    """virNetworkUpdate's rules, as libvirt 11.3 has them (src/conf/network_conf.c)."""

    def __init__(self, element):
        self.element = _xml.copy(element)

    def run(self, one):
        item = _xml.parse(one.text)
        if one.section == update.DHCP_HOST:
            self._dhcp(one.command, item, self.element.findall("ip")[one.index])
        elif one.section == update.DHCP_RANGE:
            self._range(one.command, item, self.element.findall("ip")[one.index])
        elif one.section == update.DNS_HOST:
            self._dns(one.command, item)
        elif one.section == update.DNS_SRV:
            self._simple(one.command, item, self._dns_element(), ("domain", "service", "protocol", "target"), wild=True)
        elif one.section == update.DNS_TXT:
            self._simple(one.command, item, self._dns_element(), ("name",))
        elif one.section == update.PORTGROUP:
            self._portgroup(one.command, item)
        else:
            self._simple(one.command, item, self.element.find("forward"), ("dev",))

    def _dns_element(self):
        dns = self.element.find("dns")
        if dns is None:
            dns = self.element.makeelement("dns", {})
            self.element.append(dns)
        return dns

    @staticmethod
    def _simple(command, item, parent, keys, wild=False):
        """What is added and deleted only; where ``wild``, what the item does not say matches anything."""
        found = [other for other in parent.findall(item.tag)
                 if all((wild and item.get(key) is None) or item.get(key) == other.get(key) for key in keys)]
        if command == update.ADD:
            assert not found, "there is already at least one matching all specified fields"
            parent.append(item)
        else:
            assert command == update.DELETE
            assert len(found) == 1, "none or several match all specified fields"
            parent.remove(found[0])

    def _portgroup(self, command, item):
        groups = self.element.findall("portgroup")
        found = [group for group in groups if group.get("name") == item.get("name")]
        others = [group for group in groups if group not in found and group.get("default") == "yes"]
        if command != update.DELETE:
            assert not (item.get("default") == "yes" and others), "a different portgroup is already set as the default"
        if command == update.ADD:
            assert not found
            self.element.append(item)
        elif command == update.MODIFY:
            self.element.replace(found[0], item)
        else:
            self.element.remove(found[0])

    @staticmethod
    def _range(command, item, ip):
        """As in virNetworkDefUpdateIPDHCPRange: start and end tell one from another."""
        dhcp = ip.find("dhcp")
        if dhcp is None:
            dhcp = ip.makeelement("dhcp", {})
            ip.append(dhcp)
        found = [other for other in dhcp.findall("range") if dict(other.attrib) == dict(item.attrib)]
        if command == update.ADD:
            assert not found
            dhcp.append(item)
        else:
            assert command == update.DELETE, "libvirt modifies no range"
            dhcp.remove(found[0])

    @staticmethod
    def _dhcp(command, item, ip):
        dhcp = ip.find("dhcp")
        if dhcp is None:
            dhcp = ip.makeelement("dhcp", {})
            ip.append(dhcp)
        sharing = [host for host in dhcp.findall("host")
                   if any(item.get(key) and item.get(key) == host.get(key) for key in ("mac", "ip", "name"))]
        if command == update.ADD:
            assert not sharing, "there is an existing dhcp host entry that matches"
            dhcp.append(item)
        elif command == update.MODIFY:
            dhcp.replace(sharing[0], item)
        else:
            found = [host for host in dhcp.findall("host")
                     if all(not item.get(key) or item.get(key) == host.get(key) for key in ("mac", "ip", "name"))]
            dhcp.remove(found[0])

    def _dns(self, command, item):
        dns = self._dns_element()
        names = {name.text for name in item.findall("hostname")}
        if command == update.ADD:
            assert not [host for host in dns.findall("host") if host.get("ip") == item.get("ip")]
            dns.append(item)
        else:
            found = [host for host in dns.findall("host") if host.get("ip") == item.get("ip")
                     or names & {name.text for name in host.findall("hostname")}]
            assert len(found) == 1, "multiple matching DNS HOST records were found"
            dns.remove(found[0])


@given(UPDATABLE, UPDATABLE)
def test_updates_lead_from_any_network_to_any_other(before, after):
    element = Network.build(Network.normalise(dict(before, name="n", subnet="10.20.0.0/24")))
    wanted = settled(Network.normalise(dict(after, name="n")), element, [])
    pretended = Pretended(element)
    for one in changes_to(wanted, element):
        pretended.run(one)
    assert Network.compare(wanted, pretended.element) == []
    assert changes_to(wanted, pretended.element) == []


def test_a_changed_host_is_modified_and_keeps_what_is_not_modelled():
    element = _xml.parse("<network><ip address='10.20.0.1' prefix='24'><dhcp><host mac='02:00:00:00:00:01' ip='10.20.0.5'>"
                         "<lease expiry='12' unit='hours'/></host></dhcp></ip></network>")
    one, = changes_to(Network.normalise({"name": "n", "reservations": [{"mac": "02:00:00:00:00:01", "address": "10.20.0.6"}]}), element)
    assert (one.command, one.section, one.index) == (update.MODIFY, update.DHCP_HOST, 0)
    assert "lease" in one.text
    assert "10.20.0.6" in one.text


def test_swapped_addresses_are_not_modified_into_each_other():
    hosts = [{"mac": "02:00:00:00:00:01", "address": "10.20.0.5"}, {"mac": "02:00:00:00:00:02", "address": "10.20.0.6"}]
    element = Network.build(Network.normalise({"name": "n", "subnet": "10.20.0.0/24", "reservations": hosts}))
    hosts[0]["address"], hosts[1]["address"] = hosts[1]["address"], hosts[0]["address"]
    found = changes_to(Network.normalise({"name": "n", "reservations": hosts}), element)
    assert [one.command for one in found] == [update.DELETE, update.DELETE, update.ADD, update.ADD]


class Claim:
    """What a VM's interface asked for."""

    def __init__(self, mac, address, hostname):
        self.mac, self.address, self.hostname = mac, address, hostname


def test_what_vms_put_there_is_neither_told_nor_removed():
    claim = Claim("02:00:00:00:00:09", "10.20.0.9", "db")
    element = Network.build(Network.normalise({
        "name": "n", "subnet": "10.20.0.0/24",
        "reservations": [{"mac": claim.mac, "address": claim.address, "name": "db"}, {"mac": "02:00:00:00:00:01", "address": "10.20.0.5"}],
        "dns_hosts": [{"address": claim.address, "names": ["db", "alias"]}, {"address": "10.20.0.5", "names": ["five"]}]}))
    nothing = settled(Network.normalise({"name": "n", "reservations": [], "dns_hosts": None}), element, [claim])
    changes = Network.compare(nothing, element)
    assert [change.path for change in changes] == [("reservations", "02:00:00:00:00:01"), ("dns_hosts", "10.20.0.9", "names"), ("dns_hosts", "10.20.0.5")]
    assert (told(changes[1], [claim]).before, changes[1].after) == (["alias"], [])
    pretended = Pretended(element)
    for one in changes_to(nothing, element):
        pretended.run(one)
    actual = Network.read(pretended.element)
    assert [item["mac"] for item in actual["reservations"]] == [claim.mac]
    assert actual["dns_hosts"] == [{"address": claim.address, "names": ["db"]}]
    assert users_hosts(actual["reservations"], [claim]) == users_names(actual["dns_hosts"], [claim]) == []


def test_a_users_name_stands_beside_that_of_a_vm():
    claim = Claim("02:00:00:00:00:09", "10.20.0.9", "db")
    element = Network.build(Network.normalise({"name": "n", "subnet": "10.20.0.0/24", "dns_hosts": [{"address": claim.address, "names": ["db", "alias"]}]}))
    declared = Network.normalise({"name": "n", "dns_hosts": [{"address": claim.address, "names": ["alias"]}]})
    assert Network.compare(settled(declared, element, [claim]), element) == []
    assert users_names(Network.read(element)["dns_hosts"], [claim]) == declared["dns_hosts"]
