# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The memory balloon, https://libvirt.org/formatdomain.html#memory-balloon-device"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, RESTART, Enum, Int, Node, Switch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import device_address
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.rng import VIRTIO
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.video import NotNone
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtio_driver import ON_OFF, VirtioDriver


class Balloon(Model):
    tag = "memballoon"
    keys = ()
    model = Enum("@model", choices=VIRTIO, generated=True)
    stats_period = Int("stats/@period", minimum=0, change=LIVE, unset=0)
    autodeflate = Switch("@autodeflate", words=ON_OFF)
    free_page_reporting = Switch("@freePageReporting", words=ON_OFF)
    driver = Node(VirtioDriver, "driver")
    device_address = device_address(RESTART)


class BalloonNode(NotNone):
    def __init__(self):
        super().__init__(Balloon, "devices/memballoon", "devices/memballoon/@model")

    def is_content(self, element):
        return _path.get(element, self.kind) == "none"

    def write(self, element, value):
        super().write(element, value)
        if value is not None and _path.get(element, self.kind) is None:
            _path.put(element, self.kind, "virtio")
