# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a compute host says about itself.

https://libvirt.org/formatcaps.html and https://libvirt.org/formatdomaincaps.html; nothing here can be set.
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Int, Node, Nodes, Size, Text, Texts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class Topology(Model):
    tag = "topology"
    sockets = Int("@sockets", option=False)
    dies = Int("@dies", option=False)
    cores = Int("@cores", option=False)
    threads = Int("@threads", option=False)


class Cpu(Model):
    tag = "cpu"
    model = Text("model", option=False)
    vendor = Text("vendor", option=False)
    topology = Node(Topology, "topology", option=False)


class Definition(Model):
    """A CPU as VMs get it with 'mode: custom'."""

    tag = "cpu"
    model = Text("model", option=False)
    features = Texts("feature[@policy='require']/@name", option=False)


class Guest(Model):
    """An architecture that VMs can have here."""

    tag = "guest"
    keys = ("arch",)
    arch = Text("arch/@name", option=False)
    types = Texts("arch/domain/@type", option=False)
    machines = Texts("arch/machine[@canonical]", option=False)
    emulator = Text("arch/emulator", option=False)


class Host(Model):
    tag = "capabilities"
    uuid = Text("host/uuid", option=False)
    arch = Text("host/cpu/arch", option=False)
    cpu = Node(Cpu, "host/cpu", option=False)
    guests = Nodes(Guest, "guest", option=False)


class _Modes(Texts):
    """The names of those modes that are supported."""

    def read(self, element):
        return [mode.get("name") for mode in element.findall(self.path) if mode.get("supported") == "yes"]


class Usual(Model):
    """What a VM gets that asks for nothing special: the domain capabilities of the host's best domain type."""

    tag = "domainCapabilities"
    type = Text("domain", option=False)
    arch = Text("arch", option=False)
    machine = Text("machine", option=False)
    max_vcpus = Int("vcpu/@max", option=False)
    firmware = Texts("os/enum[@name='firmware']/value", option=False)
    loaders = Texts("os/loader/value", option=False)
    cpu_modes = _Modes("cpu/mode", option=False)


class Abilities(Usual):
    """What the host can do for VMs of one type, architecture and machine."""

    emulator = Text("path", option=False)
    secure = Texts("os/loader/enum[@name='secure']/value", option=False)
    models = Texts("cpu/mode[@name='custom']/model", option=False)
    screens = Texts("devices/graphics/enum[@name='type']/value", option=False)


class Share(Model):
    """What a VM takes of its host."""

    tag = "domain"
    vcpus = Int("vcpu", option=False)
    memory = Size("memory", unit="KiB", option=False)
