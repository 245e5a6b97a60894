# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Room for memory that is plugged in later, https://libvirt.org/formatdomain.html#memory-allocation (maxMemory)"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Int, Size
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class MaxMemory(Model):
    tag = "maxMemory"
    keys = ()
    size = Size(".", unit="KiB", required=True, generated=True)
    slots = Int("@slots", minimum=1, maximum=256, generated=True)
