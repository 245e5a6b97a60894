# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses of devices: what each type consists of, and digits as libvirt's schema wants them."""
from __future__ import annotations

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import REPLUG, FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import DeviceAddress, device_address


class Device(Model):
    tag = "device"
    device_address = device_address(REPLUG)


@pytest.mark.parametrize("said, written", [
    ({"type": "pci", "bus": 200, "slot": 31, "function": 1, "multifunction": True, "zpci": {"uid": 1, "fid": 2}},
     "<address type='pci' bus='0xc8' slot='0x1f' function='0x1' multifunction='on'><zpci uid='0x1' fid='0x2'/></address>"),
    ({"type": "drive", "controller": 0, "bus": 12, "target": 1, "unit": 3}, "<address type='drive' controller='0' bus='12' target='1' unit='3'/>"),
    ({"type": "usb", "bus": 0, "port": "1.2"}, "<address type='usb' bus='0' port='1.2'/>"),
    ({"type": "ccw", "cssid": 0xfe, "ssid": 0, "devno": 0xabcd}, "<address type='ccw' cssid='0xfe' ssid='0x0' devno='0xabcd'/>"),
    ({"type": "dimm", "slot": 15, "base": 1 << 32}, "<address type='dimm' slot='15' base='0x100000000'/>"),
    ({"type": "isa", "iobase": 0x505, "irq": 4}, "<address type='isa' iobase='0x505' irq='0x4'/>"),
    ({"type": "spapr-vio", "reg": 0x2000}, "<address type='spapr-vio' reg='0x2000'/>"),
    ({"type": "ccid", "controller": 0, "slot": 1}, "<address type='ccid' controller='0' slot='1'/>"),
    ({"type": "virtio-serial", "controller": 0, "bus": 1, "port": "2"}, "<address type='virtio-serial' controller='0' bus='1' port='2'/>"),
    ({"type": "pci", "domain": 0x10000}, "<address type='pci' domain='0x10000'/>"),
    ({"type": "virtio-mmio"}, "<address type='virtio-mmio'/>"),
])
def test_each_type_is_written_as_libvirt_takes_it(said, written):
    declared = Device.normalise({"device_address": said})
    element = Device.build(declared)
    assert _xml.canonical(element.find("address")) == _xml.canonical(_xml.parse(written))
    assert Device.read(element) == {"device_address": said}


@pytest.mark.parametrize("said, sentence", [
    ({"type": "pci", "controller": 1}, "an address of the type pci has domain, bus, slot, function, multifunction, zpci"),
    ({"type": "pci", "slot": 32}, "32 is more than the largest value, 31"),
    ({"type": "virtio-mmio", "bus": 0}, "an address of the type virtio-mmio has nothing else"),
    ({"type": "usb", "bus": 0, "port": "a"}, "'a' is not a port's number, with dots between those of hubs"),
])
def test_what_an_address_of_the_type_has_not_is_refused(said, sentence):
    with pytest.raises(FieldError) as error:
        DeviceAddress.normalise(said)
    assert error.value.message == sentence


def test_another_bus_takes_nothing_over():
    element = _xml.parse("<address type='pci' bus='0x01' slot='0x02' function='0x3'><zpci uid='1'/></address>")
    DeviceAddress.write(element, {"type": "usb", "bus": 0})
    assert _xml.canonical(element) == _xml.canonical(_xml.parse("<address type='usb' bus='0'/>"))


def test_what_libvirt_chose_is_content_for_null():
    element = _xml.parse("<address type='pci' domain='0x0000' bus='0x01' slot='0x02' function='0x3'/>")
    assert DeviceAddress.compare({"type": "pci", "bus": 1, "slot": None}, element) == []
    assert [change.path for change in DeviceAddress.compare({"type": "pci", "bus": 2}, element)] == [("bus",)]
