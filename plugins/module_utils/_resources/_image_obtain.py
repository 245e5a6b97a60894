# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the name of an image point to the content that is wanted."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import said_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _image_store


def obtain(scene, wanted, work):
    """What the name pointed to before stays until the new content is there.

    :param work: makes the Work from (scene, wanted, Image or None)
    """
    with scene.registry.lock("image-" + wanted.name):
        image = _image_store.stored(scene, wanted.name)
        if image is None or not wanted.is_met_by(image):
            work = work(scene, wanted, image)
            with said_of(work.directory):
                work.run()
