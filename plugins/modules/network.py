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
  - Ranges, reservations, DNS records, port groups and the interfaces of macvtap networks are changed while the network runs, in
    its definition and live, and guests keep their leases. What a running network cannot take is written to its definition and
    reported in RV(restart_required), or done by a restart that keeps guests plugged in, see O(apply).
  - Running guests that somebody's restart of the network has left unplugged are plugged in again.
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
  title:
    description: A short name for people. Needs libvirt 9.7.
    type: str
    version_added: 0.2.0
  description:
    description: What the network is for, as text. Needs libvirt 9.7.
    type: str
    version_added: 0.2.0
  mode:
    description:
      - Where packets from the network go. A new network is V(nat), if omitted.
      - V(nat) translates addresses towards the host's networks, V(route) routes without translating, V(open) routes and leaves
        all filtering to the host's firewall, V(isolated) forwards nothing.
      - V(bridge) plugs guests into the existing bridge of the host that O(bridge) names. It is the kernel's,
        or with O(virtualport) one of Open vSwitch.
        With O(forward_interfaces) in its place, guests share an interface of the host by macvtap.
        The host runs that network.
      - V(private), V(vepa) and V(passthrough) are macvtap's other modes,
        on O(forward_interfaces) or O(physical_function).
      - V(hostdev) gives each guest a network card of its own,
        O(virtual_functions) or those of O(physical_function).
    type: str
    choices: [nat, route, open, isolated, bridge, private, vepa, passthrough, hostdev]
  forward_interfaces:
    description:
      - Interfaces of the host. For modes V(nat) and V(route) the one that packets may leave by; for macvtap's modes those that
        guests share, which are added and removed while the network runs. The list is the whole list.
    type: list
    elements: str
    version_added: 0.2.0
  physical_function:
    description: An SR-IOV network card of the host, by its interface, whose virtual functions guests get.
    type: str
    version_added: 0.2.0
  virtual_functions:
    description: PCI addresses of network cards for mode V(hostdev), for example V(0000:03:10.1). The list is the whole list.
    type: list
    elements: str
    version_added: 0.2.0
  managed:
    description: Whether libvirt takes a card of mode V(hostdev) from the host's driver and gives it back.
    type: bool
    version_added: 0.2.0
  hostdev_driver:
    description: The driver that hands cards of mode V(hostdev) to guests.
    type: str
    choices: [vfio, kvm]
    version_added: 0.2.0
  hostdev_driver_model:
    description: The kernel module of a driver for one kind of card, for example V(mlx5_vfio_pci). Needs libvirt 10.0.
    type: str
    version_added: 0.2.0
  nat:
    description: How mode V(nat) translates. Null is libvirt's default, the host's own address and ports from 1024 on.
    type: dict
    version_added: 0.2.0
    suboptions:
      addresses:
        description: IPv4 addresses of the host that guests appear with.
        type: dict
        suboptions:
          start:
            description: The first address.
            type: str
          end:
            description: The last address.
            type: str
      ports:
        description: Ports that guests appear with.
        type: dict
        suboptions:
          start:
            description: The first port.
            type: int
          end:
            description: The last port.
            type: int
      ipv6:
        description: Whether IPv6 addresses are translated, too; they are routed otherwise.
        type: bool
  subnet:
    description:
      - The network's IPv4 or IPv6 subnet as address and prefix length, for example V(10.20.0.0/24).
      - Required for modes V(nat) and V(route). It must not overlap with the subnet of another network of the host, nor with what
        the host itself reaches directly by an interface of its own.
    type: str
  gateway:
    description: The host's own address in the network. The first address of O(subnet), if omitted or null.
    type: str
  dhcp:
    description:
      - The range of addresses that are handed out to anyone who asks. Null hands out none but the reserved ones.
      - A new network's range is the upper half of O(subnet), if
        omitted (the lower half where the gateway lives in the upper one),
        so V(10.20.0.128) to V(10.20.0.254) of V(10.20.0.0/24). Of an IPv6 subnet only the first 65536 addresses are considered.
      - Guests of an IPv6 subnet with a range learn by router advertisements to ask for an address; without one they make
        addresses of their own from the advertised prefix.
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
      lease_time:
        description: For how long an address is handed out, V(30m), V(12h), V(7d) or V(infinite); an hour, if it was never given.
        type: str
        version_added: 0.2.0
      further_ranges:
        description: Ranges beside this one. The list is the whole list.
        type: list
        elements: dict
        version_added: 0.2.0
        suboptions:
          start:
            description: The first address.
            type: str
            required: true
          end:
            description: The last address.
            type: str
            required: true
          lease_time:
            description: For how long an address is handed out.
            type: str
  tftp_root:
    description: Directory of the host whose files guests fetch by TFTP, for booting from the network.
    type: str
    version_added: 0.2.0
  boot_file:
    description:
      - File that guests boot from the network; null lets none.
      - Firmware of several kinds is told apart by lines such as V(dhcp-match=set:efi,option:client-arch,7) and
        V(dhcp-boot=tag:efi,ipxe.efi) in O(dnsmasq_options).
    type: str
    version_added: 0.2.0
  boot_server:
    description: Address of the server that has O(boot_file). The host itself, if omitted.
    type: str
    version_added: 0.2.0
  local_ptr:
    description: Whether names of addresses in O(subnet) that the
      network does not know are unknown, rather than asked of other servers.
    type: bool
    version_added: 0.2.0
  further_subnets:
    description:
      - Subnets beside O(subnet), such as an IPv6 one beside an IPv4 one. The list is the whole list.
      - libvirt hands out addresses of one IPv4 and of one IPv6 subnet; a new one whose C(dhcp) is omitted is served if no other
        of its kind is.
    type: list
    elements: dict
    version_added: 0.2.0
    suboptions:
      subnet:
        description: The subnet as address and prefix length.
        type: str
        required: true
      gateway:
        description: The host's own address in it. The first address, if omitted.
        type: str
      dhcp:
        description: The range of addresses that are handed out, as in O(dhcp); null for none.
        type: dict
        suboptions:
          enabled:
            description: V(false) is the same as null for the whole option.
            type: bool
          start:
            description: The first address.
            type: str
          end:
            description: The last address.
            type: str
          lease_time:
            description: For how long an address is handed out.
            type: str
          further_ranges:
            description: Ranges beside this one. The list is the whole list.
            type: list
            elements: dict
            suboptions:
              start:
                description: The first address.
                type: str
                required: true
              end:
                description: The last address.
                type: str
                required: true
              lease_time:
                description: For how long an address is handed out.
                type: str
      tftp_root:
        description: Directory of the host whose files guests fetch by TFTP.
        type: str
      boot_file:
        description: File that guests boot from the network.
        type: str
      boot_server:
        description: Address of the server that has it.
        type: str
      local_ptr:
        description: Whether unknown names of its addresses are asked nowhere else.
        type: bool
  address_pool:
    description:
      - Addresses for VMs whose interfaces ask for C(pool) in place of an address. Each gets a free one, in the order of this list,
        and keeps it until it is removed. The list is the whole list.
      - What a slot says of its subnet has to be what the network says.
        A new network's O(forwarders) are the servers in O(address_pool[].dns), if omitted.
    type: list
    elements: dict
    version_added: 0.2.0
    suboptions:
      name:
        description: What people call the slot.
        type: str
      address:
        description: The address, outside of the ranges that are handed out to anyone.
        type: str
        required: true
      gateway:
        description: The network's gateway.
        type: str
      broadcast:
        description: The subnet's broadcast address.
        type: str
      netmask:
        description: The subnet's mask.
        type: str
      dns:
        description: DNS servers, the gateway or some of O(forwarders).
        type: list
        elements: str
      mac:
        description: The MAC of the interface that gets the slot. The interface's own, if omitted.
        type: str
  routes:
    description: Routes that the host takes through this network. The list is the whole list.
    type: list
    elements: dict
    version_added: 0.2.0
    suboptions:
      destination:
        description: Where to, as address and prefix length.
        type: str
        required: true
      gateway:
        description: The router, an address in the network.
        type: str
        required: true
      metric:
        description: Of several routes to the same destination, the one with the smallest metric is taken.
        type: int
  domain:
    description: The DNS domain of the network's guests.
    type: str
  domain_local_only:
    description:
      - Whether names in O(domain) that the network does not know are unknown, rather than asked of other servers.
      - V(true) for a new network with a domain, if omitted.
    type: bool
  domain_register:
    description: Whether libvirt tells the host's systemd-resolved
      to ask this network for names in O(domain). Needs libvirt 10.1.
    type: bool
    version_added: 0.2.0
  dns:
    description: Whether the network has a DNS server. It does, if that was never said.
    type: bool
    version_added: 0.2.0
  forward_plain_names:
    description: Whether names without a domain that the network does not know are asked of other servers.
    type: bool
    version_added: 0.2.0
  bridge:
    description:
      - Name of the bridge, 15 characters at most. Derived from O(name) for a new network, if omitted.
      - Required for mode V(bridge), unless that uses O(forward_interfaces).
    type: str
  stp:
    description: Whether the bridge runs the spanning tree protocol. A new network's does not, if omitted.
    type: bool
  delay:
    description: Seconds that a new port of the bridge only listens. None for a new network, if omitted.
    type: int
  zone:
    description: The zone of firewalld that the bridge is put into. libvirt's own, if omitted.
    type: str
    version_added: 0.2.0
  mac_table_manager:
    description: Who keeps the table of MAC addresses behind the bridge's ports; V(libvirt) floods no port with unknown ones.
    type: str
    choices: [kernel, libvirt]
    version_added: 0.2.0
  mac:
    description: MAC address of the bridge. libvirt chooses one, if omitted.
    type: str
    version_added: 0.2.0
  mtu:
    description: Size of the largest packet in bytes. Null is libvirt's default.
    type: int
  isolated_ports:
    description: Whether guests reach the host and what is beyond, but not each other.
    type: bool
    version_added: 0.2.0
  trust_guest_rx_filters:
    description: Whether guests may change which packets they receive, their MAC and the multicast groups they listen to.
    type: bool
    version_added: 0.2.0
  guest_ipv6:
    description: Whether guests may speak IPv6 with each other in a network that has no IPv6 subnet.
    type: bool
    version_added: 0.2.0
  vlan:
    description:
      - VLAN tags of all ports, for Open vSwitch, SR-IOV cards and, from libvirt 11.0 on, the kernel's bridges. Null removes them.
    type: dict
    version_added: 0.2.0
    suboptions:
      tags:
        description: The tags. The list is the whole list.
        type: list
        elements: dict
        required: true
        suboptions:
          id:
            description: The VLAN's number.
            type: int
            required: true
          native_mode:
            description: Makes this the VLAN of packets without a tag, which leave V(tagged) or V(untagged).
            type: str
            choices: [tagged, untagged]
      trunk:
        description: Whether guests send and receive tagged packets. They do where there are several tags.
        type: bool
  virtualport:
    description: What ports tell a switch that is not the kernel's bridge. Null removes it.
    type: dict
    version_added: 0.2.0
    suboptions:
      type:
        description: The kind of switch.
        type: str
        choices: [openvswitch, 802.1Qbg, 802.1Qbh, midonet]
      profile_id:
        description: Name of a profile that the switch knows.
        type: str
      interface_id:
        description: UUID of the port.
        type: str
      manager_id:
        description: Number of the manager of port types.
        type: int
      type_id:
        description: Number of the port type.
        type: int
      type_version:
        description: Version of the port type.
        type: int
      instance_id:
        description: UUID of the instance.
        type: str
  bandwidth:
    description:
      - Limits of all guests' traffic together through the bridge, in sizes with a unit per second, V(10MiB).
      - C(inbound) is what guests receive, C(outbound) what they send. Null removes the limits.
    type: dict
    version_added: 0.2.0
    suboptions:
      inbound:
        description: What is received.
        type: dict
        suboptions:
          average:
            description: The rate to be kept.
            type: str
          peak:
            description: The highest rate.
            type: str
          burst:
            description: What may be received at peak rate in one go.
            type: str
          floor:
            description: The rate that is guaranteed to one interface, in a network with a limit.
            type: str
      outbound:
        description: What is sent.
        type: dict
        suboptions:
          average:
            description: The rate to be kept.
            type: str
          peak:
            description: The highest rate.
            type: str
          burst:
            description: What may be sent at peak rate in one go.
            type: str
  portgroups:
    description:
      - Kinds of ports that VMs' interfaces can ask for. They change while guests use them, and their ports follow.
      - The list is the whole list.
    type: list
    elements: dict
    version_added: 0.2.0
    suboptions:
      name:
        description: Its name.
        type: str
        required: true
      default:
        description: Whether ports that ask for none are of this group.
        type: bool
      trust_guest_rx_filters:
        description: Whether guests may change which packets they receive.
        type: bool
      vlan:
        description: VLAN tags of the group's ports, as in O(vlan).
        type: dict
        suboptions:
          tags:
            description: The tags. The list is the whole list.
            type: list
            elements: dict
            required: true
            suboptions:
              id:
                description: The VLAN's number.
                type: int
                required: true
              native_mode:
                description: Makes this the VLAN of packets without a tag, which leave V(tagged) or V(untagged).
                type: str
                choices: [tagged, untagged]
          trunk:
            description: Whether guests send and receive tagged packets.
            type: bool
      virtualport:
        description: What ports tell a switch that is not the kernel's bridge, as in O(virtualport).
        type: dict
        suboptions:
          type:
            description: The kind of switch.
            type: str
            choices: [openvswitch, 802.1Qbg, 802.1Qbh, midonet]
          profile_id:
            description: Name of a profile that the switch knows.
            type: str
          interface_id:
            description: UUID of the port.
            type: str
          manager_id:
            description: Number of the manager of port types.
            type: int
          type_id:
            description: Number of the port type.
            type: int
          type_version:
            description: Version of the port type.
            type: int
          instance_id:
            description: UUID of the instance.
            type: str
      bandwidth:
        description: Limits of each port's traffic, as in O(bandwidth).
        type: dict
        suboptions:
          inbound:
            description: What is received.
            type: dict
            suboptions:
              average:
                description: The rate to be kept.
                type: str
              peak:
                description: The highest rate.
                type: str
              burst:
                description: What may be received at peak rate in one go.
                type: str
              floor:
                description: The rate that is guaranteed to one interface, in a network with a limit.
                type: str
          outbound:
            description: What is sent.
            type: dict
            suboptions:
              average:
                description: The rate to be kept.
                type: str
              peak:
                description: The highest rate.
                type: str
              burst:
                description: What may be sent at peak rate in one go.
                type: str
  reservations:
    description: Addresses that are kept for one client each. The list is the whole list.
    type: list
    elements: dict
    suboptions:
      vm:
        description:
          - A VM that the address is kept for. Its interface in this network says the MAC, on every run anew, and the VM's name
            is the O(reservations[].name), if that is omitted.
          - Until it has an interface there, the address is kept for who sends that name.
          - A VM whose own interface has an C(address) needs no entry here.
        type: str
        version_added: 0.2.0
      mac:
        description:
          - The client's MAC address.
          - IPv4 needs it, unless O(reservations[].vm) or O(reservations[].name) is given.
        type: str
      client_id:
        description: What an IPv6 client calls itself, its DUID in hexadecimal octets, V(0:3:0:1:2:0:0:aa:bb:cc).
        type: str
        version_added: 0.2.0
      name:
        description: The host name that is given to the client, or
          by which it is known where it has no O(reservations[].mac).
        type: str
      address:
        description: The address, within O(subnet) or one of O(further_subnets).
        type: str
        required: true
      lease_time:
        description: For how long the address is handed out.
        type: str
        version_added: 0.2.0
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
  dns_services:
    description: Where services are found, as SRV records. The list is the whole list.
    type: list
    elements: dict
    version_added: 0.2.0
    suboptions:
      service:
        description: The service's name, for example V(ldap).
        type: str
        required: true
      protocol:
        description: Its protocol.
        type: str
        choices: [tcp, udp]
        required: true
      domain:
        description: The domain that the record belongs to. The network's, if omitted.
        type: str
      target:
        description: Name of the host that has the service. There is no such service, if omitted.
        type: str
      port:
        description: The port it listens on.
        type: int
      priority:
        description: Of several, those with the smallest number are asked first.
        type: int
      weight:
        description: Of several with the same priority, the share that one gets.
        type: int
  dns_texts:
    description: TXT records. The list is the whole list.
    type: list
    elements: dict
    version_added: 0.2.0
    suboptions:
      name:
        description: The name; each stands once.
        type: str
        required: true
      value:
        description: The text.
        type: str
        required: true
  forwarders:
    description:
      - DNS servers that are asked for what the network does not know; the host's own, if there is none without a domain.
      - The list is the whole list.
    type: list
    elements: dict
    suboptions:
      address:
        description: The server's address. If omitted, names in
          O(forwarders[].domain) are asked of the host's own servers.
        type: str
      domain:
        description: Names in this domain only.
        type: str
  dnsmasq_options:
    description:
      - Lines of dnsmasq's configuration that libvirt has no words for, for example V(no-ping) for faster leases, or
        V(ra-param=br-front,high,60) for router advertisements.
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
      - V(inactive) and V(absent) are refused while running VMs use the network, unless O(force) is set.
    type: str
    choices: [active, present, inactive, absent]
    default: active
  autostart:
    description: Whether the network starts with the host. A new network does, if omitted.
    type: bool
  apply:
    description:
      - What becomes of a change that the running network cannot take.
      - V(live) records it in the definition and reports it in C(restart_required).
      - V(next_boot) does so with every change, those included that the running network could take.
      - V(restart) restarts the network. Its guests are plugged into the new bridge at once, and their connections survive; packets
        are lost for about a second.
    type: str
    choices: [live, next_boot, restart]
    default: live
    version_added: 0.2.0
  force:
    description: Whether a network is stopped or removed while running VMs use it. They are cut off then.
    type: bool
    default: false
    version_added: 0.2.0
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
      - {vm: web1, address: 10.20.0.11}
    dns_hosts:
      - {address: 10.20.0.2, names: [storage, backup]}

- name: IPv4 and IPv6, a service record, and more addresses, all while guests run
  tinycloud.libvirt.network:
    name: front
    subnet: 10.20.0.0/24
    dhcp: {start: 10.20.0.100, end: 10.20.0.254, lease_time: 12h}
    further_subnets:
      - subnet: fd00:20::/64
    dns_services:
      - {service: ldap, protocol: tcp, target: db.shop.internal, port: 389}
    apply: restart

- name: VLANs of an Open vSwitch
  tinycloud.libvirt.network:
    name: office
    mode: bridge
    bridge: ovsbr0
    virtualport: {type: openvswitch}
    portgroups:
      - {name: staff, default: true, vlan: {tags: [{id: 42}]}}
      - {name: guests, vlan: {tags: [{id: 99}]}, bandwidth: {inbound: {average: 1MiB}}}

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
