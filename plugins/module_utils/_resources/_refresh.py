# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Letting libvirt look at a pool again."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._patience import asked_again

_BUSY_SECONDS = 120


def refresh(pool):
    """Let a pool see what changed beneath it; jobs of other runs in the pool are waited for."""
    asked_again(lambda: pool.refresh(0), _BUSY_SECONDS)
