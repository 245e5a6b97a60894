# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM's model: any declaration is built as libvirt's schema wants it, read back, and told from any other."""
from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk import Disk, next_target
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface import Interface, derived_mac
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_policy, _vm_seed, _vm_spec

SCHEMA = "/usr/share/libvirt/schemas/domain.rng"
MIB = 1 << 20
WORDS = st.from_regex(r"[a-z][a-z0-9]{0,7}", fullmatch=True)
NAMES = st.from_regex(r"[a-z0-9][a-z0-9_+.-]{0,10}", fullmatch=True).filter(lambda name: ".." not in name)
TEXT = st.from_regex(r"[a-zA-Z<>&'\" ]{0,10}[a-z]", fullmatch=True)
MACS = st.integers(0, 2**24 - 1).map(lambda number: "52:54:00:%02x:%02x:%02x" % (number >> 16, number >> 8 & 255, number & 255))

DISKS = st.lists(st.fixed_dictionaries(
    {"file": WORDS.map("/srv/{}.img".format), "name": WORDS.map("d-{}".format)},
    optional={"bus": st.sampled_from(["virtio", "scsi", "sata"]), "cache": st.sampled_from(["none", "writeback", "unsafe"]),
              "discard": st.sampled_from(["unmap", "ignore"]), "serial": WORDS, "read_only": st.booleans(), "format": st.sampled_from(["qcow2", "raw"])}),
    max_size=4, unique_by=lambda disk: disk["name"])
INTERFACES = st.lists(st.one_of(
    st.fixed_dictionaries({"network": WORDS, "name": WORDS.map("n-{}".format), "mac": MACS},
                          optional={"mtu": st.integers(68, 9000), "link": st.sampled_from(["up", "down"])}),
    st.fixed_dictionaries({"bridge": WORDS, "name": WORDS.map("b-{}".format), "mac": MACS}, optional={"model": st.just("e1000")})),
    max_size=4, unique_by=(lambda one: one["name"], lambda one: one["mac"]))
SPECS = st.fixed_dictionaries(
    {"name": NAMES},
    optional={
        "title": TEXT, "description": st.text("a\n b", min_size=1).filter(str.strip), "type": st.sampled_from(["kvm", "qemu"]),
        "arch": st.just("x86_64"), "machine": st.sampled_from(["q35", "pc"]), "vcpus": st.integers(1, 64),
        "memory": st.integers(1, 2**20).map("{}KiB".format),
        "cpu": st.sampled_from([{"mode": "host-passthrough"}, {"mode": "host-model"}, {"mode": "maximum"}, {"mode": "custom", "model": "qemu64"}]),
        "disks": DISKS, "interfaces": INTERFACES,
    })


class Host:
    arch = "x86_64"

    @staticmethod
    def has_kvm(_arch):
        return True


def definition(spec):
    """(declared, element) of a new VM, made as the engine makes it."""
    declared = Vm.normalise(spec)
    whole = _vm_policy.with_defaults(declared, Host)
    whole["disks"] = _vm_spec.with_targets(_vm_spec.settled_disks(declared["name"], whole.get("disks"), None), [])
    whole["interfaces"] = [_vm_policy.interface_defaults(one) for one in whole.get("interfaces") or []]
    whole.update(_vm_policy.furniture(declared, declared["name"], True, ["vnc"]))
    element = Vm.build(whole)
    _vm_policy.furnish(element)
    return {name: value for name, value in whole.items() if name in declared}, element


@given(SPECS)
def test_what_is_built_reads_back_and_has_no_difference(spec):
    declared, element = definition(spec)
    element = _xml.copy(element)
    for live in (False, True):
        assert Vm.compare(declared, element, live) == []
    actual = Vm.read(element)
    for name in ("disks", "interfaces"):
        # Where the data is said to be (file) is policy; the definition has it as the source.
        said = [{field: value for field, value in item.items() if field != "file"} for item in declared.get(name) or []]
        assert [{field: item.get(field) for field in one} for one, item in zip(said, actual[name])] == said
        assert len(actual[name]) == len(said)
    assert Vm.differing({name: value for name, value in declared.items() if name not in ("disks", "interfaces")}, actual) == []
    again = Vm.write(_xml.copy(element), declared)
    assert _xml.canonical(again) == _xml.canonical(element)


