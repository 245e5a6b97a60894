# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sets of numbers as libvirt writes them: of CPUs, of NUMA nodes, of threads."""
from __future__ import annotations

import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError, Text

# libvirt's own bound, VIR_DOMAIN_CPUMASK_LEN.
_MOST = 16384
_SYNTAX = re.compile(r"\^?\d{1,5}(-\d{1,5})?(,\^?\d{1,5}(-\d{1,5})?)*")


def numbers(text):
    """The numbers that ``0-3,^2`` stands for; raises ValueError."""
    found = set()
    if not _SYNTAX.fullmatch(text):
        raise ValueError("'%s' is not a set of numbers: write them like 0-3,8 or 0-7,^5" % text)
    for part in text.split(","):
        first, _dash, last = part.lstrip("^").partition("-")
        first, last = int(first), int(last or first)
        if last < first or last >= _MOST:
            raise ValueError("'%s' is not a range of numbers below %d" % (part, _MOST))
        if part.startswith("^"):
            found.difference_update(range(first, last + 1))
        else:
            found.update(range(first, last + 1))
    if not found:
        raise ValueError("'%s' leaves no number over" % text)
    return sorted(found)


def ranges(found):
    """``[0, 1, 2, 5]`` -> ``0-2,5``, as libvirt writes it."""
    runs = []
    for number in found:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(first) if first == last else "%d-%d" % (first, last) for first, last in runs)


class CpuSet(Text):
    """A set of numbers, compared by what is in it."""

    def normalise(self, value):
        try:
            return ranges(numbers("".join(str(value).split())))
        except ValueError as error:
            raise FieldError(str(error)) from None

    def parse(self, text):
        try:
            return ranges(numbers("".join(text.split())))
        except ValueError:
            return text
