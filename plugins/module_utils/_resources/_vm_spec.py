# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what the user declared of a VM's devices to what its definition holds: MACs derived, data found."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk import Disk, next_target
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface import Interface, derived_mac
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_policy import disk_defaults

DEFAULT_POOL = "default"


def made_volume(vm, disk):
    """The name of the volume that a disk with an image gets."""
    return "%s.%s.qcow2" % (vm, disk["name"])


def volume_of(vm, disk):
    """(pool, volume) that a disk speaks of, or None for a file."""
    pool = disk.get("pool") or DEFAULT_POOL
    if disk.get("volume"):
        return pool, disk["volume"]
    if disk.get("image"):
        return pool, made_volume(vm, disk)
    return None


def volume_place(scene, pool, volume):
    """(path, format) of a volume as it was when the scene was read, or None."""
    fact = scene.world.volumes(pool).get(volume)
    return None if fact is None else _place(fact.xml)


def volume_place_now(scene, pool, volume):
    """The same, asked of libvirt at this moment: for volumes made by the same plan."""
    handle = scene.hypervisor.connection.storagePoolLookupByName(pool).storageVolLookupByName(volume)
    return _place(_xml.parse(handle.XMLDesc(0)))


def _place(volume):
    return volume.findtext("target/path"), _path.get(volume, "target/format/@type")


def settled_interfaces(environment, vm, interfaces, element):
    """Interfaces with the MAC each has (where it stands in the element) or is going to have."""
    existing = [] if element is None else element.findall("devices/interface")
    settled = []
    for item in interfaces or []:
        item = dict(item)
        if item.get("mac") is None:
            found = Interface.match(item, existing)
            item["mac"] = (None if found is None else _path.get(found, "mac/@address")) or derived_mac(
                environment, vm, item["name"])
        settled.append(item)
    return settled


def settled_disks(vm, disks, place):
    """Disks with the ``source`` and ``format`` of their data, where ``place(pool, volume)`` knows them."""
    settled = []
    for item in disks or []:
        item = dict(item)
        speaks_of = volume_of(vm, item)
        found = (item.get("file"), None) if speaks_of is None else place(*speaks_of)
        if found is not None:
            item["source"] = found[0]
            if item.get("format") is None:
                item["format"] = "raw" if item.get("device") == "cdrom" else found[1] or "raw"
        settled.append(item)
    return settled


def chain_of(scene, element):
    """The paths a disk's data lies in: the active layer first, then what it is built on.

    A running domain shows its chain; of one that is off the volumes' own headers tell.
    """
    paths = []
    layer = element
    while layer is not None:
        source = layer.find("source")
        path = None if source is None else source.get("file") or source.get("dev")
        if path:
            paths.append(path)
        layer = layer.find("backingStore")
    return paths + [path for path in scene.world.usage.chain(paths[-1]) if path not in paths] if paths else []


def as_compared(scene, disks, elements):
    """Disks as they compare with existing ones: where the declared data is in the chain, the layers are left alone.

    After an external snapshot the active layer is an overlay; writing the declared volume back would throw away
    what was written since. The declared format is that of the declared volume, not of a layer on top of it.
    """
    compared = []
    left = list(elements)
    for item in disks:
        found = Disk.match(item, left)
        if found is not None:
            left.remove(found)
            chain = chain_of(scene, found)
            if chain and (item.get("source") is None or item["source"] in chain):
                item = {name: value for name, value in item.items()
                        if name != "source" and (name != "format" or item.get("source") == chain[0])}
        compared.append(item)
    return compared


def with_targets(disks, views):
    """New disks with device names that are free in every view; the others keep theirs."""
    taken = {target.get("dev") for view in views for target in view.findall("devices/disk/target")}
    named = []
    for item in disks:
        if not any(Disk.match(item, view.findall("devices/disk")) is not None for view in views):
            item = disk_defaults(item)
            item["target"] = next_target(item["bus"], taken)
        named.append(item)
    return named
