# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records: whole or not there, serialised between processes, in a place of each connection's own."""
from __future__ import annotations

import multiprocessing
import os
import time

import pytest
from hypothesis import HealthCheck, given, settings, strategies

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
    registry.put("volume", "p/v", INTENDED, image="i")
    assert registry.get("volume", "p/v") == {"state": INTENDED, "image": "i"}
    registry.put("volume", "p/v", COMPLETE)
    registry.put("pool", "p", COMPLETE)
    assert registry.all("volume") == {"p/v": {"state": COMPLETE}}
    registry.forget("volume", "p/v")
    registry.forget("volume", "p/v")
    assert registry.all("volume") == {}
    assert registry.all("pool") == {"p": {"state": COMPLETE}}


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
        registry.put("volume", key, COMPLETE)
    assert list(registry.all("volume")) == [key]


def test_a_draft_that_was_never_finished_is_no_record(registry, monkeypatch):
    registry.put("pool", "p", INTENDED)

    def killed(*_paths):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            registry.put("pool", "p", COMPLETE)
    assert registry.all("pool") == {"p": {"state": INTENDED}}
    registry.put("pool", "p", COMPLETE)
    assert registry.all("pool") == {"p": {"state": COMPLETE}}


def test_what_cannot_be_read_is_no_record(registry, tmp_path):
    registry.put("pool", "p", COMPLETE)
    (tmp_path / "registry/pool/p.json").write_text("{", "utf-8")
    assert registry.get("pool", "p") is None
    assert registry.all("pool") == {}


def test_records_are_roots_alone(registry, tmp_path):
    registry.put("pool", "p", COMPLETE)
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
