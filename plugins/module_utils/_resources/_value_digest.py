# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a value was that cannot be read back: a salted, slow digest of it, in the registry, which only root can read."""
from __future__ import annotations

import hashlib
import hmac
import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE

# A kind of records of its own: that a digest is known does not make what has the value ours.
_KIND = "secret-digest"
# PBKDF2 rather than scrypt, which hosts in FIPS mode refuse. 0.1 to 0.2 s.
_ALGORITHM, _ROUNDS = "sha512", 210_000


def _digest(value, salt, algorithm, rounds):
    return hashlib.pbkdf2_hmac(algorithm, value, salt, rounds).hex()


def is_noted(scene, identity, value):
    """Whether this is the value that was noted last."""
    known = scene.registry.get(_KIND, identity)
    if known is None:
        return False
    return hmac.compare_digest(known["digest"], _digest(value, bytes.fromhex(known["salt"]), known["algorithm"], known["rounds"]))


def note(scene, identity, value):
    salt = os.urandom(16)
    scene.registry.put(_KIND, identity, COMPLETE, salt=salt.hex(), algorithm=_ALGORITHM, rounds=_ROUNDS,
                       digest=_digest(value, salt, _ALGORITHM, _ROUNDS))


def forget(scene, identity):
    scene.registry.forget(_KIND, identity)
