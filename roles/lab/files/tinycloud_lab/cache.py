# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Artefacts that take long to make, kept outside any checkout.

The directory of an artefact carries a digest of all that it is made from, so a changed recipe is
a different artefact and nothing ever has to be invalidated.
"""

import contextlib
import fcntl
import hashlib
import inspect
import json
import os
import shutil
import time
from pathlib import Path

DEFAULT = "/var/cache/tinycloud-lab"
_KEEP = 14 * 86400


class Artefact:
    """A directory made once by `build(into)` from `inputs`, after the artefacts it `needs`."""

    def __init__(self, cache, name, build, inputs, needs=()):
        self.cache, self.name, self.build, self.needs = cache, name, build, tuple(needs)
        recipe = {
            "name": name,
            "inputs": inputs,
            "needs": [need.path.name for need in self.needs],
            "recipe": inspect.getsource(build),
        }
        digest = hashlib.sha256(json.dumps(recipe, sort_keys=True).encode()).hexdigest()
        self.path = cache.directory / f"{name}-{digest[:16]}"

    @property
    def ready(self):
        return self.path.is_dir()

    def ensure(self):
        """Return the path, building first if need be. Returns at once when it is there."""
        if self.ready:
            # When it was last wanted, for those that look for what nobody wants any more.
            os.utime(self.path)
            return self.path
        for need in self.needs:
            need.ensure()
        with self.cache.lock(self.path.name, waiting=self._say_waiting):
            if not self.ready:
                self._make()
        return self.path

    def _say_waiting(self):
        self.cache.console.say(self.name, "another build of the same is under way, waiting for it")

    def _make(self):
        began = time.monotonic()
        work = self.cache.directory / f".{self.path.name}.work"
        # Left over from a build that was killed: the lock says nobody is using it.
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        self.cache.console.say(self.name, "building")
        try:
            self.build(work)
            os.rename(work, self.path)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        self.cache.console.say(self.name, f"built in {time.monotonic() - began:.0f} s")
        self._forget_old()

    def _forget_old(self):
        """Remove what earlier recipes made, once nobody has wanted it for long."""
        mounted = Path("/proc/self/mountinfo").read_text(encoding="utf-8")
        for other in self.cache.directory.glob(f"{self.name}-*"):
            if time.time() - other.stat().st_mtime > _KEEP and str(other) not in mounted:
                shutil.rmtree(other, ignore_errors=True)


class Cache:
    def __init__(self, console, directory=None):
        self.console = console
        self.directory = Path(directory or os.environ.get("TINYCLOUD_CACHE") or DEFAULT).absolute()

    @contextlib.contextmanager
    def lock(self, name, waiting=None):
        self.directory.mkdir(parents=True, exist_ok=True)
        with open(self.directory / f".{name}.lock", "w", encoding="ascii") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if waiting:
                    waiting()
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def purge(self):
        """Forget everything; roots in use stay mounted until their lab goes down."""
        present = self.directory.is_dir()
        shutil.rmtree(self.directory, ignore_errors=True)
        return present
