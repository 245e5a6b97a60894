# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a compute host says about itself."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.host import Host, Share, Usual

CAPABILITIES = """
<capabilities>
  <host>
    <uuid>86d2151c-3377-51d5-c756-eea1948111bc</uuid>
    <cpu>
      <arch>x86_64</arch><model>EPYC</model><vendor>AMD</vendor>
      <topology sockets='1' dies='1' clusters='1' cores='2' threads='1'/>
    </cpu>
  </host>
  <guest>
    <os_type>hvm</os_type>
    <arch name='x86_64'>
      <emulator>/usr/bin/qemu-system-x86_64</emulator>
      <machine maxCpus='288'>pc-q35-10.0</machine>
      <machine canonical='pc-q35-10.0' maxCpus='288'>q35</machine>
      <domain type='qemu'/>
      <domain type='kvm'/>
    </arch>
  </guest>
</capabilities>
"""
DOMAIN_CAPABILITIES = """
<domainCapabilities>
  <domain>kvm</domain><machine>pc-q35-10.0</machine><arch>x86_64</arch><vcpu max='288'/>
  <os supported='yes'>
    <enum name='firmware'><value>efi</value></enum>
    <loader supported='yes'><value>/usr/share/OVMF/OVMF_CODE_4M.fd</value><enum name='type'><value>rom</value></enum></loader>
  </os>
  <cpu><mode name='host-passthrough' supported='no'/><mode name='maximum' supported='yes'/></cpu>
</domainCapabilities>
"""


def test_a_host():
    assert Host.read(_xml.parse(CAPABILITIES)) == {
        "uuid": "86d2151c-3377-51d5-c756-eea1948111bc", "arch": "x86_64",
        "cpu": {"model": "EPYC", "vendor": "AMD", "topology": {"sockets": 1, "dies": 1, "cores": 2, "threads": 1}},
        "guests": [{"arch": "x86_64", "types": ["qemu", "kvm"], "machines": ["q35"], "emulator": "/usr/bin/qemu-system-x86_64"}],
    }


def test_what_a_vm_gets_that_asks_for_nothing_special():
    assert Usual.read(_xml.parse(DOMAIN_CAPABILITIES)) == {
        "type": "kvm", "arch": "x86_64", "machine": "pc-q35-10.0", "max_vcpus": 288, "firmware": ["efi"],
        "loaders": ["/usr/share/OVMF/OVMF_CODE_4M.fd"], "cpu_modes": ["maximum"],
    }


def test_a_vms_share():
    assert Share.read(_xml.parse("<domain><memory unit='MiB'>64</memory><vcpu current='1'>2</vcpu></domain>")) == {
        "vcpus": 2, "memory": 64 << 20}


def test_a_host_that_tells_little_is_read_all_the_same():
    assert Host.read(_xml.parse("<capabilities><host/></capabilities>")) == {"guests": []}
    assert Usual.read(_xml.parse("<domainCapabilities/>")) == {"firmware": [], "loaders": [], "cpu_modes": []}
