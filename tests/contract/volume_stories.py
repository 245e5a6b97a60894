# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done to volumes, for tests that disturb it: each story prepares a stage and says what is wanted then."""
from __future__ import annotations

import hashlib
import os
import pathlib
import subprocess
import tempfile

from storage import Afar, Host

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _parcel
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import Hypervisor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume_snapshot import VolumeSnapshot

MIB = 1 << 20
GUEST = """
<domain type='qemu'>
  <name>guest</name><memory unit='MiB'>64</memory><os><type>hvm</type></os>
  <devices><disk type='file'><driver type='qcow2'/><source file='%s'/><target dev='vda'/></disk></devices>
</domain>
"""


class Stage:
    """Two pools, a file, and what is in them."""

    def __init__(self, connection, uri, folder, small=None):
        self.connection = connection
        if small:
            (folder / "pool").mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={small}", "small", str(folder / "pool")], check=True)
        self.host = Host(uri, folder)
        self.other = folder / "other"
        self.host.run(Pool.from_options({"name": "other", "path": str(self.other), "state": "active"}))
        self.file = folder / "file.raw"
        with self.file.open("wb") as file:
            file.write(os.urandom(3 * MIB))
            file.truncate(16 * MIB)
        self.content = self.digest(self.file, "raw")

    def clear(self):
        for domain in self.connection.listAllDomains():
            if domain.isActive():
                domain.destroy()
            domain.undefine()
        for folder in (self.host.folder, self.other):
            for path in folder.iterdir():
                path.unlink()
        for pool in self.connection.listAllStoragePools():
            pool.refresh()
        self.host.connected = Hypervisor(self.host.uri)
        self.host.controller.clear()
        for kind in ("volume", "volume_snapshot"):
            for key in self.host.registry.all(kind):
                self.host.registry.forget(kind, key)

    def make(self, **options):
        self.host.run(Volume.from_options(dict({"state": "present"}, **options)))

    def guest(self, name, running):
        domain = self.connection.defineXML(GUEST % (self.host.folder / name))
        if running:
            domain.create()

    @staticmethod
    def digest(path, form):
        """Of the disk in a file, whatever its format and what it stands on."""
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder) / "copy"
            done = subprocess.run(["qemu-img", "convert", "-U", "-f", form, "-O", "raw", str(path), str(copy)], check=False, capture_output=True)
            return "unreadable" if done.returncode else hashlib.sha256(copy.read_bytes()).hexdigest()

    def volumes(self):
        """The digest of every volume that has a name, by its pool and name."""
        found = {}
        for folder in (self.host.folder, self.other):
            for path in sorted(folder.iterdir()):
                if not path.name.startswith("."):
                    with path.open("rb") as file:
                        form = "qcow2" if file.read(4) == b"QFI\xfb" else "raw"
                    found[f"{folder.name}/{path.name}"] = self.digest(path, form)
        return found

    def complete(self):
        """The volumes that the registry says are whole."""
        folders = {"default": self.host.folder.name, "other": self.other.name}
        return {"%s/%s" % (folders[record["pool"]], record["name"]) for record in self.host.registry.all("volume").values()
                if record["state"] == "complete"}

    def outcome(self):
        hidden = [path.name for folder in (self.host.folder, self.other) for path in folder.iterdir() if path.name.startswith(".")]
        sources = []
        for domain in self.connection.listAllDomains():
            for flags in (0, 2):
                sources += sorted(part.split("'")[0] for part in domain.XMLDesc(flags).split("<source file='")[1:])
        snapshots = [[(one["name"], one["kind"], one.get("step")) for one in record["snapshots"]]
                     for record in self.host.registry.all("volume_snapshot").values()]
        return self.volumes(), hidden, sources, snapshots, self.host.records()


def filled(stage):
    return [(Volume, {"name": "v", "source": str(stage.file), "format": "qcow2"})]


def filled_afar(stage):
    stage.host.connected = Afar(stage.host.uri)
    return [(Volume, {"name": "v", "source": str(stage.file)})]


def uploaded(stage):
    parcel = stage.file.with_name("parcel")
    parcel.unlink(missing_ok=True)
    packed = _parcel.pack(stage.file, parcel)
    told = {"identity": ["controller", 1], "sha256": _parcel.sha256_of(stage.file), "path": str(parcel), "packed": packed}
    stage.host.controller["uploads"] = {"disk.raw": told}
    return [(Volume, {"name": "v", "upload": "disk.raw", "format": "qcow2"})]


def replaced(stage):
    stage.make(name="v", content="old")
    return [(Volume, {"name": "v", "source": str(stage.file), "replace": True})]


def cloned(stage):
    stage.make(name="origin", source=str(stage.file))
    return [(Volume, {"name": "v", "pool": "other", "clone": {"name": "origin", "pool": "default"}})]


def converted(stage):
    stage.make(name="v", source=str(stage.file))
    return [(Volume, {"name": "v", "format": "qcow2", "convert": True, "size": "32MiB"})]


def moved_at_rest(stage):
    stage.make(name="v", source=str(stage.file), format="qcow2")
    stage.guest("v", running=False)
    return [(Volume, {"name": "v", "pool": "other", "move_from": "default"})]


def moved_live(stage):
    stage.make(name="v", source=str(stage.file), format="qcow2")
    stage.guest("v", running=True)
    return [(Volume, {"name": "v", "pool": "other", "move_from": "default"})]


def snapshot_at_rest(stage):
    stage.make(name="v", source=str(stage.file), format="qcow2")
    return [(VolumeSnapshot, {"name": "s", "volume": "v"})]


def snapshot_live(stage):
    stage.make(name="v", source=str(stage.file), format="qcow2")
    stage.guest("v", running=True)
    return [(VolumeSnapshot, {"name": "s", "volume": "v"})]


def merged_live(stage):
    snapshot_live(stage)
    for name in ("s", "t"):
        stage.host.run(VolumeSnapshot.from_options({"name": name, "volume": "v", "state": "present"}))
    return [(VolumeSnapshot, {"name": "t", "volume": "v", "state": "absent"}), (VolumeSnapshot, {"name": "s", "volume": "v", "state": "absent"})]


def merged_at_rest(stage):
    wanted = merged_live(stage)
    stage.connection.lookupByName("guest").destroy()
    # What was written since lies in the layer.
    subprocess.run(["qemu-io", "-f", "qcow2", "-c", "write -P 7 0 65536", str(stage.host.folder / "v.t")], check=True, capture_output=True)
    return wanted


EVERYTHING = [filled, filled_afar, uploaded, replaced, cloned, converted, moved_at_rest, moved_live, snapshot_at_rest, snapshot_live, merged_live,
              merged_at_rest]


def run(stage, wanted):
    for kind, options in wanted:
        stage.host.run(kind.from_options(dict({"state": "present"}, **options)))