@pytest.mark.skipif(not os.path.exists(SCHEMA), reason="needs libvirt's schemas (Debian: libvirt0)")
@settings(max_examples=30, deadline=None)
@given(SPECS)
def test_libvirts_schema_accepts_what_is_built(spec):
    declared, element = definition(spec)
    assert _xml.validate(element, SCHEMA) == []
    _vm_seed.insert(element, "/srv/seed.iso")
    Vm.write(element, {"claims": [{"mac": "52:54:00:00:00:01", "network": "n", "address": "10.0.0.1", "hostname": "h"}], "environment": "e",
                       "made": [{"volume": "v", "pool": "p"}], "seed": "sha256:0"})
    assert _xml.validate(element, SCHEMA) == []
    assert Vm.compare(declared, element) == []


WHOLE = {
    "name": "vm", "title": "t", "description": "d", "type": "qemu", "machine": "pc-q35-9.2", "vcpus": 2, "memory": "1GiB",
    "cpu": {"mode": "custom", "model": "qemu64"},
    "disks": [{"name": "one", "file": "/srv/1", "cache": "none", "discard": "unmap", "serial": "S", "read_only": True, "boot_order": 1},
              {"name": "two", "file": "/dev/sdz", "format": "raw", "bus": "scsi"}],
    "interfaces": [{"name": "front", "network": "front", "mac": "52:54:00:00:00:01", "mtu": 1400, "link": "down", "model": "virtio"},
                   {"name": "lan", "bridge": "br0", "mac": "52:54:00:00:00:02"}],
}
# Behind our back: (the place in the XML, its attribute or None, another value, the field that has to be reported)
MUTATIONS = [
    ("title", None, "u", "title"), ("description", None, "e", "description"), (".", "type", "kvm", "type"), ("vcpu", None, "3", "vcpus"),
    ("vcpu", "current", "1", "vcpus"), ("memory", None, "1048577", "memory"), ("os/type", "machine", "pc-q35-9.1", "machine"),
    ("cpu", "mode", "maximum", "cpu.mode"), ("cpu/model", None, "kvm64", "cpu.model"),
    ("devices/disk[1]/driver", "cache", "unsafe", "disks.one.cache"), ("devices/disk[1]/driver", "discard", "ignore", "disks.one.discard"),
    ("devices/disk[1]/serial", None, "T", "disks.one.serial"), ("devices/disk[1]/boot", "order", "2", "disks.one.boot_order"),
    ("devices/disk[1]/source", "file", "/srv/9", "disks.one.source"), ("devices/disk[2]/source", "dev", "/dev/sdy", "disks.two.source"),
    ("devices/disk[2]/target", "bus", "sata", "disks.two.bus"), ("devices/disk[2]/driver", "type", "qcow2", "disks.two.format"),
    ("devices/disk[2]", "device", "cdrom", "disks.two.device"),
    ("devices/interface[1]/source", "network", "back", "interfaces.front.network"), ("devices/interface[1]/mtu", "size", "1500", "interfaces.front.mtu"),
    ("devices/interface[1]/mac", "address", "52:54:00:00:00:09", "interfaces.front.mac"), ("devices/interface[1]/link", "state", "up", "interfaces.front.link"),
    ("devices/interface[1]/model", "type", "e1000", "interfaces.front.model"), ("devices/interface[2]/source", "bridge", "br9", "interfaces.lan.bridge"),
]


@pytest.mark.parametrize("place, attribute, value, field", MUTATIONS)
def test_a_change_behind_our_back_is_reported_as_just_that(place, attribute, value, field):
    declared, element = definition(WHOLE)
    declared["disks"][1]["device"] = "disk"
    assert Vm.compare(declared, element) == []
    before = _xml.canonical(element)
    node = element if place == "." else element.find(place)
    node.set(attribute, value) if attribute else setattr(node, "text", value)
    assert _xml.canonical(element) != before
    changes = Vm.compare(declared, element)
    assert [".".join(change.path) for change in changes] == [field]
    Vm.write(element, declared)
    assert Vm.compare(declared, element) == []


