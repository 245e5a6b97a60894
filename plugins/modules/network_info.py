#!/usr/bin/python
# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import annotations

DOCUMENTATION = r"""
module: network_info
short_description: Read libvirt virtual networks
version_added: 0.1.0
description: Returns the virtual networks of a compute host with the addresses they have handed out and the VMs plugged into them.
author: tinycloud.libvirt contributors (@tinycloud)
extends_documentation_fragment:
  - tinycloud.libvirt.connection
  - tinycloud.libvirt.attributes
  - tinycloud.libvirt.attributes.reading
  - tinycloud.libvirt.listing
seealso:
  - module: tinycloud.libvirt.network
"""

EXAMPLES = r"""
- name: Who has an address in the network front
  tinycloud.libvirt.network_info:
    name: front
    query: "[0].leases[].{name: hostname, address: address}"
  register: front
"""

RETURN = r"""
networks:
  description:
    - The networks, sorted by name, or what O(query) makes of them, in the terms of M(tinycloud.libvirt.network).
    - C(leases) are the addresses handed out now; C(expires) counts seconds since 1970.
    - C(spec) is what M(tinycloud.libvirt.network) would be given to get the network. Given back unchanged, it changes nothing.
    - C(names) are what the network's DNS server answers, the names of VMs included.
    - C(ports) are the interfaces of running VMs in the network, with the host's C(device) and the C(addresses) they lease.
  returned: success
  type: list
  elements: dict
  sample: [{"name": "front", "uuid": "99682963-a5f3-4700-8e38-a2885bfe2a3d", "mode": "nat", "subnet": "10.20.0.0/24",
            "gateway": "10.20.0.1", "dhcp": {"start": "10.20.0.128", "end": "10.20.0.254"}, "domain": "shop.internal",
            "domain_local_only": true, "bridge": "br-front", "stp": false, "delay": 0, "reservations": [], "dns_hosts": [],
            "forwarders": [], "dnsmasq_options": [], "state": "active", "autostart": true, "persistent": true,
            "leases": [{"mac": "02:4e:10:aa:01:02", "address": "10.20.0.141", "hostname": "web-1", "expires": 1790000000}],
            "spec": {"name": "front", "mode": "nat", "subnet": "10.20.0.0/24", "state": "active", "autostart": true},
            "names": [{"address": "10.20.0.141", "names": ["web-1.shop.internal"]}],
            "ports": [{"vm": "web-1", "interface": "front", "mac": "02:4e:10:aa:01:02", "device": "vnet0", "addresses": ["10.20.0.141"]}]}]
"""

from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import run_info
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.network import Network


def main():
    run_info(Network, "networks")


if __name__ == "__main__":
    main()
