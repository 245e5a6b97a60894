# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM's cloud-init seed: an ISO in a pool, in a CD-ROM drive that the engine keeps for itself."""
from __future__ import annotations

import re
from functools import cached_property

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _seed
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.alias import SEED_ALIAS
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk import next_target
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_policy
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._content import put_content, volume_at
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_spec import volume_place_now


class Seed:
    """
    :param declared: the option cloud_init
    :param instance: the instance-id; a new VM of the same name on a kept disk is the same instance
    """

    def __init__(self, vm, hostname, instance, pool, declared):
        self.vm = vm
        self.pool = pool
        self._declared = declared
        self._instance = instance
        self._hostname = hostname

    @cached_property
    def files(self):
        return _seed.seed_files(self._instance, self._hostname, **self._declared)

    @cached_property
    def digest(self):
        return _seed.digest(self.files)

    @property
    def volume(self):
        return "%s.seed-%s.iso" % (self.vm, self.digest.partition(":")[2][:12])

    def upload(self, scene):
        """Put the ISO into the pool and return its path."""
        put_content(scene, self.pool, self.volume, _seed.iso_image(self.files))
        return volume_place_now(scene, self.pool, self.volume)[0]


def recorded_digest(fact):
    return Vm.fields()["seed"].read(fact.xml)


def drive_of(element):
    """The seed's CD-ROM in a domain's element, or None."""
    return element.find("devices/disk/alias[@name='%s']/.." % SEED_ALIAS)


def insert(element, path):
    """Put the ISO at the path into the seed's drive; the drive is made where there is none."""
    drive = drive_of(element)
    if drive is None:
        _vm_policy.ensure_scsi(element)
        taken = {target.get("dev") for target in element.findall("devices/disk/target")}
        drive = _path.append(element, "devices/disk")
        drive.set("type", "file")
        drive.set("device", "cdrom")
        # Kernels made for clouds have no SATA, so they would not see a drive there.
        for place, value in (("driver/@name", "qemu"), ("driver/@type", "raw"), ("target/@bus", "scsi"),
                             ("target/@dev", next_target("scsi", taken)), ("alias/@name", SEED_ALIAS)):
            _path.put(drive, place, value)
        _path.ensure(drive, "readonly")
    _path.put(drive, "source/@file", path)
    return drive


def eject(element):
    """Remove the seed's drive from a definition."""
    drive = drive_of(element)
    if drive is not None:
        _path.remove(drive)


def leftovers(scene, vm, pool, keep):
    """Handles of a VM's seeds that a run which was cut short left in a pool."""
    pattern = re.compile(r"%s\.seed-[0-9a-f]{12}\.iso" % re.escape(vm))
    return [fact.handle for name, fact in scene.world.volumes(pool).items() if pattern.fullmatch(name) and name not in keep]


def volume_in(scene, element):
    """The handle of the seed that a definition has in its drive, or None where it is no volume (any more)."""
    drive = drive_of(element)
    path = None if drive is None else _path.get(drive, "source/@file")
    return volume_at(scene, path) if path else None
