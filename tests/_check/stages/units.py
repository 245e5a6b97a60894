# SPDX-License-Identifier: GPL-3.0-or-later
"""The pure parts, alone."""
from __future__ import annotations


def run(session) -> None:
    """pytest on tests/unit: fields, XML, models, plans; no libvirt, no host"""
    session.pytest("unit", session.core, ["tests/unit"])
