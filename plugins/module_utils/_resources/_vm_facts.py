# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users learn about a VM."""
from __future__ import annotations

import ipaddress

from ansible_collections.tinycloud.libvirt.plugins.module_utils._sizes import describe_size
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError, constant
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import vm as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._claims import recorded
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_power import RUNNING, power_state

_OWN = ("xml", "asked", "seed", "customised", "ignition_file", "ignition_digest", "claims", "made")


def summary(declared):
    """``2 vcpus, 1GiB, debian-12, front``"""
    disks = [disk.get("image") or disk.get("volume") or disk.get("file") for disk in declared.get("disks") or []]
    plugs = [one.get("network") or one.get("bridge") for one in declared.get("interfaces") or []]
    vcpus = declared["vcpus"]
    return ", ".join(["%d vcpu%s" % (vcpus, "" if vcpus == 1 else "s"), describe_size(declared["memory"])]
                     + [str(one) for one in disks + plugs if one])


# The domain stopped meanwhile, its driver knows no leases, or no agent listens.
_NO_ANSWER = ("operation_invalid", "no_support", "no_domain", "agent_unresponsive", "agent_unsynced",
              "agent_command_failed", "argument_unsupported", "config_unsupported", "internal_error")


def _addresses(handle, source):
    try:
        answer = handle.interfaceAddresses(constant("DOMAIN_INTERFACE_ADDRESSES_SRC_" + source), 0)
    except HypervisorError as error:
        if error.code not in _NO_ANSWER:
            raise
        return {}
    return {facts["hwaddr"].lower(): [one["addr"] for one in facts["addrs"] or []]
            for facts in answer.values() if facts.get("hwaddr")}


def leases(handle):
    """Addresses by MAC that the networks' DHCP servers gave a running domain."""
    return _addresses(handle, "LEASE")


def known_addresses(handle):
    """Addresses by MAC that the host knows: those it leased, then those that it has seen in use."""
    found = leases(handle)
    for mac, addresses in _addresses(handle, "ARP").items():
        found[mac] = found.get(mac, []) + [one for one in addresses if one not in found.get(mac, [])]
    return found


def agent_addresses(handle):
    """Addresses that the guest itself reports, those of its own loopback left out."""
    found = [address for addresses in _addresses(handle, "AGENT").values() for address in addresses]
    return [address for address in found if not ipaddress.ip_address(address).is_loopback
            and not ipaddress.ip_address(address).is_link_local]


def _view(fact):
    return fact.live_xml if fact.live_xml is not None else fact.xml


def vm_facts(fact):
    """Sizes are in the user's terms; ``address`` is the first address of the first interface that has one."""
    values = {name: value for name, value in model.Vm.read(_view(fact)).items() if name not in _OWN}
    facts = model.Vm.describe(model.Vm.worth_telling(values))
    facts["state"] = power_state(fact.handle)
    facts["autostart"] = fact.autostart
    facts["persistent"] = fact.persistent
    leased = known_addresses(fact.handle) if facts["state"] == RUNNING else {}
    asked = {claim.mac: claim.address for claim in recorded(fact)}
    for interface in facts["interfaces"]:
        mac = interface.get("mac")
        found = leased.get(mac, [])
        asked_for = asked.get(mac)
        interface["addresses"] = ([asked_for] if asked_for else []) + [one for one in found if one != asked_for]
    facts["address"] = first_address(facts)
    return facts


def first_address(facts):
    """The first address of the first interface that has one."""
    return next((one["addresses"][0] for one in facts["interfaces"] if one["addresses"]), None)


def disk_elements(fact):
    """The elements of a VM's disks, in the order of its facts."""
    return model.Vm.fields()["disks"].found(_view(fact))


def interface_elements(fact):
    """The elements of a VM's interfaces, in the order of its facts."""
    return model.Vm.fields()["interfaces"].found(_view(fact))
