# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of many fields an element can have values of: told by a walk of the element, so that fields it lacks cost nothing."""
from __future__ import annotations

import copy
import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path

_PREDICATE = re.compile(r"\[[^\]]*\]$")


class _Step:
    """What is at a place of the XML: fields (by their numbers), and further steps."""

    def __init__(self):
        self.fields = set()
        self.below = {}


class Places:
    """The fields by their places."""

    def __init__(self, fields):
        self._fields = list(fields)
        self._root = _Step()
        self._always = {number for number, field in enumerate(self._fields) if field.absent is not None}
        for number, field in enumerate(self._fields):
            places = field.places()
            for path in ["."] if places is None else places:
                self._step(path).fields.add(number)

    def _step(self, path):
        step = self._root
        for name in _path.steps(path) if path != "." else []:
            step = step.below.setdefault(_PREDICATE.sub("", name), _Step())
        return step

    def read(self, element):
        """The values by the fields' names, as these were declared."""
        found = set()
        _collect(self._root, element, found)
        values = {}
        for number in sorted(found | self._always):
            field = self._fields[number]
            value = field.read(element) if number in found else copy.copy(field.absent)
            if value is not None:
                values[field.name] = value
        return values


def _collect(step, element, found):
    found |= step.fields
    if not step.below:
        return
    for attribute in element.attrib:
        if "@" + attribute in step.below:
            found |= step.below["@" + attribute].fields
    for child in element:
        if child.tag in step.below:
            _collect(step.below[child.tag], child, found)
