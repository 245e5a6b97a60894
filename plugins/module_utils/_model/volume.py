# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A storage volume's XML, https://libvirt.org/formatstorage.html#storage-volume-xml"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FIXED, LIVE, Enum, Name, Size, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class Capacity(Size):
    """What a guest sees of a volume.

    libvirt hands whole KiB to qemu-img when it creates a volume; one that was made elsewhere may end between two.
    """

    grain_of_volumes = 1024

    def __init__(self, path=None, **options):
        super().__init__(path, grain=self.grain_of_volumes, **options)

    def same(self, declared, actual):
        return declared == -(-actual // self.grain) * self.grain


class Volume(Model):
    tag = "volume"
    name = Name("name", required=True, change=FIXED)
    # libvirt says iso where it finds one in a raw volume.
    format = Enum("target/format/@type", choices=["qcow2", "raw"], aka={"iso": "raw"}, change=FIXED, generated=True)
    size = Capacity("capacity", change=LIVE, generated=True)
    path = Text("target/path", option=False)
    allocation = Size("allocation", option=False)
    backing_path = Text("backingStore/path", option=False)
    backing_format = Text("backingStore/format/@type", option=False)
