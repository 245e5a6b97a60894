# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random numbers for the guest, https://libvirt.org/formatdomain.html#random-number-generator-device"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import RESTART, AbsolutePath, Enum, FieldError, Int, Node
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.chardev import Chardev
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device import Device
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import device_address
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtio_driver import VirtioDriver

VIRTIO = ["virtio", "virtio-transitional", "virtio-non-transitional"]


class Egd(Node):
    """Where a daemon hands out randomness: only the backend of that name has it."""

    reads_path_only = True

    def place(self, element):
        return element.find("backend[@model='egd']")


class RngOptions(Model):
    implied = {"model": "virtio"}
    model = Enum("@model", choices=VIRTIO, generated=True, unset="virtio")
    backend = Enum("backend/@model", choices=["random", "builtin", "egd"])
    source = AbsolutePath("backend", generated=True)
    egd = Egd(Chardev, "backend")
    rate_bytes = Int("rate/@bytes", minimum=1)
    rate_period = Int("rate/@period", minimum=1, generated=True)
    driver = Node(VirtioDriver, "driver")
    device_address = device_address(RESTART)

    @classmethod
    def check(cls, declared):
        backend = declared.get("backend")
        if backend in ("builtin", "egd") and declared.get("source"):
            raise FieldError("the %s backend has no source" % backend, ("source",))
        if backend == "egd" and not (declared.get("egd") or {}).get("type"):
            raise FieldError("say where the daemon is: type tcp, udp or unix", ("egd",))
        if declared.get("egd") and backend not in (None, "egd"):
            raise FieldError("is of 'backend: egd'", ("egd",))
        if declared.get("rate_period") and "rate_bytes" in declared and declared["rate_bytes"] is None:
            raise FieldError("goes with rate_bytes only", ("rate_period",))

    @classmethod
    def write(cls, element, declared):
        if declared.get("backend") not in (None, _path.get(element, "backend/@model")):
            # It is what was said of another one.
            _path.drop(element, "backend")
        if "rate_bytes" in declared and declared["rate_bytes"] is None:
            _path.drop(element, "rate")
        return super().write(element, declared)


class Rng(RngOptions):
    """The first."""

    tag = "rng"
    keys = ()


class RngDevice(Device, RngOptions):
    tag = "rng"
    traits = ("backend", "source")
    hot = replugs = True
