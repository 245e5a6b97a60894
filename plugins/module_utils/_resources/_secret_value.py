# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a secret has the value it should have, without keeping the value anywhere.

A secret that is not private is read back. A private one cannot be: of what was set, a digest is kept in the registry.
The description that libvirt keeps is no place for it, every user who may read from libvirt sees that.
"""
from __future__ import annotations

import hmac

from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _value_digest

_UNREADABLE = ("invalid_secret", "operation_denied", "access_denied", "auth_unavailable")


def is_set(scene, fact, value):
    """Whether the secret has this value, as far as that can be known."""
    if not _is_private(fact):
        try:
            return hmac.compare_digest(fact.handle.value(0), value)
        except HypervisorError as error:
            if error.code == "no_secret":
                return False
            if error.code not in _UNREADABLE:
                raise
    return _value_digest.is_noted(scene, fact.uuid, value)


def put(scene, fact, value):
    """Set the value; a digest never speaks of a value that may not have been set."""
    _value_digest.forget(scene, fact.uuid)
    fact.handle.setValue(value, 0)
    if _is_private(fact):
        _value_digest.note(scene, fact.uuid, value)


def _is_private(fact):
    return fact.xml.get("private") == "yes"
