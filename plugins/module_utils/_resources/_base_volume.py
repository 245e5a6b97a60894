# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a volume stands on: the volume of an image, or another volume."""
from __future__ import annotations

from collections import namedtuple

from ansible_collections.tinycloud.libvirt.plugins.module_utils._sizes import describe_size
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.volume import Volume as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import image

# label says it to people: image 'debian-12'; capacity may be None where it is not known yet.
Base = namedtuple("Base", "label path format capacity")


def image_in(scene, pool, name):
    """The name of the image whose content a volume is, or None."""
    return next((one.name for one in image.known_images(scene).values() if (one.pool, one.volume) == (pool, name)), None)


def wanted_base(volume, scene):
    """The Base that a declaration names, as the scene shows it; None where there is none (yet)."""
    if volume.declared.get("image"):
        return _on_image(volume, image.find_image(scene, volume.declared["image"]))
    return volume.backing and _on_volume(volume, scene.world.volumes(volume.backing[0]).get(volume.backing[1]))


def base_now(volume, scene):
    """The Base as it is at this moment; raises Refusal where it is not there or does not fit."""
    if volume.declared.get("image"):
        base = _on_image(volume, image.find_image(scene, volume.declared["image"]))
    else:
        base = volume.backing and _on_volume(volume, scene.world.volume_now(*volume.backing))
    if base is None:
        refuse_unknown_base(volume, scene.again(resources={}))
    refuse_too_small(volume, base)
    return base


def _on_image(volume, found):
    return found and Base("image '%s'" % found.name, found.path, found.format, found.capacity)


def _on_volume(volume, fact):
    if fact is None:
        return None
    values = model.read(fact.xml)
    return Base("volume '%s/%s'" % volume.backing, values["path"], volume.declared["backing"].get("format") or values.get("format"),
                values["size"])


def refuse_unknown_base(volume, scene):
    """Refuse what neither is there nor comes into being in the same call."""
    option = "copy_of" if volume.declared.get("copy_of") else "image"
    name, backing = volume.declared.get(option), volume.backing
    if name and not scene.will_exist("image", name, [name] if image.find_image(scene, name) else []):
        known = sorted(image.known_images(scene))
        raise volume.refusal("unknown_image", "%s: there is no image '%s'" % (option, name),
                             ("There %s." % listed(known)) if known else "Make it with tinycloud.libvirt.image first.")
    if backing:
        existing = ["%s/%s" % (backing[0], one) for one in scene.world.volumes(backing[0])]
        if not scene.will_exist("volume", "%s/%s" % backing, existing):
            raise volume.refusal("unknown_volume", "backing: there is no volume '%s' in the pool '%s'" % (backing[1], backing[0]),
                                 "Make the backing volume first, or name its pool in backing.pool.")


def refuse_too_small(volume, base):
    """An overlay that is smaller than its base would cut the base's data off."""
    size = volume.declared.get("size")
    if size and base is not None and base.capacity and size < base.capacity:
        raise volume.refusal("size_too_small", "size: %s is less than the %s has, %s"
                             % (describe_size(size), base.label, describe_size(base.capacity)),
                             "Write size: %s or more, or leave size out." % describe_size(base.capacity))


def listed(names):
    """``is 'a'`` or ``are 'a', 'b'``"""
    return "%s %s" % ("is" if len(names) == 1 else "are", ", ".join("'%s'" % name for name in names))
