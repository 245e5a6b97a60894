# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be said of disks, interfaces and controllers, on our own libvirtd: it is defined so, and stays so."""
from __future__ import annotations

import subprocess

import pytest
from machines import Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._engine import Engine
from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import Hypervisor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm import Vm


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    return Machines(daemon_uri, daemon, tmp_path)


def give_back(machines):
    """What vm_info tells of a VM, given back to vm, changes nothing."""
    hypervisor = Hypervisor(machines.uri)
    try:
        told, = Vm.listing(Engine(hypervisor, machines.registry, Executor()).look([]), {"gather": ["spec"]})
    finally:
        hypervisor.close()
    result = machines.result(told["spec"])
    assert not result["changed"], result["plan"]
    assert result["restart_required"] == []


def test_disks_are_driven_as_said(machines):
    disk = {
        "file": machines.disk("a.qcow2"), "format": "qcow2", "bus": "scsi", "vendor": "TINY", "product": "CLOUD", "rotation_rate": 1,
        "blockio": {"logical_block_size": 512, "physical_block_size": 4096},
        "driver": {"error_policy": "report", "rerror_policy": "report", "copy_on_read": False, "metadata_cache": {"max_size": "1MiB"}},
        "device_address": {"type": "drive", "controller": 0, "bus": 0, "target": 0, "unit": 3},
    }
    other = {
        "file": machines.disk("b.raw", "raw"), "model": "virtio-non-transitional", "acpi_index": None, "transient": False,
        "driver": {"queues": 2, "queue_size": 128, "event_idx": True, "ioeventfd": True, "packed": True, "iommu": False},
    }
    machines.apply(disks=[disk, other], controllers=[
        {"type": "scsi", "model": "virtio-scsi", "driver": {"queues": 2, "max_sectors": 512}}, {"type": "virtio-serial", "ports": 8},
        {"name": "spare", "type": "usb", "index": 0, "model": "qemu-xhci", "ports": 8}])
    defined = machines.definition()
    assert _path.get(defined, "devices/disk/driver/@error_policy") == "report"
    assert _path.get(defined, "devices/controller[@type='scsi']/driver/@queues") == "2"
    assert _path.get(defined, "devices/disk/address/@unit") == "3"
    give_back(machines)
    machines.apply(disks=[disk, other | {"driver": {"queues": 2, "event_idx": None}}])
    driver = machines.definition().findall("devices/disk")[1].find("driver")
    assert (driver.get("queues"), driver.get("queue_size"), driver.get("event_idx")) == ("2", "128", None)


def test_a_disk_of_an_nbd_server_is_defined(machines):
    far = {"name": "far", "read_only": True,
           "network": {"protocol": "nbd", "name": "far", "hosts": [{"name": "nbd.example.org", "port": 10810}], "tls": True, "tls_hostname": "far"}}
    machines.apply(disks=[far])
    give_back(machines)
    machines.apply(disks=[far | {"network": {"protocol": "nbd", "name": "near", "hosts": [{"socket": "/run/nbd.sock"}], "tls": None}}])
    source = machines.definition().find("devices/disk/source")
    assert (source.get("name"), source.get("tls"), [dict(host.attrib) for host in source]) == (
        "near", None, [{"transport": "unix", "socket": "/run/nbd.sock"}])


def test_an_encrypted_disk_is_opened_with_a_secret(machines):
    path = machines.folder / "locked.luks"
    (machines.folder / "passphrase").write_text("open sesame")
    create = ["qemu-img", "create", "-q", "-f", "luks", "--object", "secret,id=s,file=%s" % (machines.folder / "passphrase"),
              "-o", "key-secret=s,iter-time=10", str(path), "1M"]
    # Now and then QEMU finds the clock too coarse to measure how fast the processor is.
    assert any(subprocess.run(create, check=False).returncode == 0 for _attempt in range(5))
    locked = {"file": str(path), "encryption": {"format": "luks", "secret": "locked disk"}}
    with pytest.raises(Failure, match=r"disks\[0\].encryption\.secret: libvirt has no secret 'locked disk' on this host") as error:
        machines.apply(disks=[locked])
    assert error.value.code == "unknown_secret"
    secret = machines.connection.secretDefineXML("<secret><usage type='volume'><volume>locked disk</volume></usage></secret>")
    try:
        secret.setValue(b"open sesame")
        machines.apply(disks=[locked])
        assert _path.get(machines.definition(), "devices/disk/source/encryption/secret/@usage") == "locked disk"
        give_back(machines)
        # Other data has nothing of it.
        machines.apply(disks=[{"name": "locked", "file": machines.disk("open.raw", "raw")}])
        assert _path.find(machines.definition(), "devices/disk/source/encryption") is None
    finally:
        machines.apply(state="absent")
        secret.undefine()


def test_interfaces_are_driven_as_said(machines):
    machines.result({"name": "front", "subnet": "10.88.1.0/24", "state": "active"}, kind=Network)
    card = {
        "network": "front", "boot_order": 1, "rom": {"enabled": False}, "acpi_index": 3, "sndbuf": 65536, "coalesce": {"rx_frames": 4},
        "trust_guest_rx_filters": False, "target": {"dev": "tiny0"},
        "driver": {"name": "qemu", "txmode": "iothread", "rx_queue_size": 512, "event_idx": False, "packed": False,
                   "host": {"gso": False, "mrg_rxbuf": True}, "guest": {"tso4": False}},
    }
    away = {"user": True, "ips": [{"address": "172.17.2.0", "prefix": 24}], "model": "e1000e"}
    machines.apply(interfaces=[card, away])
    defined = machines.definition()
    assert _path.get(defined, "devices/interface/driver/host/@gso") == "off"
    assert _path.get(defined, "devices/interface/target/@dev") == "tiny0"
    assert _path.get(defined, "devices/interface/acpi/@index") == "3"
    give_back(machines)
    machines.apply(interfaces=[card | {"coalesce": {"rx_frames": 8}}, away])
    assert _path.get(machines.definition(), "devices/interface/coalesce/rx/frames/@max") == "8"


def test_guests_wired_by_qemu(machines):
    wires = [{"mcast": {"address": "230.0.0.1", "port": 5558}}, {"server": {"address": "127.0.0.1", "port": 5559}},
             {"udp": {"address": "127.0.0.1", "port": 5556, "local": {"address": "127.0.0.1", "port": 5557}}}]
    machines.apply(interfaces=wires)
    assert [one.get("type") for one in machines.definition().findall("devices/interface")] == ["mcast", "server", "udp"]
    give_back(machines)
    machines.apply(interfaces=[wires[0] | {"name": "mcast", "mcast": {"address": "230.0.0.2", "port": 5558}}])
    assert _path.get(machines.definition(), "devices/interface/source/@address") == "230.0.0.2"


def test_an_option_that_is_newer_than_libvirt_is_refused(machines):
    if machines.connection.getLibVersion() >= 10 * 1000000:
        pytest.skip("libvirt here knows several I/O threads of a disk")
    with pytest.raises(Failure, match=r"disks\[0\].driver\.iothreads: libvirt 10\.0 or newer is needed") as error:
        machines.apply(disks=[{"file": machines.disk("a.raw", "raw"), "driver": {"iothreads": [{"id": 1}]}}])
    assert error.value.code == "libvirt_too_old"
