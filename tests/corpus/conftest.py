# SPDX-License-Identifier: GPL-3.0-or-later
"""Make the helpers beside this file importable."""
from __future__ import annotations

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
