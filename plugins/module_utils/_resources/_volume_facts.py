# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What users learn about a volume; sizes in bytes."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import volume as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _snapshot_record, _volume_files

# libvirt's business, or said in another way below.
_UNSAID = ("backing_path", "backing_format", "backing_permissions", "backing_times", "times", "key", "type", "device", "extents", "features")


def volume_facts(scene, pool, fact):
    values = model.Volume.read(fact.xml)
    unsaid = _UNSAID + (model.QCOW2_ONLY if values.get("format") != "qcow2" else ())
    said = {name: value for name, value in values.items() if name not in unsaid}
    usage, path = scene.world.usage, values["path"]
    record = _volume_files.record_of(scene, pool, fact)
    backing = {"path": values["backing_path"], "format": values.get("backing_format")} if values.get("backing_path") else None
    made_from = record.get("content")
    return dict(said, pool=pool, backing=backing, image=record.get("image"), used_by=usage.vms(path),
                uses=[{"vm": use.vm, "target": use.target, "running": use.running, "depth": use.depth} for use in usage.uses(path)],
                chain=usage.chain(path), children=["%s/%s" % child for child in usage.children(path)],
                content={one: made_from.get(one) for one in ("from", "checksum", "sha256")} if made_from else None,
                snapshots=snapshot_facts(scene, pool, fact.name))


def volume_spec(scene, pool, fact, facts):
    """What a user would write to get a volume of that shape; what it holds is no part of that, but for what it stands on."""
    values = model.Volume.describe(model.Volume.read(fact.xml))
    record = _volume_files.record_of(scene, pool, fact)
    # Of what it is encrypted with, the volume does not tell; and how much of it has room by now is no choice.
    unsaid = _UNSAID + ("allocation", "encryption") + (model.QCOW2_ONLY if facts.get("format") != "qcow2" else ())
    spec = model.Volume.options({name: value for name, value in values.items() if name not in unsaid})
    if spec.get("format") not in model.Volume.fields()["format"].argument["choices"]:
        spec.pop("format", None)
    below = facts["chain"] and scene.world.usage.volume_at(facts["chain"][0])
    if facts["image"]:
        spec["image"] = facts["image"]
    elif below:
        spec["backing"] = {"pool": below[0], "name": below[1], "format": facts["backing"]["format"]}
    if record.get("protect"):
        spec["protect"] = True
    return dict(spec, pool=pool)


def snapshot_facts(scene, pool, name):
    """The snapshots of a volume, each with the one it came after, and what was written since an external one."""
    volumes = scene.world.volumes(pool)
    found, parent = [], None
    for one in _snapshot_record.known(scene, pool, name):
        layer = volumes.get(one.get("layer"))
        found.append({"name": one["name"], "kind": one["kind"], "parent": parent, "taken": one["taken"], "frozen_guest": one["frozen_guest"],
                      "layer": one.get("layer"), "written_since": int(layer.xml.findtext("allocation") or 0) if layer is not None else None})
        parent = one["name"]
    return found
