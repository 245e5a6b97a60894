# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounds of what a VM takes of the host's memory, https://libvirt.org/formatdomain.html#memory-tuning"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, FieldError, Size
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class Memtune(Model):
    tag = "memtune"
    keys = ()
    hard_limit = Size("hard_limit", unit="KiB", change=LIVE)
    soft_limit = Size("soft_limit", unit="KiB", change=LIVE)
    swap_hard_limit = Size("swap_hard_limit", unit="KiB", change=LIVE)
    min_guarantee = Size("min_guarantee", unit="KiB")

    @classmethod
    def check(cls, declared):
        hard, swap = declared.get("hard_limit"), declared.get("swap_hard_limit")
        if hard and swap and swap < hard:
            raise FieldError("counts memory and swap together; it cannot be less than hard_limit", ("swap_hard_limit",))
