# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory beside what the machine starts with, https://libvirt.org/formatdomain.html#memory-devices"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    LIVE, AbsolutePath, Enum, Field, FieldError, Int, Node, Presence, Size, Switch, Text,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.capacity import MaximumMemory, Memory
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device import Device, Devices
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtualport import Uuid

_NODES = {"pattern": r"[0-9]+(-[0-9]+)?(,\^?[0-9]+(-[0-9]+)?)*", "meaning": "a list of the host's NUMA nodes, such as 0-1,3"}
_OF_FILES = ("nvdimm", "virtio-pmem")


class Base(Field):
    """Where in the guest's memory it begins: written in hexadecimal digits."""

    def normalise(self, value):
        try:
            return "0x%x" % int(str(value), 0)
        except ValueError:
            raise FieldError("'%s' is not an address: write hexadecimal digits, such as 0x150000000" % value) from None

    def parse(self, text):
        return "0x%x" % int(text, 0)


class MemorySource(Model):
    """What of the host it is made of."""

    keys = ()
    path = AbsolutePath("path")
    page_size = Size("pagesize", unit="KiB")
    nodes = Text("nodemask", **_NODES)
    align_size = Size("alignsize", unit="KiB")
    persistent = Presence("pmem")


class MemoryTarget(Model):
    """What of the guest it becomes."""

    keys = ()
    size = Size("size", unit="KiB", required=True)
    node = Int("node", minimum=0)
    label_size = Size("label/size", unit="KiB")
    block = Size("block", unit="KiB")
    requested = Size("requested", unit="KiB", change=LIVE)
    read_only = Presence("readonly")
    dynamic_slots = Switch("@dynamicMemslots", since="10.1.0")
    address = Base("address/@base", generated=True)


class MemoryDevices(Devices):
    """What there is beside them stays as it is: libvirt counts all of it together."""

    reads_path_only = True

    def write(self, element, value):
        beside = [(field, field.read(element)) for field in (MaximumMemory(), Memory())]
        super().write(element, value)
        for field, amount in beside:
            if amount is not None:
                field.write(element, amount)


class MemoryDevice(Device):
    tag = "memory"
    traits = ("model", "source.path", "target.size", "target.node")
    hot = True
    model = Enum("@model", choices=["dimm", "nvdimm", "virtio-mem", "virtio-pmem", "sgx-epc"], required=True)
    access = Enum("@access", choices=["shared", "private"])
    discard = Switch("@discard")
    uuid = Uuid("uuid", generated=True)
    source = Node(MemorySource, "source")
    target = Node(MemoryTarget, "target", required=True)

    @classmethod
    def check(cls, declared):
        model, source, target = declared["model"], declared.get("source") or {}, declared.get("target") or {}
        if (source.get("path") is not None) != (model in _OF_FILES):
            raise FieldError("'model: %s' %s" % (model, "needs the file or device that holds it" if model in _OF_FILES else "has no file"),
                             ("source", "path"))
        for option in ("block", "requested"):
            if (target.get(option) is not None) != (model == "virtio-mem"):
                raise FieldError("'model: %s' %s" % (model, "needs it" if model == "virtio-mem" else "has none, it is of virtio-mem"),
                                 ("target", option))
        if (target.get("requested") or 0) > (target.get("size") or 0):
            raise FieldError("is more than the size", ("target", "requested"))

    @classmethod
    def is_hot(cls, values):
        return values.get("model") in ("dimm", "nvdimm", "virtio-mem")

    @classmethod
    def usual_name(cls, values):
        words = [values.get("model"), (values.get("target") or {}).get("node")]
        return "-".join([cls.tag] + [str(word) for word in words if word is not None])
