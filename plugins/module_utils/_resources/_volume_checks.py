# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a volume's declaration can have against it: each said in one sentence before anything is touched."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _fetch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import volume as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import REMOVING
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import (
    _base_volume, _secret_use, _volume_conversion, _volume_files, _volume_guard, _volume_making, _volume_move, _volume_reading,
)

_KEPT = "Its data is never replaced: give a new volume another name, or remove this one first."


def check(volume, scene):
    if not _pool_is_there(volume, scene):
        return
    fact = volume.fact(scene)
    if fact is not None and fact.xml.get("type") in ("dir", "netdir"):
        raise volume.refusal("not_a_volume", "name: '%s' is a directory in the pool '%s'" % (volume.name, volume.pool),
                             "Give the volume another name.")
    if volume.absent:
        if fact is not None:
            _volume_guard.refuse_removal(volume, scene, fact)
        return
    if fact is not None and volume.record(scene).get("state") == REMOVING:
        raise volume.refusal("being_removed", "name: the volume '%s' was being wiped when that run was cut short" % volume.key[1],
                             "Finish that first, with state: absent.")
    if volume.declared.get("move_from") and _volume_move.check(volume, scene):
        _check_changes(volume, scene, _volume_move.source(volume, scene))
    elif fact is None:
        _check_new(volume, scene)
    elif not _volume_making.is_leftover(volume, scene, fact):
        _check_kept(volume, scene, fact)
        if _volume_making.is_replaced(volume, scene, fact):
            _check_replacing(volume, scene, fact)
        else:
            _check_changes(volume, scene, fact)


def _pool_is_there(volume, scene):
    """Refuse unless the pool is, or is going to be, there and active; False where nothing can be to remove."""
    fact, declared = scene.world.pools.get(volume.pool), scene.declared("pool", volume.pool)
    if fact is not None and volume.absent and not fact.active and not (declared and declared.state == "active"):
        if scene.goes("pool", volume.pool) and scene.registry.state("pool", fact.uuid) == REMOVING:
            # An earlier removal was cut short after the pool had stopped: its volumes went before that.
            return False
        raise volume.refusal("inactive_pool", "pool: the pool '%s' is not active, what is in it cannot be seen" % volume.pool,
                             "Start it with tinycloud.libvirt.pool and state: active.")
    if volume.absent:
        return fact is not None
    if not scene.will_exist("pool", volume.pool, scene.world.pools):
        known = sorted(scene.world.pools)
        raise volume.refusal("unknown_pool", "pool: there is no storage pool '%s'" % volume.pool,
                             "There %s." % _base_volume.listed(known) if known else "Make one with tinycloud.libvirt.pool first.")
    state = declared.state if declared else "present"
    if state == "inactive" or (state == "present" and not (fact and fact.active)):
        raise volume.refusal("inactive_pool", "pool: the storage pool '%s' is not active" % volume.pool,
                             "Start it with tinycloud.libvirt.pool and state: active.")
    return True


def _check_new(volume, scene):
    encryption = volume.declared.get("encryption")
    if encryption:
        _secret_use.refuse_unknown(volume, scene, "encryption.secret", "volume", encryption["secret"])
    _base_volume.refuse_unknown_base(volume, scene)
    _base_volume.refuse_too_small(volume, _base_volume.wanted_base(volume, scene))
    if not (volume.declared.get("size") or volume.declared.get("image") or volume.backing or volume.origin):
        raise volume.refusal("missing_option", "size: the new volume '%s' needs a size" % volume.name, "Write for example size: 20GiB")
    _check_origin(volume, scene)


def _check_origin(volume, scene):
    origin = volume.origin
    if origin is None:
        return
    try:
        if origin.option == "source":
            _fetch.check_local(origin.source)
        elif origin.option == "clone" and scene.declared(volume.kind, "%s/%s" % (origin.pool, origin.name)) is None:
            found = _volume_reading.refuse_unreadable(scene, "clone", origin.pool, origin.name, origin.snapshot)
            size = volume.declared.get("size")
            if size and size < found.size:
                raise volume.refusal("size_too_small", "size: %s is less than what the volume '%s' has, %s"
                                     % (volume.model.fields()["size"].describe(size), origin.label,
                                        volume.model.fields()["size"].describe(found.size)), "Leave size out, or write that or more.")
    except Failure as failure:
        raise volume.refusal(failure.code, failure.message, failure.hint) from None


