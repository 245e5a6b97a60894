# SPDX-License-Identifier: GPL-3.0-or-later
"""Options whose values libvirt's examples do not vary: they stand where libvirt looks for them, and its schema takes them."""
from __future__ import annotations

import pytest
from kinds import KINDS

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path

VM, POOL = (next(kind for kind in KINDS if kind.name == name) for name in ("vm", "pool"))
MAC = "02:00:00:00:00:01"


@pytest.mark.parametrize("options, written", [
    ({"loader": {"path": "/srv/code.fd", "type": "pflash", "read_only": True}, "nvram": {"path": "/srv/vars.fd"}, "boot": {"messages": True}},
     {"os/loader": "/srv/code.fd", "os/loader/@readonly": "yes", "os/nvram": "/srv/vars.fd", "os/bios/@useserial": "yes"}),
    ({"disks": [{"target": "vda", "network": {"protocol": "nbd", "hosts": [{"socket": "/run/nbd.sock", "transport": "unix"}]}}]},
     {"devices/disk/source/host/@transport": "unix", "devices/disk/source/host/@socket": "/run/nbd.sock"}),
    ({"disks": [{"target": "vda", "network": {"protocol": "rbd", "name": "pool/image", "hosts": [{"name": "ceph1"}],
                                              "auth": {"username": "cloud", "secret": "client.cloud secret"}}}]},
     {"devices/disk/source/auth/@username": "cloud", "devices/disk/source/auth/secret/@usage": "client.cloud secret",
      "devices/disk/source/auth/secret/@type": "ceph"}),
    ({"interfaces": [{"mac": MAC, "direct": {"dev": "eth1", "mode": "private"}}]},
     {"devices/interface/@type": "direct", "devices/interface/source/@dev": "eth1", "devices/interface/source/@mode": "private"}),
    ({"interfaces": [{"mac": MAC, "network": "front", "filter": {"name": "clean-traffic", "parameters": {"IP": "10.0.0.5"}}}]},
     {"devices/interface/filterref/@filter": "clean-traffic", "devices/interface/filterref/parameter/@name": "IP",
      "devices/interface/filterref/parameter/@value": "10.0.0.5"}),
    ({"interfaces": [{"mac": MAC, "bridge": "ovs0", "virtualport": {"type": "openvswitch"},
                      "vlan": {"trunk": True, "tags": [{"id": 42, "native_mode": "untagged"}, {"id": 43}]}}]},
     {"devices/interface/vlan/tag[@id='42']/@nativeMode": "untagged", "devices/interface/vlan/@trunk": "yes"}),
    ({"disks": [{"target": "sda", "bus": "scsi", "device": "lun", "block": "/dev/sdb", "source": "/dev/sdb",
                 "reservations": {"managed": False, "path": "/run/pr.sock"}}]},
     {"devices/disk/source/reservations/@managed": "no", "devices/disk/source/reservations/source/@type": "unix",
      "devices/disk/source/reservations/source/@path": "/run/pr.sock", "devices/disk/source/reservations/source/@mode": "client"}),
    ({"disks": [{"target": "vda", "file": "/srv/a.img", "slice": {"offset": 4096, "size": "1MiB"}}]},
     {"devices/disk/source/slices/slice/@type": "storage", "devices/disk/source/slices/slice/@offset": "4096",
      "devices/disk/source/slices/slice/@size": "1048576"}),
    ({"disks": [{"target": "vda", "file": "/srv/a.qcow2", "format": "qcow2", "data_store": {"format": "raw", "network": {
        "protocol": "https", "name": "a.raw", "hosts": [{"name": "www"}], "cookies": [{"name": "session", "value": "a1"}]}}}]},
     {"devices/disk/source/dataStore/@type": "network", "devices/disk/source/dataStore/format/@type": "raw",
      "devices/disk/source/dataStore/source/cookies/cookie": "a1", "devices/disk/source/dataStore/source/@protocol": "https"}),
    ({"disks": [{"target": "vda", "network": {"protocol": "http", "name": "a.raw", "hosts": [{"name": "www"}],
                                              "cookies": [{"name": "session", "value": "a1"}]}}]},
     {"devices/disk/source/cookies/cookie": "a1", "devices/disk/source/cookies/cookie/@name": "session"}),
    ({"disks": [{"target": "vda", "file": "/srv/a.img", "encryption": {"format": "luks", "secret": "of the disk"}}]},
     {"devices/disk/source/encryption/@format": "luks", "devices/disk/source/encryption/secret/@type": "passphrase",
      "devices/disk/source/encryption/secret/@usage": "of the disk"}),
    ({"disks": [{"target": "vda", "nvme": {"namespace": 1, "managed": True, "address": {"bus": 0x3d, "slot": 0}}}]},
     {"devices/disk/@type": "nvme", "devices/disk/source/@type": "pci", "devices/disk/source/@namespace": "1",
      "devices/disk/source/address/@bus": "0x3d"}),
    ({"interfaces": [{"mac": MAC, "hostdev": {"managed": True, "address": {"bus": 3, "slot": 7, "function": 1}}}]},
     {"devices/interface/@type": "hostdev", "devices/interface/@managed": "yes", "devices/interface/source/address/@type": "pci",
      "devices/interface/source/address/@slot": "0x7"}),
    ({"interfaces": [{"mac": MAC, "ethernet": {}}]}, {"devices/interface/@type": "ethernet"}),
    ({"interfaces": [{"mac": MAC, "user": True, "backend": {"type": "passt"}, "port_forwards": [
        {"proto": "tcp", "ranges": [{"start": 2022, "to": 22}]}, {"proto": "tcp", "ranges": [{"start": 80, "end": 90}, {"start": 85, "exclude": True}]}]}]},
     {"devices/interface/backend/@type": "passt", "devices/interface/portForward/range/@to": "22"}),
    ({"interfaces": [{"mac": MAC, "network": "front", "teaming": {"type": "transient", "persistent": "ua-slow"}}]},
     {"devices/interface/teaming/@type": "transient", "devices/interface/teaming/@persistent": "ua-slow"}),
    ({"controllers": [{"name": "late", "type": "usb", "model": "qemu-xhci", "acpi_index": 7}]},
     {"devices/controller[@type='usb']/acpi/@index": "7", "devices/controller[@type='usb']/alias/@name": "ua-late",
      "devices/controller[@type='usb']/@index": "0"}),
    ({"controllers": [{"type": "pci", "index": 0, "model": "pcie-root"}, {"type": "pci", "index": 1, "model": "pcie-expander-bus", "target": {"bus_nr": 180}}]},
     {"devices/controller[@model='pcie-expander-bus']/target/@busNr": "180"}),
    ({"disks": [{"target": "vda", "network": {"protocol": "nbd", "hosts": [{"name": "far"}], "reconnect_delay": 10}}]},
     {"devices/disk/source/reconnect/@delay": "10"}),
    ({"controllers": [{"type": "xenbus", "max_grant_frames": 64, "max_event_channels": 2047}]},
     {"devices/controller/@maxGrantFrames": "64", "devices/controller/@maxEventChannels": "2047"}),
])
def test_options_of_vms_are_written(options, written):
    declared = VM.model.normalise({"name": "vm", "type": "qemu", "os_type": "hvm", "memory": "1GiB", **options})
    tree = VM.model.build(declared)
    VM.furnish(tree)
    assert {path: _path.get(tree, path) for path in written} == written
    assert VM.mistakes(tree) == []
    assert VM.model.compare(declared, tree) == []


@pytest.mark.parametrize("parent", ["parent_wwnn", "parent_wwpn", "parent_fabric_wwn"])
def test_parents_of_adapters_are_written(parent):
    wwn = "2101001b32a90002"
    adapter = {"type": "fc_host", "wwnn": "20000000c9831b4b", "wwpn": "10000000c9831b4b", parent: wwn}
    declared = POOL.model.normalise({"name": "pool", "type": "scsi", "source": {"adapter": adapter}, "path": "/dev/disk/by-path"})
    tree = POOL.model.build(declared)
    assert _path.get(tree, f"source/adapter/@{parent}") == wwn
    assert POOL.model.compare(declared, tree) == []
