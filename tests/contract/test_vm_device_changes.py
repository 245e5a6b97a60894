# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices of a running VM change on our own libvirtd and real QEMU: where they are plugged in, if libvirt can."""
from __future__ import annotations

import pytest
from machines import Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.network import Network

MAC = "52:54:00:00:00:01"
ADOPTED = """
<domain type='qemu'><name>vm</name><memory unit='MiB'>64</memory><os><type machine='q35'>hvm</type></os><devices>
<disk type='file'><driver name='qemu' type='raw'/><source file='{disk}'/><target dev='vda' bus='virtio'/></disk>
<disk type='file' device='cdrom'><source file='{medium}'/><target dev='sda' bus='sata'/></disk>
<interface type='network'><mac address='52:54:00:00:00:01'/><source network='front'/><model type='virtio'/></interface>
</devices></domain>"""


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    machines = Machines(daemon_uri, daemon, tmp_path)
    machines.result({"name": "front", "subnet": "10.88.1.0/24", "state": "active"},
                    {"name": "back", "subnet": "10.88.2.0/24", "state": "active"}, kind=Network)
    return machines


class Guest:
    """A running VM with a disk, a drive and an interface, made by the module or by others."""

    def __init__(self, machines, adopted):
        self.machines = machines
        self.disk = {"name": "disk", "file": machines.disk("a.raw", "raw")}
        self.drive = {"device": "cdrom", "name": "cd", "file": machines.disk("one.iso", "raw")}
        self.card = {"name": "front", "network": "front", "mac": MAC}
        if adopted:
            machines.connection.defineXML(ADOPTED.format(disk=self.disk["file"], medium=self.drive["file"]))
            machines.domain().create()
        machines.apply(state="running", disks=[self.disk, self.drive], interfaces=[self.card])
        self.number = machines.domain().ID()
        self.places = self.addresses()

    def addresses(self):
        """Where the devices are plugged in, in the running VM."""
        devices = self.machines.running().find("devices")
        return {_path.get(one, "alias/@name"): _xml.text(one.find("address")) for one in devices if one.tag in ("disk", "interface")}

    def change(self, **options):
        changed = self.machines.apply(state="running", **options)
        assert changed["restart_required"] == []
        assert {change["how"] for change in changed["plan"][0]["changes"]} == {"live"}
        # Nothing was unplugged.
        assert self.addresses() == self.places
        assert self.machines.domain().ID() == self.number
        return changed

    def read(self, place):
        """The same in the running VM and in its definition."""
        values = [_path.get(view, place) for view in (self.machines.running(), self.machines.definition())]
        assert values[0] == values[1]
        return values[0]


@pytest.fixture(params=["made", "adopted"])
def guest(request, machines):
    return Guest(machines, request.param == "adopted")


def test_a_medium_changes_in_its_drive(guest):
    for file in (guest.machines.disk("two.iso", "raw"), None, guest.drive["file"]):
        guest.change(disks=[guest.disk, guest.drive | {"file": file}])
        assert guest.read("devices/disk[@device='cdrom']/source/@file") == file
    # What is not said is left alone.
    assert not guest.machines.apply(state="running", disks=[guest.disk, {"device": "cdrom", "name": "cd"}])["changed"]


def test_a_disks_traffic_is_bounded(guest):
    for bound, text in (({"total_bytes_sec": "1MiB"}, {"total_bytes_sec": "1048576"}),
                        ({"total_bytes_sec": "2MiB", "read_iops_sec": 9}, {"total_bytes_sec": "2097152", "read_iops_sec": "9"}),
                        ({"total_bytes_sec": None, "write_bytes_sec": "1MiB", "write_bytes_sec_max": "4MiB", "write_bytes_sec_max_length": 3},
                         {"total_bytes_sec": None, "write_bytes_sec": "1048576", "write_bytes_sec_max": "4194304", "read_iops_sec": "9"}),
                        (None, {"write_bytes_sec": None, "read_iops_sec": None})):
        guest.change(disks=[guest.disk | {"iotune": bound}, guest.drive])
        assert {name: guest.read("devices/disk/iotune/" + name) for name in text} == text