def _check_kept(volume, scene, fact):
    """Refuse what only a replacement could bring."""
    _check_below(volume, scene, fact)
    encryption = volume.declared.get("encryption")
    if encryption and model.Volume.read(fact.xml).get("encryption") is None:
        raise volume.refusal("fixed_option", "encryption: the volume '%s' is not encrypted, and cannot become so" % volume.key[1], _KEPT)
    if volume.origin is not None and not volume.declared.get("replace"):
        made_from = _volume_making.made_from(volume, scene, fact)
        if made_from is None or not volume.origin.is_same(scene, made_from):
            raise volume.refusal("fixed_option", "%s: the volume '%s' was made from %s"
                                 % (volume.origin.option, volume.key[1], made_from["from"] if made_from else "something else"), _KEPT
                                 + " Or write replace: true." * (volume.origin.option != "clone"))


def _check_below(volume, scene, fact):
    option = next((name for name in ("image", "backing") if volume.declared.get(name)), None)
    below = scene.world.usage.chain(_volume_guard.path_of(fact))
    if option is None:
        if any(name in volume.declared for name in ("image", "backing")) and below:
            raise volume.refusal("fixed_option", "backing: the volume '%s' stands on %s, and stays there" % (volume.key[1], below[0]), _KEPT)
        return
    if _volume_making.recorded_base(volume.record(scene)) == _volume_making.declared_base(volume):
        # So it was made, whatever its chain came to be since.
        return
    _base_volume.refuse_unknown_base(volume, scene)
    base = _base_volume.wanted_base(volume, scene)
    if base is None or not any(scene.world.usage.same_file(base.path, path) for path in below):
        raise volume.refusal("fixed_option", "%s: the volume '%s' stands on %s instead"
                             % (option, volume.key[1], below[0] if below else "nothing"), _KEPT)


def _check_replacing(volume, scene, fact):
    _volume_guard.refuse_use(volume, scene, fact, volume.origin.option, "be replaced")
    if not _volume_files.is_reachable(scene, volume.pool):
        raise _volume_guard.out_of_reach(volume, scene, "replace")
    _check_origin(volume, scene)


def _check_changes(volume, scene, fact):
    _volume_conversion.check(volume, scene, fact)
    _check_size(volume, scene, fact)
    if permission_changes(volume, scene, fact) and not _volume_files.is_reachable(scene, volume.pool):
        raise _volume_guard.out_of_reach(volume, scene, "permissions")
    label = (volume.declared.get("permissions") or {}).get("label")
    if label and not scene.hypervisor.is_remote and not os.path.isdir("/sys/fs/selinux"):
        raise volume.refusal("no_selinux", "permissions.label: this host does not run SELinux", "Leave label out.")


def permission_changes(volume, scene, fact):
    """Changes of the file's permissions. Whose it is, libvirt decides while a VM runs with it."""
    wanted = {option: value for option, value in (volume.declared.get("permissions") or {}).items() if value is not None}
    if any(use.running for use in scene.world.usage.uses(_volume_guard.path_of(fact))):
        wanted = {}
    return model.Volume.compare({"permissions": wanted}, fact.xml) if wanted else []


def _check_size(volume, scene, fact):
    changes = volume.size_changes(fact)
    if not changes:
        return
    change = changes[0]
    _volume_guard.refuse_image(volume, scene, "size", "change")
    usage, path = scene.world.usage, _volume_guard.path_of(fact)
    shrinks = volume.declared["size"] < int(fact.xml.findtext("capacity"))
    if shrinks and not volume.declared.get("allow_shrink"):
        raise volume.refusal("shrink_refused", "size: the volume '%s' has %s; shrinking it to %s would cut data off"
                             % (volume.key[1], change.before, change.after),
                             "Leave the disk's size out, or shrink the volume itself, with tinycloud.libvirt.volume and allow_shrink: true." if volume.of_vm
                             else "Write allow_shrink: true if what is in it was made smaller before.")
    if usage.children(path):
        raise volume.refusal("volume_in_use", "size: the volume '%s' cannot change, %s" % (volume.key[1], _volume_guard.said_of_use(usage, path)),
                             "Change the volume on top of it.")
    running = [use for use in usage.uses(path) if use.running]
    if shrinks and running:
        raise volume.refusal("volume_in_use", "size: the volume '%s' cannot shrink, %s" % (volume.key[1], _volume_guard.said_of_use(usage, path)),
                             "Stop the VM first.")
    if any(use.depth for use in running):
        raise volume.refusal("volume_in_use", "size: the VM '%s' writes to a snapshot on top of the volume '%s'"
                             % (running[0].vm, volume.key[1]), "Commit the snapshot first, or grow after the VM was stopped.")


def notes(volume, scene):
    """What was left alone although it is not as it was."""
    made_from = volume.record(scene).get("content")
    if volume.origin is None or made_from is None or volume.declared.get("replace") or volume.origin.is_unchanged(scene, made_from):
        return []
    return ["volume '%s': its %s is another one by now; the volume keeps what it has (replace: true would change that)"
            % (volume.key[1], volume.origin.option)]