@pytest.mark.parametrize("declared, actual, live, same", [
    ({"machine": "q35"}, "<domain><os><type machine='pc-q35-9.2'/></os></domain>", False, True),
    ({"machine": "q35"}, "<domain><os><type machine='q35'/></os></domain>", False, True),
    ({"machine": "pc"}, "<domain><os><type machine='pc-i440fx-9.2'/></os></domain>", False, True),
    ({"machine": "pc"}, "<domain><os><type machine='pc-q35-9.2'/></os></domain>", False, False),
    ({"machine": "pc-q35-9.1"}, "<domain><os><type machine='pc-q35-9.2'/></os></domain>", False, False),
    ({"type": "auto"}, "<domain type='qemu'/>", False, True), ({"type": "auto"}, "<domain type='kvm'/>", True, True),
    ({"type": "kvm"}, "<domain type='qemu'/>", False, False), ({"type": None}, "<domain type='qemu'/>", False, True),
    ({"cpu": {"mode": "host-model"}}, "<domain><cpu mode='custom'><model>EPYC</model></cpu></domain>", True, True),
    ({"cpu": {"mode": "host-model"}}, "<domain><cpu mode='custom'><model>EPYC</model></cpu></domain>", False, False),
    ({"cpu": {"mode": "maximum"}}, "<domain><cpu mode='custom'/></domain>", True, False),
    ({"cpu": None}, "<domain><cpu mode='custom' match='exact'><model>qemu64</model></cpu></domain>", False, True),
    ({"cpu": None}, "<domain><cpu mode='host-passthrough'/></domain>", False, False),
    ({"vcpus": 2}, "<domain><vcpu current='2'>4</vcpu></domain>", False, True), ({"vcpus": 4}, "<domain><vcpu current='2'>4</vcpu></domain>", False, False),
    ({"memory": 2**20}, "<domain><memory unit='MiB'>1</memory></domain>", False, True),
    ({"memory": 208 << 20}, "<domain><memory unit='MiB'>256</memory></domain>", True, False),
    ({"memory": 1500 << 10}, "<domain><memory unit='KiB'>2048</memory></domain>", True, True),
    ({"maximum_memory": 1500 << 10}, "<domain><memory unit='KiB'>2048</memory></domain>", False, False),
    ({"name": "VM"}, "<domain><name>vm</name></domain>", False, False),
])
def test_equivalences(declared, actual, live, same):
    assert (Vm.compare(declared, _xml.parse(actual), live) == []) == same


def test_memory_is_given_whole_and_rounded_up():
    declared = Vm.normalise({"name": "v", "memory": "1500000B"})
    assert declared["memory"] == 1465 * 1024
    tree = _xml.parse("<domain><memory unit='KiB'>1024</memory><currentMemory unit='KiB'>512</currentMemory></domain>")
    Vm.write(tree, declared)
    assert tree.findtext("memory") == "1465"
    assert tree.find("currentMemory") is None


