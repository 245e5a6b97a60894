# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking again where libvirt's refusal passes by itself, and has no code of its own to tell it by."""
from __future__ import annotations

import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError

_PAUSE = 0.2


def asked_again(call, seconds):
    """What a call answers; it is repeated for so many seconds while it ends with libvirt's `internal_error`."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return call()
        except HypervisorError as error:
            if error.code != "internal_error" or time.monotonic() > deadline:
                raise
        time.sleep(_PAUSE)
