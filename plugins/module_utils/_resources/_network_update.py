# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changing a network without a restart: what virNetworkUpdate must be told, and telling it.

https://libvirt.org/formatnetwork.html and https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkUpdate
"""
from __future__ import annotations

from typing import NamedTuple

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import constant
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.addressing import lies_in, subnets_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.dhcp import DhcpHost, Range
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.dns import DnsHost, Service
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.forward import DIRECT
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network import Network

ADD, MODIFY, DELETE = "ADD_LAST", "MODIFY", "DELETE"
DHCP_HOST, DHCP_RANGE, DNS_HOST, DNS_SRV, DNS_TXT = "IP_DHCP_HOST", "IP_DHCP_RANGE", "DNS_HOST", "DNS_SRV", "DNS_TXT"
PORTGROUP, INTERFACE = "PORTGROUP", "FORWARD_INTERFACE"
# What virNetworkUpdate changes, as options of the model; of further subnets, their ranges.
UPDATABLE = ("reservations", "dns_hosts", "dns_services", "dns_texts", "dhcp", "portgroups", "forward_interfaces")


def taken_live(changes, mode):
    """Which of the differences between what is declared and what runs a running network can be rid of.

    Reservations and ranges wait where a subnet that they may lie in comes with the next start only.
    """
    moves = any(change.path[0] == "subnet" for change in changes)
    comes = any(change.path[0] == "further_subnets" and len(change.path) == 2 for change in changes)
    waiting = {"dhcp": moves, "reservations": moves or comes, "forward_interfaces": mode not in DIRECT}
    return [change for change in changes if change.how == LIVE and not waiting.get(change.path[0])]


def with_updates(terms, element, changes):
    """A running network's XML with what these changes make of it."""
    fields = Network.fields()
    options = {change.path[0] for change in changes} & set(UPDATABLE)
    after = Network.write(_xml.copy(element), {name: terms[name] for name in options})
    further = {change.path[1] for change in changes if change.path[0] == "further_subnets"}
    for item, found in fields["further_subnets"].pairs(terms.get("further_subnets") or [], after)[0]:
        if item["subnet"] in further and found is not None:
            fields["further_subnets"].model.write(found, {"dhcp": item["dhcp"]})
    return after


class Update(NamedTuple):
    """One call of virNetworkUpdate: a command on an element of a section (of the ``<ip>`` at ``index``)."""

    command: str
    section: str
    text: str
    index: int = -1

    def __repr__(self):
        return "Update(%s %s %s)" % (self.command, self.section, " ".join(self.text.split()))

    def run(self, handle, flags):
        handle.update(constant("NETWORK_UPDATE_COMMAND_" + self.command), constant("NETWORK_SECTION_" + self.section),
                      self.index, self.text, flags)


def tell(handle, live):
    """Let the running network follow its definition; for who is ``editing``."""
    for update in live:
        update.run(handle, constant("NETWORK_UPDATE_AFFECT_LIVE"))


def editing(scene, uuid):
    """Held by whoever changes a network's definition on this host."""
    return scene.registry.lock("network-%s" % uuid)


def updates(before, after):
    """What leads from one XML of a network to another, as far as virNetworkUpdate can."""
    fields = Network.fields()
    return (_of_list("forward/interface", "dev", INTERFACE, before, after)
            + _portgroup_updates(before, after)
            + dns_updates(fields["dns_hosts"].read(after), before)
            + _service_updates(before, after)
            + _of_list("dns/txt", "name", DNS_TXT, before, after)
            + _range_updates(before, after)
            + dhcp_updates([dict(dict.fromkeys(DhcpHost.fields()), **item) for item in fields["reservations"].read(after)], before))


def _of_list(path, key, section, before, after):
    """Of elements that libvirt only adds and deletes, those that are not there again: by their whole text."""
    was = {_xml.canonical(found): found for found in before.findall(path)}
    will = {_xml.canonical(found): found for found in after.findall(path)}
    return ([Update(DELETE, section, _xml.text(was[text])) for text in sorted(set(was) - set(will), key=lambda text: was[text].get(key))]
            + [Update(ADD, section, _xml.text(will[text])) for text in will if text not in was])


def _portgroup_updates(before, after):
    was = {found.get("name"): found for found in before.findall("portgroup")}
    will = {found.get("name"): found for found in after.findall("portgroup")}
    found = [Update(DELETE, PORTGROUP, _xml.text(was[name])) for name in sorted(set(was) - set(will))]
    changed = [name for name in will if name in was and _xml.canonical(will[name]) != _xml.canonical(was[name])]
    # There is one default at a time: it is taken from one before another has it.
    changed.sort(key=lambda name: will[name].get("default") == "yes")
    found.extend(Update(MODIFY, PORTGROUP, _xml.text(will[name])) for name in changed)
    return found + [Update(ADD, PORTGROUP, _xml.text(will[name])) for name in will if name not in was]


