# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the drivers of all virtio devices have, https://libvirt.org/formatdomain.html#virtio-related-options"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Switch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

ON_OFF = ("on", "off")


class VirtioDriver(Model):
    keys = ()
    iommu = Switch("@iommu", words=ON_OFF)
    ats = Switch("@ats", words=ON_OFF)
    packed = Switch("@packed", words=ON_OFF)
    page_per_vq = Switch("@page_per_vq", words=ON_OFF)
