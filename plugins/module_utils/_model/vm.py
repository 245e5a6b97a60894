# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM's definition (libvirt's domain), https://libvirt.org/formatdomain.html"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    FIXED, LIVE, RESTART, Enum, Field, FieldError, Int, Mac, Name, Node, Nodes, Size, Text,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk import Disk
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface import Interface
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.ours import NAMESPACE, OURS, Environment


class Hypervisor(Enum):
    """KVM or emulation; ``auto`` is settled when the VM is made and content with either later."""

    def same(self, declared, actual):
        return declared in ("auto", actual)

    def write(self, element, value):
        if value != "auto":
            super().write(element, value)


class Machine(Field):
    """A machine type; ``q35`` and ``pc`` stand for any version of them, as libvirt expands them when defining."""

    _families = {"q35": "pc-q35-", "pc": "pc-i440fx-", "virt": "virt-"}

    def same(self, declared, actual):
        family = self._families.get(declared)
        return declared == actual or (family is not None and actual.startswith(family))


class Vcpus(Int):
    """The number of virtual CPUs, all of them online."""

    def read(self, element):
        online = _path.get(element, "vcpu/@current")
        return int(online) if online else super().read(element)

    def write(self, element, value):
        super().write(element, value)
        _path.drop(element, "vcpu/@current")


class Memory(Size):
    """The memory, all of it given to the guest."""

    def write(self, element, value):
        super().write(element, value)
        if value is None or element.find("currentMemory") is not None:
            _path.drop(element, "currentMemory")


class CpuMode(Enum):
    """libvirt turns host-model into a custom CPU when the VM starts, so there it says nothing else."""

    def same_live(self, declared, actual):
        return declared == actual or (declared == "host-model" and actual == "custom")


class Cpu(Model):
    tag = "cpu"
    mode = CpuMode("@mode", choices=["host-passthrough", "host-model", "maximum", "custom"], change=RESTART)
    model = Text("model", pattern="[A-Za-z0-9_.-]+", meaning="a CPU model's name", change=RESTART)

    @classmethod
    def check(cls, declared):
        if declared.get("model") and declared.get("mode") != "custom":
            raise FieldError("a model goes with 'mode: custom' only", ("model",))


class CpuNode(Node):
    def is_default(self, actual):
        """libvirt's own choice, where the definition says nothing, is a custom model such as qemu64."""
        return super().is_default(actual) or actual.get("mode") == "custom"


class Claim(Model):
    """An address that an interface of the VM asks for, remembered so that it can be withdrawn."""

    tag = "{%s}address" % NAMESPACE
    keys = ("mac",)
    mac = Mac("@mac", option=False)
    network = Text("@network", option=False)
    address = Text("@address", option=False)
    hostname = Text("@hostname", option=False)


class Made(Model):
    """A volume that was made for this VM."""

    tag = "{%s}volume" % NAMESPACE
    keys = ("volume",)
    volume = Text("@name", option=False)
    pool = Text("@pool", option=False)


class Vm(Model):
    tag = "domain"

    name = Name("name", required=True, change=FIXED)
    uuid = Text("uuid", option=False, generated=True, change=FIXED)
    title = Text("title", pattern="[^\n]*", meaning="one line", change=LIVE)
    description = Text("description", change=LIVE)
    type = Hypervisor("@type", choices=["auto", "kvm", "qemu"], change=RESTART, generated=True)
    arch = Text("os/type/@arch", pattern="[a-z0-9_]+", meaning="an architecture such as x86_64", change=FIXED,
                generated=True)
    machine = Machine("os/type/@machine", change=RESTART, generated=True)
    vcpus = Vcpus("vcpu", minimum=1, change=RESTART, unset=1)
    memory = Memory("memory", unit="KiB", change=RESTART, generated=True)
    cpu = CpuNode(Cpu, "cpu")
    disks = Nodes(Disk, "devices/disk", change=LIVE)
    interfaces = Nodes(Interface, "devices/interface", change=LIVE)

    environment = Environment()
    seed = Text(OURS + "/{%s}seed/@digest" % NAMESPACE, option=False, live=False)
    claims = Nodes(Claim, OURS + "/{%s}address" % NAMESPACE, option=False, live=False, generated=True)
    made = Nodes(Made, OURS + "/{%s}volume" % NAMESPACE, option=False, live=False, generated=True)

    @classmethod
    def check(cls, declared):
        taken = {Disk.mark(disk) for disk in declared.get("disks") or []}
        for index, interface in enumerate(declared.get("interfaces") or []):
            if Interface.mark(interface) in taken:
                raise FieldError("'%s' is also the name of a disk; give one of them a name of its own" % interface["name"],
                                 ("interfaces", index, "name"))