def _service_updates(before, after):
    """Additions of what says less first, deletions of it last: to libvirt a record with fewer words is any with more."""
    was = {_xml.canonical(found): found for found in before.findall("dns/srv")}
    will = {_xml.canonical(found): found for found in after.findall("dns/srv")}
    gone, new = set(was) - set(will), set(will) - set(was)
    changing = [was.get(text, will.get(text)) for text in gone | new]
    moved = {text for text in set(was) & set(will) if any(_covers(one, was[text]) for one in changing)}
    words = len(Service.keys)
    delete = sorted(gone | moved, key=lambda text: (words - len(_words(was[text])), text))
    add = sorted(new | moved, key=lambda text: (len(_words(will[text])), text))
    return ([Update(DELETE, DNS_SRV, _xml.text(was[text])) for text in delete]
            + [Update(ADD, DNS_SRV, _xml.text(will[text])) for text in add])


def _words(service):
    return {key: service.get(key) for key in Service.keys if service.get(key) is not None}


def _covers(one, other):
    return _words(one).items() <= _words(other).items()


def _range_updates(before, after):
    found = []
    for index, (ip, edited) in enumerate(zip(before.findall("ip"), after.findall("ip"))):
        was, will = ([_range(one) for one in element.findall("dhcp/range")] for element in (ip, edited))
        gone, new = [one for one in was if one not in will], [one for one in will if one not in was]
        if [one for one in was if one not in gone] + new != will:
            # New ones come last: where the first is to be another one, all are said anew.
            gone, new = was, will
        found.extend(Update(DELETE, DHCP_RANGE, text, index) for _values, text in gone)
        found.extend(Update(ADD, DHCP_RANGE, text, index) for _values, text in new)
    return found


def _range(element):
    return Range.read(element), _xml.text(element)


def dhcp_updates(wanted, element):
    """Deletions first and additions last, so that no two entries ever claim the same MAC, address or name."""
    field = Network.fields()["reservations"]
    subnets = subnets_of(element)
    # What lies in a subnet that comes with the next start comes with it.
    matched, undeclared = field.pairs([item for item in wanted if not subnets or lies_in(item["address"], subnets)], element)
    remaining = [found for found in field.found(element) if found not in undeclared]
    delete, modify, add = list(undeclared), [], []
    for item, found in matched:
        if found is None:
            add.append((DhcpHost.build(item), item["address"]))
        elif DhcpHost.differing(item, DhcpHost.read(found)):
            edited = DhcpHost.write(_xml.copy(found), item)
            others = [other for other in remaining if other is not found]
            # libvirt takes the first entry that shares any one of them for the one that is meant.
            moves = field.place(element, item["address"]) != field.place(element, found.get("ip"))
            if moves or any(_share(edited, other) for other in others) or not _share(edited, found):
                delete.append(found)
                add.append((edited, item["address"]))
            else:
                modify.append((edited, item["address"]))
    return ([Update(DELETE, DHCP_HOST, _xml.text(found), field.place(element, found.get("ip"))[0]) for found in delete]
            + [Update(MODIFY, DHCP_HOST, _xml.text(edited), field.place(element, address)[0]) for edited, address in modify]
            + [Update(ADD, DHCP_HOST, _xml.text(edited), field.place(element, address)[0]) for edited, address in add])


def _share(one, other):
    one, other = DhcpHost.read(one), DhcpHost.read(other)
    return any(one.get(key) is not None and one.get(key) == other.get(key) for key in ("mac", "address", "name"))


def dns_updates(wanted, element):
    field = Network.fields()["dns_hosts"]
    matched, undeclared = field.pairs(wanted, element)
    delete, add = list(undeclared), []
    for item, found in matched:
        if found is None:
            add.append(DnsHost.build(item))
        elif DnsHost.differing(item, DnsHost.read(found)):
            delete.append(found)
            add.append(DnsHost.write(_xml.copy(found), item))
    # By the address alone: a name may stand with several addresses, and libvirt would find more than one.
    return ([Update(DELETE, DNS_HOST, _xml.text(_xml.new("host", {"ip": found.get("ip")}))) for found in delete]
            + [Update(ADD, DNS_HOST, _xml.text(edited)) for edited in add])
