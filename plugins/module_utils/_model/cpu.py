# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The CPU that a guest sees, https://libvirt.org/formatdomain.html#cpu-model-and-topology"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    Enum, FieldError, Int, Node, Nodes, Switch, Text,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.numa import Numa

_WORD = {"pattern": "[A-Za-z0-9_.+-]+"}
_PARTS = ("sockets", "dies", "clusters", "cores", "threads")


class CpuMode(Enum):
    """libvirt turns host-model into a custom CPU when the VM starts, so there it says nothing else."""

    def same_live(self, declared, actual):
        return declared == actual or (declared == "host-model" and actual == "custom")


class Topology(Model):
    """How the maximum of virtual CPUs is laid out. What is not said is one of its kind."""

    tag = "topology"
    keys = ()
    implied = {"sockets": "1", "cores": "1", "threads": "1"}
    sockets = Int("@sockets", minimum=1, unset=1)
    dies = Int("@dies", minimum=1, unset=1)
    clusters = Int("@clusters", minimum=1, unset=1, since="10.1")
    cores = Int("@cores", minimum=1, unset=1)
    threads = Int("@threads", minimum=1, unset=1)

    @classmethod
    def count(cls, values):
        """The virtual CPUs of a topology."""
        product = 1
        for part in _PARTS:
            product *= values.get(part) or 1
        return product


class Policy(Enum):
    """A running guest's CPU shows what became of the wish."""

    def same_live(self, declared, actual):
        return declared == actual or declared in ("optional", "force", "forbid")


class Feature(Model):
    tag = "feature"
    name = Text("@name", required=True, meaning="a CPU feature's name, such as vmx", **_WORD)
    policy = Policy("@policy", choices=["force", "require", "optional", "disable", "forbid"], unset="require")


class Features(Nodes):
    """Those of a starting CPU model are written out by libvirt, so there only the declared ones are looked for."""

    def pairs(self, declared, element):
        matched, undeclared = super().pairs(declared, element)
        return matched, [] if element.get("check") == "full" else undeclared


class Cache(Model):
    tag = "cache"
    keys = ()
    mode = Enum("@mode", choices=["emulate", "passthrough", "disable"], required=True)
    level = Int("@level", minimum=1, maximum=3)


class PhysicalAddress(Model):
    tag = "maxphysaddr"
    keys = ()
    mode = Enum("@mode", choices=["emulate", "passthrough"], required=True)
    bits = Int("@bits", minimum=1)
    limit = Int("@limit", minimum=1, since="9.3")


class Cpu(Model):
    tag = "cpu"
    keys = ()
    mode = CpuMode("@mode", choices=["host-passthrough", "host-model", "maximum", "custom"])
    model = Text("model", meaning="a CPU model's name", **_WORD)
    fallback = Enum("model/@fallback", choices=["allow", "forbid"], generated=True)
    vendor_id = Text("model/@vendor_id", pattern="[^,]{12}", meaning="a vendor's 12 characters, without a comma")
    vendor = Text("vendor", meaning="a CPU vendor's name, such as Intel", generated=True, **_WORD)
    match = Enum("@match", choices=["minimum", "exact", "strict"], generated=True, live=False)
    check_ = Enum("@check", choices=["none", "partial", "full"], generated=True, live=False)
    migratable = Switch("@migratable", words=("on", "off"), generated=True)
    deprecated_features = Switch("@deprecated_features", words=("on", "off"), since="11.0")
    topology = Node(Topology, "topology")
    numa = Node(Numa, "numa")
    cache = Node(Cache, "cache")
    physical_address = Node(PhysicalAddress, "maxphysaddr", since="8.7")
    features = Features(Feature, "feature")

    @classmethod
    def check(cls, declared):
        if declared.get("model") and declared.get("mode") != "custom":
            raise FieldError("a model goes with 'mode: custom' only", ("model",))
        if declared.get("mode") == "custom" and not declared.get("model"):
            raise FieldError("'mode: custom' needs a model, such as 'model: qemu64'", ("model",))


class CpuNode(Node):
    def is_default(self, actual):
        """libvirt's own choice, where the definition says nothing, is a custom model such as qemu64."""
        if actual is not None and actual.get("mode") == "custom":
            return not any(actual.get(part) for part in ("topology", "cache", "physical_address", "numa"))
        return super().is_default(actual)

    def write(self, element, value):
        mode = _path.get(element, "cpu/@mode")
        if value and value.get("mode") and mode and value["mode"] != mode:
            # They are of the CPU that was.
            for place in ("@match", "@check", "@migratable", "model", "vendor"):
                _path.drop(element.find("cpu"), place)
        super().write(element, value)
