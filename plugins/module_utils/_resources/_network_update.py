# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changing a network without a restart: what virNetworkUpdate must be told, and telling it.

https://libvirt.org/formatnetwork.html and https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkUpdate
"""
from __future__ import annotations

from typing import NamedTuple

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import constant
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network import DhcpHost, DnsHost, Network

ADD, MODIFY, DELETE = "ADD_LAST", "MODIFY", "DELETE"
DHCP_HOST, DNS_HOST = "IP_DHCP_HOST", "DNS_HOST"
# What virNetworkUpdate changes, as options of the model.
UPDATABLE = ("reservations", "dns_hosts")


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


def apply_held(handle, config, live):
    """Tell libvirt: ``config`` to the definition and ``live`` to what runs, in one breath where they are the same.

    For who is ``editing``: redefinitions of the network read, edit and write.
    """
    to_config, to_live = constant("NETWORK_UPDATE_AFFECT_CONFIG"), constant("NETWORK_UPDATE_AFFECT_LIVE")
    if config == live:
        _run(handle, config, to_config | to_live)
    else:
        _run(handle, config, to_config)
        _run(handle, live, to_live)


def editing(scene, uuid):
    """Held by whoever changes a network's definition on this host."""
    return scene.registry.lock("network-%s" % uuid)


def _run(handle, updates, flags):
    for update in updates:
        update.run(handle, flags)


def updates(wanted, element):
    """What makes the hosts of a network's XML as wanted (a declaration: whole lists, or nothing said)."""
    found = []
    if "reservations" in wanted:
        found.extend(dhcp_updates(wanted["reservations"], element))
    if "dns_hosts" in wanted:
        found.extend(dns_updates(wanted["dns_hosts"], element))
    return found


def dhcp_updates(wanted, element):
    """Deletions first and additions last, so that no two entries ever claim the same MAC, address or name."""
    field = Network.fields()["reservations"]
    matched, undeclared = field.pairs(wanted, element)
    remaining = [found for found in field.found(element) if found not in undeclared]
    delete, modify, add = list(undeclared), [], []
    for item, found in matched:
        if found is None:
            add.append((DhcpHost.build(item), item["address"]))
        elif DhcpHost.differing(item, DhcpHost.read(found)):
            edited = DhcpHost.write(_xml.copy(found), item)
            others = [other for other in remaining if other is not found]
            # libvirt takes the first entry that shares any one of them for the one that is meant.
            if any(_share(edited, other) for other in others) or not _share(edited, found):
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
