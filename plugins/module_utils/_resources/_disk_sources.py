# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The definitions of VMs, for their next start, after their data got another place."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import constant


def redirect(scene, path, new_path, form=None):
    """Have every definition that names a file name another one; what a running VM has open is not touched by that."""
    for fact in scene.world.domains.values():
        if not fact.persistent:
            continue
        edited = _xml.copy(fact.xml)
        found = [disk for disk in edited.iterfind("devices/disk") if _is_at(scene, disk, path)]
        # What a definition says of the layers below is a memory of the last run; libvirt looks again where it says nothing.
        stale = [disk for disk in edited.iterfind("devices/disk") if any(_is_at(scene, layer, path) for layer in disk.iter("backingStore"))]
        for disk in stale:
            _path.drop(disk, "backingStore")
        for disk in found:
            source = disk.find("source")
            for attribute in ("pool", "volume", "mode", "index"):
                source.attrib.pop(attribute, None)
            disk.set("type", "file")
            source.set("file", new_path)
            _path.drop(disk, "backingStore")
            if form:
                _path.put(disk, "driver/@type", form)
        if found or stale:
            scene.hypervisor.connection.defineXMLFlags(_xml.text(edited), constant("DOMAIN_DEFINE_VALIDATE"))


def _is_at(scene, disk, path):
    source = disk.find("source")
    if source is None:
        return False
    named = source.get("file") or source.get("dev")
    if named is None and source.get("volume"):
        fact = scene.world.volumes(source.get("pool")).get(source.get("volume"))
        named = None if fact is None else fact.xml.findtext("target/path")
    return named is not None and scene.world.usage.same_file(named, path)