def test_a_cable_is_pulled_and_plugged_in(guest):
    for link in ("down", "up", "down"):
        guest.change(interfaces=[guest.card | {"link": link}])
        assert guest.read("devices/interface/link/@state") == link
    guest.change(interfaces=[guest.card | {"link": None}])
    assert guest.read("devices/interface/link/@state") is None


def test_a_card_moves_to_another_network_and_to_a_bridge(guest):
    guest.change(interfaces=[guest.card | {"network": "back"}])
    assert guest.read("devices/interface/source/@network") == "back"
    bridge = _path.get(_xml.parse(guest.machines.connection.networkLookupByName("front").XMLDesc(0)), "bridge/@name")
    guest.change(interfaces=[{"name": "front", "mac": MAC, "bridge": bridge}])
    assert guest.read("devices/interface/source/@bridge") == bridge
    assert guest.read("devices/interface/source/@network") is None
    guest.change(interfaces=[guest.card])
    assert guest.read("devices/interface/source/@network") == "front"


def test_cards_are_isolated(guest):
    for isolated, text in ((True, "yes"), (False, "no"), (None, "no")):
        options = {"interfaces": [guest.card | {"isolated": isolated}]}
        if isolated is None:
            guest.machines.apply(state="running", **options)
        else:
            guest.change(**options)
        assert guest.read("devices/interface/port/@isolated") == text


def test_several_changes_of_a_card_are_one_update(guest):
    guest.change(interfaces=[guest.card | {"network": "back", "link": "down", "isolated": True}])
    assert guest.read("devices/interface/link/@state") == "down"
    assert guest.read("devices/interface/source/@network") == "back"


def test_what_a_running_vm_cannot_get_waits(guest):
    changed = guest.machines.apply(state="running", disks=[guest.disk | {"cache": "none", "iotune": {"read_iops_sec": 5}}, guest.drive | {"read_only": None}])
    assert [(change["field"], change["how"]) for change in changed["plan"][0]["changes"]][:2] == [
        ("disks.disk.cache", "restart"), ("disks.disk.iotune.read_iops_sec", "live")]
    assert {"resource": "vm vm", "fields": ["disks.disk.cache"]} in changed["restart_required"]
    assert _path.get(guest.machines.running(), "devices/disk/iotune/read_iops_sec") == "5"


def test_a_paused_guest_lets_go_when_it_runs_again(guest):
    guest.machines.apply(state="paused")
    waits = guest.machines.apply(state="paused", interfaces=[])
    # A running guest that others defined knows no name of ours.
    assert [field for one in waits["restart_required"] for field in one["fields"]] in (["interfaces.front"], ["interfaces." + MAC])
    assert len(guest.machines.running().findall("devices/interface")) == 1
    assert guest.machines.definition().findall("devices/interface") == []


def test_a_saved_guest_that_shall_be_paused_is_not_waited_for(guest):
    guest.machines.apply(state="saved")
    guest.machines.apply(state="paused", interfaces=[])
    assert guest.machines.definition().findall("devices/interface") == []


def test_a_drive_on_a_cold_bus_comes_at_the_next_start(guest):
    more = {"device": "cdrom", "name": "more", "file": guest.drive["file"]}
    changed = guest.machines.apply(state="running", disks=[guest.disk, guest.drive, more])
    assert changed["restart_required"] == [{"resource": "vm vm", "fields": ["disks.more"]}]


