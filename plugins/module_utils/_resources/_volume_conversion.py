# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another format, or another shape of qcow2, for a volume at rest: written beside it, then put in its place."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _qemu_img
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import volume as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _volume_files, _volume_guard, _volume_making
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._volume_filling import format_options

SHAPE = ("format",) + model.QCOW2_ONLY


def changes(volume, fact):
    """Changes that only writing the whole volume anew brings."""
    wanted = {name: volume.declared[name] for name in SHAPE if volume.declared.get(name) is not None}
    found = model.Volume.compare(wanted, fact.xml)
    actual = model.Volume.read(fact.xml)
    if wanted.get("format", actual.get("format")) != "qcow2":
        # lazy_refcounts: false of a raw volume, say: there is nothing to change.
        found = [change for change in found if change.path[0] == "format" or change.after]
    return found


def check(volume, scene, fact):
    found = changes(volume, fact)
    if not found:
        return
    change = found[0]
    option = change.path[0]
    if not volume.declared.get("convert"):
        raise volume.refusal("fixed_option", "%s: the volume '%s' has %s, not %s" % (option, volume.key[1], change.before, change.after),
                             "Leave it out, or write convert: true to have the volume written anew.")
    if any(one.path[0] != "format" for one in found) and (volume.declared.get("format") or model.Volume.read(fact.xml).get("format")) != "qcow2":
        raise volume.refusal("fixed_option", "%s: only qcow2 has this" % found[-1].path[0], "Write format: qcow2 as well, or leave it out.")
    if not _volume_files.is_reachable(scene, volume.pool):
        raise _volume_guard.out_of_reach(volume, scene, option)
    _volume_guard.refuse_use(volume, scene, fact, option, "be converted")
    below = scene.world.usage.chain(_volume_guard.path_of(fact))
    if below:
        raise volume.refusal("fixed_option", "%s: the volume '%s' stands on %s, and conversion would not keep that"
                             % (option, volume.key[1], below[0]), "Make a new volume with clone, which holds it all.")
    if model.Volume.read(fact.xml).get("encryption"):
        raise volume.refusal("fixed_option", "%s: an encrypted volume is not converted" % option, "Copy what is in it to a new volume.")


def convert(volume, scene):
    with volume.alone(scene):
        pool = scene.hypervisor.connection.storagePoolLookupByName(volume.pool)
        # A run may have been cut short when the new file had its name and libvirt had not looked: converted again, as what it was, it would be lost.
        _volume_files.refresh(pool)
        now = scene.again()
        fact = volume.fact(now)
        check(volume, now, fact)
        if not changes(volume, fact):
            return
        path, values = _volume_guard.path_of(fact), model.Volume.read(fact.xml)
        actual = values["format"]
        form = volume.declared.get("format") or actual
        with _volume_files.drafting(os.path.dirname(path), volume.name) as new_draft:
            draft = new_draft()
            kept = values if actual == "qcow2" else {}
            options = format_options({name: volume.declared.get(name, kept.get(name)) for name in model.QCOW2_ONLY}, form)
            _volume_making.remember(volume, now, fact, lambda: _qemu_img.convert(path, actual, draft, form, options), draft)
            _volume_files.sync(draft)
            _volume_files.name_instead(draft, path)
        _volume_files.refresh(pool)
