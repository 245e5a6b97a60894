# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What devices are plugged into, https://libvirt.org/formatdomain.html#controllers"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    RESTART, Enum, FieldError, Int, Node, Nodes, Quantity, Size, Switch, Text,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.alias import Alias
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import acpi_index, device_address
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.iothread_map import ServingThread, refuse_two_ways
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtio_driver import ON_OFF, VirtioDriver
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtualport import Number

_SCSI_ONLY = ("queues", "cmd_per_lun", "max_sectors", "ioeventfd", "iothread", "iothreads")


class ControllerDriver(VirtioDriver):
    queues = Int("@queues", minimum=1)
    cmd_per_lun = Int("@cmd_per_lun", minimum=1)
    max_sectors = Int("@max_sectors", minimum=1)
    ioeventfd = Switch("@ioeventfd", words=ON_OFF)
    iothread = Int("@iothread", minimum=1)
    iothreads = Nodes(ServingThread, "iothreads/iothread", since="11.2")

    @classmethod
    def check(cls, declared):
        refuse_two_ways(declared)


class ControllerTarget(Model):
    """What the guest sees of a PCI controller. libvirt chooses what is not said."""

    keys = ()
    chassis = Int("@chassis", minimum=0, maximum=255, generated=True)
    chassis_nr = Int("@chassisNr", minimum=0, maximum=255, generated=True)
    port = Number("@port", minimum=0, maximum=255, generated=True)
    index = Int("@index", minimum=0, maximum=255, generated=True)
    bus_nr = Int("@busNr", minimum=0, maximum=255, generated=True)
    node = Int("node", minimum=0)
    hotplug = Switch("@hotplug", words=ON_OFF)
    mem_reserve = Quantity("@memReserve", unit="KiB", since="10.3")


class Index(Int):
    """libvirt numbers those of a type that have none."""

    def read(self, element):
        number = super().read(element)
        return len(element.xpath("preceding-sibling::controller[@type=$kind]", kind=element.get("type"))) if number is None else number


class Controller(Model):
    """libvirt makes what the devices need: those that nobody named are left alone."""

    tag = "controller"
    keys = ("name", ("type", "index", "model"), ("type", "index"))
    name = Alias("alias/@name", live=False)
    type = Enum("@type", choices=["pci", "scsi", "usb", "virtio-serial", "sata", "ide", "fdc", "ccid", "isa", "nvme", "xenbus"], required=True)
    index = Index("@index", minimum=0)
    model = Text("@model", pattern="[a-z0-9-]+", meaning="a model of controller, such as virtio-scsi", generated=True)
    model_name = Text("model/@name", pattern="[a-z0-9-]+", meaning="a device of QEMU's, such as pcie-root-port", generated=True)
    ports = Int("@ports", minimum=1, generated=True)
    vectors = Int("@vectors", minimum=0, generated=True)
    master_startport = Int("master/@startport", minimum=0, generated=True)
    serial = Text("serial", pattern="[ -~]{1,20}", meaning="a serial number of up to 20 characters", since="11.5")
    driver = Node(ControllerDriver, "driver")
    pcihole64 = Size("pcihole64", unit="KiB")
    target = Node(ControllerTarget, "target", generated=True)
    max_grant_frames = Int("@maxGrantFrames", minimum=1)
    max_event_channels = Int("@maxEventChannels", minimum=1)
    acpi_index = acpi_index(RESTART)
    device_address = device_address(RESTART)

    @classmethod
    def check(cls, declared):
        kind = declared["type"]
        if declared.get("index") is None:
            if kind == "pci":
                raise FieldError("say which one: the index of the root is 0, and every other has one of its own", ("index",))
            declared["index"] = 0
        for option, kinds in (("ports", ("usb", "virtio-serial")), ("vectors", ("virtio-serial",)), ("master_startport", ("usb",)),
                              ("pcihole64", ("pci",)), ("target", ("pci",)), ("model_name", ("pci",)), ("serial", ("nvme",)),
                              ("max_grant_frames", ("xenbus",)), ("max_event_channels", ("xenbus",)),
                              ("driver", ("scsi", "virtio-serial"))):
            if declared.get(option) is not None and kind not in kinds:
                raise FieldError("is an option of controllers of the type %s" % " and ".join(kinds), (option,))
        if kind == "virtio-serial":
            for option in _SCSI_ONLY:
                if option != "iothread" and (declared.get("driver") or {}).get(option) is not None:
                    raise FieldError("is an option of controllers of the type scsi", ("driver", option))

    @classmethod
    def goes(cls, element):
        return cls.fields()["name"].read(element) is not None
