# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The boot ROM of a PCI device, https://libvirt.org/formatdomain.html#interface-rom-bios-configuration"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import AbsolutePath, FieldError, Switch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class Rom(Model):
    tag = "rom"
    keys = ()
    enabled = Switch("@enabled", unset=True)
    bar_ = Switch("@bar", words=("on", "off"))
    file = AbsolutePath("@file")

    @classmethod
    def check(cls, declared):
        for option in ("bar", "file"):
            if declared.get("enabled") is False and declared.get(option) is not None:
                raise FieldError("goes with 'enabled: true' only", (option,))
