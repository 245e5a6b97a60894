# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a VM belongs in the host's accounts, https://libvirt.org/formatdomain.html#resource-partitioning"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class PlaceOfVm(Model):
    tag = "resource"
    keys = ()
    partition = Text("partition", pattern="/.+", meaning="an absolute path such as /machine/production", generated=True)
    fibrechannel_appid = Text("fibrechannel/@appid", pattern="[ -~]{1,128}", meaning="up to 128 printable characters")
