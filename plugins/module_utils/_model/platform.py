# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the guest's system finds beside its devices: translation of their addresses, a socket to the host, cryptography.

https://libvirt.org/formatdomain.html#iommu-devices, #vsock, #crypto
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import RESTART, Enum, FieldError, Int, Node, Switch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device import Device
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import device_address
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtio_driver import ON_OFF, VirtioDriver


_OF_INTEL = ("intremap", "caching_mode", "eim", "aw_bits")


class IommuDriver(Model):
    keys = ()
    intremap = Switch("@intremap", words=ON_OFF)
    caching_mode = Switch("@caching_mode", words=ON_OFF)
    eim = Switch("@eim", words=ON_OFF)
    iotlb = Switch("@iotlb", words=ON_OFF)
    aw_bits = Int("@aw_bits", minimum=1)
    dma_translation = Switch("@dma_translation", words=ON_OFF, since="10.7.0")


class Iommu(Model):
    tag = "iommu"
    keys = ()
    model = Enum("@model", choices=["intel", "smmuv3", "virtio"], required=True)
    driver = Node(IommuDriver, "driver")
    device_address = device_address(RESTART)

    @classmethod
    def check(cls, declared):
        for option, value in (declared.get("driver") or {}).items():
            if value is not None and declared["model"] != "intel" and option in _OF_INTEL:
                raise FieldError("is of 'model: intel'", ("driver", option))


class Vsock(Model):
    tag = "vsock"
    keys = ()
    model = Enum("@model", choices=["virtio", "virtio-transitional", "virtio-non-transitional"], generated=True)
    cid_auto = Switch("cid/@auto", generated=True)
    cid = Int("cid/@address", minimum=3, maximum=2 ** 32 - 1, generated=True)
    driver = Node(VirtioDriver, "driver")
    device_address = device_address(RESTART)

    @classmethod
    def check(cls, declared):
        if declared.get("cid") is not None and declared.get("cid_auto"):
            raise FieldError("libvirt chooses the number with 'cid_auto: true'; write one of them", ("cid",))
        if declared.get("cid") is None and declared.get("cid_auto") is False:
            raise FieldError("without 'cid_auto: true' the guest's number is needed", ("cid",))

    @classmethod
    def write(cls, element, declared):
        if declared.get("cid") is not None and declared.get("cid_auto") is None:
            declared = dict(declared, cid_auto=False)
        super().write(element, declared)
        if element.find("cid") is None:
            super().write(element, {"cid_auto": True})
        return element


class Crypto(Device):
    tag = "crypto"
    implied = {"model": "virtio", "type": "qemu"}
    traits = ("model",)
    model = Enum("@model", choices=["virtio"], unset="virtio")
    backend = Enum("backend/@model", choices=["builtin", "lkcf"], required=True)
    queues = Int("backend/@queues", minimum=1)
    driver = Node(VirtioDriver, "driver")
