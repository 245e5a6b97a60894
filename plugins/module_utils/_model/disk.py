# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM's disk, https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms"""
from __future__ import annotations

import posixpath
from string import ascii_lowercase

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    FIXED, LIVE, REPLUG, RESTART, Enum, Field, FieldError, Int, Known, Name, Node, Nodes, Presence, Size, Switch, Text, Texts,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.alias import Alias, is_engines_own, is_nameless, without_name
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import acpi_index, device_address
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_seclabel import DeviceLabel
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk_details import BlockIo, DataStore, DiskEncryption, Geometry, Reservations, Slice
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk_driver import DiskDriver
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk_source import KindOfSource, Nvme, PathOfKind, PoolVolume, VhostUserDisk
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.io_tune import IoTune
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network_source import Former, NetworkNode, NetworkSource

# Drives whose media come and go while the drive stays.
REMOVABLE = ("cdrom", "floppy")
# Buses that take nothing while the guest runs.
_COLD = ("sata", "ide", "fdc", "sd")
_PREFIX = {"virtio": "vd", "ide": "hd", "fdc": "fd"}


def default_bus(device):
    return {"cdrom": "sata", "floppy": "fdc", "lun": "scsi"}.get(device, "virtio")


def _is_cold(bus, device):
    return (bus or default_bus(device)) in _COLD


def _data_change(element):
    """How other data reaches a running guest: as a medium, as another disk, or not at all."""
    device = element.get("device")
    if device in REMOVABLE:
        return LIVE
    return RESTART if _is_cold(_path.get(element, "target/@bus"), device) else REPLUG


def _stem(path):
    return posixpath.splitext(posixpath.basename(path))[0] if path else None


class Source(Field):
    """The path a disk's data is at: a file or a block device, with the attribute that fits the disk's type."""

    _attributes = {"file": "file", "block": "dev"}

    def read(self, element):
        source = element.find("source")
        if source is None or element.get("type") in ("network", "volume"):
            return None
        return source.get(self._attributes.get(element.get("type"), "file"))

    def write(self, element, value):
        source = element.find("source")
        if self.read(element) != value:
            # They are of the data that was there.
            _path.drop(element, "backingStore")
            _path.drop(element, "mirror")
            for place in ("encryption", "source/encryption", "source/dataStore", "source/slices"):
                _path.drop(element, place)
            source = element.find("source")
        if source is not None and (value is None or element.get("type") not in self._attributes):
            element.remove(source)
            source = None
        if value is None:
            return
        kind = "block" if value.startswith("/dev/") else "file"
        element.set("type", kind)
        if source is None:
            source = element.makeelement("source", {})
            element.append(source)
        for attribute in ("file", "dev", "pool", "volume", "mode", "index"):
            source.attrib.pop(attribute, None)
        source.set(self._attributes[kind], value)

    def reach(self, element):
        return _data_change(element)


class ReadOnly(Presence):
    """A CD-ROM always is."""

    def is_content(self, element):
        return element.get("device") == "cdrom" or super().is_content(element)


class Remote(NetworkNode):
    def reach(self, element):
        return _data_change(element)


class Special(KindOfSource):
    def reach(self, element):
        return _data_change(element)


class SpecialPath(PathOfKind):
    def reach(self, element):
        return _data_change(element)


