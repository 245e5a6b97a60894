# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action plugins tell the modules of files of the controller."""
from __future__ import annotations

import pathlib

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _parcel


class Plugin:
    """Tells of a file as much as it is asked for.

    :param name: what the upload is called in the task
    """

    def __init__(self, host, path, name):
        self.host = host
        self.file = pathlib.Path(path)
        self.name = name

    def tell(self, **more):
        found = self.file.stat()
        self.host.controller["uploads"] = {self.name: dict({"identity": ["controller", found.st_size, found.st_mtime_ns]}, **more)}

    def tell_digest(self):
        self.tell(sha256=_parcel.sha256_of(self.file))

    def bring(self):
        """Send it; returns where it arrived if it travelled packed."""
        parcel = self.file.parent / "parcel"
        parcel.unlink(missing_ok=True)
        packed = _parcel.pack(self.file, parcel)
        self.tell(sha256=_parcel.sha256_of(self.file), path=str(parcel if packed else self.file), packed=packed)
        return parcel
