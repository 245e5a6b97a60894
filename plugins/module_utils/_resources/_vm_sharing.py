# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data has one writer: what another VM has as its disk, or other volumes stand on, is not given to a VM to write."""
from __future__ import annotations

from collections import defaultdict

from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_spec, _volume_guard


def check(vm, scene, option, disk, path):
    """Refuse a new disk that would be written by two; raises Refusal.

    :param option: what says where the data is, ``disks[0].volume``
    :param path: where it is, None where this call makes it
    """
    if disk.get("read_only") or disk.get("device") == "cdrom":
        return
    for other in _declared_beside(vm, scene, disk):
        raise _refusal(vm, option, "is also a disk of the VM '%s'" % other)
    usage = scene.world.usage
    if path is None or any(use.vm == vm.name for use in usage.uses(path)):
        # A disk that the VM has already, perhaps below a snapshot's layer.
        return
    for use in usage.uses(path):
        if _stays(scene, use.vm) and not (disk.get("shared") and _is_shared(scene, use)):
            raise _refusal(vm, option, "is used by the VM '%s'" % use.vm)
    for child in usage.children(path):
        if not scene.goes("volume", "%s/%s" % child):
            raise _refusal(vm, option, "is what the volume '%s/%s' stands on" % child)
    volume = usage.volume_at(path)
    if volume and _volume_guard.is_unfinished(scene, *volume) and scene.declared("volume", "%s/%s" % volume) is None:
        raise vm.refusal("unfinished_volume", "%s: the volume '%s/%s' is being filled, moved or wiped" % ((option,) + volume),
                         "Finish that first: run again the task that does it.")


def _refusal(vm, option, why):
    return vm.refusal("disk_in_use", "%s: the data %s; two that write to it would destroy it" % (option, why),
                      "Give the VM data of its own, or say read_only: true.")


def _declared_beside(vm, scene, disk):
    """Other VMs of this call that declare the same data to be written."""
    for name, one in scene.once("writers", _writers)[_data(vm, disk)]:
        if name != vm.name and not (disk.get("shared") and one.get("shared")):
            yield name


def _writers(scene):
    """By their data, the disks that VMs of this call declare to be written."""
    found = defaultdict(list)
    for resource in scene.resources.values():
        if resource.kind == "vm" and not resource.absent:
            for one in resource.declared.get("disks") or []:
                if not one.get("read_only"):
                    found[_data(resource, one)].append((resource.name, one))
    return found


def _data(vm, disk):
    return _vm_spec.volume_of(vm.name, disk) or disk.get("file") or disk.get("block")


def _is_shared(scene, use):
    """Whether the disk that is written has been declared to be shared."""
    disks = scene.world.domains[use.vm].xml.findall("devices/disk/target[@dev='%s']/.." % use.target)
    return any(disk.find("shareable") is not None for disk in disks)


def _stays(scene, name):
    """Whether a VM keeps the disk it has: what this call declares of its disks was looked at beside ours."""
    resource = scene.resources.get(("vm", name))
    return not scene.goes("vm", name) and (resource is None or "disks" not in resource.declared)