@pytest.mark.parametrize("options, path, sentence", [
    ({"name": ""}, "name", "'' is not a name"),
    ({"vcpus": 0}, "vcpus", "0 is less"), ({"memory": "4096"}, "memory", "the size '4096' has no unit"), ({"name": "a/b"}, "name", "'a/b' is not a name"),
    ({"name": ".."}, "name", "'..' is not a name"), ({"title": "a\nb"}, "title", "'a\nb' is not one line"),
    ({"disks": [{}]}, "disks[0]", "say where its data is"), ({"disks": [{"volume": "v", "file": "/f"}]}, "disks[0]", "say where its data is"),
    ({"disks": [{"file": "f"}]}, "disks[0].file", "'f' is not an absolute path"),
    ({"disks": [{"image": "i", "size": "1"}]}, "disks[0].size", "the size '1' has no unit"),
    ({"disks": [{"image": "i"}, {"image": "i"}]}, "disks[1]", "'i' stands more than once; give each a name"),
    ({"disks": [{"volume": "v"}, {"file": "/srv/v.img"}]}, "disks[1]", "'v' stands more than once"),
    ({"disks": [{"name": "a.b", "volume": "v"}, {"name": "a-b", "volume": "w"}]}, "disks[1]", "'a-b' stands more than once"),
    ({"disks": [{"volume": "v", "boot_order": 0}]}, "disks[0].boot_order", "0 is less"),
    ({"interfaces": [{}]}, "interfaces[0]", "say what it is plugged into"),
    ({"interfaces": [{"network": "n", "bridge": "b"}]}, "interfaces[0]", "say what it is"),
    ({"interfaces": [{"network": "n"}, {"network": "n"}]}, "interfaces[1]", "'n' stands more than once; give each a name"),
    ({"disks": [{"volume": "n"}], "interfaces": [{"network": "n"}]}, "interfaces[0].name", "'n' is also the name of a disk"),
    ({"interfaces": [{"network": "n", "mtu": 60}]}, "interfaces[0].mtu", "60 is less"),
    ({"disks": [{"nvme": {"namespace": 1, "address": {"bus": 1, "slot": 32}}}]}, "disks[0].nvme.address.slot", "32 is more than the largest value, 31"),
    ({"disks": [{"volume": "v", "driver": {"iothread": 1, "iothreads": [{"id": 2}]}}]},
     "disks[0].driver.iothread", "goes without iothreads, which are several"),
    ({"disks": [{"volume": "v", "vendor": "me"}]}, "disks[0].vendor", "only disks on scsi have it"),
    ({"disks": [{"volume": "v", "tray": "open"}]}, "disks[0].tray", "goes with 'device: cdrom or floppy' only"),
    ({"disks": [{"volume": "v", "encryption": {"format": "luks2", "secret": "s"}}]}, "disks[0].encryption.format", "only 'engine: librbd' knows luks2"),
    ({"disks": [{"nvme": {"namespace": 1, "address": {"bus": 1, "slot": 2}}, "encryption": {"format": "luks", "secret": "s"}}]},
     "disks[0].encryption", "is said of data in a file, a device, a volume or a network"),
    ({"disks": [{"network": {"protocol": "nbd", "hosts": [{"name": "h"}], "timeout": 3}}]}, "disks[0].network.timeout", "is an option of http and https"),
    ({"disks": [{"volume": "v", "data_store": {"format": "raw"}}]}, "disks[0].data_store", "say where it is by one of file, block or network"),
    ({"disks": [{"vhost_user": {"path": "/s", "reconnect": {"enabled": False, "timeout": 1}}}]}, "disks[0].vhost_user.reconnect.timeout",
     "goes with 'enabled: true' only"),
    ({"interfaces": [{"vhost_user": {}}]}, "interfaces[0].vhost_user.path", "say the path of the socket, or have a backend of 'type: passt'"),
    ({"interfaces": [{"vhost_user": {"path": "/s"}}]}, "interfaces[0].vhost_user.mode", "a socket has a path and a mode"),
    ({"interfaces": [{"user": True, "port_forwards": [{"proto": "tcp"}]}]}, "interfaces[0].port_forwards", "only passt forwards ports"),
    ({"interfaces": [{"network": "n", "backend": {"type": "passt"}}]}, "interfaces[0].backend.type", "passt serves interfaces with 'user: true'"),
    ({"interfaces": [{"network": "n", "ips": [{"address": "10.0.0.1", "prefix": 33}]}]},
     "interfaces[0].ips[0].prefix", "33 is more than the largest value, 32"),
    ({"interfaces": [{"network": "n", "target": {"dev": "vnet7"}}]}, "interfaces[0].target.dev", "'vnet7' is not a device's name that libvirt does not give"),
    ({"controllers": [{"type": "pci", "model": "pcie-root-port"}]}, "controllers[0].index", "say which one"),
    ({"controllers": [{"type": "sata", "ports": 4}]}, "controllers[0].ports", "is an option of controllers of the type usb and virtio-serial"),
    ({"controllers": [{"type": "virtio-serial", "driver": {"queues": 4}}]}, "controllers[0].driver.queues", "is an option of controllers of the type scsi"),
    ({"controllers": [{"type": "scsi"}, {"type": "scsi"}]}, "controllers[1]", "'scsi-0' stands more than once; give each a index of its own"),
])
def test_bad_input_names_its_option(options, path, sentence):
    with pytest.raises(FieldError) as error:
        Vm.normalise({"name": "v"} | options)
    assert (error.value.option_path, error.value.message[:len(sentence)]) == (path, sentence)


