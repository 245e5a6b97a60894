# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keyboards, mice and the like, https://libvirt.org/formatdomain.html#input-devices"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import AbsolutePath, Enum, FieldError, Node, Switch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device import Device
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtio_driver import ON_OFF, VirtioDriver


class Event(AbsolutePath):
    """An input device of the host: the attribute that fits the type."""

    reads_path_only = True

    def read(self, element):
        return _path.get(element, "source/@" + self._attribute(element))

    def write(self, element, value):
        place = "source/@" + self._attribute(element)
        if value is None:
            _path.drop(element, place)
        else:
            _path.put(element, place, value)

    @staticmethod
    def _attribute(element):
        return "dev" if element.get("type") == "evdev" else "evdev"


class Input(Device):
    tag = "input"
    traits = ("type", "bus", "source")
    replugs = True
    type = Enum("@type", choices=["mouse", "keyboard", "tablet", "passthrough", "evdev"], required=True)
    bus = Enum("@bus", choices=["ps2", "usb", "virtio", "xen", "parallels"], generated=True)
    model = Enum("@model", choices=["virtio", "virtio-transitional", "virtio-non-transitional"])
    source = Event("source")
    grab = Enum("source/@grab", choices=["all"])
    grab_toggle = Enum("source/@grabToggle", choices=["ctrl-ctrl", "alt-alt", "shift-shift", "meta-meta", "scrolllock", "ctrl-scrolllock"])
    repeat = Switch("source/@repeat", words=ON_OFF)
    driver = Node(VirtioDriver, "driver")

    @classmethod
    def check(cls, declared):
        of_host = declared["type"] in ("passthrough", "evdev")
        if of_host and not declared.get("source"):
            raise FieldError("'type: %s' needs the input device of the host, such as /dev/input/event3" % declared["type"], ("source",))
        for option in ("source", "grab", "grab_toggle", "repeat"):
            if declared.get(option) is not None and not of_host:
                raise FieldError("is of the types passthrough and evdev", (option,))
        if declared.get("model") and declared.get("bus") not in (None, "virtio"):
            raise FieldError("is one of the bus virtio", ("model",))

    @classmethod
    def is_hot(cls, values):
        return values.get("bus") in ("usb", "virtio")

    @classmethod
    def is_implied(cls, values):
        return values.get("bus") in ("ps2", "xen", "parallels") and values.get("type") in ("mouse", "keyboard")