class Disk(Model):
    """The options of a disk. ``image``, ``volume``, ``file`` and ``block`` say where its data is; the engine resolves them."""

    tag = "disk"
    keys = ("name", "target", "serial")
    # Where its data is: one of these.
    sources = ("image", "volume", "file", "block", "network", "pool_volume", "directory", "nvme", "vhost_user", "vhost_vdpa")
    restated = ()

    # The running guest has no use for it: its own aliases stay until it starts anew.
    name = Alias("alias/@name", live=False)
    image = Name(change=FIXED, refers="image")
    volume = Known(change=FIXED, refers="volume")
    pool = Known(change=FIXED, refers="pool")
    clone = Enum(choices=["overlay", "full"], change=FIXED)
    size = Size(grain=512)
    file = Text(pattern="/.*", meaning="an absolute path", change=FIXED)
    block = Text(pattern="/dev/.+", meaning="the path of a block device below /dev", change=FIXED)
    network = Remote(NetworkSource, "source", change=REPLUG)
    pool_volume = Special("volume", PoolVolume, change=REPLUG)
    directory = SpecialPath("dir", "source/@dir", pattern="/.*", meaning="an absolute path", change=REPLUG)
    nvme = Special("nvme", Nvme, change=REPLUG)
    vhost_user = Special("vhostuser", VhostUserDisk, change=REPLUG)
    vhost_vdpa = SpecialPath("vhostvdpa", "source/@dev", pattern="/dev/.+", meaning="the path of a device below /dev", change=REPLUG, since="9.8")
    device = Enum("@device", choices=["disk", "cdrom", "floppy", "lun"], change=FIXED, unset="disk")
    format = Enum("driver/@type", choices=["qcow2", "raw"], change=FIXED)
    bus = Enum("target/@bus", choices=["virtio", "scsi", "sata", "ide", "usb", "fdc", "sd"], change=RESTART)
    target = Text("target/@dev", pattern="(vd|sd|hd|fd)[a-z]{1,3}", meaning="a device name such as vda", change=RESTART, generated=True)
    cache = Enum("driver/@cache", choices=["none", "writeback", "writethrough", "directsync", "unsafe"],
                 change=RESTART)
    io = Enum("driver/@io", choices=["threads", "native", "io_uring"], change=RESTART)
    discard = Enum("driver/@discard", choices=["unmap", "ignore"], change=RESTART)
    detect_zeroes = Enum("driver/@detect_zeroes", choices=["off", "on", "unmap"], change=RESTART)
    serial = Text("serial", pattern=r"[A-Za-z0-9_.+ -]{1,36}", meaning="a serial number of up to 36 characters",
                  change=RESTART)
    wwn = Text("wwn", pattern="[0-9a-f]{16}", meaning="a world wide name: write 16 hexadecimal digits in lower case", change=RESTART)
    read_only = ReadOnly("readonly", change=RESTART)
    shared = Presence("shareable", change=RESTART)
    boot_order = Int("boot/@order", minimum=1, change=RESTART)
    boot_loadparm = Text("boot/@loadparm", pattern="[A-Za-z0-9. ]{1,8}", meaning="a parameter of up to 8 letters, digits and dots", change=RESTART)
    acpi_index = acpi_index(RESTART)
    device_address = device_address(RESTART)
    driver = Node(DiskDriver, "driver")
    blockio = Node(BlockIo, "blockio")
    geometry = Node(Geometry, "geometry")
    model = Enum("@model", choices=["virtio", "virtio-transitional", "virtio-non-transitional"], generated=True)
    vendor = Text("vendor", pattern="[ -~]{1,8}", meaning="a vendor's name of up to 8 characters")
    product = Text("product", pattern="[ -~]{1,40}", meaning="a product's name of up to 16 characters, 40 on sata and ide")
    rotation_rate = Int("target/@rotation_rate", minimum=1, maximum=65534)
    removable = Switch("target/@removable", words=("on", "off"))
    # The guest opens and closes it.
    tray = Enum("target/@tray", choices=["open", "closed"], unset="closed", live=False)
    transient = Presence("transient")
    transient_share_backing = Switch("transient/@shareBacking", generated=True)
    raw_io = Switch("@rawio")
    snapshot = Enum("@snapshot", choices=["internal", "external", "no", "manual"], generated=True)
    throttle_filters = Texts("throttlefilters/throttlefilter/@group", since="11.2")
    backend_domain = Text("backenddomain/@name")
    iotune = Node(IoTune, "iotune", change=LIVE, by="io_tune")
    source = Source("source", change=REPLUG, option=False)
    # Of the data, wherever it is.
    startup_policy = Enum("source/@startupPolicy", choices=["mandatory", "requisite", "optional"], unset="mandatory")
    encryption = Former(DiskEncryption, "source/encryption", "encryption")
    slice = Node(Slice, "source/slices/slice[@type='storage']")
    reservations = Node(Reservations, "source/reservations")
    data_store = Node(DataStore, "source/dataStore", since="10.10")
    seclabels = Nodes(DeviceLabel, "source/seclabel")

    @classmethod
    def check(cls, declared):
        said = [option for option in cls.sources if declared.get(option) is not None]
        empty_drive = declared.get("device") in REMOVABLE and not said
        if len(said) != 1 and not empty_drive:
            raise FieldError("say where its data is by one of image, volume, file, block, network, pool_volume, directory, nvme, "
                             "vhost_user or vhost_vdpa%s" % ("; this has %s" % " and ".join(said) if said else ""))
        if declared.get("size") is not None and not declared.get("image"):
            raise FieldError("only the disk of an image is sized here; the size of a volume is the volume's own option",
                             ("size",))
        if declared.get("clone") is not None and not declared.get("image"):
            raise FieldError("only of an image there is a choice between an overlay and a full copy", ("clone",))
        if declared.get("image") and declared.get("format") == "raw":
            raise FieldError("the volume on top of an image is always qcow2; leave it out", ("format",))
        if declared.get("shared") and (declared.get("image") or declared.get("format") == "qcow2"):
            raise FieldError("qcow2 has one writer only: several VMs share raw data", ("shared",))
        if declared.get("device") == "cdrom" and declared.get("read_only") is False:
            raise FieldError("a CD-ROM is never written; leave it out", ("read_only",))
        cls._check_bus(declared)
        cls._check_fit(declared)
        if declared.get("name") is None and (declared.get("image") or not is_nameless(declared, cls.keys)):
            declared["name"] = cls._default_name(declared)

    @classmethod
    def _check_bus(cls, declared):
        device, bus = declared.get("device") or "disk", declared.get("bus")
        wrong = {"disk": ("fdc",), "cdrom": ("virtio", "fdc", "sd"), "lun": ("sata", "ide", "usb", "fdc", "sd"),
                 "floppy": ("virtio", "scsi", "sata", "ide", "usb", "sd")}
        if bus in wrong[device]:
            raise FieldError("a %s is not on the bus %s; leave it out for %s" % (device, bus, default_bus(device)), ("bus",))
        if declared.get("wwn") and (bus or default_bus(device)) not in ("scsi", "sata", "ide"):
            raise FieldError("only disks on scsi, sata or ide have a world wide name", ("wwn",))

    @classmethod
    def _check_fit(cls, declared):
        """What only some disks have."""
        device = declared.get("device") or "disk"
        bus = declared.get("bus") or default_bus(device)
        for option, buses in (("vendor", ("scsi",)), ("product", ("scsi", "sata", "ide")), ("rotation_rate", ("scsi", "sata", "ide")),
                              ("removable", ("usb",)), ("model", ("virtio",))):
            if declared.get(option) and bus not in buses:
                raise FieldError("only disks on %s have it" % " or ".join(buses), (option,))
        for option, devices in (("raw_io", ("lun",)), ("reservations", ("lun",)), ("tray", REMOVABLE), ("startup_policy", REMOVABLE + ("disk",))):
            if declared.get(option) and device not in devices:
                raise FieldError("goes with 'device: %s' only" % " or ".join(devices), (option,))
        if declared.get("transient_share_backing") is not None and declared.get("transient") is False:
            raise FieldError("goes with 'transient: true' only", ("transient_share_backing",))
        for option in ("encryption", "data_store"):
            if declared.get(option) and not any(declared.get(source) for source in ("volume", "file", "block", "network", "pool_volume", "image")):
                raise FieldError("is said of data in a file, a device, a volume or a network", (option,))

    @classmethod
    def _default_name(cls, declared):
        if declared.get("device") in REMOVABLE:
            # Media come and go, the drive is the same.
            return declared["device"]
        network, pooled = ((declared.get(option) or {}).get(key) for option, key in (("network", "name"), ("pool_volume", "volume")))
        path = declared.get("file") or declared.get("block") or declared.get("directory") or network
        kind = next((option for option in cls.sources if declared.get(option)), "network")
        return declared.get("volume") or declared.get("image") or pooled or _stem(path) or kind.replace("_", "-")

    @classmethod
    def options(cls, told):
        written = super().options(told)
        source = told.get("source")
        if source is not None:
            written["block" if source.startswith("/dev/") else "file"] = source
        elif not told.get("network"):
            # libvirt shows a format of an empty drive in its definition only.
            written.pop("format", None)
        return without_name(written, cls.keys)

    @classmethod
    def counts(cls, element):
        return not is_engines_own(element)

    @classmethod
    def reach(cls, values, usual):
        """How a whole disk comes or goes: cold buses take nothing while the guest runs."""
        return RESTART if _is_cold(values.get("bus"), values.get("device")) else usual


def next_target(bus, taken):
    """The first free device name of a bus (vda, sdb ... sdaa), which it then counts as taken."""
    prefix = _PREFIX.get(bus, "sd")
    letters = (first + second for first in [""] + list(ascii_lowercase) for second in ascii_lowercase)
    free = next(prefix + one for one in letters if prefix + one not in taken)
    taken.add(free)
    return free
