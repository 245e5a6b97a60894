# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of devices that libvirt's examples do not vary: libvirt's schema takes what they write, and it is read again."""
from __future__ import annotations

import pytest
from kinds import KINDS

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path

VM = next(kind for kind in KINDS if kind.name == "vm")
LABEL = {"model": "selinux", "relabel": True, "label": "system_u:object_r:svirt_image_t:s0"}
SOCKET = {"type": "unix", "path": "/run/a.sock", "mode": "connect", "reconnect": {"enabled": True, "timeout": 3}, "seclabels": [LABEL]}
NULL_MODEM = {"type": "nmdm", "master": "/dev/nmdm0A", "slave": "/dev/nmdm0B"}
UDP = {"type": "udp", "host": "127.0.0.1", "port": 5000, "bind_host": "127.0.0.2", "bind_port": 5001}
TCP = {"type": "tcp", "host": "127.0.0.1", "port": 5000, "mode": "bind", "protocol": "telnet", "tls": True}
LOGGED = {"type": "file", "path": "/srv/a.log", "append": True, "log": "/srv/b.log", "log_append": True}
AGENT = {"type": "qemu-vdagent", "clipboard": True, "mouse": "server"}
PORT = {"type": "spiceport", "channel": "org.qemu.console.serial.0"}
ENDS = [SOCKET, NULL_MODEM, UDP, TCP, LOGGED, PORT, {"type": "dbus", "channel": "org.qemu.console.serial.1"}]


def shown(options, **furniture):
    declared = VM.model.normalise({"name": "vm", "type": "qemu", "memory": "1GiB", **furniture, **options})
    tree = VM.model.build(declared)
    VM.furnish(tree)
    assert VM.mistakes(tree) == []
    assert VM.model.compare(declared, tree) == []
    told = VM.model.options(VM.model.describe(VM.model.read(tree)))
    assert VM.model.compare(VM.model.normalise(told), tree) == []
    return tree


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end["type"])
def test_every_end_of_a_character_device(end):
    shown({"console": end})
    shown({"serials": [{"name": "second", **end, "target": {"type": "pci-serial", "port": 1}}]}, console={"type": "pty"})
    shown({"consoles": [{**end, "target": {"type": "virtio", "port": 1}}], "parallels": [{**end, "target": {"port": 0}}]})
    shown({"channels": [{**end, "target": {"name": "org.example.0"}}]})
    if end["type"] in ("unix", "tcp", "udp"):
        shown({"rng": {"backend": "egd", "egd": end}, "rngs": [{"name": "other", "backend": "egd", "egd": end}]})
        # The schema has forgotten that smartcards have names.
        shown({"redirdevs": [end], "smartcards": [{"name": None, "mode": "passthrough", "source": end}]})


def test_the_clipboard_and_mouse_of_an_agent():
    tree = shown({"channels": [{"target": {"name": "com.redhat.spice.0"}, **AGENT}]})
    assert _path.get(tree, "devices/channel/source/clipboard/@copypaste") == "yes"
    assert _path.get(tree, "devices/channel/source/mouse/@mode") == "server"


