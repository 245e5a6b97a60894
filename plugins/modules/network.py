#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: network
short_description: Manage libvirt virtual networks
version_added: 0.1.0
description:
  - Defines, starts, changes and removes virtual networks with their DHCP and DNS service.
  - Reservations and DNS names are changed while the network runs, in its definition and live, and guests keep their leases.
    What a running network cannot take is written to its definition and reported in RV(restart_required).
  - What VMs' interfaces with an C(address) put into a network is not counted in O(reservations) and O(dns_hosts), and stays.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.changing
options:
  name:
    description: Name of the network.
    type: str
    required: true
  mode:
    description:
      - Where packets from the network go. A new network is V(nat), if omitted.
      - V(nat) translates addresses towards the host's networks, V(route) routes without translating, V(open) routes and leaves
        all filtering to the host's firewall, V(isolated) forwards nothing.
      - V(bridge) plugs guests into the existing bridge of the host that O(bridge) names; the host runs that network.
    type: str
    choices: [nat, route, open, isolated, bridge]
  subnet:
    description:
      - The network's IPv4 or IPv6 subnet as address and prefix length, for example V(10.20.0.0/24).
      - Required for modes V(nat) and V(route); it must not overlap with the subnet of another network of the host.
    type: str
  gateway:
    description: The host's own address in the network. The first address of O(subnet), if omitted or null.
    type: str
  dhcp:
    description:
      - The range of addresses that are handed out to anyone who asks. Null hands out none but the reserved ones.
      - A new network's range is the upper half of O(subnet), if omitted (the lower half where the gateway lives in the upper one),
        so V(10.20.0.128) to V(10.20.0.254) of V(10.20.0.0/24). Of an IPv6 subnet only the first 65536 addresses are considered.
    type: dict
    suboptions:
      enabled:
        description: V(false) is the same as null for the whole option.
        type: bool
      start:
        description: The first address. Derived as said above, if omitted where there is no range yet.
        type: str
      end:
        description: The last address. Derived as said above, if omitted where there is no range yet.
        type: str
  domain:
    description: The DNS domain of the network's guests.
    type: str
  domain_local_only:
    description:
      - Whether names in O(domain) that the network does not know are unknown, rather than asked of other servers.
      - V(true) for a new network with a domain, if omitted.
    type: bool
  bridge:
    description:
      - Name of the bridge, 15 characters at most. Derived from O(name) for a new network, if omitted.
      - Required for mode V(bridge).
    type: str
  stp:
    description: Whether the bridge runs the spanning tree protocol. A new network's does not, if omitted.
    type: bool
  delay:
    description: Seconds that a new port of the bridge only listens. None for a new network, if omitted.
    type: int
  mtu:
    description: Size of the largest packet in bytes. Null is libvirt's default.
    type: int
  reservations:
    description: Addresses that are kept for one client each. The list is the whole list.
    type: list
    elements: dict
    suboptions:
      mac:
        description: The client's MAC address. Required for an IPv4 address unless O(reservations[].name) is given.
        type: str
      name:
        description: The host name that is given to the client, or by which it is known where it has no O(reservations[].mac).
        type: str
      address:
        description: The address, within O(subnet).
        type: str
        required: true
  dns_hosts:
    description: Addresses with the names that the network's DNS server answers them for. The list is the whole list.
    type: list
    elements: dict
    suboptions:
      address:
        description: The address; each stands once.
        type: str
        required: true
      names:
        description: Its names.
        type: list
        elements: str
        required: true
  forwarders:
    description:
      - DNS servers that are asked for what the network does not know; the host's own, if there is none without a domain.
      - The list is the whole list.
    type: list
    elements: dict
    suboptions:
      address:
        description: The server's address. If omitted, names in O(forwarders[].domain) are asked of the host's own servers.
        type: str
      domain:
        description: Names in this domain only.
        type: str
  dnsmasq_options:
    description:
      - Lines of dnsmasq's configuration that libvirt has no words for, for example V(no-ping) for faster leases.
      - The list is the whole list; order does not count.
    type: list
    elements: str
  labels:
    description:
      - Words about the network by their names, for example C(tier) with the word C(web), kept in its metadata. They are the whole set.
    type: dict
    version_added: 0.2.0
  protect:
    description: Whether no run may remove this network. It is remembered until it is said otherwise.
    type: bool
    version_added: 0.2.0
  state:
    description:
      - V(active) is defined and running, V(inactive) is defined and stopped.
      - V(present) is defined, whether it runs is left alone.
      - V(absent) is stopped and undefined.
      - V(inactive) and V(absent) are refused while running VMs use the network.
    type: str
    choices: [active, present, inactive, absent]
    default: active
  autostart:
    description: Whether the network starts with the host. A new network does, if omitted.
    type: bool
seealso:
  - module: tinycloud.libvirt.network_info
  - name: Network XML format
    description: What libvirt knows about networks.
    link: https://libvirt.org/formatnetwork.html
"""

EXAMPLES = r"""
- name: A network with DHCP, DNS and address translation
  tinycloud.libvirt.network:
    name: front
    subnet: 10.20.0.0/24
    domain: shop.internal

- name: Keep an address for a printer, and give the storage server a name
  tinycloud.libvirt.network:
    name: front
    reservations:
      - {mac: "02:00:00:00:00:10", address: 10.20.0.10, name: printer}
    dns_hosts:
      - {address: 10.20.0.2, names: [storage, backup]}

- name: Guests in the office's own network
  tinycloud.libvirt.network:
    name: office
    mode: bridge
    bridge: br0

- name: Remove a network
  tinycloud.libvirt.network:
    name: front
    state: absent
"""

RETURN = r"""
network:
  description: The network as it is now; null where it does not exist.
  returned: success
  type: dict
  sample: {"name": "front", "uuid": "99682963-a5f3-4700-8e38-a2885bfe2a3d", "mode": "nat", "subnet": "10.20.0.0/24",
           "gateway": "10.20.0.1", "dhcp": {"start": "10.20.0.128", "end": "10.20.0.254"}, "domain": "shop.internal",
           "domain_local_only": true, "bridge": "br-front", "stp": false, "delay": 0, "reservations": [], "dns_hosts": [],
           "forwarders": [], "dnsmasq_options": [], "state": "active", "autostart": true, "persistent": true}
# begin: common results
plan:
  description: What was (in check mode, would be) done, per resource with its changed fields.
  returned: success
  type: list
  elements: dict
summary:
  description: The plan as text, one line per resource and the totals.
  returned: success
  type: list
  elements: str
restart_required:
  description: Recorded changes that wait for a restart of the resource, with the fields' names.
  returned: success
  type: list
  elements: dict
  sample: [{"resource": "vm web", "fields": ["memory"]}]
notes:
  description: Remarks on what was left alone and why.
  returned: success
  type: list
  elements: str
failure:
  description: What failed, for programs.
  returned: failure
  type: dict
  sample: {"code": "invalid_option", "message": "memory: the size '512' has no unit: write '512MiB' or '512GiB'",
           "resource": "vm web", "hint": "what to do about it"}
# end: common results
"""

from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import run_resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.network import Network


def main():
    run_resource(Network)


if __name__ == "__main__":
    main()
