# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks of this host that something is made from or read from: an image, a volume, a disk of a VM that does not run."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _qemu_img
from ansible_collections.tinycloud.libvirt.plugins.module_utils._disk_work import only_root
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError, Name, Node
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.image import FromVolume
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool import DEFAULT_POOL
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.recipe import Content, Origin
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _image_store
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_inspection import known_inspection, places_in


class FromDisk(Model):
    """Options of modules that read a disk."""

    image = Name(refers="image")
    from_volume = Node(FromVolume)
    from_vm = Node(Origin)
    passphrase = Content(no_log=True)

    @classmethod
    def check(cls, declared):
        named = [option for option in ("image", "from_volume", "from_vm") if declared.get(option) is not None]
        if len(named) != 1:
            raise FieldError("write one of image, from_volume and from_vm", (named or ["image"])[-1:])


def basis_of(scene, declared):
    """The Basis that these options name; raises Failure where it is not there."""
    if declared.get("image") is not None:
        image = _image_store.stored(scene, declared["image"])
        if image is None:
            raise Failure("unknown_image", "image: there is no image '%s'" % declared["image"],
                          hint="Make it with tinycloud.libvirt.image first.")
        return of_image(image, places_in(known_inspection(scene, image)))
    if declared.get("from_volume") is not None:
        volume = declared["from_volume"]
        pool = volume.get("pool") or DEFAULT_POOL
        found = of_volume(scene, pool, volume["name"])
        if found is None:
            raise Failure("unknown_volume", "from_volume: there is no volume '%s' in the pool '%s'" % (volume["name"], pool),
                          hint="Write the name of its pool in from_volume.pool.")
        return found
    found = of_vm(scene, declared["from_vm"]["name"], declared["from_vm"].get("disk"))
    if found is None:
        raise Failure("unknown_vm", "from_vm: there is no VM '%s'" % declared["from_vm"]["name"])
    return found


class Basis:
    """The disk that an image is made from.

    :param lasting: whether nobody ever writes to it
    :param places: (path, device) of its file systems where an earlier look has found them: looking takes as long as all the rest
    """

    def __init__(self, label, path, image_format, capacity, lasting, places=None):
        self.label = label
        self.path = path
        self.format = image_format
        self.capacity = capacity
        self.lasting = lasting
        self.places = places

    def places_by(self, appliance):
        """Those, or what a look finds now."""
        return self.places or appliance.mount_points(only_root(appliance))


def of_image(image, places=None):
    return Basis("image '%s'" % image.name, image.path, image.format, image.capacity, True, places)


def of_volume(scene, pool, name):
    """The basis that a volume is; raises Failure where it cannot be one (any more), None where it is not there."""
    fact = scene.world.volume_now(pool, name)
    if fact is None:
        return None
    target = fact.xml.find("target")
    return _of_disk(scene, "volume '%s/%s'" % (pool, name), target.findtext("path"), target.find("format").get("type"))


def of_vm(scene, name, target):
    """The basis that a disk of a stopped VM is; None where there is no such VM."""
    domain = scene.world.domains.get(name)
    if domain is None:
        return None
    disks = {disk.find("target").get("dev"): disk for disk in domain.xml.iterfind("devices/disk[@device='disk']")}
    if not disks or target not in [None, *disks]:
        raise Failure("unknown_disk", "the VM '%s' has no disk%s" % (name, " '%s'" % target if target else ""),
                      hint="It has: %s." % ", ".join(sorted(disks)) if disks else None)
    target = target or next(iter(disks))
    source, driver = disks[target].find("source"), disks[target].find("driver")
    path = None if source is None else source.get("file") or source.get("dev")
    if path is None and source is not None and source.get("volume"):
        fact = scene.world.volumes(source.get("pool")).get(source.get("volume"))
        path = fact and fact.xml.findtext("target/path")
    if path is None:
        raise Failure("unsupported_disk", "the disk '%s' of the VM '%s' is no file and no block device of this host" % (target, name))
    return _of_disk(scene, "disk '%s' of the VM '%s'" % (target, name), path, driver.get("type") if driver is not None else "raw")


def _of_disk(scene, label, path, image_format):
    writers = sorted({use.vm for use in scene.world.usage.uses(path)
                      if use.depth == 0 and use.vm in scene.world.domains and scene.world.domains[use.vm].active})
    if writers:
        raise Failure("disk_in_use", "the %s is in use by the running VM '%s': it would be taken half-written" % (label, writers[0]),
                      hint="Stop the VM first.")
    insist_on_known_layers(scene, label, path, image_format)
    return Basis(label, path, image_format, _qemu_img.info(path, image_format).virtual_size, False)


def insist_on_known_layers(scene, label, path, image_format):
    """A guest may have written a header into its raw disk that names another file of this host."""
    layer, layer_format = path, image_format
    for _depth in range(200):
        info = _qemu_img.info(layer, layer_format)
        below = info.backing_file
        if info.data_file or (below and scene.world.usage.volume_at(below) is None):
            raise Failure("unsafe_image", "the %s stands on '%s', which is no volume of a pool" % (label, info.data_file or below),
                          hint="Make the folder of that file a pool if it is right.")
        if not below:
            return
        layer, layer_format = below, info.backing_format or "raw"
    raise Failure("unsafe_image", "the %s has more than 200 layers" % label)
