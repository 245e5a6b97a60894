# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The devices of a VM beside its disks and interfaces, https://libvirt.org/formatdomain.html#devices"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, REPLUG, Node, Nodes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.balloon import BalloonNode
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device import Devices
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import DeviceAddress
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.filesystem import Filesystem
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.first import First, Others
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.graphics import Graphics
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.guard import Panic, Pstore, Watchdog
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.hostdev import Hostdev
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.input import Input
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.memory_device import MemoryDevice, MemoryDevices
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.platform import Crypto, Iommu, Vsock
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.ports import (
    Channel, Console, ConsoleNode, GuestAgent, Parallel, Serial,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.rng import Rng, RngDevice
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.shared import Lease, Shmem
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.sound import Audio, Sound
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.tpm import TpmNode
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.usb import Hub, Redirdev, Rules, Smartcard, UsbRule
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.video import VideoDevice, VideoNode


class Peripherals(Model):
    console = ConsoleNode()
    serials = Others(Serial, change=LIVE)
    consoles = Devices(Console, change=LIVE)
    parallels = Devices(Parallel)
    guest_agent = GuestAgent()
    channels = Devices(Channel, change=LIVE)
    rng = First(Rng, "devices/rng", change=REPLUG)
    rngs = Others(RngDevice, change=LIVE)
    memballoon = BalloonNode()
    graphics = Nodes(Graphics, "devices/graphics")
    video = VideoNode()
    videos = Others(VideoDevice)
    sounds = Devices(Sound)
    audios = Devices(Audio)
    inputs = Devices(Input, change=LIVE)
    filesystems = Devices(Filesystem, change=LIVE)
    hostdevs = Devices(Hostdev, change=LIVE)
    memory_devices = MemoryDevices(MemoryDevice, change=LIVE)
    redirdevs = Devices(Redirdev, change=LIVE)
    redirfilter = Rules(UsbRule, "devices/redirfilter/usbdev")
    hubs = Devices(Hub)
    smartcards = Devices(Smartcard)
    tpm = TpmNode()
    vsock = Node(Vsock, "devices/vsock", change=REPLUG)
    watchdogs = Devices(Watchdog, change=LIVE)
    panics = Devices(Panic)
    shmems = Devices(Shmem, change=LIVE)
    iommu = Node(Iommu, "devices/iommu")
    # Where POWER keeps what its firmware remembers: a device that is always there.
    nvram_address = Node(DeviceAddress, "devices/nvram/address", generated=True)
    cryptos = Devices(Crypto)
    pstore = Node(Pstore, "devices/pstore", since="10.6.0")
    leases = Devices(Lease, change=LIVE)

    @classmethod
    def worth_telling(cls, values):
        """What is read of a VM, without the devices that libvirt adds by itself."""
        told = {}
        for name, value in values.items():
            field = cls.fields().get(name)
            value = field.worth_telling(value) if isinstance(field, Devices) else value
            if value or not isinstance(field, Devices):
                told[name] = value
        return told
