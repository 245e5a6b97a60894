# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pools of our own libvirtd."""
from __future__ import annotations

import concurrent.futures
import uuid

import pytest
from storage import Host, deaths

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure


@pytest.fixture
def host(daemon, daemon_uri, tmp_path):
    return Host(daemon_uri, tmp_path)


def facts(host, name="default"):
    outcome = host.run(host.pool(name=name, path=None, state="absent"), check_mode=True)
    return outcome.scene.resources["pool", name].facts(outcome.scene)


@pytest.mark.parametrize("before, wanted", [
    ({"state": "absent"}, {}),
    ({"state": "absent"}, {"state": "inactive", "permissions": {"mode": "0750"}}),
    ({}, {"permissions": {"mode": "0750"}, "autostart": False}),
    ({}, {"state": "inactive"}),
    ({"state": "inactive"}, {}),
    ({}, {"state": "absent"}),
])
def test_a_run_that_is_killed_anywhere_is_finished_by_the_next(host, before, wanted):
    def set_up():
        host.run(host.pool(state="absent"))
        host.run(host.pool(**before))

    def target():
        return host.pool(**wanted)

    def found():
        pool = facts(host)
        return pool and dict(pool, uuid=None, allocation=None, available=None), host.records("pool")
    set_up()
    host.run(target())
    undisturbed = found()
    for _death in deaths(host, target, set_up):
        assert found() == undisturbed


def test_runs_beside_each_other_end_in_one_pool(host):
    def run(_number):
        other = Host(host.uri, host.folder.parent)
        other.run(other.pool(name="other", path=str(host.folder.parent / "other")))
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(run, range(12)))
    assert facts(host, "other")["state"] == "active"
    assert host.records("pool") == {"default": "complete", "other": "complete"}


def test_a_directory_belongs_to_one_pool(host):
    with pytest.raises(Failure) as refused:
        host.run(host.pool(name="other"))
    assert refused.value.code == "path_in_use"
    both = [host.pool(name=name, path=str(host.folder.parent / "new")) for name in ("one", "two")]
    with pytest.raises(Failure) as refused:
        host.run(*both)
    assert refused.value.code == "path_in_use"
    assert facts(host, "one") is None


def test_a_pool_that_a_domain_finds_its_disks_through_stays(host, daemon):
    daemon.defineXML(
        "<domain type='qemu'><name>guest</name><memory unit='MiB'>64</memory><os><type>hvm</type></os><devices>"
        "<disk type='volume'><source pool='default' volume='v'/><target dev='vda'/></disk></devices></domain>")
    with pytest.raises(Failure) as refused:
        host.run(host.pool(state="absent"))
    assert refused.value.code == "pool_in_use"
    assert "'guest'" in refused.value.message


def test_a_pool_that_was_made_elsewhere_keeps_its_identity(host, daemon):
    identity = str(uuid.uuid4())
    path = host.folder.parent / "foreign"
    path.mkdir(mode=0o700)
    daemon.storagePoolDefineXML("<pool type='dir'><name>foreign</name><uuid>%s</uuid><target><path>%s</path></target></pool>" % (identity, path))
    host.run(host.pool(name="foreign", path=str(path)))
    assert facts(host, "foreign")["uuid"] == identity
    assert path.stat().st_mode & 0o777 == 0o700
    assert "foreign" not in host.records("pool")
