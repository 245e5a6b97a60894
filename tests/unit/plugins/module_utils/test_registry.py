# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records: whole or not there, serialised between processes, in a place of each connection's own."""
from __future__ import annotations

import errno
import json
import multiprocessing
import os
import time

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _registry
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import (
    COMPLETE, INTENDED, SYSTEM_DIRECTORY, Registry, directory_for,
)


@pytest.fixture
def registry(tmp_path):
    return Registry(str(tmp_path / "registry"))


@pytest.mark.parametrize("uri, place", [
    ("qemu:///system", SYSTEM_DIRECTORY), ("qemu+ssh://root@host/system", SYSTEM_DIRECTORY), ("qemu:///embed?root=/tmp/r", "/tmp/r/tinycloud-registry"),
    ("qemu:///session", "/data/tinycloud/registry/qemu"), ("test:///default", "/data/tinycloud/registry/test"),
])
def test_each_connection_has_a_place_of_its_own(monkeypatch, uri, place):
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert directory_for(uri) == place


def test_a_record_is_kept_replaced_and_forgotten(registry):
    assert registry.get("volume", "p/v") is None
    assert registry.all("volume") == {}
    registry.put("volume", "p/v", INTENDED, name="v", pool="p", image="i")
    assert registry.get("volume", "p/v") == {"state": INTENDED, "name": "v", "pool": "p", "image": "i"}
    registry.put("volume", "p/v", COMPLETE, name="v", pool="p")
    registry.put("pool", "p", COMPLETE, name="p")
    assert registry.all("volume") == {"p/v": {"state": COMPLETE, "name": "v", "pool": "p"}}
    registry.forget("volume", "p/v")
    registry.forget("volume", "p/v")
    assert registry.all("volume") == {}
    assert registry.all("pool") == {"p": {"state": COMPLETE, "name": "p"}}


KEYS = strategies.from_regex(r"[A-Za-z0-9_.+:@-]{1,40}(/[A-Za-z0-9_.+:@-]{1,40})?", fullmatch=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(strategies.sets(KEYS, max_size=5))
def test_every_key_has_its_record(registry, keys):
    for key in keys:
        registry.put("kind", key, COMPLETE, mine=key)
    assert {key: record["mine"] for key, record in registry.all("kind").items()} == {key: key for key in keys}
    for key in keys:
        registry.forget("kind", key)


def test_the_longest_names_fit(registry):
    key = "%s/%s" % ("0" * 36, "n" * 200)
    with registry.lock("volume-" + key):
        registry.put("volume", key, COMPLETE, name="n", pool="p")
    assert list(registry.all("volume")) == [key]


def test_a_draft_that_was_never_finished_is_no_record(registry, monkeypatch):
    registry.put("pool", "p", INTENDED, name="p")

    def killed(*_paths):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            registry.put("pool", "p", COMPLETE, name="p")
    assert registry.state("pool", "p") == INTENDED
    registry.put("pool", "p", COMPLETE, name="p")
    assert registry.state("pool", "p") == COMPLETE


RECORD = {"state": COMPLETE, "name": "p", "environment": "shop"}
WHOLE = json.dumps(RECORD).encode()


@pytest.mark.parametrize("damaged", [
    *(WHOLE[:end] for end in range(len(WHOLE))),
    b"[]", b"null", b"7", b'"complete"', b"\xff\xfe\x00", bytes(64), WHOLE + b"}", WHOLE.replace(b"complete", b"perhaps"),
    WHOLE.replace(b'"state"', b'"status"'), WHOLE.replace(b'"name"', b'"title"'),
])
def test_what_is_not_whole_is_no_record(registry, tmp_path, damaged):
    registry.put("pool", "q", COMPLETE, name="q")
    registry.put("pool", "p", INTENDED, name="p")
    (tmp_path / "registry/pool/p.json").write_bytes(damaged)
    assert registry.get("pool", "p") is None
    assert registry.state("pool", "p") is None
    assert list(registry.all("pool")) == ["q"]
    # It is in nobody's way.
    registry.put("pool", "p", **RECORD)
    assert registry.get("pool", "p") == RECORD
    registry.forget("pool", "p")
    assert registry.get("pool", "p") is None


@pytest.mark.parametrize("kind", sorted(_registry._SAY))
def test_a_record_says_all_that_those_of_its_kind_say(registry, kind):
    said = dict.fromkeys(_registry._SAY[kind] + _registry._SAY_IN_THE_END.get(kind, ()), "x")
    registry.put(kind, "k", COMPLETE, **said)
    assert registry.get(kind, "k") == dict(said, state=COMPLETE)
    for fact in said:
        registry.put(kind, "k", COMPLETE, **{name: value for name, value in said.items() if name != fact})
        assert registry.get(kind, "k") is None


def test_what_was_in_something_is_forgotten_with_it(registry):
    for kind in ("volume", "volume_snapshot"):
        for key in ("one/a", "one/b", "oneself/a"):
            registry.put(kind, key, COMPLETE, name=key, pool="p", snapshots=[])
    registry.put("pool", "one", COMPLETE, name="one")
    registry.forget_below("one")
    assert [list(registry.all(kind)) for kind in ("volume", "volume_snapshot", "pool")] == [["oneself/a"], ["oneself/a"], ["one"]]


@pytest.mark.parametrize("number, code", [(errno.ENOSPC, "no_space"), (errno.EACCES, "registry_access")])
def test_what_cannot_be_written_is_said_and_leaves_the_old_record(registry, monkeypatch, number, code):
    registry.put("pool", "p", INTENDED, name="p")

    def refused(_descriptor):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refused)
        with pytest.raises(Failure) as failed:
            registry.put("pool", "p", COMPLETE, name="p")
    assert failed.value.code == code
    assert registry.state("pool", "p") == INTENDED
    assert os.listdir(registry.directory) in (["pool", ".draft"], [".draft", "pool"])


def test_what_cannot_be_read_is_said(tmp_path):
    (tmp_path / "registry").write_text("no directory")
    registry = Registry(str(tmp_path / "registry"))
    for use in (lambda: registry.get("pool", "p"), lambda: registry.all("pool"), lambda: registry.put("pool", "p", COMPLETE, name="p"),
                lambda: registry.forget("pool", "p")):
        with pytest.raises(Failure) as failed:
            use()
        assert failed.value.code == "registry_access"


def test_an_error_of_what_is_done_under_a_lock_stays_what_it_is(registry):
    with pytest.raises(FileNotFoundError), registry.lock("x"):
        open("/nowhere/at/all", encoding="utf-8")


def test_records_are_roots_alone(registry, tmp_path):
    registry.put("pool", "p", COMPLETE, name="p")
    assert (tmp_path / "registry").stat().st_mode & 0o077 == 0


def count(directory, times):
    registry = Registry(directory)
    for _time in range(times):
        with registry.lock("counter"):
            number = (registry.get("count", "n") or {"number": 0})["number"]
            time.sleep(0.001)
            registry.put("count", "n", COMPLETE, number=number + 1)


def test_a_lock_holds_between_processes(registry):
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=count, args=(registry.directory, 20)) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 4
    assert registry.get("count", "n")["number"] == 80


def test_a_lock_is_free_after_a_failure_and_leaves_nothing(registry):
    with pytest.raises(ValueError), registry.lock("a/b"):
        raise ValueError
    with registry.lock("a/b"):
        pass
    assert os.listdir(registry.directory) == []
