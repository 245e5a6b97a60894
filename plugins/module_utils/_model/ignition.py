# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a guest's Ignition finds its configuration, https://coreos.github.io/ignition/supported-platforms/ (qemu)"""
from __future__ import annotations

import json

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError, Raw, Text

NAME = "opt/com.coreos/config"
PLACE = "sysinfo[@type='fwcfg']/entry[@name='%s']" % NAME


class IgnitionFile(Text):
    """The file on the host that QEMU hands to the guest."""

    def __init__(self):
        super().__init__(PLACE + "/@file", option=False)

    def write(self, element, value):
        entry = _path.find(element, PLACE)
        if value is not None:
            super().write(element, value)
        elif entry is not None:
            _path.take(element, entry)


class Ignition(Raw):
    """The configuration: a mapping, its JSON as text, or the absolute path of a file on the compute host."""

    def normalise(self, value):
        if isinstance(value, str) and value.startswith("/"):
            return value
        config = value
        if isinstance(value, str):
            try:
                config = json.loads(value)
            except ValueError:
                raise FieldError("is no JSON; have Butane turn its YAML into that first") from None
        if not isinstance(config, dict) or not isinstance(config.get("ignition"), dict) or not config["ignition"].get("version"):
            raise FieldError("is no configuration: it needs ignition.version, such as 3.4.0")
        return config
