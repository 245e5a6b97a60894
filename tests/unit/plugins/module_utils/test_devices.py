# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices in lists: known by name, or by what they are; what libvirt adds by itself is nobody's business."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm

USUAL = """<domain type='qemu'><name>v</name><memory unit='KiB'>1024</memory><devices>
<serial type='pty'><target type='isa-serial' port='0'/></serial><console type='pty'><target type='serial' port='0'/></console>
<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
<input type='mouse' bus='ps2'/><input type='keyboard' bus='ps2'/><audio id='1' type='none'/>
<watchdog model='itco' action='reset'/><panic model='isa'/></devices></domain>"""
LISTS = ("serials", "consoles", "channels", "inputs", "audios", "watchdogs")
SOUNDS = st.lists(st.fixed_dictionaries(
    {"model": st.sampled_from(["ich9", "ac97", "usb"]), "name": st.none() | st.sampled_from(["a", "b", "c"])},
    optional={"multichannel": st.booleans(), "audio": st.integers(1, 3)}), max_size=4)


def normal(**options):
    return Vm.normalise({"name": "v", **options})


def paths(changes):
    return [".".join(change.path) for change in changes]


def test_what_libvirt_adds_is_left_alone():
    tree = _xml.parse(USUAL)
    assert Vm.compare(normal(**{option: [] for option in LISTS}), tree) == []
    before = _xml.canonical(tree)
    Vm.write(tree, normal(**{option: [] for option in LISTS}))
    assert _xml.canonical(tree) == before
    told = Vm.worth_telling(Vm.read(tree))
    assert not {"serials", "consoles", "channels", "inputs", "audios", "watchdogs"} & set(told)
    assert told["console"]["type"] == "pty"


def test_what_libvirt_adds_can_be_said_as_well():
    tree = _xml.parse(USUAL)
    declared = normal(watchdogs=[{"model": "itco", "action": "poweroff"}], inputs=[{"type": "mouse", "bus": "ps2"}])
    Vm.write(tree, declared)
    assert Vm.compare(declared, tree) == []
    assert [one.get("action") for one in tree.findall("devices/watchdog")] == ["poweroff"]
    assert len(tree.findall("devices/input")) == 2


def test_a_list_is_the_whole_list():
    tree = _xml.parse(USUAL)
    assert paths(Vm.compare(normal(panics=[]), tree)) == ["panics.panic-isa"]
    Vm.write(tree, normal(panics=[{"model": "hyperv"}]))
    assert [one.get("model") for one in tree.findall("devices/panic")] == ["hyperv"]


def test_a_device_that_others_made_gets_a_name_and_stays_the_same():
    tree = _xml.parse("<domain><name>v</name><devices><sound model='ich9'><codec type='micro'/></sound></devices></domain>")
    declared = normal(sounds=[{"model": "ich9"}])
    assert paths(Vm.compare(declared, tree)) == ["sounds.sound-ich9.name"]
    # A running guest's aliases stay as they are.
    assert Vm.compare(declared, tree, live=True) == []
    Vm.write(tree, declared)
    sound, = tree.findall("devices/sound")
    assert sound.find("alias").get("name") == "ua-sound-ich9"
    assert sound.find("codec").get("type") == "micro"


def test_who_bears_another_name_is_another_device():
    tree = _xml.parse("<domain><name>v</name><devices><sound model='ich9'><alias name='ua-front'/></sound></devices></domain>")
    changes = Vm.compare(normal(sounds=[{"name": "back", "model": "ich9"}]), tree)
    assert paths(changes) == ["sounds.back", "sounds.front"]


def test_of_those_without_a_name_the_most_alike_is_meant():
    tree = _xml.parse("<domain><name>v</name><devices><redirdev bus='usb' type='tcp'><source mode='connect' host='a' service='1'/></redirdev>"
                      "<redirdev bus='usb' type='tcp'><source mode='bind' host='a' service='1'/></redirdev></devices></domain>")
    item = {"type": "tcp", "host": "a", "port": 1, "mode": "bind", "name": None}
    other = dict(item, mode="connect", tls=True)
    assert paths(Vm.compare(normal(redirdevs=[item, other]), tree)) == ["redirdevs.redirdev-tcp-a-1.tls"]
    assert paths(Vm.compare(normal(redirdevs=[other, item]), tree)) == ["redirdevs.redirdev-tcp-a-1.tls"]


