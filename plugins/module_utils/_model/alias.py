# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of devices, kept as user aliases, https://libvirt.org/formatdomain.html#devices"""
from __future__ import annotations

import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Name

USER = "ua-"
_ENGINE = "ua-tinycloud-"
SEED_ALIAS = _ENGINE + "seed"


def is_engines_own(element):
    """Whether the engine put this device there for itself (the seed CD-ROM)."""
    alias = element.find("alias")
    return alias is not None and (alias.get("name") or "").startswith(_ENGINE)


def is_nameless(declared, keys):
    """Whether a device is said to have no name (null), and another key tells which it is: so are those that others made."""
    return "name" in declared and declared["name"] is None and any(declared.get(key) for key in keys if key != "name")


def without_name(written, keys):
    """What is written of a device that others made, with its want of a name."""
    return dict(written, name=None) if "name" not in written and any(written.get(key) for key in keys) else written


class Alias(Name):
    """A device's name; libvirt takes letters, digits, - and _ in an alias, so others become -.

    A name that looks like one of the engine's own gets a _ in front.
    """

    def parse(self, text):
        return text[len(USER):] if text.startswith(USER) else None

    def format(self, value):
        return USER + self.safe(value)

    def same(self, declared, actual):
        return self.safe(declared) == actual

    @staticmethod
    def safe(value):
        text = re.sub(r"[^A-Za-z0-9_-]", "-", value)
        return "_" + text if (USER + text).startswith(_ENGINE) else text
