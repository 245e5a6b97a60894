# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a storage pool is made of, https://libvirt.org/formatstorage.html#source-elements"""
from __future__ import annotations

import re
import uuid

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, Field, FieldError, Int, Node, Nodes, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

_WORD = r"[^\s/]+"
_WWN = r"[0-9a-f]{16}"


def tidy(path):
    """A path as libvirt writes it: single slashes, and none at the end."""
    return re.sub("/+", "/", path).rstrip("/") or "/"


class Location(Text):
    """A path, absolute or not; slashes are libvirt's business."""

    def normalise(self, value):
        return tidy(super().normalise(value))

    def parse(self, text):
        return tidy(text)


class HostName(Text):
    def __init__(self, path=None, **options):
        super().__init__(path, pattern=_WORD, meaning="a host's name or address", **options)


class SourceHost(Model):
    tag = "host"
    name = HostName("@name", required=True)
    port = Int("@port", minimum=1, maximum=65535)

    @classmethod
    def identity(cls, values):
        """One machine may run several servers."""
        return values["name"] if values.get("port") is None else "%(name)s:%(port)d" % values

    @classmethod
    def mark(cls, values):
        return "name", cls.identity(values)

    @classmethod
    def pairs(cls, declared, elements):
        """By name and port before any is by its name alone."""
        left, found = list(elements), []
        for item in declared:
            element = next((one for one in left if cls.read(one) == item), None)
            found.append(element)
            if element is not None:
                left.remove(element)
        rest, undeclared = super().pairs([item for item, element in zip(declared, found) if element is None], left)
        rest = iter(rest)
        return [(item, element) if element is not None else next(rest) for item, element in zip(declared, found)], undeclared


class FreeExtent(Model):
    tag = "freeExtent"
    keys = ("start",)
    start = Int("@start")
    end = Int("@end")


class Device(Model):
    tag = "device"
    keys = ("path",)
    path = Location("@path", required=True)
    part_separator = Switch("@part_separator")
    free_extents = Nodes(FreeExtent, "freeExtent", option=False)


class AdapterName(Text):
    """A SCSI host of the kernel; libvirt's own word for it is older."""

    def __init__(self, path=None, **options):
        super().__init__(path, pattern=_WORD, meaning="a name of a SCSI host, as scsi_host0", **options)

    def same(self, declared, actual):
        return declared.replace("scsi_", "", 1) == actual.replace("scsi_", "", 1)


class PciAddress(Field):
    """0000:00:1f.2, which libvirt keeps in four attributes."""

    _pattern = re.compile(r"(?:([0-9a-f]{4}):)?([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])")
    _parts = ("domain", "bus", "slot", "function")

    def normalise(self, value):
        found = self._pattern.fullmatch(str(value).strip().lower())
        if not found:
            raise FieldError("'%s' is not a PCI address: write domain, bus, slot and function as 0000:00:1f.2" % value)
        return "%04x:%02x:%02x.%x" % tuple(int(part or "0", 16) for part in found.groups())

    def read(self, element):
        place = element.find(self.path)
        if place is None:
            return None
        return "%04x:%02x:%02x.%x" % tuple(int(place.get(part, "0"), 0) for part in self._parts)

    def write(self, element, value):
        super().write(element, value)
        if value is not None:
            place = element.find(self.path)
            place.text = None
            for part, digits in zip(self._parts, re.split("[:.]", value)):
                place.set(part, "0x" + digits)


class Wwn(Text):
    def __init__(self, path=None, **options):
        super().__init__(path, pattern=_WWN, meaning="a world wide name: write 16 hexadecimal digits", **options)

    def normalise(self, value):
        return super().normalise(str(value).lower().replace(":", ""))

    def same(self, declared, actual):
        return declared == actual.lower()


class Adapter(Model):
    tag = "adapter"
    keys = ("name",)
    type = Enum("@type", choices=["scsi_host", "fc_host"], generated=True)
    name = AdapterName("@name")
    unique_id = Int("parentaddr/@unique_id", minimum=0)
    address = PciAddress("parentaddr/address")
    wwnn = Wwn("@wwnn")
    wwpn = Wwn("@wwpn")
    parent = AdapterName("@parent")
    parent_wwnn = Wwn("@parent_wwnn")
    parent_wwpn = Wwn("@parent_wwpn")
    parent_fabric_wwn = Wwn("@parent_fabric_wwn")
    managed = Switch("@managed")

    @classmethod
    def check(cls, declared):
        if declared.get("type") == "fc_host":
            for option in ("wwnn", "wwpn"):
                if not declared.get(option):
                    raise FieldError("an fc_host is known by its world wide names, write wwnn and wwpn", (option,))
        elif declared.get("name") and declared.get("address"):
            raise FieldError("a SCSI host is known by its name or by its address, write one of them", ("address",))


class SecretName(Text):
    """The secret to log in with, by its name; by its UUID where that is what was written."""

    @staticmethod
    def _is_uuid(text):
        try:
            return str(uuid.UUID(text)) == text
        except ValueError:
            return False

    def read(self, element):
        place = element.find(self.path)
        return None if place is None else place.get("usage") or place.get("uuid")

    def write(self, element, value):
        super().write(element, None)
        if value is not None:
            super().write(element, "")
            place = element.find(self.path)
            place.text = None
            place.set("uuid" if self._is_uuid(value) else "usage", value)


class Auth(Model):
    tag = "auth"
    keys = ("username",)
    # It follows from the pool's own type.
    type = Enum("@type", choices=["chap", "ceph"], option=False)
    username = Text("@username", required=True)
    secret = SecretName("secret", required=True, refers="secret", no_log=False)


class PoolSource(Model):
    tag = "source"
    name = Text("name", generated=True)
    hosts = Nodes(SourceHost, "host")
    devices = Nodes(Device, "device")
    directory = Location("dir/@path", generated=True)
    format = Text("format/@type", pattern=r"[a-z0-9+]+", meaning="a format: write one word, as ext4 or nfs", generated=True)
    protocol_version = Text("protocol/@ver", pattern=r"[0-9]+(\.[0-9]+)?", meaning="a version: write it as '4.2'")
    adapter = Node(Adapter, "adapter")
    initiator = Text("initiator/iqn/@name", pattern=r"\S+", meaning="a name of an iSCSI initiator, such as iqn.2026-01.org.example:host1")
    auth = Node(Auth, "auth")
    vendor = Text("vendor/@name")
    product = Text("product/@name")
