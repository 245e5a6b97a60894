# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounds that several disks share, https://libvirt.org/formatdomain.html#throttle-group-management"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.io_tune import IoTune


class ThrottleGroup(IoTune):
    tag = "throttlegroup"
    keys = ("group_name",)
    group_name = Text("group_name", pattern="[A-Za-z0-9_.-]{1,100}", meaning="the name of a group of disks: use letters, digits and - _ .",
                      required=True)
