# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a secret has the value it should have, without keeping the value anywhere.

A secret that is not private is read back. A private one cannot be: of what was set, a salted, slow digest is kept
in the registry, which only root can read. The description that libvirt keeps is no place for it, every user who may
read from libvirt sees that.
"""
from __future__ import annotations

import hashlib
import hmac
import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE

# A kind of records of its own: that a digest is known does not make the secret ours.
_KIND = "secret-digest"
# PBKDF2 rather than scrypt, which hosts in FIPS mode refuse. 0.1 to 0.2 s.
_ALGORITHM, _ROUNDS = "sha512", 210_000
_UNREADABLE = ("invalid_secret", "operation_denied", "access_denied", "auth_unavailable")


def _digest(value, salt, algorithm, rounds):
    return hashlib.pbkdf2_hmac(algorithm, value, salt, rounds).hex()


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
    known = scene.registry.get(_KIND, fact.uuid)
    if known is None:
        return False
    return hmac.compare_digest(known["digest"], _digest(value, bytes.fromhex(known["salt"]), known["algorithm"], known["rounds"]))


def put(scene, fact, value):
    """Set the value; a digest never speaks of a value that may not have been set."""
    forget(scene, fact.uuid)
    fact.handle.setValue(value, 0)
    if _is_private(fact):
        salt = os.urandom(16)
        scene.registry.put(_KIND, fact.uuid, COMPLETE, salt=salt.hex(), algorithm=_ALGORITHM, rounds=_ROUNDS,
                           digest=_digest(value, salt, _ALGORITHM, _ROUNDS))


def forget(scene, identity):
    scene.registry.forget(_KIND, identity)


def _is_private(fact):
    return fact.xml.get("private") == "yes"
