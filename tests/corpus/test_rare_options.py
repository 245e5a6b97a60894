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
