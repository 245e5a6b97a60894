# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records, on the compute host, of what libvirt has no metadata for: pools, volumes, images, secrets.

One small JSON file per resource. A record is written as ``intended`` before the creation and as ``complete``
after it, so that a run that was cut short is known as such. A lost record means: not ours.
"""
from __future__ import annotations

import contextlib
import fcntl
import json
import os
from urllib.parse import parse_qs, urlsplit

SYSTEM_DIRECTORY = "/var/lib/tinycloud/registry"
INTENDED = "intended"
COMPLETE = "complete"
REMOVING = "removing"
# Created, and its content is on its way: of no use to anyone until that is there.
FILLING = "filling"


def directory_for(uri):
    """Where the records of a connection live: embedded drivers and sessions have places of their own."""
    parts = urlsplit(uri)
    root = parse_qs(parts.query).get("root")
    if root:
        return os.path.join(root[0], "tinycloud-registry")
    if parts.path == "/system":
        return SYSTEM_DIRECTORY
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return os.path.join(data, "tinycloud", "registry", parts.scheme.partition("+")[0])


def _locked(path):
    """The lock's file, open and locked. Who waited for a lock whose file has gone meanwhile takes the next one."""
    while True:
        held = open(path, "w", encoding="ascii")
        fcntl.flock(held, fcntl.LOCK_EX)
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(held.fileno()), os.stat(path)):
                return held
        held.close()


class Registry:
    def __init__(self, directory):
        self.directory = directory

    def _file(self, kind, key):
        return os.path.join(self.directory, kind, key.replace("/", "%2F") + ".json")

    @contextlib.contextmanager
    def lock(self, name="registry"):
        """Serialise with every other process on this host that takes the same lock; its file goes with it."""
        os.makedirs(self.directory, mode=0o700, exist_ok=True)
        path = os.path.join(self.directory, ".%s.lock" % name.replace("/", "%2F"))
        held = _locked(path)
        try:
            yield
        finally:
            os.unlink(path)
            held.close()

    def get(self, kind, key):
        """The record, or None."""
        try:
            with open(self._file(kind, key), encoding="utf-8") as file:
                return json.load(file)
        except (FileNotFoundError, json.JSONDecodeError):
            return None

    def all(self, kind):
        """Every record of a kind by its key."""
        try:
            names = os.listdir(os.path.join(self.directory, kind))
        except FileNotFoundError:
            return {}
        keys = [name[:-len(".json")].replace("%2F", "/") for name in sorted(names) if name.endswith(".json")]
        records = {key: self.get(kind, key) for key in keys}
        return {key: record for key, record in records.items() if record is not None}

    def put(self, kind, key, state, **facts):
        """Write a record so that it is there whole or not at all."""
        path = self._file(kind, key)
        with self.lock():
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            # One draft for all, under the lock: what a killed run leaves of it, the next one writes over.
            draft = os.path.join(self.directory, ".draft")
            with open(draft, "w", encoding="utf-8") as file:
                json.dump(dict(facts, state=state), file, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)

    def forget(self, kind, key):
        with self.lock(), contextlib.suppress(FileNotFoundError):
            os.unlink(self._file(kind, key))

    def state(self, kind, key):
        """``intended``, ``complete`` or ``removing``; None where there is no record."""
        return (self.get(kind, key) or {}).get("state")
