# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a declaration of devices to a definition: MACs kept or derived, data found, layers left alone."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _qemu_img, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk import Disk
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface import Interface, derived_mac
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_policy, _vm_spec

MACS = st.integers(0, 255).map("52:54:00:00:00:{:02x}".format)


def domain(*devices):
    return _xml.parse("<domain><devices>%s</devices></domain>" % "".join(devices))


def plug(network, mac, name=None):
    alias = "<alias name='ua-%s'/>" % name if name else "<alias name='net0'/>"
    return "<interface type='network'><source network='%s'/><mac address='%s'/>%s</interface>" % (network, mac, alias)


def disk(path, name=None, form="qcow2", below="", target="vda"):
    alias = "<alias name='ua-%s'/>" % name if name else ""
    return ("<disk type='file'><driver type='%s'/><source file='%s'/>%s<target dev='%s' bus='virtio'/>%s</disk>"
            % (form, path, below, target, alias))


class Scene:
    """A host with some volumes: ``below`` says what each path stands on."""

    def __init__(self, below=(), volumes=(), remote=False):
        self.below, self.volumes = dict(below), set(volumes)
        self.world = self.usage = self
        self.hypervisor = self
        self.is_remote = remote

    def chain(self, path):
        found = []
        while path in self.below:
            path = self.below[path]
            found.append(path)
        return found

    def volume_at(self, path):
        return ("default", path) if path in self.volumes else None


def settled(interfaces, *devices):
    return [(one["name"], one["mac"]) for one in _vm_spec.settled_interfaces("e", "v", [Interface.normalise(one) for one in interfaces], domain(*devices))]


def test_a_new_interface_gets_the_mac_of_its_names():
    assert settled([{"network": "n"}]) == [("n", derived_mac("e", "v", "n"))]
    assert _vm_spec.settled_interfaces("e", "v", None, None) == []


def test_an_existing_interface_keeps_its_mac_wherever_it_stands():
    assert settled([{"network": "b"}, {"network": "a"}], plug("a", "52:54:00:00:00:0A", "a"), plug("b", "52:54:00:00:00:0b", "b")) == [
        ("b", "52:54:00:00:00:0b"), ("a", "52:54:00:00:00:0a")]


def test_a_given_mac_is_taken():
    assert settled([{"network": "a", "mac": "52:54:00:00:00:01"}], plug("a", "52:54:00:00:00:0a", "a")) == [("a", "52:54:00:00:00:01")]


def test_a_nameless_interface_is_known_by_its_network():
    devices = plug("b", "52:54:00:00:00:0b"), plug("a", "52:54:00:00:00:0a"), plug("a", "52:54:00:00:00:0c", "other")
    assert settled([{"network": "a"}, {"network": "b"}, {"network": "c"}], *devices) == [
        ("a", "52:54:00:00:00:0a"), ("b", "52:54:00:00:00:0b"), ("c", derived_mac("e", "v", "c"))]


@given(st.lists(st.tuples(st.sampled_from("abc"), MACS), max_size=4, unique_by=lambda one: one[1]))
def test_no_two_interfaces_share_a_mac_of_the_definition(existing):
    declared = [{"network": network} for network in sorted({network for network, _mac in existing})]
    macs = [mac for _name, mac in settled(declared, *[plug(*one) for one in existing])]
    assert len(set(macs)) == len(macs)
    assert set(macs) <= {mac for _network, mac in existing}


@pytest.mark.parametrize("options, speaks_of", [
    ({"volume": "v"}, ("default", "v")), ({"volume": "v", "pool": "p"}, ("p", "v")), ({"image": "i"}, ("default", "vm.i.qcow2")),
    ({"image": "i", "name": "root", "pool": "p"}, ("p", "vm.root.qcow2")), ({"file": "/f"}, None), ({"device": "cdrom"}, None),
])
def test_the_volume_that_a_disk_speaks_of(options, speaks_of):
    assert _vm_spec.volume_of("vm", Disk.normalise(options)) == speaks_of