@pytest.mark.parametrize("model, options, name", [
    (Disk, {"volume": "db"}, "db"), (Disk, {"image": "debian-12"}, "debian-12"), (Disk, {"file": "/srv/x.y.img"}, "x.y"), (Disk, {"device": "cdrom"}, "cdrom"),
    (Disk, {"volume": "db", "name": "root"}, "root"), (Disk, {"volume": "db", "name": None}, "db"),
    (Disk, {"pool_volume": {"pool": "p", "volume": "db"}}, "db"), (Disk, {"directory": "/srv/driver"}, "driver"),
    (Disk, {"vhost_vdpa": "/dev/vhost-vdpa-0"}, "vhost-vdpa"),
    (Interface, {"mcast": {"address": "230.0.0.1", "port": 5}}, "mcast"), (Interface, {"vhost_user": {"path": "/s", "mode": "client"}}, "vhost-user"),
    (Interface, {"network": "front"}, "front"), (Interface, {"bridge": "br0"}, "br0"), (Interface, {"network": "front", "name": "n"}, "n"),
])
def test_a_device_has_a_name(model, options, name):
    assert model.normalise(options)["name"] == name


@given(NAMES)
def test_a_device_is_known_by_its_name_however_it_is_written(name):
    tree = Disk.build(Disk.normalise({"volume": "v", "name": name}))
    alias = tree.find("alias").get("name")
    assert alias.startswith("ua-")
    assert set(alias) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
    assert Disk.match({"name": name}, [tree]) is tree
    assert Disk.compare({"name": name}, tree) == []
    assert Disk.counts(tree)


def test_libvirts_own_aliases_are_no_names():
    tree = _xml.parse("<disk><alias name='virtio-disk0'/><target dev='vda'/></disk>")
    assert "name" not in Disk.read(tree)
    assert Disk.match({"name": "virtio-disk0"}, [tree]) is None


def test_the_engines_own_drive_is_not_in_the_users_list():
    _declared, element = definition(WHOLE)
    _vm_seed.insert(element, "/srv/seed.iso")
    assert [disk["name"] for disk in Vm.read(element)["disks"]] == ["one", "two"]
    Vm.write(element, {"disks": []})
    assert _vm_seed.drive_of(element).find("source").get("file") == "/srv/seed.iso"
    user = Disk.build(Disk.normalise({"volume": "tinycloud-seed"}))
    assert Disk.counts(user)


@given(st.none() | WORDS, WORDS, WORDS)
def test_a_derived_mac_is_stable_and_local(environment, vm, interface):
    mac = derived_mac(environment, vm, interface)
    assert mac == derived_mac(environment, vm, interface) == Interface.fields()["mac"].normalise(mac)
    assert int(mac[:2], 16) & 0b11 == 0b10
    assert mac not in (derived_mac(environment, vm, interface + "x"), derived_mac(environment, vm + interface, ""), derived_mac("other-e", vm, interface))


def test_a_derived_mac_never_changes():
    # It is in leases and reservations of hosts that run: another one would move their addresses.
    assert derived_mac("shop", "db", "front") == "02:45:20:8b:c0:9e"
    assert derived_mac(None, "web", "front") == "02:3d:e2:dd:e1:e1"


def test_targets_are_free_ones():
    taken = {"vda", "vdc"}
    assert [next_target("virtio", taken) for _time in range(3)] == ["vdb", "vdd", "vde"]
    assert next_target("scsi", taken) == "sda"
    assert next_target("sata", taken) == "sdb"


def test_more_disks_than_letters():
    taken = set()
    names = [next_target("scsi", taken) for _time in range(60)]
    assert names[:2] + names[25:28] + names[51:53] == ["sda", "sdb", "sdz", "sdaa", "sdab", "sdaz", "sdba"]
    assert len(set(names)) == 60
