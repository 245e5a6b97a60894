# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of the controller: what the action plugin tells of them, and brings where the plan wants it.

The plugin first has the module plan, with what it costs nothing to know of each file: its size and time. Where that does not tell
whether the content is known here, it is asked for the digest. What the plan then wants is brought to this host for the run.
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _parcel
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import said_of

DIGEST_WANTED = "upload_digest_wanted"


def _told(scene, file):
    told = scene.memory["controller"].get("uploads", {}).get(file)
    if told is None:
        raise Failure("unknown_upload", "upload: nothing is known of the controller's file '%s'" % file,
                      hint="Use this option in a task of a playbook: its action plugin looks at the file.")
    return told


def identity(scene, file):
    """What tells a file that was not touched since."""
    return _told(scene, file)["identity"]


def sha256(scene, file):
    found = _told(scene, file).get("sha256")
    if found is None:
        raise Failure(DIGEST_WANTED, "upload: the digest of the controller's file '%s' is not known" % file)
    return found


def bring(scene, file, path):
    """Write a new file with the content of one of the controller's."""
    told = _told(scene, file)
    if "path" not in told:
        raise Failure("upload_not_brought", "upload: the controller's file '%s' turned out to be needed" % file,
                      hint="Something else changed meanwhile; run again.")
    with said_of(path):
        arrived = _parcel.unpack(told["path"], told["packed"], path)
    if arrived != told["sha256"]:
        raise Failure("checksum_mismatch", "upload: '%s' changed while it was brought, or was damaged on its way" % file, hint="Run again.")
