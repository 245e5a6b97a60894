# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords as /etc/shadow keeps them, by the host's libcrypt: newer Pythons have no binding of their own."""
from __future__ import annotations

import ctypes
import secrets
import string
import threading

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

# glibc's and libxcrypt's, then that of distributions without the old interface, then musl's.
_LIBRARIES = ("libcrypt.so.1", "libcrypt.so.2", "libc.so")
_SALT = string.ascii_letters + string.digits + "./"
# crypt(3) answers in a buffer of the library's own.
_LOCK = threading.Lock()


def _library():
    for name in _LIBRARIES:
        try:
            return ctypes.CDLL(name).crypt
        except (OSError, AttributeError):
            continue
    raise Failure("missing_library", "libcrypt is missing on the compute host, so that passwords cannot be hashed",
                  hint="Install it (libcrypt1, libxcrypt), or give the hash instead of the password.")


def hashed(password, salt=None):
    """SHA-512, which every distribution of this century reads."""
    crypt = _library()
    crypt.restype = ctypes.c_char_p
    crypt.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
    salt = salt or "".join(secrets.choice(_SALT) for _place in range(16))
    with _LOCK:
        answer = crypt(password.encode(), ("$6$%s$" % salt).encode())
    if not answer or not answer.startswith(b"$6$"):
        raise Failure("missing_library", "this host's libcrypt cannot hash passwords with SHA-512",
                      hint="Give the hash instead of the password.")
    return answer.decode()
