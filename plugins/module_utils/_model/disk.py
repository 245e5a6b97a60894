# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM's disk, https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms"""
from __future__ import annotations

import posixpath
from string import ascii_lowercase

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    FIXED, REPLUG, RESTART, Enum, Field, FieldError, Int, Name, Presence, Size, Text,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.alias import Alias, is_engines_own


def _stem(path):
    return posixpath.splitext(posixpath.basename(path))[0] if path else None


class Source(Field):
    """The path a disk's data is at: a file or a block device, with the attribute that fits the disk's type."""

    _attributes = {"file": "file", "block": "dev"}

    def read(self, element):
        source = element.find("source")
        if source is None:
            return None
        return source.get(self._attributes.get(element.get("type"), "file"))

    def write(self, element, value):
        source = element.find("source")
        if self.read(element) != value:
            # They are of the data that was there.
            _path.drop(element, "backingStore")
            _path.drop(element, "mirror")
        if value is None:
            if source is not None:
                element.remove(source)
            return
        kind = "block" if value.startswith("/dev/") else "file"
        element.set("type", kind)
        if source is None:
            source = element.makeelement("source", {})
            element.append(source)
        for attribute in ("file", "dev", "pool", "volume", "mode", "index"):
            source.attrib.pop(attribute, None)
        source.set(self._attributes[kind], value)


class Disk(Model):
    """The options of a disk. ``image``, ``volume`` and ``file`` say where its data is; the engine resolves them."""

    tag = "disk"
    keys = ("name", "target", "serial")

    name = Alias("alias/@name", change=FIXED)
    image = Name(change=FIXED, refers="image")
    volume = Name(change=FIXED, refers="volume")
    pool = Name(change=FIXED, refers="pool")
    size = Size(grain=512)
    file = Text(pattern="/.*", meaning="an absolute path", change=FIXED)
    device = Enum("@device", choices=["disk", "cdrom"], change=FIXED, unset="disk")
    format = Enum("driver/@type", choices=["qcow2", "raw"], change=FIXED)
    bus = Enum("target/@bus", choices=["virtio", "scsi", "sata"], change=RESTART)
    target = Text("target/@dev", change=RESTART, option=False, generated=True)
    cache = Enum("driver/@cache", choices=["none", "writeback", "writethrough", "directsync", "unsafe"],
                 change=RESTART)
    discard = Enum("driver/@discard", choices=["unmap", "ignore"], change=RESTART)
    serial = Text("serial", pattern=r"[A-Za-z0-9_.+ -]{1,36}", meaning="a serial number of up to 36 characters",
                  change=RESTART)
    read_only = Presence("readonly", change=RESTART)
    boot_order = Int("boot/@order", minimum=1, change=RESTART)
    source = Source("source", change=REPLUG, option=False)

    @classmethod
    def check(cls, declared):
        said = [option for option in ("image", "volume", "file") if declared.get(option) is not None]
        empty_drive = declared.get("device") == "cdrom" and not said
        if len(said) != 1 and not empty_drive:
            raise FieldError("say where its data is by one of image, volume or file%s"
                             % ("; this has %s" % " and ".join(said) if said else ""))
        if declared.get("size") is not None and not declared.get("image"):
            raise FieldError("only the disk of an image is sized here; the size of a volume is the volume's own option",
                             ("size",))
        if declared.get("image") and declared.get("format") == "raw":
            raise FieldError("the volume on top of an image is always qcow2; leave it out", ("format",))
        if declared.get("name") is None:
            declared["name"] = declared.get("volume") or declared.get("image") or _stem(declared.get("file")) or "cdrom"

    @classmethod
    def options(cls, values):
        written = super().options(values)
        if values.get("source") is not None:
            written["file"] = values["source"]
        return written

    @classmethod
    def counts(cls, element):
        return not is_engines_own(element)


def next_target(bus, taken):
    """The first free device name of a bus (vda, sdb ... sdaa), which it then counts as taken."""
    prefix = "vd" if bus == "virtio" else "sd"
    letters = (first + second for first in [""] + list(ascii_lowercase) for second in ascii_lowercase)
    free = next(prefix + one for one in letters if prefix + one not in taken)
    taken.add(free)
    return free
