# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The images of this host: found by their records and volumes, and removed."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.image import ORIGINS
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import partials_of, said_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE

KIND = "image"
FILE_POOLS = ("dir", "fs", "netfs")
_GONE = ("no_storage_pool", "no_storage_vol", "operation_invalid")


class Image:
    """A complete image whose volume is there.

    :ivar capacity: size of the disk in it, in bytes
    :ivar record: what was written down when it was verified
    """

    def __init__(self, name, record, pool, path):
        self.name = name
        self.record = record
        self.pool = pool
        self.path = path
        self.volume = record["volume"]
        self.format = record["format"]
        self.capacity = record["capacity"]
        self.sha256 = record["sha256"]
        self.source = record.get("source")
        self.checksum = record.get("checksum")

    @property
    def origin(self):
        return origin_of(self.record)


def origin_of(record):
    """What the content of an image was made from, and how: two images of equal origins need no second fetch or build."""
    return {name: record[name] for name in ORIGINS + ("checksum", "member", "recipe", "uploaded") if record.get(name) is not None}


def stored(scene, name, record=None):
    """The Image of a name as it is at this moment, or None."""
    record = record or scene.registry.get(KIND, name)
    if record is None or record["state"] != COMPLETE:
        return None
    pool = pool_of(scene, record)
    if pool is None:
        return None
    try:
        path = pool.storageVolLookupByName(record["volume"]).path()
    except HypervisorError as error:
        if error.code not in _GONE:
            raise
        return None
    # libvirt goes on naming a file that was removed behind its back.
    return Image(name, record, pool.name(), path) if os.path.isfile(path) else None


def pool_of(scene, record):
    """The pool of a record: by UUID, else by name (a pool that was defined anew over the same files)."""
    connection = scene.hypervisor.connection
    for look_up, key in ((connection.storagePoolLookupByUUIDString, record["pool_uuid"]),
                         (connection.storagePoolLookupByName, record["pool"])):
        try:
            return look_up(key)
        except HypervisorError as error:
            if error.code != "no_storage_pool":
                raise
    return None


class Wanted:
    """What is to be in the pool under a name.

    :param origin: as origin_of() tells it
    :param user: who logs in to what is started from it, where that is known
    """

    def __init__(self, name, pool, origin, image_format, user=None):
        self.name = name
        self.pool = pool
        self.origin = origin
        self.format = image_format
        self.user = user

    @property
    def source(self):
        return self.origin.get("source")

    @property
    def checksum(self):
        return self.origin.get("checksum")

    @property
    def recipe(self):
        return self.origin.get("recipe")

    def is_met_by(self, image):
        return image.pool == self.pool and image.origin == self.origin and self.format in (None, image.format)


def refuse_removal(scene, image):
    """Refuse to remove what volumes or VMs stand on, unless these go in the same call."""
    usage = scene.world.usage
    users = ["the volume '%s/%s'" % child for child in usage.children(image.path) if not scene.goes("volume", "%s/%s" % child)]
    users += ["the VM '%s'" % vm for vm in usage.vms(image.path) if not scene.goes("vm", vm)]
    if users:
        raise Refusal("image_in_use", "state: the image '%s' cannot go, on it %s %s"
                      % (image.name, "stands" if len(users) == 1 else "stand", ", ".join(users)), (KIND, image.name),
                      "Remove what stands on it first, or in the same call.")


def remove(scene, name, image):
    """Delete the image's volume and all that was begun for it, and forget the name."""
    with scene.registry.lock("image-" + name):
        record = scene.registry.get(KIND, name) or {}
        if image is not None:
            refuse_removal(scene.again(resources={}), image)
            pool_of(scene, image.record).storageVolLookupByName(image.volume).delete(0)
        if record.get("directory"):
            clear_partials(name, record["directory"])
        scene.registry.forget("inspection", record.get("sha256", ""))
        scene.registry.forget(KIND, name)


def clear_partials(name, directory, keep=None):
    for path in partials_of(name, directory):
        if path != keep:
            with said_of(path):
                os.unlink(path)