@pytest.mark.parametrize("options, place, expected", [
    ({"volume": "v"}, ("/p/v", "raw"), {"source": "/p/v", "format": "raw"}),
    ({"volume": "v", "format": "qcow2"}, ("/p/v", "raw"), {"source": "/p/v", "format": "qcow2"}),
    ({"volume": "v", "device": "cdrom"}, ("/p/v", "iso"), {"source": "/p/v", "format": "raw"}),
    ({"volume": "v"}, None, {"source": None, "format": None}),
    ({"file": "/f"}, None, {"source": "/f", "format": None}),
])
def test_where_the_data_is(options, place, expected):
    item = _vm_spec.settled_disks("vm", [Disk.normalise(options)], lambda _pool, _volume: place)[0]
    assert {name: item.get(name) for name in expected} == expected


def changes(scene, declared, *devices):
    """What the VM's disks lack, as paths."""
    tree = domain(*devices)
    items = _vm_spec.settled_disks("vm", [Disk.normalise(one) for one in declared], lambda _pool, volume: ("/p/" + volume, "qcow2"))
    compared = _vm_spec.as_compared(scene, items, tree.findall("devices/disk"))
    return [".".join(change.path[1:]) for change in Vm.compare({"disks": compared}, tree)]


BELOW = "<backingStore type='file'><format type='qcow2'/><source file='/p/v'/><backingStore/></backingStore>"


@pytest.mark.parametrize("scene, device, expected", [
    (Scene(), disk("/p/v", "v"), []),
    # The running guest shows its chain; of one that is off the volume says it.
    (Scene(), disk("/p/overlay", "v", below=BELOW), []),
    (Scene({"/p/overlay": "/p/v"}, ["/p/overlay"]), disk("/p/overlay", "v"), []),
    (Scene({"/p/upper": "/p/overlay", "/p/overlay": "/p/v"}, ["/p/upper"]), disk("/p/upper", "v"), []),
    # Something else altogether.
    (Scene({}, ["/p/w"]), disk("/p/w", "v"), ["v.source"]),
    (Scene({"/p/w": "/p/u"}, ["/p/w"]), disk("/p/w", "v"), ["v.source"]),
    # The format is said of the declared volume, not of a layer on it.
    (Scene({"/p/overlay": "/p/v"}, ["/p/overlay"]), disk("/p/overlay", "v", "raw"), []),
    (Scene(), disk("/p/v", "v", "raw"), ["v.format"]),
    # Others gave it no name: known by its data, it gets one.
    (Scene(), disk("/p/v"), ["v.name"]),
    (Scene(), disk("/p/overlay", below=BELOW), ["v.name"]),
])
def test_a_disk_is_as_declared_where_its_volume_is_in_the_chain(scene, device, expected):
    assert changes(scene, [{"volume": "v"}], device) == expected


DRIVE = "<disk type='file' device='cdrom'><source file='/p/installer.iso'/><target dev='sda' bus='sata'/></disk>"


@pytest.mark.parametrize("declared, devices, expected", [
    # Another medium in the only drive there is.
    ([{"device": "cdrom", "file": "/p/b.iso"}], [DRIVE], ["cdrom.name", "cdrom.source"]),
    ([{"device": "cdrom", "file": "/p/b.iso"}], [DRIVE.replace("<source file='/p/installer.iso'/>", "")], ["cdrom.name", "cdrom.source"]),
    # Which of two it is, nobody can tell; a name says it, and so does a target.
    ([{"device": "cdrom", "file": "/p/b.iso"}], [DRIVE, DRIVE.replace("sda", "sdb")], ["cdrom", "sda", "sdb"]),
    ([{"device": "cdrom", "file": "/p/b.iso", "target": "sdb"}], [DRIVE, DRIVE.replace("sda", "sdb")], ["cdrom.name", "cdrom.source", "sda"]),
    ([{"device": "cdrom", "file": "/p/b.iso"}], [DRIVE.replace("</disk>", "<alias name='ua-tools'/></disk>")], ["cdrom", "tools"]),
    ([{"name": "d", "file": "/p/b.iso"}], [DRIVE], ["d", "sda"]),
])
def test_a_drive_that_others_made_is_known_where_it_is_the_only_one(declared, devices, expected):
    assert changes(Scene(), declared, *devices) == expected