BAD = [
    ({"disks": [{"name": "d", "network": {"protocol": "nbd"}}]}, "invalid_option", "disks[0].network.hosts: say on which hosts it is"),
    ({"disks": [{"network": {"protocol": "rbd", "hosts": [{"name": "mon"}]}}]}, "invalid_option", "disks[0].network.name: say its name: pool/image"),
    ({"disks": [{"network": {"protocol": "https", "name": "a.iso", "hosts": [{"name": "a"}, {"name": "b"}]}}]}, "invalid_option",
     "disks[0].network.hosts: only rbd and gluster have several hosts"),
    ({"disks": [{"network": {"protocol": "rbd", "name": "p/i", "hosts": [{"name": "mon"}], "auth": {"username": "u", "secret": "client.u"}}}]},
     "unknown_secret",
     "disks[0].network.auth.secret: libvirt has no secret 'client.u' on this host"),
    ({"disks": [{"file": "{raw}", "encryption": {"format": "luks", "secret": "lost"}}]}, "unknown_secret",
     "disks[0].encryption.secret: libvirt has no secret 'lost' on this host"),
    ({"disks": [{"block": "/srv/disk"}]}, "invalid_option", "disks[0].block: '/srv/disk' is not the path of a block device below /dev"),
    ({"disks": [{"block": "/dev/null"}]}, "not_a_disk", "disks[0].block: '/dev/null' is no block device"),
    ({"disks": [{"file": "{qcow2}"}]}, "format_not_said", "disks[0].file: '{qcow2}' holds a qcow2 image, and a disk is raw where no format is said"),
    ({"disks": [{"file": "{raw}", "format": "qcow2"}]}, "format_mismatch", "disks[0].file: '{raw}' does not hold a qcow2 image, as format says"),
    ({"disks": [{"file": "{raw}", "iotune": {"total_bytes_sec": "1MiB", "read_bytes_sec": "1MiB"}}]}, "invalid_option",
     "disks[0].iotune.total_bytes_sec: bounds all traffic; it does not go together with read_bytes_sec"),
    ({"disks": [{"file": "{raw}", "iotune": {"read_iops_sec_max": 5}}]},
     "invalid_option", "disks[0].iotune.read_iops_sec_max: a burst goes beyond a lasting bound"),
    ({"disks": [{"file": "{raw}", "iotune": {"total_bytes_sec": "100"}}]}, "invalid_option", "disks[0].iotune.total_bytes_sec: the size '100' has no unit"),
    ({"disks": [{"file": "{raw}", "device": "cdrom", "bus": "virtio"}]},
     "invalid_option", "disks[0].bus: a cdrom is not on the bus virtio; leave it out for sata"),
    ({"disks": [{"file": "{raw}", "device": "cdrom", "read_only": False}]}, "invalid_option", "disks[0].read_only: a CD-ROM is never written"),
    ({"disks": [{"file": "{raw}", "wwn": "5000c50015ea71ac"}]}, "invalid_option", "disks[0].wwn: only disks on scsi, sata or ide have a world wide name"),
    ({"disks": [{"file": "{raw}", "shared": True, "format": "qcow2"}]}, "invalid_option", "disks[0].shared: qcow2 has one writer only"),
    ({"interfaces": [{"network": "front", "portgroup": "web"}]},
     "unknown_portgroup", "interfaces[0].portgroup: the network 'front' has no portgroup 'web'; it has: none"),
    ({"interfaces": [{"user": True, "portgroup": "web"}]}, "invalid_option", "interfaces[0].portgroup: a portgroup is one of a libvirt network"),
    ({"interfaces": [{"direct": {"dev": "lost0"}}]}, "unknown_network_device", "interfaces[0].direct.dev: this host has no network device 'lost0'"),
    ({"interfaces": [{"network": "front", "direct": {"dev": "lo"}}]}, "invalid_option", "interfaces[0]: say what it is plugged into by one of"),
    ({"interfaces": [{"network": "front", "bandwidth": {"inbound": {"peak": "1MiB"}}}]}, "invalid_option",
     "interfaces[0].bandwidth.inbound.peak: say the average, too"),
    ({"interfaces": [{"network": "front", "filter": {"name": "lost"}}]}, "unknown_filter", "interfaces[0].filter.name: there is no network filter 'lost'"),
    ({"interfaces": [{"network": "front", "vlan": {"tags": []}}]}, "invalid_option", "interfaces[0].vlan.tags: give at least one tag"),
    ({"interfaces": [{"user": True, "vlan": {"tags": [{"id": 7}]}}]}, "no_vlan", "interfaces[0].vlan: what 'user' is plugged into takes no VLAN tags"),
    ({"interfaces": [{"ethernet": {}, "vlan": {"tags": [{"id": 7}]}}]}, "no_vlan", "interfaces[0].vlan: what 'ethernet' is plugged into takes no VLAN tags"),
    ({"interfaces": [{"network": "front", "name": "a", "model": "e1000"}, {"network": "front", "name": "b", "model": "e1001"}]}, "unsupported_model",
     "interfaces[1].model: this host's QEMU has no network card 'e1001'"),
    ({"interfaces": [{"network": "front", "model": "e1000", "queues": 2}]}, "invalid_option", "interfaces[0].queues: only a card of the model virtio"),
]


