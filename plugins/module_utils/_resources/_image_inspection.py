# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in an image, looked up once: content that never changes need not be looked into again."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._inspection import inspection
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE

KIND = "inspection"


def known_inspection(scene, image):
    """What an earlier look has found, None where nobody has looked yet."""
    known = scene.registry.get(KIND, image.sha256)
    return known and known["found"]


def places_in(found):
    """(path, device) of the file systems that an inspection has found, / first; None where they are not those of one system."""
    if found is None or found["encrypted"] or len(found["systems"]) != 1:
        return None
    return sorted(found["systems"][0]["mounts"].items(), key=lambda mount: len(mount[0]))


def inspected(scene, image, passphrase=None):
    """The inspection of an image; what was read with a passphrase is not kept where others can read it without."""
    known = known_inspection(scene, image)
    if known is not None and not (passphrase and known["encrypted"]):
        return known
    with scene.registry.lock("inspection-" + image.sha256):
        found = inspection(image.path, image.format, passphrase)
        if not passphrase:
            scene.registry.put(KIND, image.sha256, COMPLETE, found=found)
    return found
