# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Giving a volume content: a new volume has it from its first moment, or is not there."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _copying, _qemu_img
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import volume as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE, INTENDED
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _volume_files
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._ownership import record_facts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._sizes import describe_size


def fill(volume, scene, pool, origin, instead=False):
    """Make the volume with the content of an Origin, under the volume's lock.

    :param instead: the volume is there, and is to be replaced
    """
    directory = _volume_files.directory_of(pool)
    path = os.path.join(directory, volume.name)
    with _volume_files.drafting(directory, volume.name) as new_draft:
        facts = dict(origin.record(scene))
        with origin.brought(scene, directory, volume.name, new_draft) as brought:
            made = _shaped(volume, brought, new_draft)
            if brought.sha256:
                facts["sha256"] = brought.sha256
            _finish(volume, made, brought)
            facts["stamp"] = _volume_files.stamp_of(made)
            key = volume.record_key(scene)
            known = dict(record_facts(volume, scene, volume.record(scene)), name=volume.name, pool=volume.pool, content=facts,
                         image=None, backing=None)
            if brought.secret:
                known.setdefault("secret", brought.secret)
            # No later run has a reason to look for what a cut would leave beside the finished volume.
            _volume_files.clear_drafts(directory, volume.name, but=made)
            scene.registry.put(volume.kind, key, INTENDED, **known)
            if instead:
                _volume_files.name_instead(made, path)
            else:
                _volume_files.name_new(made, path)
        _volume_files.have_seen(pool, volume.name)
        scene.registry.put(volume.kind, key, COMPLETE, **known)


def _shaped(volume, brought, new_draft):
    """The path of a file of the declared format with the content that was brought."""
    form = volume.declared.get("format") or brought.format
    options = format_options(volume.declared, form)
    if not brought.snapshot and form == brought.format and not options and brought.consumed:
        return brought.path
    draft = new_draft()
    if brought.snapshot or form != brought.format or options:
        _qemu_img.convert(brought.path, brought.format, draft, form, options, brought.snapshot)
    else:
        _copying.copy_sparse(brought.path, draft)
    return draft


def format_options(declared, form):
    """What qemu-img is told of a new file of the declared shape."""
    options = {}
    if form != "qcow2":
        return options
    if declared.get("compat"):
        options["compat"] = declared["compat"]
    if declared.get("cluster_size"):
        options["cluster_size"] = str(declared["cluster_size"])
    for option in ("lazy_refcounts", "extended_l2"):
        if declared.get(option) is not None:
            options[option] = "on" if declared[option] else "off"
    return options


def _finish(volume, path, brought):
    form = volume.declared.get("format") or brought.format
    size, has = volume.declared.get("size"), _volume_files.virtual_size(path, form)
    if size and size < has and not model.Volume.fields()["size"].same(size, has):
        raise too_small(volume, volume_label(brought), size, has)
    if size and size > has:
        _volume_files.grow(path, form, size)
    os.chmod(path, 0o600)
    if volume.declared.get("permissions"):
        _volume_files.set_permissions(path, volume.declared["permissions"])
    _volume_files.sync(path)


def volume_label(brought):
    return "'%s'" % brought.path


def too_small(volume, what, size, has):
    return volume.refusal("size_too_small", "size: %s is less than what %s has, %s" % (describe_size(size), what, describe_size(has)),
                          "Write size: %s or more, or leave size out." % describe_size(has))