@given(SOUNDS, SOUNDS)
def test_any_list_becomes_any_other(first, second):
    tree = _xml.parse("<domain><devices/></domain>")
    for sounds in (first, second):
        names = [one.get("name") for one in sounds if one.get("name")]
        if len(set(names)) < len(names):
            with pytest.raises(FieldError, match="stands more than once"):
                normal(sounds=sounds)
            continue
        declared = normal(sounds=sounds)
        Vm.write(tree, declared)
        assert Vm.compare(declared, tree) == []
        assert sorted(one.get("model") for one in tree.findall("devices/sound")) == sorted(one["model"] for one in sounds)


def test_the_first_serial_port_is_the_console():
    tree = Vm.build(normal(console={"type": "pty"}, serials=[{"name": "second", "type": "file", "path": "/srv/log"}]))
    assert [one.get("type") for one in tree.findall("devices/serial")] == ["pty", "file"]
    assert Vm.compare(normal(console={"type": "pty"}), tree) == []
    Vm.write(tree, normal(console=None))
    assert [one.get("type") for one in tree.findall("devices/serial")] == ["file"]
    assert Vm.compare(normal(console=None, serials=[{"name": "second", "type": "file", "path": "/srv/log"}]), tree) == []


def test_the_first_video_card_goes_and_the_others_stay():
    tree = Vm.build(normal(video={"model": "vga"}, videos=[{"model": "virtio"}]))
    Vm.write(tree, normal(video=None))
    assert [one.get("type") for one in tree.findall("devices/video/model")] == ["virtio"]


def test_names_are_the_same_in_all_lists():
    with pytest.raises(FieldError) as caught:
        normal(sounds=[{"name": "a", "model": "ich9"}], inputs=[{"name": "a", "type": "tablet"}])
    assert "is also the name of one of" in caught.value.message


