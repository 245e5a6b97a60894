# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Controllers: libvirt makes what devices need, users say the rest."""
from __future__ import annotations

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_policy

MADE = """
<domain><name>a</name><os><type arch='x86_64' machine='q35'>hvm</type></os><devices>
<controller type='pci' index='0' model='pcie-root'/><controller type='pci' index='1' model='pcie-root-port'><target chassis='1' port='0x8'/></controller>
<controller type='usb' index='0' model='ich9-ehci1'/><controller type='usb' index='0' model='ich9-uhci1'><master startport='0'/></controller>
<controller type='scsi' model='lsilogic'/><controller type='scsi' model='virtio-scsi'><alias name='ua-fast'/></controller>
</devices></domain>
"""


def changes(said, tree):
    return [(change.path, change.before, change.after) for change in Vm.compare(Vm.normalise({"name": "a", "controllers": said}), tree)]


def test_what_libvirt_made_stays_and_what_was_named_goes():
    tree = _xml.parse(MADE)
    assert changes([], tree) == [(("controllers", "fast"), {"name": "fast", "type": "scsi", "model": "virtio-scsi", "index": 1}, None)]
    Vm.write(tree, Vm.normalise({"name": "a", "controllers": []}))
    assert [(one.get("type"), one.get("model")) for one in tree.findall("devices/controller")] == [
        ("pci", "pcie-root"), ("pci", "pcie-root-port"), ("usb", "ich9-ehci1"), ("usb", "ich9-uhci1"), ("scsi", "lsilogic")]


@pytest.mark.parametrize("said, change", [
    ({"type": "usb", "model": "ich9-uhci1", "master_startport": 2}, (("controllers", "usb-0-ich9-uhci1", "master_startport"), 0, 2)),
    ({"type": "scsi", "model": "virtio-scsi"}, (("controllers", "scsi-0-virtio-scsi", "model"), "lsilogic", "virtio-scsi")),
    ({"name": "fast", "type": "scsi", "index": 1, "driver": {"queues": 4}}, (("controllers", "fast", "driver", "queues"), None, 4)),
    ({"type": "pci", "index": 1, "target": {"port": 9, "hotplug": False}}, (("controllers", "pci-1", "target", "port"), 8, 9)),
    ({"type": "nvme", "serial": "N1"}, (("controllers", "nvme-0"), None, {"type": "nvme", "serial": "N1", "index": 0})),
])
def test_a_controller_is_known_by_name_then_type_and_number(said, change):
    tree = _xml.parse(MADE)
    keep = [] if said.get("name") else [{"name": "fast", "type": "scsi", "index": 1}]
    assert change in changes([said, *keep], tree)
    declared = Vm.normalise({"name": "a", "controllers": [said, *keep]})
    assert Vm.compare(declared, Vm.write(tree, declared)) == []


def test_a_new_vm_has_the_pci_controllers_that_were_said():
    for said, number in (([], 9), ([{"type": "pci", "index": 0, "model": "pcie-root"}, {"type": "pci", "index": 1, "model": "pcie-root-port"}], 2)):
        tree = Vm.build(Vm.normalise({"name": "a", "arch": "x86_64", "machine": "q35", "controllers": said}))
        _vm_policy.furnish(tree)
        assert len(tree.findall("devices/controller[@type='pci']")) == number
