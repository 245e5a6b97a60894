# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A system whose file systems are mounted in the appliance: its files, its programs, whose is what."""
from __future__ import annotations

import posixpath

from ansible_collections.tinycloud.libvirt.plugins.module_utils._appliance import ApplianceError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import guest_files
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.guest_system import PROGRAM_FOLDERS

# libguestfs' protocol moves up to 4 MiB at once.
_LARGEST_TEXT = 2 << 20


class Guest:
    def __init__(self, appliance):
        self.appliance = appliance

    def exists(self, path):
        return bool(self.appliance.exists(path))

    def is_directory(self, path):
        return bool(self.appliance.is_dir(path, followsymlinks=True))

    def is_file(self, path):
        return bool(self.appliance.is_file(path, followsymlinks=True))

    def read(self, path):
        """The text of a file, None where there is none."""
        if not self.is_file(path):
            return None
        if self.appliance.filesize(path) > _LARGEST_TEXT:
            raise Failure("file_too_large", "'%s' inside the disk is too large for a configuration file" % path)
        return self.appliance.read_file(path).decode(errors="surrogateescape")

    def write(self, path, text, mode=None, owner=None):
        """Write a file, which keeps its owner and mode where it is there already."""
        self.make_folder(posixpath.dirname(path))
        data = text.encode(errors="surrogateescape") if isinstance(text, str) else text
        new = not self.exists(path)
        self.appliance.write(path, data)
        self.settle(path, mode or ("0644" if new else None), owner)

    def settle(self, path, mode=None, owner=None):
        """:param owner: (uid, gid), -1 leaves either as it is"""
        if owner is not None:
            self.appliance.chown(owner[0], owner[1], path)
        if mode is not None:
            self.appliance.chmod(int(mode, 8), path)

    def make_folder(self, path):
        if not self.is_directory(path):
            self.appliance.mkdir_p(path)

    def upload(self, source, path):
        self.make_folder(posixpath.dirname(path))
        self.appliance.upload(source, path)

    def remove(self, pattern):
        """Whatever matches a glob, with all that is in it."""
        for path in self.matches(pattern):
            self.appliance.rm_rf(path)

    def matches(self, pattern):
        if not any(letter in pattern for letter in "*?["):
            return [pattern]
        return self.appliance.glob_expand(pattern, directoryslash=False)

    def program(self, names):
        """The first of these programs that the guest has, or None."""
        return next((name for name in names if any(self.is_file(posixpath.join(folder, name)) for folder in PROGRAM_FOLDERS)), None)

    def run(self, line, what):
        """Run a line of shell inside, as root, while nothing of the guest runs."""
        try:
            return self.appliance.sh(line)
        except ApplianceError as error:
            raise Failure("command_failed", "%s failed inside the disk: %s" % (what, tail(error.message))) from None

    def os_release(self):
        for path in ("/etc/os-release", "/usr/lib/os-release"):
            text = self.read(path)
            if text is not None:
                return guest_files.os_release(text)
        return {}

    def copy_out(self, path, destination):
        """A file of the guest into one of this host's."""
        if not self.is_file(path):
            raise Failure("no_such_file", "there is no file '%s' inside the disk" % path)
        self.appliance.download(path, destination)

    def tar_out(self, path, destination, compress=None):
        """All that is in a folder of the guest, into a file of this host's."""
        if not self.is_directory(path):
            raise Failure("no_such_file", "there is no directory '%s' inside the disk" % path)
        self.appliance.tar_out(path, destination, **({"compress": compress} if compress else {}))


def tail(text, lines=5):
    return " / ".join(text.strip().splitlines()[-lines:])
