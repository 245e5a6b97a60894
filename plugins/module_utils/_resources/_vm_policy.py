# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a new VM gets where the user says nothing. An existing VM is never touched by these."""
from __future__ import annotations

from functools import cached_property

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.cpu import Topology
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk import default_bus
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.host import Abilities
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.numa import memory_of

MEMORY = 1 << 30
VCPUS = 1
# Types of VMs that have a whole machine of QEMU's.
MACHINES = ("kvm", "qemu")
_MACHINES = {"x86_64": "q35", "aarch64": "virt"}
_OS_TYPES = {"lxc": "exe", "openvz": "exe", "vz": "hvm"}
# libvirt plugs only as many PCIe ports as the definition needs; devices added later need free ones.
_SPARE_PCIE_PORTS = 8
_STATS_SECONDS = 10
# What a new VM has unless null tells it to be without.
FURNITURE = ("console", "rng", "memballoon", "graphics")
_CONSOLE_LOG = "/var/log/libvirt/qemu/%s.console.log"


def console_log(name):
    """The file that the serial console of a VM is written to."""
    return _CONSOLE_LOG % name


def with_defaults(declared, host):
    """The declaration of a new VM over the defaults; ``host`` is the HostType that runs it."""
    arch = declared.get("arch") or host.arch
    kind = declared.get("type") or "auto"
    if kind == "auto":
        kind = "kvm" if host.has_kvm(arch) else "qemu"
    whole = {"arch": arch, "vcpus": VCPUS, "memory": MEMORY, "os_type": _OS_TYPES.get(kind, "hvm"), "cpu": {}, "clock": {"offset": "utc"}}
    if kind in MACHINES:
        whole.update(machine=_MACHINES.get(arch), cpu={"mode": "host-model" if kind == "kvm" else "maximum"},
                     features=dict({"acpi": True}, **({"apic": True} if arch == "x86_64" else {})))
    for option in ("cpu", "clock", "features"):
        if declared.get(option):
            whole[option] = dict(whole.get(option) or {}, **declared[option])
    whole.update({name: value for name, value in declared.items() if value is not None and name not in ("cpu", "clock", "features")})
    whole["type"] = kind
    if "features" in declared and declared["features"] is None:
        del whole["features"]
    _size(whole, declared)
    return whole


def _size(whole, declared):
    """A topology says how many virtual CPUs there can be; where only the most is said, there is no more than that."""
    topology = whole["cpu"].get("topology")
    if topology:
        whole.setdefault("maximum_vcpus", Topology.count(topology))
        if not declared.get("vcpus"):
            whole["vcpus"] = whole["maximum_vcpus"]
    if whole["cpu"].get("numa") and not (declared.get("memory") or declared.get("maximum_memory")):
        whole["memory"] = memory_of(whole["cpu"]["numa"])
    if whole.get("maximum_memory") and not declared.get("memory"):
        whole["memory"] = min(MEMORY, whole["maximum_memory"])


def disk_defaults(disk):
    device = disk.get("device") or "disk"
    # Never probed: what a guest writes into a raw disk could look like another format.
    defaults = {"device": device, "bus": default_bus(device), "format": "raw"}
    if device == "disk":
        defaults["discard"] = "unmap"
    elif device == "cdrom":
        defaults["read_only"] = True
    return dict(defaults, **disk)


def interface_defaults(interface):
    return dict({"model": "virtio"}, **interface)


def ensure_scsi(element):
    """Where there is no SCSI controller, a virtio one: libvirt's own choice is one that few guests have a driver for.

    :returns: the new controller, or None
    """
    if element.find("devices/controller[@type='scsi']") is not None:
        return None
    controller = _path.append(element, "devices/controller")
    controller.set("type", "scsi")
    controller.set("model", "virtio-scsi")
    return controller


def serve_scsi_disks(element):
    """The controller that a definition's SCSI disks need."""
    if element.find("devices/disk/target[@bus='scsi']") is not None:
        ensure_scsi(element)


def furniture(declared, name, is_system, screens):
    """What a new VM has that nobody thinks of, each with what the user says about it; null is without.

    :param screens: kinds of graphics that the host can show
    """
    usual = {
        "console": {"type": "pty", "log": console_log(name), "log_append": False} if is_system else {"type": "pty"},
        "guest_agent": True,
        "rng": {"model": "virtio", "backend": "random", "source": "/dev/urandom"},
        "memballoon": {"model": "virtio", "stats_period": _STATS_SECONDS},
    }
    if "vnc" in screens:
        # Nobody but the host's root reaches a socket: a port of the loopback is open to every process there.
        usual["graphics"] = [{"type": "vnc", "listen": "socket"}]
    if (declared.get("rng") or {}).get("backend") == "builtin":
        del usual["rng"]["source"]
    if declared.get("firmware") == "uefi" and not declared.get("loader"):
        usual["secure_boot"] = False
    for option, value in declared.items():
        if isinstance(value, dict) and isinstance(usual.get(option), dict):
            usual[option].update(value)
        elif option in usual:
            usual[option] = value
    return usual


def furnish(element):
    """What the options have no words for: ports to plug things into, where no option says which."""
    if _path.get(element, "os/type/@machine") == "q35" and element.find("devices/controller[@type='pci']") is None:
        for model in ["pcie-root"] + ["pcie-root-port"] * _SPARE_PCIE_PORTS:
            controller = _path.append(element, "devices/controller")
            controller.set("type", "pci")
            controller.set("model", model)
    serve_scsi_disks(element)


def host_type(scene):
    """The HostType of this call's host, asked for once."""
    if "host" not in scene.memory:
        scene.memory["host"] = HostType(scene.hypervisor)
    return scene.memory["host"]


class HostType:
    """What the host's capabilities say that the defaults need, https://libvirt.org/formatcaps.html"""

    def __init__(self, hypervisor):
        self._xml = _xml.parse(hypervisor.connection.getCapabilities())
        self._hypervisor = hypervisor
        self._abilities = {}

    @property
    def arch(self):
        return self._xml.findtext("host/cpu/arch")

    @property
    def archs(self):
        """Architectures of guests that it runs."""
        return sorted({arch.get("name") for arch in self._xml.findall("guest/arch")})

    def machines(self, arch):
        """Every name by which the machine types of an architecture are known."""
        place = "guest/arch[@name='%s']/" % arch
        found = self._xml.findall(place + "machine") + self._xml.findall(place + "domain/machine")
        return {machine.text for machine in found} | {machine.get("canonical") for machine in found} - {None}

    @cached_property
    def memory(self):
        """Bytes that the host has in all."""
        return self._hypervisor.connection.getInfo()[1] << 20

    def can(self, declared):
        """What this host can do for a VM of that kind, asked for once."""
        kind = (declared.get("type"), declared.get("arch"), declared.get("machine"), declared.get("emulator"))
        if kind not in self._abilities:
            text = self._hypervisor.domain_capabilities(*kind)
            self._abilities[kind] = None if text is None else Abilities.read(_xml.parse(text))
        return self._abilities[kind]

    def screens(self, declared):
        """Kinds of graphics that a VM can have here."""
        found = self.can(declared)
        return [] if found is None else found["screens"]

    def has_kvm(self, arch):
        return self._xml.find("guest/arch[@name='%s']/domain[@type='kvm']" % arch) is not None
