# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images of a file of the controller, which the action plugin brings."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _fetch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import draft
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _uploads
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_fetched import Fetch


class Upload(Fetch):
    def __init__(self, scene, wanted, before):
        super().__init__(scene, wanted, before, {})
        self.file = wanted.origin["upload"]

    def run(self):
        self.take()

    def content(self):
        digest = self.wanted.origin["uploaded"]
        with draft(self.directory, self.wanted.name, "brought") as brought:
            # It is written as a new file.
            os.unlink(brought.path)
            _uploads.bring(self.scene, self.file, brought.path)
            with _fetch.fetch_verified(brought.path, self.directory, self.wanted.name, "sha256", digest) as partial:
                sha256, file = self._placed(partial)
        return sha256, file, "sha256:" + digest

    def record(self, state, **facts):
        super().record(state, seen=_uploads.identity(self.scene, self.file), **facts)
