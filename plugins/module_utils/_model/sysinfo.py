# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the firmware tells the guest of its machine, https://libvirt.org/formatdomain.html#smbios-system-information"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import AbsolutePath, FieldError, Node, Nodes, Text, Texts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.composite import Composite
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.ignition import NAME as IGNITION

MODE = "os/smbios/@mode"


def _entry(name, **options):
    return Text("entry[@name='%s']" % name, **options)


class Bios(Model):
    tag = "bios"
    keys = ()
    vendor = _entry("vendor")
    version = _entry("version")
    date = _entry("date", pattern=r"\d\d/\d\d/(\d\d)?\d\d", meaning="a date like 01/31/2030")
    release = _entry("release", pattern=r"\d+\.\d+", meaning="two numbers like 1.0")


class System(Model):
    tag = "system"
    keys = ()
    manufacturer = _entry("manufacturer")
    product = _entry("product")
    version = _entry("version")
    serial = _entry("serial")
    # libvirt wants it to be the VM's.
    uuid = _entry("uuid")
    sku = _entry("sku")
    family = _entry("family")


class BaseBoard(Composite):
    tag = "baseBoard"
    keys = ("manufacturer", "product", "version", "serial", "asset", "location")
    manufacturer = _entry("manufacturer")
    product = _entry("product")
    version = _entry("version")
    serial = _entry("serial")
    asset = _entry("asset")
    location = _entry("location")

    @classmethod
    def check(cls, declared):
        if not any(declared.values()):
            raise FieldError("says nothing; give it at least one of: %s" % ", ".join(cls.keys))


class Chassis(Model):
    tag = "chassis"
    keys = ()
    manufacturer = _entry("manufacturer")
    version = _entry("version")
    serial = _entry("serial")
    asset = _entry("asset")
    sku = _entry("sku")


class Sysinfo(Model):
    tag = "sysinfo"
    keys = ()
    bios = Node(Bios, "bios")
    system = Node(System, "system")
    base_boards = Nodes(BaseBoard, "baseBoard")
    chassis = Node(Chassis, "chassis")
    oem_strings = Texts("oemStrings/entry")


class SysinfoNode(Node):
    """libvirt passes it on only where it is told that this is where the firmware's words are from."""

    def __init__(self):
        super().__init__(Sysinfo, "sysinfo[@type='smbios']")

    def write(self, element, value):
        super().write(element, value)
        if value is None and _path.get(element, MODE) == "sysinfo":
            _path.drop(element, MODE)
        elif value is not None and _path.get(element, MODE) is None:
            _path.put(element, MODE, "sysinfo")


class FwCfg(Model):
    """A file that programs in the guest read in the firmware's configuration."""

    tag = "entry"
    name = Text("@name", pattern=r"opt/[A-Za-z0-9_./-]{1,51}", meaning="a name: begin with opt/ and use letters, digits and - _ . /",
                required=True)
    # libvirt hands it to QEMU as it is, who takes a comma for the end of it.
    value = Text(".", pattern="[^,]+", meaning="text without a comma; put that into a file", generated=True)
    file = AbsolutePath("@file")

    @classmethod
    def counts(cls, element):
        return element.get("name") != IGNITION

    @classmethod
    def check(cls, declared):
        if declared.get("name") == IGNITION:
            raise FieldError("Ignition's configuration has an option of its own: set 'ignition' instead", ("name",))
        if bool(declared.get("value")) == bool(declared.get("file")):
            raise FieldError("give it a value or the path of a file, one of them", ("value",))

    @classmethod
    def write(cls, element, declared):
        if declared.get("value"):
            element.attrib.pop("file", None)
        elif declared.get("file"):
            element.text = None
        return super().write(element, declared)
