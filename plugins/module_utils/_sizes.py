# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes with units, as libvirt means them."""
from __future__ import annotations

import re

UNITS = {"B": 1, "bytes": 1}
for _power, _letter in enumerate("KMGTPE", start=1):
    UNITS[_letter] = UNITS[_letter + "iB"] = 1024 ** _power
    UNITS[_letter + "B"] = 1000 ** _power
UNITS["k"] = 1024
_ANY_CASE = {unit.lower(): size for unit, size in UNITS.items()}


def unit_in_bytes(word):
    """Bytes of a unit in XML, where libvirt takes letters of any case."""
    return _ANY_CASE[word.lower()]


def size_in_bytes(value):
    """Bytes of a size with a unit, in libvirt's units: GB is 10^9, GiB and G are 2^30.

    Source: https://libvirt.org/formatdomain.html#memory-allocation
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*", str(value))
    if not found:
        raise ValueError("'%s' is not a size: write a number with its unit, for example 2GiB" % value)
    number, unit = found.groups()
    if not unit:
        raise ValueError("the size '%s' has no unit: write '%sMiB' or '%sGiB'" % (value, number, number))
    if unit not in UNITS:
        raise ValueError("'%s' is not a unit of size: use B, KiB, MiB, GiB, TiB, or KB, MB, GB, TB" % unit)
    whole, _dot, fraction = number.partition(".")
    scale = 10 ** len(fraction)
    total = int(whole + fraction) * UNITS[unit]
    return -(-total // scale)


def describe_size(value):
    """The shortest exact way to write a size."""
    for letter in "EPTGMK":
        for unit in (letter + "iB", letter + "B"):
            if value and value % UNITS[unit] == 0:
                return "%d%s" % (value // UNITS[unit], unit)
    return "%dB" % value
