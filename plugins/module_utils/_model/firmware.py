# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a VM starts with: its firmware, https://libvirt.org/formatdomain.html#bios-bootloader"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import AbsolutePath, Enum, FieldError, Node, Switch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network_source import NetworkNode, NetworkSource

_PC = ("x86_64", "i686")


def _forget_choice(element):
    """What libvirt filled in for the firmware that was."""
    _path.drop(element, "os/loader")
    _path.drop(element, "os/nvram/@template")


class Firmware(Enum):
    """libvirt finds one that fits; others may have named its file instead."""

    def __init__(self, **options):
        super().__init__("os/@firmware", choices=["bios", "uefi"], unset="bios", **options)

    def read(self, element):
        said = super().read(element)
        if said == "efi" or _path.get(element, "os/loader/@type") == "pflash":
            return "uefi"
        return "bios" if said or _path.get(element, "os/type/@arch") in _PC else None

    def write(self, element, value):
        _forget_choice(element)
        if value == "uefi":
            _path.put(element, self.path, "efi")
        else:
            for place in (self.path, "os/nvram", "os/firmware"):
                _path.drop(element, place)


class SecureBoot(Switch):
    """Firmware that starts signed systems only, with the usual keys in it."""

    _feature = "os/firmware/feature[@name='%s']/@enabled"

    def __init__(self, **options):
        super().__init__(self._feature % "secure-boot", generated=True, **options)

    def read(self, element):
        enrolled = _path.get(element, self._feature % "enrolled-keys")
        said = super().read(element)
        return said and enrolled != "no"

    def write(self, element, value):
        _path.drop(element, "os/firmware")
        if _path.get(element, "os/@firmware"):
            _forget_choice(element)
        if value is not None:
            super().write(element, value)
        if value:
            _path.put(element, self._feature % "enrolled-keys", "yes")


class Loader(Model):
    tag = "loader"
    keys = ()
    path = AbsolutePath(".", generated=True)
    type = Enum("@type", choices=["rom", "pflash"], generated=True)
    read_only = Switch("@readonly", generated=True)
    secure = Switch("@secure", generated=True)
    stateless = Switch("@stateless", since="8.6", generated=True)
    format = Enum("@format", choices=["raw", "qcow2"], since="9.2", generated=True)


class VariablesPath(AbsolutePath):
    """A file, which may be said as the source of a disk is."""

    _as_source = "source/@file"

    def read(self, element):
        return (_path.get(element, self._as_source) if element.get("type") == "file" else super().read(element)) or None

    def write(self, element, value):
        if element.get("type") == "file":
            _path.drop(element, "source")
            element.attrib.pop("type")
        super().write(element, value)


class Nvram(Model):
    tag = "nvram"
    keys = ()
    path = VariablesPath(".", generated=True)
    template = AbsolutePath("@template", generated=True)
    format = Enum("@format", choices=["raw", "qcow2"], since="9.2", generated=True)
    template_format = Enum("@templateFormat", choices=["raw", "qcow2"], since="10.10", generated=True)
    network = NetworkNode(NetworkSource, "source", since="8.5")

    @classmethod
    def check(cls, declared):
        if declared.get("path") and declared.get("network"):
            raise FieldError("the variables are in a file or on other hosts, not both", ("network",))


class Chosen(Node):
    """Files that libvirt chooses where it is only told which kind of firmware."""

    def is_content(self, element):
        return _path.get(element, "os/@firmware") is not None or super().is_content(element)

    def read(self, element):
        # What libvirt chose is not what anybody asked for.
        place = self.place(element)
        chosen = place is not None and _path.get(element, "os/@firmware") and self.model.fields()["path"].read(place)
        return None if chosen else super().read(element)

    def write(self, element, value):
        if value and value.get("path") and self.path == "os/loader":
            # Either libvirt chooses, or the user does.
            _path.drop(element, "os/@firmware")
            _path.drop(element, "os/firmware")
        super().write(element, value)