@pytest.mark.parametrize("options, written", [
    ({"hostdevs": [{"type": "usb", "source": {"vendor": "0x1d6b", "product": "0x0002", "startup_policy": "optional"}}]},
     {"devices/hostdev/source/vendor/@id": "0x1d6b", "devices/hostdev/source/product/@id": "0x0002",
      "devices/hostdev/source/@startupPolicy": "optional", "devices/hostdev/@mode": "subsystem"}),
    ({"hostdevs": [{"type": "usb", "source": {"bus": 1, "device": 2}}]},
     {"devices/hostdev/source/address/@bus": "1", "devices/hostdev/source/address/@device": "2"}),
    ({"hostdevs": [{"type": "pci", "managed": True, "source": {"address": "0000:03:10.1"}, "rom": {"enabled": False}, "driver": {"name": "vfio"},
                    "acpi_index": 7}]},
     {"devices/hostdev/source/address/@slot": "0x10", "devices/hostdev/rom/@enabled": "no", "devices/hostdev/acpi/@index": "7"}),
    ({"hostdevs": [{"type": "pci", "source": {"address": "03:10.2"}, "teaming": {"type": "transient", "persistent": "ua-front"}}]},
     {"devices/hostdev/source/address/@domain": "0x0000", "devices/hostdev/teaming/@persistent": "ua-front"}),
    ({"hostdevs": [{"type": "storage", "source": {"block": "/dev/sdz"}}]},
     {"devices/hostdev/@mode": "capabilities", "devices/hostdev/source/block": "/dev/sdz"}),
    ({"hostdevs": [{"type": "misc", "source": {"char": "/dev/input/event3"}}]}, {"devices/hostdev/source/char": "/dev/input/event3"}),
    ({"hostdevs": [{"type": "net", "source": {"interface": "eth7"}}]}, {"devices/hostdev/source/interface": "eth7"}),
    ({"hostdevs": [{"type": "scsi", "source": {"protocol": "iscsi", "name": "iqn.2020-07.com.example:a/1", "hosts": [{"name": "s1", "port": 3260}],
                                               "auth": {"username": "u", "secret": "s"}, "initiator": "iqn.2020-07.com.example:me"}}]},
     {"devices/hostdev/source/auth/secret/@usage": "s", "devices/hostdev/source/initiator/iqn/@name": "iqn.2020-07.com.example:me"}),
    ({"audios": [{"id": 1, "type": "jack", "input": {"exact_name": True, "server_name": "a", "client_name": "b", "connect_ports": "c.*"},
                  "output": {"exact_name": False}}]},
     {"devices/audio/input/@exactName": "yes", "devices/audio/output/@exactName": "no"}),
    ({"audios": [{"id": 1, "type": "oss", "timer_period": 50, "try_mmap": True, "exclusive": True, "dsp_policy": 3,
                  "input": {"mixing_engine": True, "fixed_settings": True, "voices": 1, "buffer_length": 100, "buffer_count": 30, "dev": "/dev/dsp0",
                            "try_poll": True, "settings": {"frequency": 44100, "channels": 2, "format": "s16"}}, "output": {"voices": 2}},
                 {"id": 2, "type": "pipewire", "runtime_dir": "/run/user/0", "output": {"name": "a", "stream_name": "b", "latency": 100}},
                 {"id": 3, "type": "sdl", "driver": "alsa"}, {"id": 4, "type": "pulseaudio", "server_name": "a"}, {"id": 5, "type": "file", "path": "a.wav"}]},
     {"devices/audio/@dspPolicy": "3", "devices/audio/input/settings/@format": "s16"}),
    ({"filesystems": [{"target": "t", "source": "/srv", "driver": {"type": "virtiofs"}, "boot_order": 1, "model": "virtio-transitional",
                       "binary": {"path": "/usr/libexec/virtiofsd", "xattr": True, "cache": "always", "sandbox": "chroot", "lock_posix": False,
                                  "lock_flock": False, "thread_pool_size": 16, "open_files": 1000},
                       "id_map": {"uids": [{"start": 0, "target": 100000, "count": 65535}], "gids": [{"start": 0, "target": 100000, "count": 65535}]}}]},
     {"devices/filesystem/binary/thread_pool/@size": "16", "devices/filesystem/idmap/gid/@target": "100000"}),
    ({"filesystems": [{"target": "t", "source": "/srv", "driver": {"type": "path", "write_policy": "immediate"}, "access_mode": "mapped", "file_mode": "0640",
                       "directory_mode": "0750", "multidevs": "remap", "space_hard_limit": "2GiB", "space_soft_limit": "1GiB"}]},
     {"devices/filesystem/@dmode": "0750", "devices/filesystem/driver/@wrpolicy": "immediate"}),
    ({"rng": {"backend": "random", "source": "/dev/hwrng", "rate_bytes": 1000, "rate_period": 2000}}, {"devices/rng/rate/@period": "2000"}),
    ({"memballoon": {"autodeflate": True, "free_page_reporting": True}}, {"devices/memballoon/@autodeflate": "on"}),
    ({"video": {"model": "qxl", "ram": 65536, "vram": 65536, "vram64": 131072, "vgamem": 16384, "accel2d": False, "accel3d": True,
                "render_node": "/dev/dri/renderD128"}}, {"devices/video/model/@vram64": "131072"}),
    ({"graphics": [{"type": "dbus", "p2p": True, "gl": {"enable": True, "render_node": "/dev/dri/renderD128"}}]}, {"devices/graphics/@p2p": "yes"}),
    ({"graphics": [{"type": "sdl", "display": ":0", "xauth": "/root/.Xauthority"}]}, {"devices/graphics/@xauth": "/root/.Xauthority"}),
    ({"graphics": [{"type": "spice", "password": "geheim", "password_valid_to": "2030-01-01T00:00:00", "connected": "disconnect"}]},
     {"devices/graphics/@connected": "disconnect"}),
    ({"hostdevs": [{"type": "scsi", "source": {"adapter": "scsi_host0", "bus": 0, "target": 0, "unit": 1}, "shared": True, "read_only": True}],
      "iommu": {"model": "intel", "driver": {"dma_translation": False}}, "tpm": {"persistent_state": True}},
     {"devices/hostdev/source/adapter/@name": "scsi_host0", "devices/tpm/backend/@persistent_state": "yes"}),
    ({"hostdevs": [{"type": "usb", "source": {"bus": 1, "device": 2, "guest_reset": "off"}, "boot_order": 1, "boot_loadparm": "2"}]},
     {"devices/hostdev/boot/@loadparm": "2"}),
    ({"hostdevs": [{"type": "mdev", "model": "vfio-pci", "source": {"uuid": "53764d0e-85a0-42b4-af5c-2046b460b1dc"}, "display": True, "ramfb": True,
                    "rom": {"bar": False}}]}, {"devices/hostdev/@ramfb": "on"}),
    ({"memory_devices": [{"model": "dimm", "access": "shared", "discard": True, "source": {"page_size": "2MiB", "nodes": "0-1"},
                          "target": {"size": "1GiB", "node": 0}},
                         {"model": "nvdimm", "source": {"path": "/srv/nv", "align_size": "2MiB", "persistent": True},
                          "target": {"size": "1GiB", "node": 0, "label_size": "128KiB"}}]},
     {"devices/memory/source/nodemask": "0-1"}),
    ({"redirdevs": [{"type": "spicevmc", "boot_order": 1}], "watchdogs": [{"model": "i6300esb"}]}, {"devices/redirdev/boot/@order": "1"}),
    ({"inputs": [{"type": "evdev", "source": "/dev/input/event3", "grab": "all", "grab_toggle": "alt-alt", "repeat": True}]},
     {"devices/input/source/@dev": "/dev/input/event3", "devices/input/source/@grabToggle": "alt-alt"}),
    ({"filesystems": [{"target": "t", "driver": {"type": "virtiofs", "queue_size": 512}, "socket": "/run/fs.sock"}]},
     {"devices/filesystem/source/@socket": "/run/fs.sock", "devices/filesystem/driver/@queue": "512"}),
    ({"filesystems": [{"type": "ram", "source": "1024", "target": "/tmp"}, {"type": "block", "source": "/dev/sdz", "target": "/data"}]},
     {"devices/filesystem/source/@usage": "1024"}),
    ({"graphics": [{"type": "vnc", "listen": "socket", "socket": "/run/vnc.sock", "power_control": True}]},
     {"devices/graphics/listen/@socket": "/run/vnc.sock", "devices/graphics/@powerControl": "yes"}),
    ({"graphics": [{"type": "rdp", "user_name": "u", "replace_user": True, "multi_user": False}]},
     {"devices/graphics/@username": "u", "devices/graphics/@replaceUser": "yes", "devices/graphics/@multiUser": "no"}),
    ({"graphics": [{"type": "spice", "spice": {"tls_port": 5901, "default_mode": "secure", "mouse": "client", "file_transfer": True,
                                               "image_compression": "quic", "jpeg_compression": "never", "zlib_compression": "always",
                                               "playback_compression": False,
                                               "channels": [{"name": "main", "mode": "any"}]}, "gl": {"enable": False}}]},
     {"devices/graphics/@tlsPort": "5901", "devices/graphics/channel/@mode": "any", "devices/graphics/filetransfer/@enable": "yes"}),
    ({"graphics": [{"type": "desktop", "display": ":0", "full_screen": True}]}, {"devices/graphics/@fullscreen": "yes"}),
    ({"video": {"model": "virtio", "blob": True, "resolution": {"x": 1280, "y": 720}, "driver": {"name": "qemu", "packed": True}},
      "videos": [{"name": "second", "model": "virtio", "heads": 2}]}, {"devices/video/model/resolution/@x": "1280"}),
    ({"vsock": {"cid": 5, "model": "virtio", "driver": {"ats": True}}}, {"devices/vsock/cid/@address": "5", "devices/vsock/cid/@auto": "no"}),
    ({"vsock": {}}, {"devices/vsock/cid/@auto": "yes"}),
    ({"tpm": {}}, {"devices/tpm/backend/@type": "emulator"}),
    ({"tpm": {"type": "emulator", "version": "2.0", "encryption": "32ee7e76-2178-47a1-ab7b-269e6e348015", "source": {"type": "dir", "path": "/srv/tpm"},
              "profile": {"source": "local:restricted", "remove_disabled": "check"}, "active_pcr_banks": ["sha256"]}},
     {"devices/tpm/backend/profile/@removeDisabled": "check"}),
    ({"tpm": {"type": "external", "source": {"type": "unix", "path": "/run/tpm.sock"}}}, {"devices/tpm/backend/source/@mode": "connect"}),
    ({"memory_devices": [{"model": "virtio-mem", "target": {"size": "1GiB", "block": "2MiB", "requested": "512MiB", "node": 0},
                          "device_address": {"type": "pci", "bus": 0, "slot": 5}}]}, {"devices/memory/target/requested": "524288"}),
    ({"redirfilter": [{"class": 8, "vendor": 0x15e1, "version": "1.10", "allow": True}, {"allow": False}]},
     {"devices/redirfilter/usbdev/@class": "8"}),
    ({"iommu": {"model": "intel", "driver": {"intremap": True, "caching_mode": True, "eim": True, "iotlb": True, "aw_bits": 48}}},
     {"devices/iommu/driver/@aw_bits": "48"}),
    ({"pstore": {"backend": "acpi-erst", "path": "/srv/pstore", "size": "64KiB"}}, {"devices/pstore/size": "64"}),
    ({"cryptos": [{"backend": "lkcf", "queues": 2}]}, {"devices/crypto/backend/@model": "lkcf"}),
    ({"hubs": [{}], "inputs": [{"type": "tablet", "bus": "usb", "device_address": {"type": "usb", "bus": 0, "port": "1.2"}}]},
     {"devices/input/address/@port": "1.2"}),
    ({"leases": [{"key": "a", "lockspace": "b", "path": "/srv/lease", "offset": 512}]}, {"devices/lease/target/@offset": "512"}),
    ({"shmems": [{"name": "s", "model": "ivshmem-doorbell", "server": "/run/s.sock", "vectors": 4, "ioeventfd": True, "role": "peer"}]},
     {"devices/shmem/msi/@vectors": "4"}),
    ({"sounds": [{"model": "ich9", "codecs": ["micro", "duplex"], "audio": 1}, {"model": "virtio", "streams": 2}]}, {"devices/sound/@model": "ich9"}),
])
def test_options_of_devices_are_written(options, written):
    tree = shown(options)
    assert {path: _path.get(tree, path) for path in written} == written
