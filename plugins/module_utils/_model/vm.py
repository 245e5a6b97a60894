# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM's definition (libvirt's domain), https://libvirt.org/formatdomain.html"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    FIXED, LIVE, AbsolutePath, Enum, Field, FieldError, Mac, Name, Node, Nodes, Switch, Text,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.alias import Alias
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.block_tune import Blkiotune
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.boot import Boot
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.capacity import MaximumMemory, MaximumVcpus, Memory, Vcpus
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.clock import Clock
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.container import Init
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.controller import Controller
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.cpu import Cpu, CpuNode, Topology
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.cpu_set import CpuSet
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.cpu_tune import Cputune
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk import Disk
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.features import Features
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.firmware import Chosen, Firmware, Loader, Nvram, SecureBoot
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.id_map import IdMap
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.ignition import IgnitionFile
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface import Interface
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.io_threads import DefaultIothread, IothreadIds, Iothreads
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.keywrap import Keywrap
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.launch_security import LaunchSecurity
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.max_memory import MaxMemory
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.memory_backing import MemoryBacking
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.memory_tune import Memtune
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.numa import memory_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.numa_tune import Numatune
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.ours import NAMESPACE, OURS, Environment, Labels, Protect
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.overlay import Overlay, refuse_modelled
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.perf import Perf
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.peripherals import Peripherals
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.power import Pm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.qemu_namespace import Qemu
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.resource import PlaceOfVm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.sec_label import SecLabels
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.sysinfo import MODE, FwCfg, SysinfoNode
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.throttle_group import ThrottleGroup


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


class GenerationId(Text):
    """A UUID, or ``auto``, which libvirt turns into one and is content with whichever there is."""

    reads_path_only = True

    def __init__(self, path=None, **options):
        super().__init__(path, pattern="auto|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", meaning="'auto' or a UUID", **options)

    def normalise(self, value):
        return super().normalise(str(value).strip().lower())

    def read(self, element):
        node = _path.find(element, self.path)
        return None if node is None else node.text or "auto"

    def same(self, declared, actual):
        return declared in ("auto", actual)

    def write(self, element, value):
        if value == "auto":
            _path.ensure(element, self.path)
        else:
            super().write(element, value)


class Uuid(Text):
    """Written with or without its dashes."""

    def __init__(self, path=None, **options):
        super().__init__(path, pattern="[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
                         meaning="a UUID, such as 7f1a9a0c-5a3c-4b6f-9b07-2f4a3e9d1c55", **options)

    def normalise(self, value):
        digits = str(value).strip().lower().replace("-", "")
        if len(digits) == 32:
            value = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
        return super().normalise(value)


_ONE_OF = {"disks": "a disk", "interfaces": "an interface"}
_AT_THE_END = ["destroy", "restart", "preserve"]


class Asked(Model):
    """What a running guest was asked for and did not do. It is kept with the running domain only."""

    tag = "{%s}asked" % NAMESPACE
    keys = ()
    vcpus = Text("@vcpus", option=False)
    memory = Text("@memory", option=False)


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


