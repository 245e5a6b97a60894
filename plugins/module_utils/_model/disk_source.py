# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Places of a disk's data beside files, block devices and network servers: NVMe drives, vhost devices, volumes by libvirt's own names.

https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms (source)
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import AbsolutePath, Enum, Int, Known, Node, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pci_place import PciPlace
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.reconnect import Reconnect


def _become(element, kind):
    """Make the disk one of a kind of data; what was of other data goes."""
    if element.get("type") != kind:
        for place in ("source", "backingStore", "mirror"):
            _path.drop(element, place)
        element.set("type", kind)


class KindOfSource(Node):
    """The source of a disk of one kind: sets the disk's type along with it."""

    def __init__(self, kind, model, **options):
        super().__init__(model, "source", **options)
        self.kind = kind

    def place(self, element):
        return element.find("source") if element.get("type") == self.kind else None

    def write(self, element, value):
        if value is not None:
            _become(element, self.kind)
        if value is not None or element.get("type") == self.kind:
            super().write(element, value)


class PathOfKind(Text):
    """The same where an attribute says all."""

    def __init__(self, kind, path, **options):
        super().__init__(path, **options)
        self.kind = kind

    def read(self, element):
        return super().read(element) if element.get("type") == self.kind else None

    def write(self, element, value):
        if value is not None:
            _become(element, self.kind)
        if value is not None or element.get("type") == self.kind:
            super().write(element, value)


class Nvme(Model):
    """A namespace of an NVMe drive that QEMU drives by itself."""

    keys = ()
    address = Node(PciPlace, "address", required=True)
    namespace = Int("@namespace", minimum=1, required=True)
    managed = Switch("@managed", generated=True)

    @classmethod
    def write(cls, element, declared):
        element.set("type", "pci")
        return super().write(element, declared)


class VhostUserDisk(Model):
    """The socket of a process that serves the disk."""

    keys = ()
    path = AbsolutePath("@path", required=True)
    reconnect = Node(Reconnect, "reconnect")

    @classmethod
    def write(cls, element, declared):
        element.set("type", "unix")
        return super().write(element, declared)


class PoolVolume(Model):
    """A volume that libvirt looks up when the VM starts."""

    keys = ()
    pool = Known("@pool", required=True)
    volume = Known("@volume", required=True)
    mode = Enum("@mode", choices=["host", "direct"])
