# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A storage volume's XML, https://libvirt.org/formatstorage.html#storage-volume-xml"""
from __future__ import annotations

import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    FIXED, LIVE, Enum, Field, FieldError, Int, Name, Node, Nodes, Presence, Size, Text,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool import Permissions
from ansible_collections.tinycloud.libvirt.plugins.module_utils._sizes import size_in_bytes

# Formats that hold a disk, https://libvirt.org/storage.html#directory-pool; qemu-img writes each of them.
FORMATS = ("qcow2", "raw", "qcow", "qed", "vdi", "vmdk", "vpc")
# What a partition is for, in a pool of type disk, https://libvirt.org/storage.html#disk-pool
PARTITIONS = ("none", "linux", "fat16", "fat32", "linux-swap", "linux-lvm", "linux-raid", "extended")
# What qcow2 has and no other format.
QCOW2_ONLY = ("compat", "cluster_size", "lazy_refcounts", "extended_l2")


class Capacity(Size):
    """What a guest sees of a volume.

    libvirt hands whole KiB to qemu-img when it creates a volume; one that was made elsewhere may end between two.
    """

    grain_of_volumes = 1024

    def __init__(self, path=None, **options):
        super().__init__(path, grain=self.grain_of_volumes, **options)

    def same(self, declared, actual):
        return declared == -(-actual // self.grain) * self.grain


class Allocation(Size):
    """What of a volume takes room already, which may be nothing."""

    def normalise(self, value):
        try:
            return 0 if size_in_bytes(value) == 0 else super().normalise(value)
        except ValueError as error:
            raise FieldError(str(error)) from None


class ClusterSize(Size):
    """A power of two between 512 bytes and 2 MiB, https://www.qemu.org/docs/master/system/images.html"""

    def normalise(self, value):
        size = super().normalise(value)
        if size & (size - 1) or not 512 <= size <= 2 << 20:
            raise FieldError("'%s' is not a size of clusters: write a power of two from 512B to 2MiB, for example 64KiB" % value)
        return size


class SecretReference(Field):
    """The secret that unlocks a volume: by its UUID, or by the name of its use."""

    _uuid = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

    def normalise(self, value):
        text = str(value).strip()
        if not text:
            raise FieldError("there is no text in it; write the secret's name or its UUID")
        return text.lower() if self._uuid.fullmatch(text.lower()) else text

    def read(self, element):
        secret = element.find(self.path)
        return None if secret is None else secret.get("uuid") or secret.get("usage")

    def write(self, element, value):
        secret = element.find(self.path)
        if secret is not None:
            element.remove(secret)
        if value is not None:
            by = "uuid" if self._uuid.fullmatch(value) else "usage"
            element.append(element.makeelement(self.path, {"type": "passphrase", by: value}))


class Encryption(Model):
    """https://libvirt.org/formatstorageencryption.html"""

    tag = "encryption"
    keys = ()
    format = Enum("@format", choices=["luks"], change=FIXED, required=True)
    # libvirt forgets it when it looks at the pool again: the header of a volume does not say it.
    secret = SecretReference("secret", change=FIXED, required=True, refers="secret", no_log=False)
    cipher = Text("cipher/@name", pattern="[a-z0-9]+", meaning="a cipher's name", change=FIXED)
    cipher_size = Int("cipher/@size", minimum=1, change=FIXED)
    cipher_mode = Text("cipher/@mode", pattern="[a-z0-9]+", meaning="a cipher's mode", change=FIXED)
    cipher_hash = Text("cipher/@hash", pattern="[a-z0-9]+", meaning="a hash's name", change=FIXED)
    ivgen = Text("ivgen/@name", pattern="[a-z0-9]+", meaning="an IV generator's name", change=FIXED)
    ivgen_hash = Text("ivgen/@hash", pattern="[a-z0-9]+", meaning="a hash's name", change=FIXED)


class VolumePermissions(Permissions):
    """Of the file (or device) that a volume is."""

    label = Text("label", change=LIVE, generated=True)


class Times(Model):
    tag = "timestamps"
    keys = ()
    atime = Text("atime", option=False)
    mtime = Text("mtime", option=False)
    ctime = Text("ctime", option=False)
    btime = Text("btime", option=False)


class Extent(Model):
    """A part of a device that a partition or a logical volume lies on."""

    tag = "extent"
    keys = ("start",)
    start = Int("@start", option=False)
    end = Int("@end", option=False)


class Volume(Model):
    tag = "volume"
    type = Text("@type", option=False)
    name = Name("name", required=True, change=FIXED)
    key = Text("key", option=False)
    # libvirt says iso where it finds one in a raw volume.
    format = Enum("target/format/@type", choices=FORMATS + PARTITIONS, aka={"iso": "raw"}, change=FIXED, generated=True)
    size = Capacity("capacity", change=LIVE, generated=True)
    path = Text("target/path", option=False)
    allocation = Allocation("allocation", change=FIXED, generated=True)
    device = Text("source/device/@path", option=False)
    extents = Nodes(Extent, "source/device/extent", option=False)
    physical = Size("physical", option=False)
    permissions = Node(VolumePermissions, "target/permissions", generated=True)
    times = Node(Times, "target/timestamps", option=False)
    compat = Enum("target/compat", choices=["0.10", "1.1"], change=FIXED, generated=True)
    cluster_size = ClusterSize("target/clusterSize", change=FIXED, generated=True)
    features = Presence("target/features", option=False)
    lazy_refcounts = Presence("target/features/lazy_refcounts", change=FIXED, generated=True)
    extended_l2 = Presence("target/features/extended_l2", change=FIXED, generated=True)
    nocow = Presence("target/nocow", change=FIXED, generated=True)
    encryption = Node(Encryption, "target/encryption", change=FIXED, generated=True)
    backing_path = Text("backingStore/path", option=False)
    backing_format = Text("backingStore/format/@type", option=False)
    backing_permissions = Node(VolumePermissions, "backingStore/permissions", option=False)
    backing_times = Node(Times, "backingStore/timestamps", option=False)

    @classmethod
    def check(cls, declared):
        for option in QCOW2_ONLY:
            if declared.get(option) and declared.get("format") not in (None, "qcow2"):
                raise FieldError("only qcow2 has this; leave it out, or write format: qcow2", (option,))
        if declared.get("encryption") and declared.get("format") not in (None, "qcow2", "raw"):
            raise FieldError("only qcow2 and raw volumes are encrypted", ("encryption",))