class Vm(Peripherals):
    tag = "domain"

    name = Name("name", required=True, change=FIXED)
    uuid = Uuid("uuid", generated=True, change=FIXED)
    title = Text("title", pattern="[^\n]*", meaning="one line", change=LIVE)
    description = Text("description", change=LIVE)
    labels = Labels(live=True, change=LIVE)
    type = Hypervisor("@type", choices=["auto", "kvm", "qemu", "hvf", "lxc", "xen", "bhyve", "vz", "openvz", "vmware", "vbox", "hyperv", "test"],
                      newer={"hvf": "8.1"}, generated=True)
    genid = GenerationId("genid")
    os_type = Enum("os/type", choices=["hvm", "exe", "linux", "xen", "xenpvh"], generated=True)
    arch = Text("os/type/@arch", pattern="[a-z0-9_]+", meaning="an architecture such as x86_64", change=FIXED,
                generated=True)
    machine = Machine("os/type/@machine", generated=True)
    emulator = AbsolutePath("devices/emulator", generated=True)
    firmware = Firmware()
    secure_boot = SecureBoot()
    loader = Chosen(Loader, "os/loader")
    nvram = Chosen(Nvram, "os/nvram")
    boot = Node(Boot)
    init = Node(Init)
    smbios = Enum(MODE, choices=["emulate", "host", "sysinfo"])
    sysinfo = SysinfoNode()
    fw_cfg = Nodes(FwCfg, "sysinfo[@type='fwcfg']/entry")
    # The maximum is written before what there is of it.
    maximum_vcpus = MaximumVcpus("vcpu", minimum=1)
    vcpus = Vcpus(minimum=1, change=LIVE, unset=1)
    maximum_memory = MaximumMemory()
    memory = Memory(change=LIVE, generated=True)
    max_memory = Node(MaxMemory, "maxMemory")
    dump_core = Switch("memory/@dumpCore", words=("on", "off"))
    vcpu_placement = Enum("vcpu/@placement", choices=["static", "auto"], generated=True)
    vcpu_cpuset = CpuSet("vcpu/@cpuset")
    cpu = CpuNode(Cpu, "cpu")
    features = Node(Features, "features")
    clock = Node(Clock, "clock")
    pm = Node(Pm, "pm")
    cputune = Node(Cputune, "cputune")
    numatune = Node(Numatune, "numatune")
    memtune = Node(Memtune, "memtune")
    memory_backing = Node(MemoryBacking, "memoryBacking")
    blkiotune = Node(Blkiotune, "blkiotune")
    # The number is written after the list, from which it follows where it is not declared.
    iothreadids = IothreadIds()
    iothreads = Iothreads()
    defaultiothread = Node(DefaultIothread, "defaultiothread", since="8.5")
    throttlegroups = Nodes(ThrottleGroup, "throttlegroups/throttlegroup", change=LIVE, since="11.2")
    resource = Node(PlaceOfVm, "resource")
    perf = Perf()
    launch_security = Node(LaunchSecurity, "launchSecurity")
    # What sanity tests take for a secret by its name is none.
    keywrap = Node(Keywrap, "keywrap", no_log=False)
    seclabels = SecLabels()
    idmap = Node(IdMap, "idmap")
    on_poweroff = Enum("on_poweroff", choices=_AT_THE_END, change=LIVE, unset="destroy")
    on_reboot = Enum("on_reboot", choices=_AT_THE_END, change=LIVE, unset="restart")
    on_crash = Enum("on_crash", choices=_AT_THE_END + ["coredump-destroy", "coredump-restart"], change=LIVE, unset="destroy")
    disks = Nodes(Disk, "devices/disk", change=LIVE)
    interfaces = Nodes(Interface, "devices/interface", change=LIVE)
    controllers = Nodes(Controller, "devices/controller")

    qemu = Node(Qemu)

    # Over all that the options say.
    xml = Overlay()
    environment = Environment()
    protect = Protect()
    seed = Text(OURS + "/{%s}seed/@digest" % NAMESPACE, option=False, live=False)
    customised = Text(OURS + "/{%s}customised/@digest" % NAMESPACE, option=False, live=False)
    ignition_file = IgnitionFile()
    ignition_digest = Text(OURS + "/{%s}ignition/@digest" % NAMESPACE, option=False, live=False)
    asked = Node(Asked, OURS + "/{%s}asked" % NAMESPACE, option=False, generated=True)
    claims = Nodes(Claim, OURS + "/{%s}address" % NAMESPACE, option=False, live=False, generated=True)
    made = Nodes(Made, OURS + "/{%s}volume" % NAMESPACE, option=False, live=False, generated=True)

    @classmethod
    def check(cls, declared):
        for option in ("vcpus", "memory"):
            now, most = declared.get(option), declared.get("maximum_" + option)
            if now is not None and most is not None and now > most:
                said = [str(cls.fields()[option].describe(value)) for value in (now, most)]
                raise FieldError("%s is more than the maximum_%s, %s" % (said[0], option, said[1]), (option,))
        topology = (declared.get("cpu") or {}).get("topology")
        possible = declared.get("maximum_vcpus")
        if topology and possible is not None and Topology.count(topology) != possible:
            raise FieldError("has room for %d virtual CPUs, and maximum_vcpus is %d; they must be the same"
                             % (Topology.count(topology), possible), ("cpu", "topology"))
        cls._check_numa(declared)
        listed, threads = declared.get("iothreadids"), declared.get("iothreads")
        if listed and threads is not None and len(listed) != threads:
            raise FieldError("lists %d threads, and iothreads is %d; say one of them, or the same" % (len(listed), threads), ("iothreadids",))
        if declared.get("xml"):
            try:
                refuse_modelled(declared["xml"], cls)
            except FieldError as error:
                raise error.under("xml") from None
        cls._check_boot(declared)
        cls._check_secrets(declared)
        cls._check_names(declared)

    @classmethod
    def _check_names(cls, declared):
        """All devices share one set of names."""
        taken = {}
        for option, field in sorted(cls.fields().items(), key=lambda one: one[0] not in _ONE_OF):
            if not isinstance(field, Nodes) or not isinstance(field.model.fields().get("name"), Alias):
                continue
            for index, item in enumerate(declared.get(option) or []):
                mark = item.get("name") and Alias.safe(item["name"])
                if taken.setdefault(mark, option) != option and mark:
                    raise FieldError("'%s' is also the name of %s; give one of them a name of its own"
                                     % (item["name"], _ONE_OF.get(taken[mark], "one of " + taken[mark])), (option, index, "name"))

    @classmethod
    def _check_numa(cls, declared):
        numa = (declared.get("cpu") or {}).get("numa")
        most = declared.get("maximum_memory") or declared.get("memory")
        # Memory that is plugged in counts as well, and needs room.
        plugged = declared.get("max_memory") is not None
        if numa and most is not None and (memory_of(numa) > most if plugged else memory_of(numa) != most):
            say = cls.fields()["memory"].describe
            raise FieldError("have %s of memory together, and the VM has %s; they must be the same" % (say(memory_of(numa)), say(most)),
                             ("cpu", "numa", "cells"))

    @staticmethod
    def _check_boot(declared):
        if declared.get("secure_boot") and declared.get("firmware") == "bios":
            raise FieldError("only UEFI has it; write 'firmware: uefi'", ("secure_boot",))
        if (declared.get("boot") or {}).get("devices"):
            for option in ("disks", "interfaces"):
                for index, item in enumerate(declared.get(option) or []):
                    if item.get("boot_order") is not None:
                        raise FieldError("goes without boot.devices: the order is of devices or of kinds of them",
                                         (option, index, "boot_order"))

    @staticmethod
    def _check_secrets(declared):
        """A secret is masked wherever its text stands, so it must not be any name."""
        names = {declared.get("name")} | {item.get("name") for option in ("disks", "interfaces") for item in declared.get(option) or []}
        for index, item in enumerate(declared.get("graphics") or []):
            if item.get("password") in names - {None}:
                raise FieldError("is also the name of the VM or of a device of it", ("graphics", index, "password"))
