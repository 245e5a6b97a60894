# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the module volume: the model's, and what only policy understands."""
from __future__ import annotations

import hashlib

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, Field, FieldError, Flag, Name, Node, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import volume as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.image import Checksum, Source
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool import DEFAULT_POOL

# https://libvirt.org/html/libvirt-libvirt-storage.html#virStorageVolWipeAlgorithm
WIPES = ("zero", "nnsa", "dod", "bsi", "gutmann", "schneier", "pfitzner7", "pfitzner33", "random", "trim")
# Each says where the first content of a volume comes from.
ORIGINS = ("image", "copy_of", "backing", "clone", "source", "upload", "content")
# Those that are files.
_FILES = ("source", "upload")

# What qemu-img writes at once or not at all.
_OF_ONE_SIZE = ("qcow", "vmdk", "vpc")


class Literal(Field):
    """Text that is a volume's whole content; people and logs see its digest only."""

    def normalise(self, value):
        return str(value)

    def describe(self, value):
        data = value.encode()
        return "%d bytes, sha256:%s" % (len(data), hashlib.sha256(data).hexdigest())


class BackingOptions(Model):
    """The volume that a new one stands on."""

    name = Name(required=True, refers="volume")
    pool = Name(refers="pool")
    format = Enum(choices=list(model.FORMATS))


class CloneOptions(Model):
    """The volume that a new one is a copy of."""

    name = Name(required=True, refers="volume")
    pool = Name(refers="pool")
    snapshot = Name()


class VolumeOptions(model.Volume):
    """The options of the module volume."""

    pool = Name(refers="pool")
    preallocation = Enum(choices=["off", "metadata", "full"])
    image = Name(refers="image")
    copy_of = Name(refers="image")
    backing = Node(BackingOptions)
    clone = Node(CloneOptions)
    source = Source()
    upload = Text()
    source_format = Enum(choices=list(model.FORMATS))
    checksum = Checksum()
    content = Literal()
    replace = Flag()
    convert = Flag()
    move_from = Name(refers="pool")
    allow_shrink = Flag()
    protect = Flag()
    wipe = Enum(choices=list(WIPES))
    state = Enum(choices=["present", "absent"], default="present")

    @classmethod
    def mark(cls, values):
        """Volumes of two pools may share a name."""
        return "name", "%s/%s" % (values.get("pool") or DEFAULT_POOL, values["name"])

    @classmethod
    def check(cls, declared):
        super().check(declared)
        if declared.get("extended_l2") and declared.get("compat") == "0.10":
            raise FieldError("extended L2 entries need compat: '1.1'", ("extended_l2",))
        if declared.get("lazy_refcounts") and declared.get("compat") == "0.10":
            raise FieldError("lazy reference counts need compat: '1.1'", ("lazy_refcounts",))
        said = [option for option in ORIGINS if declared.get(option) is not None]
        if len(said) > 1:
            raise FieldError("a volume has one origin: this names %s" % " and ".join(said), (said[1],))
        if (declared.get("image") or declared.get("backing")) and declared.get("format") not in (None, "qcow2"):
            raise FieldError("a %s volume cannot stand on another one: write qcow2, or leave format out" % declared["format"], ("format",))
        if declared.get("size") and declared.get("format") in _OF_ONE_SIZE and any(declared.get(one) for one in _FILES + ("clone",)):
            raise FieldError("qemu-img cannot resize %s; leave it out, and the volume is as large as its content" % declared["format"], ("size",))
        if declared.get("checksum") and not declared.get("source"):
            raise FieldError("it speaks of the source, and there is none", ("checksum",))
        if declared.get("source_format") and not any(declared.get(one) for one in _FILES):
            raise FieldError("it speaks of the source or upload, and there is none", ("source_format",))
        if declared.get("replace") and not any(declared.get(one) is not None for one in _FILES + ("content",)):
            raise FieldError("there is no source, upload or content that could replace what is there", ("replace",))
        if declared.get("wipe") and declared.get("state") != "absent":
            raise FieldError("a volume is wiped when it goes: write state: absent", ("wipe",))
        if declared.get("move_from") == (declared.get("pool") or DEFAULT_POOL):
            raise FieldError("the volume is to be in that very pool", ("move_from",))
        if declared.get("preallocation") == "metadata" and declared.get("format") not in (None, "qcow2"):
            raise FieldError("only qcow2 has metadata of its own", ("preallocation",))
        if declared.get("encryption") and any(declared.get(option) is not None for option in _FILES + ("content", "image", "backing")):
            raise FieldError("an encrypted volume is made empty, or a clone of another encrypted one", ("encryption",))