def test_headers_tell_of_overlays_that_libvirt_does_not_know(monkeypatch, tmp_path):
    chain = [str(tmp_path / name) for name in ("upper", "lower")]
    for path in chain:
        open(path, "w", encoding="ascii").close()
    below = {chain[0]: chain[1], chain[1]: "/p/v"}
    asked = []

    def info(path, image_format, in_use=False):
        asked.append((path, image_format, in_use))
        return _qemu_img.Info({"format": "qcow2", "virtual-size": 1, "backing-filename": below[path], "backing-filename-format": "qcow2"})

    monkeypatch.setattr(_qemu_img, "info", info)
    assert changes(Scene(), [{"volume": "v"}], disk(chain[0], "v")) == []
    assert asked == [(chain[0], "qcow2", True), (chain[1], "qcow2", True)]
    asked.clear()
    # Neither a raw disk, which may hold a guest's forged header, nor another host's file is looked into.
    assert changes(Scene(), [{"volume": "v"}], disk(chain[0], "v", "raw")) != []
    assert changes(Scene(remote=True), [{"volume": "v"}], disk(chain[0], "v")) != []
    assert asked == []


def test_a_header_that_names_itself_ends():
    scene = Scene({}, [])
    tree = domain(disk("/p/a", "a", below=BELOW.replace("/p/v", "/p/a"))).find("devices/disk")
    assert _vm_spec.chain_of(scene, tree) == ["/p/a", "/p/a"]


def test_new_disks_get_free_names_and_defaults_and_old_ones_stay():
    items = [Disk.normalise(one) for one in ({"volume": "a"}, {"volume": "b"}, {"volume": "c", "bus": "scsi"}, {"device": "cdrom"})]
    running = domain(disk("/p/x", "x", target="vdb"), disk("/p/a", "a"))
    named = _vm_spec.with_targets(items, [domain(disk("/p/a", "a")), running])
    assert [one.get("target") for one in named] == [None, "vdc", "sda", "sdb"]
    assert named[0] == items[0]
    assert named[1] == dict(items[1], target="vdc", bus="virtio", device="disk", discard="unmap", format="raw")
    assert (named[3]["bus"], named[3]["read_only"]) == ("sata", True)


def test_a_disk_that_only_the_guest_has_keeps_its_target_in_the_definition():
    running = domain(disk("/p/x", "x", target="vda"), disk("/p/a", "a", target="vdb"))
    named = _vm_spec.with_targets([Disk.normalise({"volume": "a"})], [domain(disk("/p/x", "x")), running])
    assert (named[0]["target"], named[0]["bus"]) == ("vdb", "virtio")


def test_defaults_are_for_what_is_not_said():
    class Host:
        arch = "x86_64"

        @staticmethod
        def has_kvm(_arch):
            return False

    defaults = {"arch": "x86_64", "machine": "q35", "vcpus": 1, "memory": 1 << 30, "cpu": {"mode": "maximum"}, "type": "qemu",
                "os_type": "hvm", "clock": {"offset": "utc"}, "features": {"acpi": True, "apic": True}}
    assert _vm_policy.with_defaults({"name": "v"}, Host) == dict(defaults, name="v")
    assert _vm_policy.with_defaults({"name": "v", "memory": None, "type": "auto"}, Host) == dict(defaults, name="v")
    odd = _vm_policy.with_defaults({"name": "v", "clock": {"offset": "localtime"}, "features": {"acpi": False, "pae": True}}, Host)
    assert (odd["clock"], odd["features"]) == ({"offset": "localtime"}, {"acpi": False, "apic": True, "pae": True})
    assert "features" not in _vm_policy.with_defaults({"name": "v", "features": None}, Host)
    numa = _vm_policy.with_defaults({"name": "v", "cpu": {"numa": {"cells": [{"id": 0, "memory": 1 << 29}, {"id": 1, "memory": 1 << 29}]}}}, Host)
    assert numa["memory"] == 1 << 30
    container = _vm_policy.with_defaults({"name": "v", "type": "lxc"}, Host)
    assert container["os_type"] == "exe"
    assert not {"machine", "features"} & set(container)
    kvm = _vm_policy.with_defaults({"name": "v", "type": "kvm", "vcpus": 2}, Host)
    assert (kvm["type"], kvm["vcpus"], kvm["cpu"]) == ("kvm", 2, {"mode": "host-model"})
