# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running VMs' interfaces in a network: who is plugged in, and plugging them in again.

libvirt hands an interface to another network (or to its own once more) by virDomainUpdateDeviceFlags: the guest keeps
its card, its link stays up. It does nothing, though, where neither the network's nor the bridge's name is another one,
so an interface takes the way over a network of its own that exists for as long.
"""
from __future__ import annotations

import hashlib
import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import constant
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.bandwidth import Bandwidth
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.forward import OWN_BRIDGE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface import Interface
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vlan import Vlan

_SYSFS = "/sys/class/net"
_MODE = Network.fields()["mode"]
# What a port takes from its port group, where the interface says nothing itself.
_FROM_GROUP = {"bandwidth": Bandwidth, "vlan": Vlan}


class Port:
    """One interface of a running VM.

    :param element: the interface as it runs
    :param own: the interface in the definition, or None
    """

    def __init__(self, vm, handle, element, own):
        self.vm = vm
        self.handle = handle
        self.element = element
        self.own = own

    @property
    def network(self):
        return _path.get(self.element, "source/@network")

    @property
    def bridge(self):
        """The bridge that libvirt plugged it into; None for what is not plugged into one."""
        return _path.get(self.element, "source/@bridge")

    @property
    def device(self):
        return _path.get(self.element, "target/@dev")

    @property
    def mac(self):
        return Interface.fields()["mac"].read(self.element)

    @property
    def group(self):
        return _path.get(self.element, "source/@portgroup")

    @property
    def name(self):
        """The interface's name in the VM's declaration, or its MAC."""
        named = Interface.fields()["name"].read(self.element if self.own is None else self.own)
        return named or self.mac

    def is_plugged(self):
        """Whether the host's kernel has it in a bridge."""
        return os.path.exists(os.path.join(_SYSFS, self.device or "", "master"))

    def as_values(self, leases):
        addresses = sorted(lease["address"] for lease in leases if lease["mac"] == self.mac)
        found = {"vm": self.vm, "interface": self.name, "mac": self.mac, "device": self.device, "portgroup": self.group,
                 "addresses": addresses}
        return {key: value for key, value in found.items() if value is not None}

    def plug(self, network, group=None, vlan=None):
        """Hand the interface to a network, with what its definition says of itself and no more.

        :param vlan: what the network says of its VLANs. libvirt changes the tags of an Open vSwitch's port in place by those of
            the interface itself; plugged in anew, which another identity of its virtual port would ask for, it keeps old tags.
        """
        element = _xml.copy(self.element)
        runs = {} if network != self.network else {"virtualport": self.element.findall("virtualport")}
        if vlan is not None:
            runs["vlan"] = [vlan]
        # What runs may show the kind of plug that the network came to.
        element.set("type", "network")
        source = element.find("source")
        source.attrib.clear()
        source.set("network", network)
        if group:
            source.set("portgroup", group)
        for tag in tuple(_FROM_GROUP) + ("virtualport",):
            for found in element.findall(tag):
                _path.remove(found)
            own = [] if self.own is None else self.own.findall(tag)
            for found in own or runs.get(tag, []):
                element.append(_xml.copy(found))
        self.handle.updateDeviceFlags(_xml.text(element), constant("DOMAIN_AFFECT_LIVE"))


def ports(scene, *networks):
    """The Ports in any of these networks."""
    found = []
    for name, fact in sorted(scene.world.domains.items()):
        if not fact.active:
            continue
        defined = {Interface.fields()["mac"].read(own): own for own in fact.xml.findall("devices/interface")}
        for element in fact.live_xml.findall("devices/interface"):
            port = Port(name, fact.handle, element, None)
            if port.network in networks:
                port.own = defined.get(port.mac)
                found.append(port)
    return found


def waiting_room(network_uuid):
    """The name of the network over which a network's interfaces are plugged in again."""
    return "tinycloud-replug-" + network_uuid


def strays(scene, fact):
    """Interfaces that belong into a running network and are not in its bridge; unknown where the host is another machine.

    Bridges that others make are their business: an Open vSwitch, say, is none that the kernel tells of.
    """
    if _MODE.read(fact.live_xml) not in OWN_BRIDGE:
        return []
    room = waiting_room(fact.uuid)
    return [port for port in ports(scene, fact.name, room)
            if port.network == room or (port.bridge and not scene.hypervisor.is_remote and not port.is_plugged())]


def orphans(scene, name):
    """Interfaces of VMs that run on while the network, whose bridge was its own, does not."""
    return [port for port in ports(scene, name) if port.bridge and not scene.goes("vm", port.vm)]


def replug(scene, name, uuid, taken):
    """Plug interfaces into a network once more, and see that they are.

    :param taken: the ports
    """
    if not taken:
        return
    room = _open_room(scene, uuid)
    try:
        for port in taken:
            group = port.group if port.network == name else port.own is not None and _path.get(port.own, "source/@portgroup")
            if port.network != room.name():
                port.plug(room.name())
            port.plug(name, group or None)
    finally:
        room.destroy()
    lost = strays(scene.again(), scene.again().world.networks[name])
    if lost:
        raise Failure("not_plugged", "Not plugged into the network '%s' again: %s" % (
            name, ", ".join("%s of the VM '%s'" % (port.name, port.vm) for port in lost)),
            hint="Run again; if they stay out, unplug them from the VM and plug them in anew.")


def _open_room(scene, uuid):
    """An isolated network with nothing in it: not stored, gone when it is destroyed or the host restarts."""
    name = waiting_room(uuid)
    existing = scene.again().world.networks.get(name)
    if existing is not None:
        return existing.handle
    element = _xml.new("network")
    _path.put(element, "name", name)
    _path.put(element, "bridge/@name", "tcr-" + hashlib.sha256(uuid.encode()).hexdigest()[:8])
    _path.put(element, "dns/@enable", "no")
    return scene.hypervisor.connection.networkCreateXML(_xml.text(element))


def behind(scene, fact):
    """[(Port, the <vlan> for it)] of those of which the running network and its port groups say something else than they have."""
    groups = {group.get("name"): group for group in fact.live_xml.findall("portgroup")}
    default = next((group for group in groups.values() if group.get("default") == "yes"), None)
    found = []
    for port in ports(scene, fact.name):
        group = groups.get(port.group, default)
        said = {tag: None if group is None else group.find(tag) for tag in _FROM_GROUP}
        if said["vlan"] is None:
            said["vlan"] = fact.live_xml.find("vlan")
        if any(_differs(port, tag, said[tag]) for tag in _FROM_GROUP):
            found.append((port, said["vlan"]))
    return found


def follow(scene, fact):
    """Let the ports have what the running network says of them."""
    for port, vlan in behind(scene, fact):
        port.plug(fact.name, port.group, vlan)


def _differs(port, tag, said):
    if port.own is None or port.own.find(tag) is not None:
        return False
    has = port.element.find(tag)
    model = _FROM_GROUP[tag]
    return (None if said is None else model.read(said)) != (None if has is None else model.read(has))
