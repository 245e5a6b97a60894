# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which users of the host a container's users are, https://libvirt.org/formatdomain.html#container-boot (idmap)"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Int, Nodes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class Range(Model):
    keys = ("start",)
    start = Int("@start", minimum=0, required=True)
    target = Int("@target", minimum=0, required=True)
    count = Int("@count", minimum=1, required=True)


class IdMap(Model):
    tag = "idmap"
    keys = ()
    uids = Nodes(Range, "uid")
    gids = Nodes(Range, "gid")
