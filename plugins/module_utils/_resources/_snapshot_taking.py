# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking a snapshot of a volume: inside its file at rest, under a running VM by a layer that takes what is written from then on."""
from __future__ import annotations

import os
import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _qemu_img, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError, flags
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _block_job, _snapshot_record, _volume_files
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._snapshot_record import EXTERNAL, INTERNAL, TAKING

# What libvirt answers where a guest has no agent, or one that does not answer or cannot freeze.
_NO_FREEZE = ("agent_unresponsive", "agent_command_failed", "agent_unsynced", "agent_command_timeout", "argument_unsupported",
              "config_unsupported", "operation_unsupported", "operation_invalid")
NEVER, ALWAYS = "never", "always"


def take(snapshot, scene):
    """Under the volume's lock, as the scene shows it."""
    begun = snapshot.entry(scene)
    if begun is not None and is_taken(snapshot, scene, begun):
        _finish(snapshot, scene, begun)
        return
    if begun is not None:
        _clean(snapshot, scene, begun)
        scene = scene.again()
    use = snapshot.writer(scene)
    fact = snapshot.top(scene)
    entry = {"name": snapshot.name, "kind": EXTERNAL if use else INTERNAL, "step": TAKING, "frozen_guest": False,
             "taken": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    if use:
        entry.update(frozen=fact.name, layer=snapshot.layer)
    else:
        entry.update(file=fact.name, inode=_volume_files.inode_of(scene, snapshot.pool, fact.xml.findtext("target/path")))
    _snapshot_record.put(scene, snapshot.pool, snapshot.volume, entry)
    if use:
        entry["frozen_guest"] = _add_layer(snapshot, scene, use)
    else:
        _qemu_img.take_snapshot(fact.xml.findtext("target/path"), snapshot.name)
    _finish(snapshot, scene, entry)


def _finish(snapshot, scene, entry):
    _volume_files.have_seen(scene.world.pools[snapshot.pool].handle, snapshot.volume)
    _snapshot_record.put(scene, snapshot.pool, snapshot.volume, {name: value for name, value in entry.items() if name != "step"})


def is_taken(snapshot, scene, entry):
    """Whether what a run had begun came to be before it was cut short."""
    if entry["kind"] == INTERNAL:
        return is_inside(scene, snapshot.pool, entry)
    return any(not use.depth for use in scene.world.usage.uses(snapshot.layer_path(scene)))


def is_inside(scene, pool, entry):
    """Whether an internal snapshot is in its file."""
    fact = scene.world.volumes(pool).get(entry["file"])
    if fact is None:
        return False
    return entry["name"] in _qemu_img.info(fact.xml.findtext("target/path"), "qcow2", in_use=True).snapshots


def _clean(snapshot, scene, entry):
    """Remove a layer that nobody came to write to; let a guest go on that nobody had the time to."""
    if entry["kind"] != EXTERNAL:
        return
    path = snapshot.layer_path(scene)
    if os.path.exists(path):
        os.unlink(path)
        _volume_files.refresh(scene.world.pools[snapshot.pool].handle)
    use = snapshot.writer(scene)
    if use:
        try:
            use.handle.fsThaw(None, 0)
        except HypervisorError as error:
            if error.code not in _NO_FREEZE:
                raise


def _add_layer(snapshot, scene, use):
    """Have the VM write to a new layer; whether its file systems were frozen for the moment between."""
    text = _xml.text(_definition(use.handle, use.target, snapshot.layer_path(scene)))
    wanted = ["DOMAIN_SNAPSHOT_CREATE_DISK_ONLY", "DOMAIN_SNAPSHOT_CREATE_NO_METADATA", "DOMAIN_SNAPSHOT_CREATE_ATOMIC"]
    if snapshot.freeze != NEVER:
        try:
            use.handle.snapshotCreateXML(text, flags("DOMAIN_SNAPSHOT_CREATE_QUIESCE", *wanted))
            return True
        except HypervisorError as error:
            if snapshot.freeze == ALWAYS or error.code not in _NO_FREEZE:
                raise
    use.handle.snapshotCreateXML(text, flags(*wanted))
    return False


def _definition(domain, target, path):
    """https://libvirt.org/formatsnapshot.html: this disk gets a layer, the others are left alone."""
    tree = _xml.new("domainsnapshot")
    disks = tree.makeelement("disks", {})
    tree.append(disks)
    for name in _block_job.targets(domain):
        disk = disks.makeelement("disk", {"name": name, "snapshot": "external" if name == target else "no"})
        disks.append(disk)
        if name == target:
            disk.append(disk.makeelement("driver", {"type": "qcow2"}))
            disk.append(disk.makeelement("source", {"file": path}))
    return tree