@pytest.mark.parametrize("option, value, place, part", [
    ("console", {"type": "file"}, "console.path", "'type: file' needs path"),
    ("console", {"type": "tcp", "host": "a"}, "console.port", "needs host and port"),
    ("console", {"type": "udp", "port": 1, "mode": "bind"}, "console.mode", "UDP has no mode"),
    ("console", {"type": "pty", "bind_port": 1}, "console.bind_port", "UDP's own end"),
    ("serials", [{"type": "unix", "path": "a"}], "serials[0].path", "absolute path"),
    ("channels", [{"target": {"name": "org.qemu.guest_agent.0"}}], "channels[0].target.name", "guest_agent"),
    ("channels", [{"target": {"type": "guestfwd"}}], "channels[0].target.address", "needs the address and the port"),
    ("consoles", [{"type": "tcp", "host": "a", "port": 1, "reconnect": {"enabled": True}}], "consoles[0].reconnect.timeout", "seconds"),
    ("rng", {"backend": "egd"}, "rng.egd", "where the daemon is"),
    ("rng", {"backend": "builtin", "source": "/dev/random"}, "rng.source", "has no source"),
    ("graphics", [{"type": "sdl", "listen": "::1"}], "graphics[0].listen", "not on the network"),
    ("graphics", [{"type": "vnc", "spice": {"streaming": "off"}}], "graphics[0].spice", "is an option of SPICE"),
    ("graphics", [{"type": "vnc", "listen": "::1", "socket": "/run/a"}], "graphics[0].socket", "goes with 'listen: socket'"),
    ("graphics", [{"type": "vnc", "listen": "::1", "listen_network": "front"}], "graphics[0].listen_network", "goes without listen"),
    ("filesystems", [{"target": "a"}], "filesystems[0].source", "which folder"),
    ("filesystems", [{"source": "/srv"}], "filesystems[0].target", "by which tag"),
    ("filesystems", [{"source": "srv", "target": "a"}], "filesystems[0].source", "absolute path"),
    ("filesystems", [{"source": "/srv", "target": "a", "binary": {"xattr": True}}], "filesystems[0].binary", "is of the driver virtiofs"),
    ("filesystems", [{"source": "/srv", "target": "a", "driver": {"type": "virtiofs"}, "multidevs": "remap"}], "filesystems[0].multidevs", "9p"),
    ("hostdevs", [{"type": "pci", "source": {}}], "hostdevs[0].source.address", "or vendor and product"),
    ("hostdevs", [{"type": "pci", "source": {"address": "1"}}], "hostdevs[0].source.address", "is not a PCI address"),
    ("hostdevs", [{"type": "usb", "source": {"vendor": "0x1234"}}], "hostdevs[0].source", "vendor and product, or bus and device"),
    ("hostdevs", [{"type": "usb", "source": {"vendor": "1234", "product": "0x0001"}}], "hostdevs[0].source.vendor", "hexadecimal"),
    ("hostdevs", [{"type": "scsi", "source": {}}], "hostdevs[0].source", "the adapter"),
    ("hostdevs", [{"type": "mdev", "source": {"uuid": "53764d0e-85a0-42b4-af5c-2046b460b1dc"}}], "hostdevs[0].model", "needs the model"),
    ("inputs", [{"type": "passthrough"}], "inputs[0].source", "the input device of the host"),
    ("inputs", [{"type": "mouse", "grab": "all"}], "inputs[0].grab", "passthrough and evdev"),
    ("inputs", [{"type": "mouse", "bus": "usb", "model": "virtio"}], "inputs[0].model", "the bus virtio"),
    ("memory_devices", [{"model": "dimm", "target": {"size": "1GiB"}, "source": {"path": "/a"}}], "memory_devices[0].source.path", "has no file"),
    ("memory_devices", [{"model": "nvdimm", "target": {"size": "1GiB"}}], "memory_devices[0].source.path", "needs the file"),
    ("memory_devices", [{"model": "virtio-mem", "target": {"size": "1GiB", "block": "2MiB"}}], "memory_devices[0].target.requested", "needs it"),
    ("memory_devices", [{"model": "dimm", "target": {"size": "1GiB", "requested": "1MiB"}}], "memory_devices[0].target.requested", "virtio-mem"),
    ("memory_devices", [{"model": "virtio-mem", "target": {"size": "1GiB", "block": "2MiB", "requested": "2GiB"}}],
     "memory_devices[0].target.requested", "more than the size"),
    ("redirdevs", [{}], "redirdevs[0].type", "where the devices come from"),
    ("redirfilter", [{"allow": True, "version": "x"}], "redirfilter[0].version", "is not a version"),
    ("smartcards", [{"mode": "passthrough"}], "smartcards[0].source.type", "where the card is"),
    ("smartcards", [{"mode": "host-certificates"}], "smartcards[0].certificates", "three names"),
    ("smartcards", [{"mode": "host-certificates", "certificates": ["a"]}], "smartcards[0].certificates", "three certificates; these are 1"),
    ("smartcards", [{"mode": "host", "database": "/a"}], "smartcards[0].database", "is of 'mode: host-certificates'"),
    ("tpm", {"type": "external"}, "tpm.source", "the socket of the server"),
    ("tpm", {"type": "passthrough", "version": "2.0"}, "tpm.version", "is of 'type: emulator'"),
    ("tpm", {"type": None}, "tpm.type", "write 'tpm: null'"),
    ("vsock", {"cid": 4, "cid_auto": True}, "vsock.cid", "libvirt chooses the number"),
    ("vsock", {"cid_auto": False}, "vsock.cid", "the guest's number is needed"),
    ("vsock", {"cid": 2}, "vsock.cid", "less than the smallest value, 3"),
    ("iommu", {"model": "smmuv3", "driver": {"eim": True}}, "iommu.driver.eim", "is of 'model: intel'"),
    ("shmems", [{"name": "a", "size": "3MiB"}], "shmems[0].size", "power of two"),
    ("sounds", [{"model": "ich9"}, {"model": "ich9"}], "sounds[1]", "'sound-ich9' stands more than once; give each a name of its own"),
])
def test_bad_input_is_refused_by_name(option, value, place, part):
    with pytest.raises(FieldError) as caught:
        normal(**{option: value})
    assert caught.value.option_path == place
    assert part in caught.value.message


def test_memory_is_what_there_is_beside_memory_devices():
    tree = Vm.build(normal(memory="256MiB"))
    module = {"name": "m", "model": "dimm", "target": {"size": "128MiB", "node": 0}}
    Vm.write(tree, normal(memory_devices=[module]))
    # libvirt counts all of it.
    assert tree.findtext("memory") == str(384 << 10)
    assert Vm.compare(normal(memory="256MiB", maximum_memory="256MiB", memory_devices=[module]), tree) == []
    Vm.write(tree, normal(memory="200MiB"))
    assert (tree.findtext("memory"), tree.findtext("currentMemory")) == (str(384 << 10), str(328 << 10))
    Vm.write(tree, normal(memory_devices=[]))
    assert (tree.findtext("memory"), tree.findtext("currentMemory")) == (str(256 << 10), str(200 << 10))