@pytest.mark.parametrize("options, code, said", BAD)
def test_bad_devices_are_refused_in_a_sentence_before_anything_is_touched(machines, options, code, said):
    paths = {"raw": machines.disk("x.raw", "raw"), "qcow2": machines.disk("x.qcow2")}

    def filled(value):
        if isinstance(value, dict):
            return {name: filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [filled(one) for one in value]
        return value.format(**paths) if isinstance(value, str) else value

    machines.apply()
    before = machines.everything()
    with pytest.raises(Failure) as refused:
        machines.result({"name": "vm", "state": "present"} | filled(options))
    assert (refused.value.code, refused.value.message[:len(filled(said))]) == (code, filled(said))
    assert machines.everything() == before


def test_a_name_that_is_reserved_for_another_mac_is_refused(machines):
    machines.result({"name": "front", "state": "active", "reservations": [{"mac": "52:54:00:00:00:55", "name": "vm", "address": "10.88.1.50"}]}, kind=Network)
    with pytest.raises(Failure) as refused:
        machines.apply(interfaces=[{"network": "front", "address": "10.88.1.60"}])
    assert refused.value.code == "duplicate_name"
    assert machines.connection.listAllDomains() == []


def test_shared_data_has_as_many_writers_as_say_so(machines):
    file = machines.disk("shared.raw", "raw")
    shared = {"file": file, "shared": True, "cache": "none"}
    machines.apply(disks=[shared])
    machines.apply(name="other", disks=[shared])
    with pytest.raises(Failure) as refused:
        machines.apply(name="third", disks=[{"file": file}])
    assert refused.value.code == "disk_in_use"


@pytest.mark.parametrize("source, place", [
    ({"protocol": "nbd", "name": "data", "hosts": [{"name": "10.0.0.1", "port": 10809}]}, {"protocol": "nbd", "name": "data"}),
    ({"protocol": "nbd", "hosts": [{"socket": "/run/nbd.sock"}]}, {"protocol": "nbd"}),
    ({"protocol": "iscsi", "name": "iqn.2026-01.org.example:disk/1", "hosts": [{"name": "10.0.0.1"}]},
     {"protocol": "iscsi", "name": "iqn.2026-01.org.example:disk/1"}),
    ({"protocol": "rbd", "name": "pool/image", "hosts": [{"name": "mon1"}, {"name": "mon2", "port": 6789}]}, {"protocol": "rbd", "name": "pool/image"}),
    ({"protocol": "https", "name": "tools.iso", "hosts": [{"name": "example.org"}]}, {"protocol": "https", "name": "tools.iso"}),
])
def test_data_on_other_hosts(machines, source, place):
    options = {"name": "far", "network": source, "format": "raw"}
    if source["protocol"] == "https":
        options |= {"device": "cdrom"}
    machines.apply(disks=[options])
    element = machines.definition().find("devices/disk")
    assert element.get("type") == "network"
    assert place.items() <= dict(element.find("source").attrib).items()
    file = machines.disk("near.raw", "raw")
    machines.apply(disks=[{"name": "far", "file": file} | {name: value for name, value in options.items() if name == "device"}])
    assert dict(machines.definition().find("devices/disk/source").attrib) == {"file": file}
    machines.apply(disks=[options])
    assert machines.definition().find("devices/disk").get("type") == "network"
