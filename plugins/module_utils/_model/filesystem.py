# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders of the host in the guest, https://libvirt.org/formatdomain.html#filesystems"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    AbsolutePath, Enum, Field, FieldError, Int, Node, Presence, Size, Switch, Text,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device import Device
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.id_map import IdMap
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtio_driver import ON_OFF, VirtioDriver

_MODE = {"pattern": "0?[0-7]{3}", "meaning": "permissions, such as 0755"}
# The source's attribute by the kind.
_SOURCES = {"mount": "dir", "bind": "dir", "file": "file", "block": "dev", "template": "name", "ram": "usage"}


class FileSource(Field):
    """What of the host it is: the attribute that fits the kind."""

    reads_path_only = True

    def read(self, element):
        source = element.find("source")
        return None if source is None else source.get(self._attribute(element))

    def write(self, element, value):
        attribute = self._attribute(element)
        for other in set(_SOURCES.values()) - {attribute if value is not None else None}:
            _path.drop(element, "source/@" + other)
        if value is not None:
            _path.put(element, "source/@" + attribute, value)

    @staticmethod
    def _attribute(element):
        return _SOURCES.get(element.get("type"), "dir")


class Virtiofsd(Model):
    """The server of a virtiofs."""

    keys = ()
    path = AbsolutePath("@path")
    xattr = Switch("@xattr", words=ON_OFF)
    cache = Enum("cache/@mode", choices=["none", "always"])
    sandbox = Enum("sandbox/@mode", choices=["namespace", "chroot"])
    lock_posix = Switch("lock/@posix", words=ON_OFF)
    lock_flock = Switch("lock/@flock", words=ON_OFF)
    thread_pool_size = Int("thread_pool/@size", minimum=0, since="8.5.0")
    open_files = Int("openfiles/@max", minimum=1, since="10.6.0")


class FilesystemDriver(VirtioDriver):
    type = Enum("@type", choices=["virtiofs", "path", "handle", "loop", "nbd", "ploop", "mtp"], unset="path")
    format = Text("@format", pattern="[a-z0-9]+", meaning="a format, such as ploop or raw")
    write_policy = Enum("@wrpolicy", choices=["immediate"])
    queue_size = Int("@queue", minimum=1)


class Filesystem(Device):
    tag = "filesystem"
    traits = ("target",)
    type = Enum("@type", choices=["mount", "template", "file", "block", "ram", "bind"], unset="mount")
    driver = Node(FilesystemDriver, "driver")
    source = FileSource("source")
    socket = AbsolutePath("source/@socket")
    target = Text("target/@dir", pattern="[^ ]+", meaning="a tag, or a path in a container")
    access_mode = Enum("@accessmode", choices=["passthrough", "mapped", "squash"], unset="passthrough")
    model = Enum("@model", choices=["virtio", "virtio-transitional", "virtio-non-transitional"])
    file_mode = Text("@fmode", **_MODE)
    directory_mode = Text("@dmode", **_MODE)
    multidevs = Enum("@multidevs", choices=["default", "remap", "forbid", "warn"])
    read_only = Presence("readonly")
    boot_order = Int("boot/@order", minimum=1)
    binary = Node(Virtiofsd, "binary")
    id_map = Node(IdMap, "idmap", since="10.0.0")
    space_hard_limit = Size("space_hard_limit")
    space_soft_limit = Size("space_soft_limit")

    @classmethod
    def check(cls, declared):
        if not declared.get("source") and not declared.get("socket"):
            raise FieldError("say which folder of the host it is, or the socket of a virtiofsd that runs already", ("source",))
        if not declared.get("target"):
            raise FieldError("say by which tag (or path, in a container) the guest knows it", ("target",))
        virtiofs = cls.is_hot(declared)
        for option in ("binary", "socket", "id_map"):
            if declared.get(option) is not None and not virtiofs:
                raise FieldError("is of the driver virtiofs", (option,))
        for option in ("file_mode", "directory_mode", "multidevs"):
            if declared.get(option) is not None and virtiofs:
                raise FieldError("is of 9p, and not of the driver virtiofs", (option,))
        if declared.get("source") and declared.get("type") in (None, "mount", "bind") and not declared["source"].startswith("/"):
            raise FieldError("'%s' is not an absolute path" % declared["source"], ("source",))

    @classmethod
    def is_hot(cls, values):
        return (values.get("driver") or {}).get("type") == "virtiofs"
