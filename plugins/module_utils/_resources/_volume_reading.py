# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A volume's content, or that of a snapshot of it, at rest: for clones, downloads, and whatever else copies it away."""
from __future__ import annotations

import contextlib
from collections import namedtuple

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import volume as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _snapshot_record, _volume_guard

# snapshot: the internal snapshot to be read from the file, or None; standing: the path of what the file stands on.
Reading = namedtuple("Reading", "path format snapshot standing size handle")


def refuse_unreadable(scene, option, pool, name, snapshot=None):
    """The Reading of what is there, or a Failure that says why it cannot be read."""
    volumes = scene.world.volumes(pool)
    if name not in volumes:
        raise Failure("unknown_volume", "%s: there is no volume '%s' in the pool '%s'" % (option, name, pool),
                      hint="Make it first, or name its pool.")
    if _volume_guard.is_unfinished(scene, pool, name):
        raise Failure("unfinished_volume", "%s: the volume '%s/%s' is still being filled" % (option, pool, name),
                      hint="Finish that first: run again the task that makes it.")
    taken = _snapshot_record.known(scene, pool, name)
    if snapshot is None:
        return _readable(scene, option, volumes[_snapshot_record.top(volumes, name, taken)], pool, None)
    found = next((one for one in taken if one["name"] == snapshot), None)
    if found is None:
        raise Failure("unknown_snapshot", "%s: the volume '%s/%s' has no snapshot '%s'%s"
                      % (option, pool, name, snapshot, "; it has: " + ", ".join(one["name"] for one in taken) if taken else ""),
                      hint="Take it first with tinycloud.libvirt.volume_snapshot.")
    if found["kind"] == _snapshot_record.EXTERNAL:
        return _of(volumes[found["frozen"]], None)
    return _readable(scene, option, volumes[found["file"]], pool, snapshot)


def _readable(scene, option, fact, pool, snapshot):
    writers = [use.vm for use in scene.world.usage.uses(fact.xml.findtext("target/path")) if use.running and not use.depth]
    if writers:
        raise Failure("volume_in_use", "%s: the running VM '%s' writes to the volume '%s/%s'" % (option, writers[0], pool, fact.name),
                      hint="Take a snapshot with tinycloud.libvirt.volume_snapshot and read that, or stop the VM.")
    return _of(fact, snapshot)


def _of(fact, snapshot):
    values = model.Volume.read(fact.xml)
    return Reading(values["path"], values.get("format", "raw"), snapshot, values.get("backing_path"), values["size"], fact.handle)


@contextlib.contextmanager
def reading(scene, pool, name, snapshot=None, option="clone"):
    """The Reading of a volume as it is at this moment."""
    yield refuse_unreadable(scene.again(), option, pool, name, snapshot)
