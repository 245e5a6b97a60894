# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the task really said: omitted and null told apart, at every depth."""
from __future__ import annotations

# Cores before 2.19 leave this text where `omit` stood inside a mapping or a list.
_OMITTED = "__omit_place_holder__"


def given(spec, raw, typed, defaults=True):
    """The typed arguments without those that the raw arguments do not name.

    :param spec: the argument spec
    :param raw: the arguments as the task gave them
    :param typed: the arguments as AnsibleModule checked and converted them
    :param defaults: False to leave out, too, what only the spec says
    """
    said = {}
    for name, entry in spec.items():
        named = [key for key in [name] + entry.get("aliases", []) if key in raw and not _is_omitted(raw[key])]
        if named:
            said[name] = _deeper(entry, raw[named[0]], typed.get(name), defaults)
        elif defaults and entry.get("default") is not None:
            said[name] = typed.get(name)
    return said


def _is_omitted(value):
    return isinstance(value, str) and value.startswith(_OMITTED)


def _deeper(entry, raw, typed, defaults):
    options = entry.get("options")
    if options is None or typed is None:
        return typed
    if isinstance(typed, dict):
        return given(options, raw if isinstance(raw, dict) else _named_in(typed), typed, defaults)
    raws = raw if isinstance(raw, list) and len(raw) == len(typed) else [None] * len(typed)
    return [given(options, one if isinstance(one, dict) else _named_in(item), item, defaults) for one, item in zip(raws, typed)]


def _named_in(typed):
    """Where the raw form is text (JSON, key=value), null cannot have been meant."""
    return {name: value for name, value in typed.items() if value is not None}
