# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which changes of devices a running guest gets, and how: by updates, by being plugged in anew, or at its next start."""
from __future__ import annotations

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk import Disk
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface import Interface
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_device_live

DISK = "<disk type='file' device='disk'><source file='/p/a'/><target dev='vda' bus='virtio'/><alias name='ua-d'/></disk>"
CARD = "<interface type='network'><source network='n'/><mac address='52:54:00:00:00:01'/><alias name='ua-n'/></interface>"
DRIVE = "<disk type='file' device='cdrom'><source file='/p/a'/><target dev='sda' bus='{}'/><alias name='ua-d'/></disk>"


def ways(declared, device, releases=True):
    """{field: how} of what follows."""
    option = "interfaces" if "<interface" in device else "disks"
    tree = _xml.parse("<domain><devices>%s</devices></domain>" % device)
    changes = Vm.compare({option: declared}, tree, live=True)
    return {".".join(change.path[2:]): change.how for change in _vm_device_live.following(changes, tree, releases)}


@pytest.mark.parametrize("model", [Disk, Interface])
def test_every_call_that_a_field_names_is_there(model):
    assert {field.by for field in model.fields().values()} <= set(_vm_device_live.CALLS)


@pytest.mark.parametrize("declared, device, releases, expected", [
    ({"name": "n", "network": "m"}, CARD, True, {"network": "live"}),
    ({"name": "n", "bridge": "b"}, CARD, True, {"bridge": "live"}),
    ({"name": "n", "direct": {"dev": "eth0"}}, CARD, True, {"direct.dev": "replug"}),
    ({"name": "n", "network": "n", "link": "down"}, CARD, False, {"link": "live"}),
    # What has to be plugged in anew takes everything along.
    ({"name": "n", "network": "n", "link": "down", "mtu": 1400}, CARD, True, {"link": "replug", "mtu": "replug"}),
    # A paused guest lets go of nothing.
    ({"name": "n", "network": "n", "link": "down", "mtu": 1400}, CARD, False, {"link": "live"}),
    ({"name": "d", "source": "/p/b"}, DISK, True, {"source": "replug"}),
    ({"name": "d", "source": "/p/b"}, DISK.replace("virtio", "sata"), True, {}),
    ({"name": "d", "source": "/p/b"}, DRIVE.format("sata"), False, {"source": "live"}),
    ({"name": "d", "source": "/p/a", "cache": "none", "iotune": {"read_iops_sec": 5}}, DISK, True, {"iotune.read_iops_sec": "live"}),
    ({"name": "d", "source": "/p/a", "cache": "none"}, DISK, True, {}),
])
def test_a_change_goes_the_way_that_its_field_says(declared, device, releases, expected):
    assert ways([declared], device, releases) == expected


@pytest.mark.parametrize("device, releases, expected", [
    (DISK, True, {"": "live"}), (DISK, False, {}), (CARD, True, {"": "live"}), (DRIVE.format("sata"), True, {}), (DRIVE.format("scsi"), True, {"": "live"}),
])
def test_a_device_goes_where_its_bus_lets_it(device, releases, expected):
    assert ways([], device, releases) == expected
