# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in use stays as it is: refusals that name who needs a volume."""
from __future__ import annotations

import shutil

from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import FILLING, REMOVING
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _base_volume, _snapshot_record

# The ways to wipe that need no program. Volumes of Ceph know no others; all others do not know the last one.
_BY_ITSELF = ("zero", "trim")


def out_of_reach(volume, scene, option):
    """The refusal of what needs the volume's file at hand."""
    if scene.hypervisor.is_remote:
        return volume.remote_refusal(scene, "%s: this needs the file system of the compute host" % option)
    return volume.refusal("unsupported_pool", "%s: this needs volumes that are files, and the pool '%s' is of type %s"
                          % (option, volume.pool, scene.world.pools[volume.pool].xml.get("type")), "Use a pool of type dir, fs or netfs.")


def refuse_use(volume, scene, fact, option, verb):
    """Refuse to touch the content of what any VM or volume needs, or what is an image."""
    refuse_image(volume, scene, option, verb)
    refuse_layer(volume, scene, option, verb)
    usage, path = scene.world.usage, path_of(fact)
    if usage.vms(path) or usage.children(path):
        raise volume.refusal("volume_in_use", "%s: the volume '%s' cannot %s, %s" % (option, volume.key[1], verb, said_of_use(usage, path)),
                             "Remove these first, or use another volume.")
    if _snapshot_record.known(scene, volume.pool, volume.name):
        raise volume.refusal("volume_in_use", "%s: the volume '%s' cannot %s, it has snapshots" % (option, volume.key[1], verb),
                             "Remove these first, with tinycloud.libvirt.volume_snapshot.")


def refuse_removal(volume, scene, fact):
    """Refuse to remove what VMs or other volumes need, unless these go in the same call."""
    refuse_image(volume, scene, "state", "go")
    refuse_layer(volume, scene, "state", "go")
    usage, path = scene.world.usage, path_of(fact)
    vms = [vm for vm in usage.vms(path) if not scene.goes("vm", vm)]
    children = [child for child in usage.children(path) if not scene.goes(volume.kind, "%s/%s" % child)]
    if vms or children:
        raise volume.refusal("volume_in_use", "state: the volume '%s' cannot go, %s" % (volume.key[1], _needed_by(vms, children)),
                             "Remove these first.")
    if volume.declared.get("wipe"):
        _refuse_wipe(volume, scene, volume.declared["wipe"])


def _refuse_wipe(volume, scene, algorithm):
    """Refuse what libvirt would find out after the volume was given up."""
    kind = scene.world.pools[volume.pool].xml.get("type")
    if (algorithm not in _BY_ITSELF) if kind == "rbd" else algorithm == "trim":
        raise volume.refusal("unsupported_pool", "wipe: libvirt cannot do '%s' to volumes of a pool of type %s" % (algorithm, kind), "Write zero.")
    if algorithm not in _BY_ITSELF and not scene.hypervisor.is_remote and shutil.which("scrub") is None:
        raise volume.refusal("missing_program", "wipe: '%s' needs the program scrub, which the compute host has not" % algorithm,
                             "Install the package scrub there, or write zero.")


def refuse_image(volume, scene, option, verb, pool=None):
    name = _base_volume.image_in(scene, pool or volume.pool, volume.name)
    if name:
        raise volume.refusal("volume_in_use", "%s: the volume '%s' cannot %s, it is the image '%s'" % (option, volume.key[1], verb, name),
                             "Images are the business of tinycloud.libvirt.image.")


def refuse_layer(volume, scene, option, verb):
    owner = _snapshot_record.owner_of(scene, volume.pool, volume.name)
    if owner:
        raise volume.refusal("volume_in_use", "%s: the volume '%s' cannot %s, it has what was written to '%s' since a snapshot"
                             % (option, volume.key[1], verb, owner), "Remove the snapshot with tinycloud.libvirt.volume_snapshot.")


def is_unfinished(scene, pool, name):
    """Whether a volume is being filled, moved to, or wiped: nothing may use it before that has come to its end."""
    fact = scene.world.pools.get(pool)
    record = (fact and scene.registry.get("volume", "%s/%s" % (fact.uuid, name))) or {}
    return record.get("state") in (FILLING, REMOVING) or bool(record.get("moving"))


def path_of(fact):
    return fact.xml.findtext("target/path")


def _needed_by(vms, children):
    said = ["the VM '%s' uses it" % vm for vm in vms] + ["the volume '%s/%s' stands on it" % child for child in children]
    return " and ".join(said)


def said_of_use(usage, path):
    return _needed_by(usage.vms(path), usage.children(path))
