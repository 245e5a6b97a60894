# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Content for volumes that are no files at hand: on another machine, on block devices, in clusters.

libvirt cannot rename these. So a volume has its name while it is being filled, is recorded as that, and what a run that was
cut short left of it is made anew by the next one.
"""
from __future__ import annotations

import tempfile

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import volume as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE, FILLING, INTENDED
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _pool_kind, _volume_files
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._ownership import record_facts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._volume_reading import reading


def create(volume, scene, pool):
    key = volume.record_key(scene)
    content = dict(volume.origin.record(scene), stamp=None)
    unknown = dict(record_facts(volume, scene), name=volume.name, pool=volume.pool)
    known = dict(unknown, content=content, image=None, backing=None)
    work = _clone if volume.origin.option == "clone" else _upload
    try:
        work(volume, scene, pool, lambda state: scene.registry.put(volume.kind, key, state, **(known if state == FILLING else unknown)))
    except HypervisorError as error:
        # A record left behind could one day take somebody else's volume for what is left of this.
        if error.code == "storage_vol_exist" or scene.world.volume_now(volume.pool, volume.name) is None:
            scene.registry.forget(volume.kind, key)
        raise
    scene.registry.put(volume.kind, key, COMPLETE, **known)


def _definition(volume, pool, form, size):
    values = dict(volume.definition)
    values.setdefault("format", form)
    values["size"] = max(size, values.get("size", 0))
    values["allocation"] = _pool_kind.allocation(pool, values["size"])
    return _xml.text(model.Volume.build(values))


def _clone(volume, scene, pool, record):
    """libvirt copies, and converts where the formats differ; nothing comes through this process."""
    with reading(scene, volume.origin.pool, volume.origin.name, volume.origin.snapshot) as found:
        record(FILLING)
        pool.createXMLFrom(_definition(volume, pool, found.format, found.size), found.handle, 0)


def _upload(volume, scene, pool, record):
    with tempfile.TemporaryDirectory(prefix="tinycloud-") as folder, _volume_files.drafting(folder, volume.name) as new_draft, \
            volume.origin.brought(scene, folder, volume.name, new_draft) as brought, open(brought.path, "rb", buffering=0) as file:
        length = file.seek(0, 2)
        if brought.format != volume.declared.get("format", brought.format):
            raise volume.refusal("unsupported_pool", "format: the content is %s, which is not converted on its way to '%s'"
                                 % (brought.format, volume.key[1]), "Write format: %s, or convert it before." % brought.format)
        file.seek(0)
        record(INTENDED)
        # Bytes as they are: of what format they are, libvirt sees when it looks at the pool again.
        handle = pool.createXML(_definition(volume, pool, "raw", length) if brought.format == "raw" else _bytes_only(volume, pool, length), 0)
        record(FILLING)
        scene.hypervisor.send_file(handle, file, length)
    _volume_files.refresh(pool)
    if brought.format != "raw" and volume.declared.get("size", 0) > handle.info()[1]:
        handle.resize(volume.declared["size"], 0)


def _bytes_only(volume, pool, length):
    permissions = {name: value for name, value in volume.definition.items() if name == "permissions"}
    known = dict(permissions, name=volume.name, size=length, allocation=_pool_kind.allocation(pool, length), format="raw")
    return _xml.text(model.Volume.build(known))
