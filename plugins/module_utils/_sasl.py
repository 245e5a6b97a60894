# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts in libvirt's SASL database, by Cyrus SASL's own programs: the only file that calls them.

https://libvirt.org/auth.html#sasl-pluggable-authentication
"""
from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

DATABASE = "/etc/libvirt/passwd.db"
# The name under which libvirt asks SASL.
APPLICATION = "libvirt"
_LISTED = re.compile(r"(?P<name>[^@\s]+)@(?P<realm>[^:\s]+): ")
# Debian keeps its administrators' programs where an ordinary user's shell does not look.
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def is_installed():
    return shutil.which("saslpasswd2", path=_PATH) is not None


def realm():
    """The realm that libvirt looks accounts up in: the host's own name."""
    return socket.gethostname()


def _run(program, arguments, given=None):
    # The database holds the passwords themselves, so nobody else gets to read it, not even while it is made.
    before = os.umask(0o077)
    try:
        done = subprocess.run([shutil.which(program, path=_PATH), "-f", DATABASE, *arguments], input=given, capture_output=True, check=False)
    finally:
        os.umask(before)
    if done.returncode:
        raise Failure("sasl_failed", "%s says: %s" % (program, done.stderr.decode(errors="replace").strip() or "status %d" % done.returncode))
    return done.stdout.decode(errors="replace")


def accounts():
    """Names of the accounts in the host's realm."""
    if not os.path.exists(DATABASE):
        return set()
    listed = map(_LISTED.match, _run("sasldblistusers2", []).splitlines())
    return {found["name"] for found in listed if found and found["realm"] == realm()}


def put(name, password):
    """Create an account, or give one another password."""
    _run("saslpasswd2", ["-a", APPLICATION, "-u", realm(), "-c", "-p", name], given=password.encode())


def drop(name):
    """Remove an account; the last one takes the database along."""
    _run("saslpasswd2", ["-a", APPLICATION, "-u", realm(), "-d", name])
    if not _run("sasldblistusers2", []).strip():
        with contextlib.suppress(FileNotFoundError):
            os.unlink(DATABASE)
