# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Video cards, https://libvirt.org/formatdomain.html#video-devices"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import RESTART, AbsolutePath, Enum, Int, Node, Switch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device import Device
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import acpi_index, device_address
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.first import First
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtio_driver import ON_OFF, VirtioDriver


class NotNone(Node):
    """A device that libvirt adds unless it is told that there is none."""

    reads_path_only = True

    def __init__(self, model, path, kind):
        super().__init__(model, path)
        self.kind = kind

    def read(self, element):
        return None if _path.get(element, self.kind) == "none" else super().read(element)

    def write(self, element, value):
        if value is None or _path.get(element, self.kind) == "none":
            _path.drop(element, self.path)
        if value is None:
            # The others come after it.
            if _path.find(element, self.path) is None:
                _path.put(element, self.kind, "none")
        else:
            super().write(element, value)


class Resolution(Model):
    keys = ()
    x = Int("@x", minimum=1, required=True)
    y = Int("@y", minimum=1, required=True)


class VideoDriver(VirtioDriver):
    name_ = Enum("@name", choices=["qemu", "vhostuser"], generated=True)


class VideoCard(Model):
    model = Enum("model/@type", choices=["vga", "virtio", "qxl", "cirrus", "bochs", "ramfb", "vmvga", "gop", "xen", "vbox", "parallels"], required=True)
    heads = Int("model/@heads", minimum=1, generated=True)
    vram = Int("model/@vram", minimum=1, generated=True)
    vram64 = Int("model/@vram64", minimum=1)
    ram = Int("model/@ram", minimum=1, generated=True)
    vgamem = Int("model/@vgamem", minimum=1, generated=True)
    primary = Switch("model/@primary", generated=True)
    blob = Switch("model/@blob", words=ON_OFF)
    accel3d = Switch("model/acceleration/@accel3d")
    accel2d = Switch("model/acceleration/@accel2d")
    render_node = AbsolutePath("model/acceleration/@rendernode")
    resolution = Node(Resolution, "model/resolution")
    driver = Node(VideoDriver, "driver", generated=True)
    acpi_index = acpi_index(RESTART)
    device_address = device_address(RESTART)

    @classmethod
    def write(cls, element, declared):
        if declared.get("model") not in (None, _path.get(element, "model/@type")):
            # Its memory is that of the model that was.
            _path.drop(element, "model")
        return super().write(element, declared)


class Video(VideoCard):
    """The first."""

    tag = "video"
    keys = ()


class VideoDevice(Device, VideoCard):
    tag = "video"
    traits = ("model",)


class VideoNode(NotNone, First):
    def __init__(self):
        super().__init__(Video, "devices/video", "devices/video/model/@type")
