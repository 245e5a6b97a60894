# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in an image, looked up once: content that never changes need not be looked into again."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._inspection import inspection
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE

KIND = "inspection"


def inspected(scene, image, passphrase=None):
    """The inspection of an image; what was read with a passphrase is not kept where others can read it without."""
    known = scene.registry.get(KIND, image.sha256)
    if known is not None and not (passphrase and known["found"]["encrypted"]):
        return known["found"]
    with scene.registry.lock("inspection-" + image.sha256):
        found = inspection(image.path, image.format, passphrase)
        if not passphrase:
            scene.registry.put(KIND, image.sha256, COMPLETE, found=found)
    return found
