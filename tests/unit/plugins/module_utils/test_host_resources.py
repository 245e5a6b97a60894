# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a host one VM has for itself, as libvirt tells it."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import host_resources

MIB, GIB = 1 << 20, 1 << 30
CAPABILITIES = """
<capabilities><host><topology><cells num='2'>
  <cell id='0'><memory unit='KiB'>4194304</memory><pages unit='KiB' size='4'>524288</pages><pages unit='KiB' size='2048'>512</pages>
    <pages unit='KiB' size='1048576'>1</pages><cpus num='8'><cpu id='0' socket_id='0' core_id='0' siblings='0'/></cpus></cell>
  <cell id='1'><memory unit='KiB'>4194304</memory><pages unit='KiB' size='1048576'>0</pages><pages unit='KiB' size='4'>1048576</pages>
    <pages unit='KiB' size='2048'>256</pages><cpus num='8'/></cell>
</cells></topology></host></capabilities>
"""
DEVICE = """
<device><name>pci_0000_3b_00_1</name><path>/sys/devices/pci0000:3a/0000:3b:00.1</path><driver><name>vfio-pci</name></driver>
  <capability type='pci'><class>0x030200</class><domain>0</domain><bus>59</bus><slot>0</slot><function>1</function>
    <product id='0x20b5'>A100</product><vendor id='0x10de'>NVIDIA</vendor>
    <iommuGroup number='41'><address domain='0x0000' bus='0x3b' slot='0x00' function='0x1'/></iommuGroup><numa node='1'/></capability></device>
"""


def domain(inside, memory="<memory unit='GiB'>1</memory>"):
    return _xml.parse("<domain>%s%s</domain>" % (memory, inside))


def test_nodes_with_their_huge_pages():
    assert host_resources.cells(_xml.parse(CAPABILITIES)) == [
        {"id": 0, "memory": 4 * GIB, "cpus": 8, "hugepages": [{"size": 2 * MIB, "count": 512}, {"size": GIB, "count": 1}]},
        {"id": 1, "memory": 4 * GIB, "cpus": 8, "hugepages": [{"size": 2 * MIB, "count": 256}, {"size": GIB, "count": 0}]},
    ]
    assert host_resources.cells(_xml.parse("<capabilities><host/></capabilities>")) == []


def test_huge_pages_are_promised_by_definitions():
    cells = host_resources.cells(_xml.parse(CAPABILITIES))
    backed = ("<hugepages/>", "<hugepages><page size='1048576' unit='KiB'/></hugepages>", "<hugepages><page size='65536' unit='KiB'/></hugepages>", "<locked/>")
    domains = [domain("<memoryBacking>%s</memoryBacking>" % one) for one in backed]
    assert host_resources.hugepages(cells, domains) == [
        {"size": 2 * MIB, "count": 768, "promised": 512}, {"size": GIB, "count": 1, "promised": 1}]
    assert host_resources.hugepages([], domains) == []


def test_a_pci_device():
    assert host_resources.pci_device(_xml.parse(DEVICE)) == {
        "address": "0000:3b:00.1", "vendor": "0x10de", "product": "0x20b5", "kind": "0x030200", "driver": "vfio-pci", "iommu_group": 41, "node": 1}


def test_who_has_a_pci_device():
    place = "<source><address %s domain='0x0000' bus='0x3b' slot='0x00' function='0x1'/></source>"
    found = domain("<devices><hostdev type='pci'>%s</hostdev><interface type='hostdev'>%s</interface><hostdev type='usb'>%s</hostdev></devices>"
                   % (place % "", place % "type='pci'", place % ""))
    assert host_resources.pci_addresses(found) == ["0000:3b:00.1", "0000:3b:00.1"]
