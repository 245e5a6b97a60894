# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a QEMU says of itself where libvirt does not ask it: the only caller of an emulator."""
from __future__ import annotations

import re
import subprocess

_SECONDS = 20
_SECTION = re.compile(r"^Network devices:\n(.*?)(?:\n\n|\Z)", re.MULTILINE | re.DOTALL)
_NAMES = re.compile(r'(?:name|alias) "([^"]+)"')


def network_cards(emulator):
    """The models of network cards that an emulator has; None where it does not say."""
    try:
        done = subprocess.run([emulator, "-machine", "none", "-device", "help"], capture_output=True, text=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    section = _SECTION.search(done.stdout)
    return set(_NAMES.findall(section.group(1))) if section else None
