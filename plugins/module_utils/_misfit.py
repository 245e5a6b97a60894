# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An option of the wrong shape, said in the user's terms: ansible-core would speak of Python's classes."""
from __future__ import annotations


def misfit(spec, raw, where=""):
    """A sentence about the first option that should be a mapping and is not, or None.

    :param spec: the argument spec
    :param raw: the arguments as the task gave them
    """
    for name, entry in spec.items():
        value = next((raw[key] for key in [name] + entry.get("aliases", []) if raw.get(key) is not None), None)
        if value is None or not entry.get("options"):
            continue
        place = where + name
        if entry["type"] == "dict":
            parts = [(place, value)]
        else:
            parts = [("%s[%d]" % (place, index), one) for index, one in enumerate(value if isinstance(value, list) else [value])]
        for part, one in parts:
            if not isinstance(one, dict):
                return "%s: a mapping goes here, not '%s'; its options are %s" % (part, one, ", ".join(sorted(entry["options"])))
            told = misfit(entry["options"], one, part + ".")
            if told:
                return told
    return None
