# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory shared between guests, and leases: what several have at once.

https://libvirt.org/formatdomain.html#shared-memory-device, #device-leases
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import RESTART, AbsolutePath, Enum, FieldError, Int, Presence, Size, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device import Part, has_pci_slots
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import device_address
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtio_driver import ON_OFF

_NAME = {"pattern": "[^/ ]+", "meaning": "a name without blanks and slashes"}
_SMALLEST = 1 << 20


class Shmem(Part):
    tag = "shmem"
    hot = True
    name = Text("@name", required=True, **_NAME)
    model = Enum("model/@type", choices=["ivshmem-plain", "ivshmem-doorbell"], generated=True)
    role = Enum("@role", choices=["master", "peer"])
    size = Size("size", unit="KiB", generated=True)
    server = AbsolutePath("server/@path", generated=True)
    msi = Presence("msi")
    vectors = Int("msi/@vectors", minimum=1)
    ioeventfd = Switch("msi/@ioeventfd", words=ON_OFF)
    device_address = device_address(RESTART)

    @classmethod
    def fits(cls, guest):
        return has_pci_slots(guest)

    @classmethod
    def check(cls, declared):
        size = declared.get("size") or _SMALLEST
        if size < _SMALLEST or size & (size - 1):
            raise FieldError("is a power of two, and 1MiB at least", ("size",))
        for option in ("vectors", "ioeventfd"):
            if declared.get(option) is not None and declared.get("msi") is False:
                raise FieldError("goes with 'msi: true' only", (option,))

    @classmethod
    def write(cls, element, declared):
        super().write(element, declared)
        if _path.get(element, "model/@type") == "ivshmem-doorbell":
            _path.ensure(element, "server")
        return element


class Lease(Part):
    tag = "lease"
    keys = ("key",)
    hot = True
    # The name of the lease.
    key = Text("key", required=True, no_log=False, **_NAME)
    lockspace = Text("lockspace", pattern="[^ ]+", meaning="a lockspace's name")
    path = AbsolutePath("target/@path", required=True)
    offset = Int("target/@offset", minimum=0)
