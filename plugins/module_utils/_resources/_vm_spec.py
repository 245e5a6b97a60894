# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what the user declared of a VM's devices to what its definition holds: MACs derived, data found."""
from __future__ import annotations

import functools
import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _qemu_img, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk import REMOVABLE, Disk, next_target
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface import Interface, derived_mac
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network_source import same_data
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool import DEFAULT_POOL
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_policy import disk_defaults


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
    matched, left = Interface.pairs(interfaces or [], existing)
    for item, found in matched:
        item = dict(item)
        if item.get("mac") is None:
            if found is None:
                # Others gave it no name: then it is known by what it is plugged into.
                found = next((one for one in left if _is_nameless_plug(item, Interface.read(one))), None)
                if found is not None:
                    left.remove(found)
            known = None if found is None else Interface.read(found).get("mac")
            item["mac"] = known or derived_mac(environment, vm, item["name"])
        settled.append(item)
    return settled


def _is_nameless_plug(declared, actual):
    return "name" not in actual and all(declared.get(one) == actual.get(one) for one in Interface.sources)


def _said_path(item):
    """(path, format) of a disk that is no volume; the path None where the drive shall be empty; None where nothing is said."""
    if item.get("network") is not None or not any(option in item for option in Disk.sources):
        return None
    return item.get("file") or item.get("block"), None


def settled_disks(vm, disks, place):
    """Disks with the ``source`` and ``format`` of their data, where ``place(pool, volume)`` knows them."""
    settled = []
    for item in disks or []:
        item = dict(item)
        speaks_of = volume_of(vm, item)
        found = _said_path(item) if speaks_of is None else place(*speaks_of)
        if found is not None:
            item["source"] = found[0]
            if item.get("format") is None and found[1]:
                item["format"] = "raw" if item.get("device") == "cdrom" else found[1]
        settled.append(item)
    return settled


def chain_of(scene, element):
    """The paths a disk's data lies in: the active layer first, then what it is built on.

    A running domain shows its chain. Of one that is off, libvirt knows what volumes stand on; an overlay that somebody
    put elsewhere, or that its pool has not seen yet, says it in its header.
    """
    paths, form = [], None
    layer = element
    while layer is not None:
        source = layer.find("source")
        path = None if source is None else source.get("file") or source.get("dev") or _path_of_volume(scene, source)
        if path:
            paths.append(path)
            form = _path.get(layer, "driver/@type") or _path.get(layer, "format/@type")
        layer = layer.find("backingStore")
    while paths and paths[-1] not in paths[:-1]:
        known = scene.world.usage.chain(paths[-1])
        if known or form != "qcow2" or not _is_readable_here(scene, paths[-1]):
            return paths + [path for path in known if path not in paths]
        header = _qemu_img.info(paths[-1], form, in_use=True)
        if header.backing_file is None:
            return paths
        paths.append(header.backing_file)
        form = header.backing_format
    return paths


def _path_of_volume(scene, source):
    """Others may name a pool and a volume in the definition."""
    fact = scene.world.volumes(source.get("pool")).get(source.get("volume")) if source.get("volume") else None
    return None if fact is None else _place(fact.xml)[0]


def _is_readable_here(scene, path):
    return not scene.hypervisor.is_remote and scene.world.usage.volume_at(path) is None and os.path.exists(path)


def as_compared(scene, disks, elements):
    """Disks as they compare with existing ones: where the declared data is in the chain, the layers are left alone.

    After an external snapshot the active layer is an overlay; writing the declared volume back would throw away
    what was written since. The declared format is that of the declared volume, not of a layer on top of it.
    """
    compared = []
    for item, found in _pairs(scene, disks, elements):
        if found is not None:
            item = dict(item, target=item.get("target") or _path.get(found, "target/@dev"))
            if _has_data_below(scene, item, found):
                item = {name: value for name, value in item.items() if name not in ("source", "format")}
        compared.append(item)
    return compared


def _pairs(scene, disks, elements):
    """(declared disk, its element or None); one that others gave no name is known by its data, or as the only drive."""
    matched, left = Disk.pairs(disks, elements)
    for is_it in (functools.partial(_has_data, scene), functools.partial(_is_the_drive, matched, left)):
        for index, (item, found) in enumerate(matched):
            if found is None:
                found = next((one for one in left if is_it(item, one)), None)
                if found is not None:
                    left.remove(found)
                    matched[index] = (item, found)
    return matched


def _is_the_drive(matched, left, item, element):
    """Whether there is one nameless drive, and one is declared: media come and go, so these tell nothing."""
    device = item.get("device")
    if device not in REMOVABLE or element.get("device") != device:
        return False
    drives = [one for one in left if one.get("device") == device and Disk.fields()["name"].read(one) is None]
    return drives == [element] and [one.get("device") for one, found in matched if found is None].count(device) == 1


def _has_data(scene, item, element):
    if item.get("network") is not None:
        return same_data(item["network"], Disk.fields()["network"].read(element))
    return item.get("source") is not None and item["source"] in chain_of(scene, element)


def _has_data_below(scene, item, element):
    """Whether the element's data is not the declared one, but stands on it (or the declared one is yet to be made)."""
    if item.get("network") is not None or Disk.fields()["source"].read(element) == item.get("source"):
        return False
    if item.get("source") is None:
        return bool(item.get("volume") or item.get("image"))
    return item["source"] in chain_of(scene, element)


def with_known_targets(scene, disks, elements):
    """Disks with the device names they have in the definition: a running guest that others made knows no other."""
    return [item if found is None or item.get("target") else dict(item, target=_path.get(found, "target/@dev"))
            for item, found in _pairs(scene, disks, elements)]


def with_targets(disks, views):
    """New disks with device names that are free in every view; the others keep theirs.

    A disk may be in one view only, where a run was cut short between the guest and the definition.
    """
    taken = {target.get("dev") for view in views for target in view.findall("devices/disk/target")}
    named = []
    for item in disks:
        found = [Disk.match(item, view.findall("devices/disk")) for view in views]
        known = [Disk.read(one) for one in found if one is not None]
        if not known:
            item = disk_defaults(item)
            item["target"] = next_target(item["bus"], taken)
        elif len(known) < len(found):
            item = dict(disk_defaults(dict(item, bus=item.get("bus") or known[0].get("bus"))), target=known[0]["target"])
        named.append(item)
    return named
