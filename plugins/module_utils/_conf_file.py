# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""libvirt's own configuration files, edited in place by Augeas with the lenses that libvirt brings along.

The lenses know every setting and its type, so what the daemon would not understand never gets into the file.
The only file that imports augeas, https://augeas.net/
"""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

try:
    import augeas

    AUGEAS_IMPORT_ERROR = None
except ImportError as error:
    AUGEAS_IMPORT_ERROR = error

DIRECTORY = "/etc/libvirt"
_LENSES_BELOW = "usr/share/augeas/lenses"
_LENSES = {"libvirtd.conf": "Libvirtd", "qemu.conf": "Libvirtd_qemu", "network.conf": "Libvirtd_network"}


class SettingError(Exception):
    """A setting that the file's daemon does not know, or not with this value.

    :param known: whether there is a setting of that name
    """

    def __init__(self, setting, value, known):
        super().__init__(setting)
        self.setting, self.value, self.known = setting, value, known


def _lens(name):
    """libvirtd.conf has Libvirtd.lns, virtlogd.conf has Virtlogd.lns, and so on."""
    return _LENSES.get(name, name.partition(".")[0].capitalize()) + ".lns"


def _text(value):
    return str(int(value)) if isinstance(value, bool) else str(value)


class ConfFile:
    """One file; values are text or lists of text, as the file has them.

    :param directory: where the file is
    :param root: a directory to take for the root of the file system
    """

    def __init__(self, name, directory=DIRECTORY, root="/"):
        self.name = name
        self.path = os.path.join(directory, name)
        self._place = "/files" + self.path
        self._augeas = augeas.Augeas(root=root, loadpath=os.path.join(root, _LENSES_BELOW), flags=augeas.Augeas.NO_MODL_AUTOLOAD)
        self._augeas.add_transform(_lens(name), [self.path])
        self._augeas.load()
        message = self._augeas.get("/augeas%s/error/message" % self._place)
        if message:
            raise Failure("invalid_file", "%s cannot be read: %s, line %s" % (
                self.path, message, self._augeas.get("/augeas%s/error/line" % self._place)), None,
                "Mend or remove that line; libvirt could not read it either.")

    @staticmethod
    def is_known(name, root="/"):
        """Whether the libvirt that is installed has such a file."""
        return os.path.exists(os.path.join(root, _LENSES_BELOW, _lens(name).lower().replace(".lns", ".aug")))

    def settings(self):
        """Every setting that the file states."""
        found = {}
        for place in self._augeas.match(self._place + "/*"):
            name = place.rpartition("/")[2].partition("[")[0]
            if not name.startswith("#"):
                found[name] = self._value(place)
        return found

    def _value(self, place):
        single = self._augeas.get(place)
        return [self._augeas.get(one) for one in self._augeas.match(place + "/*[label() != '#comment']")] if single is None else single

    @staticmethod
    def canonical(value):
        """A value as it would be read back."""
        return [_text(one) for one in value] if isinstance(value, list) else _text(value)

    def verify(self, settings):
        """Raise SettingError for the first setting that the file cannot hold; the file stays as it is."""
        for name, value in settings.items():
            self._put("/verified/tree/" + name, value)
            # An empty file, to Augeas, has one empty line.
            self._augeas.set("/verified/text", "\n")
            try:
                self._augeas.text_retrieve(_lens(self.name), "/verified/text", "/verified/tree", "/verified/result")
            except ValueError:
                expected = self._augeas.get("/augeas/text/verified/tree/error/message") or ""
                raise SettingError(name, value, "{ /%s/ " % name in expected) from None
            finally:
                self._augeas.remove("/verified")

    def write(self, settings):
        """Set these; None takes one out. All else stays as it stands, comments included."""
        for name, value in settings.items():
            place = "%s/%s" % (self._place, name)
            self._augeas.remove(place)
            if value is not None:
                self._put(place, value)
        self._augeas.save()

    def _put(self, place, value):
        value = self.canonical(value)
        if isinstance(value, list):
            self._augeas.set(place, None)
            for number, one in enumerate(value, 1):
                self._augeas.set("%s/%d" % (place, number), one)
        else:
            self._augeas.set(place, value)
