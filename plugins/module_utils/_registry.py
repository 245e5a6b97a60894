# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records, on the compute host, of what libvirt has no metadata for: pools, volumes, images, secrets.

One small JSON file per resource. A record is written as ``intended`` before the creation and as ``complete``
after it, so that a run that was cut short is known as such. A lost record means: not ours. So does one that is cut
off, or that lacks what records of its kind say: nothing is made up.
"""
from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
from urllib.parse import parse_qs, urlsplit

from ansible_collections.tinycloud.libvirt.plugins.module_utils._durable import settle, write_whole
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

SYSTEM_DIRECTORY = "/var/lib/tinycloud/registry"
INTENDED = "intended"
COMPLETE = "complete"
REMOVING = "removing"
# Created, and its content is on its way: of no use to anyone until that is there.
FILLING = "filling"


_STATES = (INTENDED, FILLING, COMPLETE, REMOVING)
# What records say beside their state, by kind; and what they say of what is complete.
_SAY = {
    "pool": ("name",), "network": ("name",), "secret": ("name",), "volume": ("name",),
    "volume_snapshot": ("name", "snapshots"), "secret-digest": ("digest", "salt", "algorithm", "rounds"),
    "image": ("pool", "pool_uuid", "directory", "source", "checksum"),
}
_SAY_IN_THE_END = {"image": ("volume", "format", "capacity", "sha256", "verified", "created")}


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


@contextlib.contextmanager
def _reachable(directory):
    """What the operating system refuses becomes a Failure: without its records, nothing is begun."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise Failure("no_space" if full else "registry_access", "cannot use the records in '%s': %s" % (directory, error.strerror),
                      hint="Make room there." if full else "Run as root, for example with become: true.") from None


def _locked(path):
    """The lock's file, open and locked. Who waited for a lock whose file has gone meanwhile takes the next one."""
    while True:
        held = open(path, "w", encoding="ascii")
        fcntl.flock(held, fcntl.LOCK_EX)
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(held.fileno()), os.stat(path)):
                return held
        held.close()


def _is_whole(kind, record):
    if not isinstance(record, dict) or record.get("state") not in _STATES:
        return False
    wanted = _SAY.get(kind, ()) + (_SAY_IN_THE_END.get(kind, ()) if record["state"] == COMPLETE else ())
    return all(fact in record for fact in wanted)


class Registry:
    def __init__(self, directory):
        self.directory = directory

    def _file(self, kind, key):
        return os.path.join(self.directory, kind, key.replace("/", "%2F") + ".json")

    @contextlib.contextmanager
    def lock(self, name="registry"):
        """Serialise with every other process on this host that takes the same lock; its file goes with it."""
        path = os.path.join(self.directory, ".%s.lock" % name.replace("/", "%2F"))
        with _reachable(self.directory):
            os.makedirs(self.directory, mode=0o700, exist_ok=True)
            held = _locked(path)
        try:
            yield
        finally:
            os.unlink(path)
            held.close()

    def get(self, kind, key):
        """The record, or None."""
        with _reachable(self.directory):
            try:
                with open(self._file(kind, key), encoding="utf-8") as file:
                    record = json.load(file)
            except (FileNotFoundError, ValueError):
                # Not there; or not JSON, or not even text: cut off, or written by another hand.
                return None
        return record if _is_whole(kind, record) else None

    def all(self, kind):
        """Every record of a kind by its key."""
        with _reachable(self.directory):
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
        with self.lock(), _reachable(self.directory):
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            # One draft for all, under the lock: what a killed run leaves of it, the next one writes over.
            draft = os.path.join(self.directory, ".draft")
            write_whole(path, json.dumps(dict(facts, state=state), sort_keys=True).encode(), 0o644, draft)

    def forget(self, kind, key):
        with self.lock(), _reachable(self.directory), contextlib.suppress(FileNotFoundError):
            os.unlink(self._file(kind, key))
            settle(os.path.join(self.directory, kind))

    def forget_below(self, key):
        """Forget all that is recorded of what was in something: a pool's volumes, say."""
        with _reachable(self.directory):
            kinds = [entry.name for entry in os.scandir(self.directory) if entry.is_dir()]
        for kind in kinds:
            for below in self.all(kind):
                if below.startswith(key + "/"):
                    self.forget(kind, below)

    def state(self, kind, key):
        """One of the states above; None where there is no record."""
        return (self.get(kind, key) or {}).get("state")
