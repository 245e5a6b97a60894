# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Letting libvirt look at a pool again."""
from __future__ import annotations

import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError

_BUSY_SECONDS = 120


def refresh(pool):
    """Let a pool see what changed beneath it; jobs of other runs in the pool are waited for."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            pool.refresh(0)
            return
        except HypervisorError as error:
            # libvirt's answer while a volume is being built or filled has no code of its own.
            if error.code != "internal_error" or time.monotonic() > deadline:
                raise
        time.sleep(0.2)
