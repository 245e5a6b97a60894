# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that are made of Debian's packages, which apt verifies by their archives' signatures."""
from __future__ import annotations

import hashlib

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _debian_image, _qemu_img
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.image import DEBIAN_SIZE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import digests_of, draft
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_work import Work

# A tree is no business of a pool, whose directories libvirt takes for volumes.
_WORK = "/var/tmp/tinycloud-debian-%s"  # noqa: S108 (made with mkdir, never followed)


class Debian(Work):
    def content(self):
        said = self.wanted.origin["debian"]
        # Under the image's lock: there is one of it.
        work = _WORK % hashlib.sha256(("%s %s" % (self.directory, self.wanted.name)).encode()).hexdigest()[:16]
        try:
            disk = _debian_image.make(work, said["suite"], said.get("archives"), said.get("packages") or (), said.get("size", DEBIAN_SIZE))
            with draft(self.directory, self.wanted.name, "debian") as result:
                _qemu_img.convert(disk, "raw", result.path, self.wanted.format or "qcow2")
                result.adopt()
                sha256 = digests_of(result.path, {"sha256"})["sha256"]
                return sha256, self.publish(result, sha256, "mmdebstrap"), None
        finally:
            _debian_image.remove(work)
