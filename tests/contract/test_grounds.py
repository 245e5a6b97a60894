# SPDX-License-Identifier: GPL-3.0-or-later
"""The ground that contract tests stand on is what it claims to be."""
from __future__ import annotations

import os
import pathlib
from xml.etree import ElementTree

DOMAIN = """
<domain type='qemu'>
  <name>{name}</name>
  <memory unit='MiB'>64</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64'>hvm</type></os>
</domain>
"""


def test_the_embedded_driver_runs_a_real_guest(libvirt, embed):
    domain = embed.defineXML(DOMAIN.format(name="real"))
    domain.create()
    assert domain.state()[0] == libvirt.VIR_DOMAIN_RUNNING
    guests = [path for path in pathlib.Path("/proc").glob("[0-9]*/cmdline") if b"guest=real," in path.read_bytes()]
    assert len(guests) == 1
    domain.setMemoryFlags(32 * 1024, libvirt.VIR_DOMAIN_AFFECT_LIVE)
    live = ElementTree.fromstring(domain.XMLDesc())
    assert live.findtext("memory") == str(64 * 1024)


def test_each_test_finds_the_embedded_driver_empty(embed):
    assert embed.listAllDomains() == []


def test_the_test_driver_starts_empty_and_takes_everything(libvirt, test_uri):
    connection = libvirt.open(test_uri)
    assert connection.listAllDomains() == []
    connection.networkDefineXML("<network><name>n</name><ip address='10.1.1.1' netmask='255.255.255.0'/></network>").create()
    connection.storagePoolDefineXML("<pool type='dir'><name>p</name><target><path>/pretended</path></target></pool>").create()
    assert connection.networkLookupByName("n").isActive()
    assert connection.storagePoolLookupByName("p").isActive()


def test_our_own_daemon_has_networks_and_pools(daemon, tmp_path):
    network = daemon.networkDefineXML(
        "<network><name>n</name><bridge name='tc-contract'/><ip address='10.1.1.1' netmask='255.255.255.0'>"
        "<dhcp><range start='10.1.1.10' end='10.1.1.20'/></dhcp></ip></network>")
    network.create()
    assert network.isActive()
    assert set(os.listdir("/sys/class/net")) == {"lo", "tc-contract"}
    pool = daemon.storagePoolDefineXML(f"<pool type='dir'><name>p</name><target><path>{tmp_path}</path></target></pool>")
    pool.create()
    pool.createXML("<volume><name>v.qcow2</name><capacity unit='MiB'>8</capacity><target><format type='qcow2'/></target></volume>")
    assert [volume.name() for volume in pool.listAllVolumes()] == ["v.qcow2"]
    assert (tmp_path / "v.qcow2").exists()
