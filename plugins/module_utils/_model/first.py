# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices of which the first has an option of its own, and the others a list: the first is the one without a name of ours."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Node
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.alias import USER
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device import Devices


def first_of(element, path):
    """The first of the elements that has no name, or None."""
    return next((one for one in _path.find_all(element, path) if not _path.get(one, "alias/@name") or not one.find("alias").get("name").startswith(USER)), None)


class First(Node):
    """The option of the first."""

    reads_path_only = True

    def place(self, element):
        return first_of(element, self.path)

    def write(self, element, value):
        place = self.place(element)
        if value is not None:
            self.model.write(_path.append(element, self.path) if place is None else place, value)
        elif place is not None:
            _path.take(element, place)


class Others(Devices):
    """The list of the others."""

    reads_path_only = True

    def found(self, element):
        first = first_of(element, self.path)
        return [one for one in super().found(element) if one is not first]
