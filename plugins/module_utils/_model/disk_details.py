# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be said of a disk's data and its make, https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import AbsolutePath, Enum, FieldError, Int, Quantity, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network_source import NetworkNode, NetworkSource, SecretName


class DiskEncryption(Model):
    """A passphrase of libvirt's that opens the data."""

    tag = "encryption"
    keys = ()
    format = Enum("@format", choices=["luks", "luks2", "luks-any", "qcow"], required=True)
    engine = Enum("@engine", choices=["qemu", "librbd"], generated=True)
    # A name, not the secret itself.
    secret = SecretName("secret", required=True, refers="secret", no_log=False)

    @classmethod
    def check(cls, declared):
        if declared.get("format") in ("luks2", "luks-any") and declared.get("engine") != "librbd":
            raise FieldError("only 'engine: librbd' knows %s" % declared["format"], ("format",))

    @classmethod
    def write(cls, element, declared):
        super().write(element, declared)
        secret = element.find("secret")
        if secret is not None:
            secret.set("type", "passphrase")
        return element


class Slice(Model):
    """The part of a file or device that the data is in, in bytes."""

    tag = "slice"
    keys = ()
    offset = Int("@offset", minimum=0, required=True)
    size = Quantity("@size", required=True)


class Reservations(Model):
    """Persistent reservations of a SCSI device, by a helper that libvirt starts or one at a socket."""

    tag = "reservations"
    keys = ()
    managed = Switch("@managed", required=True)
    path = AbsolutePath("source/@path", generated=True)

    @classmethod
    def check(cls, declared):
        if bool(declared.get("path")) == bool(declared.get("managed")):
            raise FieldError("libvirt manages the helper, or give the path of the socket of one that runs")

    @classmethod
    def write(cls, element, declared):
        super().write(element, declared)
        source = element.find("source")
        if source is not None:
            source.set("type", "unix")
            source.set("mode", "client")
        return element


class DataStore(Model):
    """Where a qcow2 image keeps its data, if that is not in it."""

    tag = "dataStore"
    keys = ()
    format = Enum("format/@type", choices=["raw"], required=True)
    file = AbsolutePath("source/@file")
    block = Text("source/@dev", pattern="/dev/.+", meaning="the path of a block device below /dev")
    network = NetworkNode(NetworkSource, "source")

    @classmethod
    def check(cls, declared):
        if len([option for option in ("file", "block", "network") if declared.get(option)]) != 1:
            raise FieldError("say where it is by one of file, block or network")

    @classmethod
    def write(cls, element, declared):
        kind = next((option for option in ("file", "block", "network") if declared.get(option)), None)
        if kind and kind != element.get("type"):
            source = element.find("source")
            if source is not None:
                element.remove(source)
            element.set("type", kind)
        return super().write(element, declared)


class BlockIo(Model):
    """Sizes, in bytes, that the guest takes the device's blocks for."""

    tag = "blockio"
    keys = ()
    logical_block_size = Int("@logical_block_size", minimum=512)
    physical_block_size = Int("@physical_block_size", minimum=512)
    discard_granularity = Int("@discard_granularity", minimum=0, since="10.2")


class Geometry(Model):
    """What old guests think the disk's plates are like."""

    tag = "geometry"
    keys = ()
    cyls = Int("@cyls", minimum=1, required=True)
    heads = Int("@heads", minimum=1, required=True)
    secs = Int("@secs", minimum=1, required=True)
    trans = Enum("@trans", choices=["auto", "none", "lba"])
