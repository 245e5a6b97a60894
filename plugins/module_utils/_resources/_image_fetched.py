# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images that are fetched: from the network or a file of this host, verified by a checksum."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _fetch, _image_file
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.image import is_volume_of, volume_name
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import digests_of, draft
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_work import Work
from ansible_collections.tinycloud.libvirt.plugins.module_utils._unpack import packing, unpack


class Fetch(Work):
    """
    :param headers: of the requests that fetch it
    """

    def __init__(self, scene, wanted, before, headers):
        super().__init__(scene, wanted, before)
        self.headers = headers

    def run(self):
        if self._is_proven_already():
            self.record_as_before()
        else:
            self.take()

    def content(self):
        source = _fetch.Address(self.wanted.source, self.headers)
        algorithm, digest = _fetch.expected_digest(source, self.wanted.checksum)
        found = self._find_again(algorithm, digest)
        if found is None:
            with _fetch.fetch_verified(source, self.directory, self.wanted.name, algorithm, digest) as partial:
                found = self._placed(partial)
        sha256, file = found
        return sha256, file, "%s:%s" % (algorithm, digest) if digest else None

    def _is_proven_already(self):
        """Whether only a checksum was dropped: what it proved stays true."""
        before, wanted = self.before, self.wanted
        return (before is not None and before.pool == wanted.pool and wanted.format in (None, before.format)
                and {name: value for name, value in before.origin.items() if name != "checksum"} == wanted.origin)

    def _find_again(self, algorithm, digest):
        """(sha256, ImageFile) of a volume that already holds the wanted content: its record was lost, or says less."""
        if digest is None:
            return None
        for volume in sorted(os.listdir(self.directory)):
            path = os.path.join(self.directory, volume)
            if not is_volume_of(self.wanted.name, volume) or os.path.islink(path) or not os.path.isfile(path):
                continue
            if algorithm == "sha256" and digest[:12] not in volume:
                continue
            found = digests_of(path, {"sha256", algorithm})
            if found[algorithm] != digest:
                continue
            file = _image_file.inspect(path, self.wanted.source, self.wanted.format)
            if volume == volume_name(self.wanted.name, found["sha256"], file.format):
                return found["sha256"], file
        return None

    def _placed(self, partial):
        """What was fetched is right: it is the image, or the image is packed in it."""
        wanted, member = self.wanted, self.wanted.origin.get("member")
        said = wanted.source or wanted.origin["upload"]
        if member is None and packing(partial.path) is None:
            sha256 = partial.digest("sha256")
            return sha256, self.publish(partial, sha256, said)
        try:
            with draft(self.directory, wanted.name, said, member, "unpacked") as content:
                unpack(partial.path, said, member, content)
                if packing(content.path) == "tar":
                    raise Failure("missing_option", "member: '%s' is a tar archive" % said,
                                  hint="Write member: and the name of the image in it.")
                return content.digest("sha256"), self.publish(content, content.digest("sha256"), said)
        finally:
            partial.discard()
