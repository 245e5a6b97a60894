# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM's Ignition configuration: a file in a pool, which QEMU hands to the guest. Its text may hold secrets, so it is told by its digest."""
from __future__ import annotations

import hashlib
import json
from functools import cached_property

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._content import put_content, volume_at
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_spec import volume_place_now

_FIELDS = Vm.fields()


class Ignition:
    """
    :param declared: the option ignition
    """

    def __init__(self, vm, pool, declared):
        self.vm = vm
        self.pool = pool
        self.is_path = isinstance(declared, str)
        self._declared = declared

    @cached_property
    def _data(self):
        return json.dumps(self._declared, sort_keys=True).encode()

    @cached_property
    def digest(self):
        """What tells it from another: the path of the user's own file, or what is in ours."""
        return self._declared if self.is_path else "sha256:" + hashlib.sha256(self._data).hexdigest()

    @property
    def volume(self):
        return _volume(self.vm, self.digest)

    def place(self, scene):
        """The path of the file, which is made if it is ours."""
        if self.is_path:
            return self._declared
        put_content(scene, self.pool, self.volume, self._data)
        return volume_place_now(scene, self.pool, self.volume)[0]


def _volume(vm, digest):
    return "%s.ignition-%s.json" % (vm, digest.partition(":")[2][:12])


def recorded_digest(fact):
    return _FIELDS["ignition_digest"].read(fact.xml)


def volume_in(scene, fact):
    """The handle of the volume that was made for the configuration, or None."""
    path, digest = _FIELDS["ignition_file"].read(fact.xml), recorded_digest(fact)
    found = volume_at(scene, path) if path and digest else None
    return found if found is not None and found.name() == _volume(fact.name, digest) else None
