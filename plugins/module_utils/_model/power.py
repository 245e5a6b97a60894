# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the BIOS tells the guest of sleeping, https://libvirt.org/formatdomain.html#power-management"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Switch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class Pm(Model):
    tag = "pm"
    keys = ()
    suspend_to_mem = Switch("suspend-to-mem/@enabled")
    suspend_to_disk = Switch("suspend-to-disk/@enabled")
