# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the machine and its hypervisor can do or not, https://libvirt.org/formatdomain.html#hypervisor-features"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, Field, FieldError, Int, Node, Presence, Size, Switch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.hyperv import Hyperv, on_off

_CURES = ["broken", "workaround", "fixed"]


class Feature(Switch):
    """An element whose state is optional: being there is being on."""

    def __init__(self, element, attribute="state", words=("on", "off"), **options):
        super().__init__("%s/@%s" % (element, attribute), words=words, **options)

    def places(self):
        return [_path.split(self.path)[0]]

    def read(self, element):
        node = _path.find(element, self.path)
        return None if node is None else node.get(_path.split(self.path)[1], self.words[0]) == self.words[0]

    def write(self, element, value):
        if value is None:
            _path.drop(element, _path.split(self.path)[0])
        else:
            super().write(element, value)


class DirtyRing(Model):
    tag = "dirty-ring"
    keys = ()
    state = on_off("", required=True, generated=True)
    size = Int("@size", minimum=1024, maximum=65536, generated=True)


class Kvm(Model):
    tag = "kvm"
    keys = ()
    hidden = on_off("hidden")
    hint_dedicated = on_off("hint-dedicated")
    poll_control = on_off("poll-control")
    pv_ipi = on_off("pv-ipi")
    dirty_ring = Node(DirtyRing, "dirty-ring")


class Passthrough(Model):
    tag = "passthrough"
    keys = ()
    state = on_off("", required=True, generated=True)
    mode = Enum("@mode", choices=["sync_pt", "share_pt"])


class Xen(Model):
    tag = "xen"
    keys = ()
    e820_host = on_off("e820_host")
    passthrough = Node(Passthrough, "passthrough", no_log=False)


class Smm(Model):
    tag = "smm"
    keys = ()
    state = on_off("", generated=True)
    tseg = Size("tseg", unit="KiB", generated=True)


class Hpt(Model):
    tag = "hpt"
    keys = ()
    resizing = Enum("@resizing", choices=["enabled", "disabled", "required"])
    maxpagesize = Size("maxpagesize", unit="KiB")


class Allowed(Field):
    """Linux's capabilities by their names, each on or off."""

    type = "dict"

    def __init__(self, **options):
        super().__init__(".", **options)

    def normalise(self, value):
        for name, one in value.items():
            if not isinstance(one, bool):
                raise FieldError("is either true or false, not '%s'" % one, (name,))
        return dict(value)

    def is_default(self, actual):
        return super().is_default(actual or None)

    def read(self, element):
        return {child.tag: child.get("state") == "on" for child in element if child.get("state")}

    def write(self, element, value):
        for child in list(element):
            if child.get("state"):
                _path.remove(child)
        for name, one in sorted((value or {}).items()):
            _path.put(element, name + "/@state", "on" if one else "off")


class Capabilities(Model):
    tag = "capabilities"
    keys = ()
    policy = Enum("@policy", choices=["default", "allow", "deny"], unset="default", generated=True)
    allowed = Allowed()


class Features(Model):
    tag = "features"
    keys = ()
    acpi = Presence("acpi")
    apic = Presence("apic")
    apic_eoi = Switch("apic/@eoi", words=("on", "off"))
    pae = Presence("pae")
    hap = Feature("hap")
    viridian = Presence("viridian")
    privnet = Presence("privnet")
    hyperv = Node(Hyperv, "hyperv")
    kvm = Node(Kvm, "kvm")
    xen = Node(Xen, "xen")
    pvspinlock = Feature("pvspinlock")
    pmu = Feature("pmu")
    vmport = Feature("vmport")
    ps2 = on_off("ps2", since="10.7")
    smm = Node(Smm, "smm")
    ioapic = Enum("ioapic/@driver", choices=["kvm", "qemu"])
    gic = Enum("gic/@version", choices=["2", "3", "host"], generated=True)
    vmcoreinfo = Feature("vmcoreinfo")
    async_teardown = Feature("async-teardown", "enabled", ("yes", "no"), since="9.6")
    ras = on_off("ras", since="10.4")
    tb_cache = Size("tcg/tb-cache", unit="MiB")
    hpt = Node(Hpt, "hpt")
    htm = on_off("htm")
    nested_hv = on_off("nested-hv")
    ccf_assist = on_off("ccf-assist")
    cfpc = Enum("cfpc/@value", choices=_CURES)
    sbbc = Enum("sbbc/@value", choices=_CURES)
    ibs = Enum("ibs/@value", choices=["broken", "workaround", "fixed-ibs", "fixed-ccd", "fixed-na"])
    aia = Enum("aia/@value", choices=["none", "aplic", "aplic-imsic"], since="11.1")
    unknown_msrs = Enum("msrs/@unknown", choices=["ignore", "fault"])
    capabilities = Node(Capabilities, "capabilities")

    @classmethod
    def check(cls, declared):
        if declared.get("apic_eoi") is not None and declared.get("apic") is False:
            raise FieldError("goes with an APIC only", ("apic_eoi",))
