# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes in attributes, with their unit in another attribute beside them."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Field, Size
from ansible_collections.tinycloud.libvirt.plugins.module_utils._sizes import UNITS, unit_in_bytes


class Measured(Size):
    reads_path_only = True

    def read(self, element):
        node = _path.find(element, self.path)
        text = None if node is None else node.get(_path.split(self.path)[1])
        return int(text) * unit_in_bytes(node.get("unit", self.unit)) if (text or "").strip() else None

    def write(self, element, value):
        node = _path.find(element, self.path)
        if node is not None:
            node.attrib.pop("unit", None)
        Field.write(self, element, None if value is None else value // UNITS[self.unit])
        if value is not None:
            _path.find(element, self.path).set("unit", self.unit)
