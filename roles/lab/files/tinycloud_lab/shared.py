# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Debian guests are made: the module `image` does it too, so its code is used."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[4] / "plugins/module_utils"))

import _debian_guest as debian_guest
import _mmdebstrap as mmdebstrap
import _plain_disk as plain_disk

__all__ = ["debian_guest", "mmdebstrap", "plain_disk"]
