# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pools and volumes on libvirt: the test driver for what is cheap, our own libvirtd for what is real."""
from __future__ import annotations

import concurrent.futures

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from storage import Host, deaths

from ansible_collections.tinycloud.libvirt.plugins.module_utils._engine import Engine
from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._content import put_content
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume

MIB = 1 << 20
GUEST = """
<domain type='qemu'>
  <name>guest</name><memory unit='MiB'>64</memory><os><type>hvm</type></os>
  <devices><disk type='file'><driver type='qcow2'/><source file='%s'/><target dev='vda'/></disk></devices>
</domain>
"""


@pytest.fixture
def pretended(test_uri, tmp_path):
    return Host(test_uri, tmp_path)


@pytest.fixture
def host(daemon, daemon_uri, tmp_path):
    return Host(daemon_uri, tmp_path)


# libvirt 9.0 crashes once in a while where its test driver is opened after others: those come first.
def test_a_logical_volume_has_room_for_all_of_it(pretended):
    """A sparse one would be lost as soon as more is written to it than it has."""
    vg = {"name": "vg", "type": "logical", "path": None, "source": {"devices": [{"path": "/dev/tc1"}]}}
    pretended.run(pretended.pool(**vg))
    for name, options, allocation in (("thick", {}, 8 * MIB), ("thin", {"allocation": "4MiB"}, 4 * MIB)):
        pretended.run(Volume.from_options(dict({"name": name, "pool": "vg", "size": "8MiB", "state": "present"}, **options)))
        found = pretended.connected.connection.storagePoolLookupByName("vg").storageVolLookupByName(name)
        assert found.info()[1:] == [8 * MIB, allocation]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(size=strategies.integers(1, 1 << 40), form=strategies.sampled_from([None, "qcow2", "raw"]))
def test_whatever_is_declared_converges_and_stays(pretended, size, form):
    options = {"name": "v", "size": "%dB" % size}
    if form:
        options["format"] = form
    checked, applied, changed_again, facts = pretended.volume(**options)
    assert checked == applied
    assert not changed_again
    assert facts["format"] == (form or "qcow2")
    assert 0 <= facts["size"] - size < 1024
    checked, applied, changed_again, facts = pretended.volume(name="v", state="absent")
    assert checked == applied
    assert not changed_again
    assert facts is None
    assert pretended.records() == {}


def test_one_call_makes_and_removes_what_stands_on_each_other(host):
    def declared(state):
        resources = [Volume.from_options({"name": name, "state": state, **options}) for name, options in (
            ("top", {"backing": {"name": "middle"}}), ("middle", {"backing": {"name": "base"}}), ("base", {"size": "8MiB"}))]
        return [*resources, host.pool(state="active" if state == "present" else "absent")]
    host.run(host.pool(state="absent"))
    checked = host.run(*declared("present"), check_mode=True)
    created = host.run(*declared("present"))
    assert checked.plan.diff() == created.plan.diff()
    assert {name: one["size"] for name, one in host.volumes().items()} == dict.fromkeys(("base", "middle", "top"), 8 * MIB)
    assert not host.run(*declared("present")).plan.changed
    host.run(*declared("absent"))
    assert list(host.folder.iterdir()) == []
    assert host.records() == {}


def test_what_an_inactive_pool_holds_is_found_when_the_same_call_starts_it(host):
    host.volume(name="v", size="8MiB")
    before = (host.folder / "v").read_bytes()

    def both():
        return [host.pool(), Volume.from_options({"name": "v", "size": "8MiB", "state": "present"})]
    host.run(host.pool(state="inactive"))
    assert host.refused(name="v", size="8MiB") == "inactive_pool"
    checked = host.run(*both(), check_mode=True)
    assert checked.plan.diff() == host.run(*both()).plan.diff()
    assert (host.folder / "v").read_bytes() == before
    assert not host.run(*both()).plan.changed


def test_reads_do_not_grow_with_what_is_declared(pretended):
    names = ["v%d" % number for number in range(10)]
    everything = [Volume.from_options({"name": name, "size": "1MiB", "state": "present"}) for name in names]
    pretended.run(*everything)

    def calls(resources):
        before = pretended.connected.calls
        pretended.run(*resources)
        return pretended.connected.calls - before
    assert calls(everything) == calls(everything[:1])


def test_what_a_domain_uses_stays(host, daemon):
    host.volume(name="base", size="8MiB")
    host.volume(name="top", backing={"name": "base"})
    domain = daemon.defineXML(GUEST % (host.folder / "top"))
    assert host.refused(name="top", state="absent") == "volume_in_use"
    assert host.refused(name="base", state="absent") == "volume_in_use"
    assert host.volumes()["base"]["used_by"] == ["guest"]
    assert host.volume(name="top", size="16MiB")[3]["size"] == 16 * MIB
    domain.undefine()
    assert host.refused(name="base", state="absent") == "volume_in_use"
    host.volume(name="top", state="absent")
    host.volume(name="base", state="absent")


def test_a_directory_in_the_way_is_neither_taken_nor_removed(host):
    (host.folder / "v").mkdir()
    assert host.refused(name="v", size="1MiB") == "not_a_volume"
    assert (host.folder / "v").is_dir()
    assert host.records() == {}


@pytest.mark.parametrize("before, wanted", [
    ([], {"name": "v", "size": "8MiB"}),
    ([], {"name": "v", "size": "8MiB", "format": "raw"}),
    ([{"name": "base", "size": "8MiB"}], {"name": "v", "backing": {"name": "base"}}),
    ([{"name": "v", "size": "8MiB"}], {"name": "v", "size": "16MiB"}),
    ([{"name": "v", "size": "8MiB"}], {"name": "v", "state": "absent"}),
])
def test_a_run_that_is_killed_anywhere_is_finished_by_the_next(host, before, wanted):
    def set_up():
        for name in ("v", "base"):
            host.run(Volume.from_options({"name": name, "state": "absent"}))
        for options in before:
            host.run(Volume.from_options(dict({"state": "present"}, **options)))

    def target():
        return Volume.from_options(dict({"state": "present"}, **wanted))

    def found():
        volumes = {name: dict(one, allocation=None) for name, one in host.volumes().items()}
        return volumes, host.records()
    set_up()
    host.run(target())
    undisturbed = found()
    for _death in deaths(host, target, set_up):
        assert found() == undisturbed


def test_runs_beside_each_other_end_in_one_volume(host):
    def run(_number):
        return Host(host.uri, host.folder.parent).run(Volume.from_options({"name": "v", "size": "8MiB", "state": "present"}))
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(run, range(12)))
    assert host.volumes()["v"]["size"] == 8 * MIB
    assert host.records() == {"v": "complete"}


def test_content_is_written_once_and_whenever_it_is_another_one(host):
    scene = Engine(host.connected, host.registry, Executor()).look([])
    path = host.folder / "seed.iso"
    contents = [b"one" * 1000, b"two" * 1000, b"x" * 700_000, b"longer" * 1000, b"short"]
    for content in contents:
        assert put_content(scene, "default", "seed.iso", content)
        assert path.read_bytes() == content
        assert not put_content(scene, "default", "seed.iso", content)
    path.write_bytes(b"tampe")
    assert put_content(scene, "default", "seed.iso", contents[-1])
    path.unlink()
    assert put_content(scene, "default", "seed.iso", contents[-1])
    assert path.read_bytes() == contents[-1]


def test_who_reads_the_old_content_never_sees_half_of_the_new(host):
    scene = Engine(host.connected, host.registry, Executor()).look([])
    put_content(scene, "default", "seed.iso", b"old" * 1000)
    with (host.folder / "seed.iso").open("rb") as reader:
        put_content(scene, "default", "seed.iso", b"new" * 1000)
        assert reader.read() == b"old" * 1000


def test_an_iso_is_a_raw_volume(host):
    scene = Engine(host.connected, host.registry, Executor()).look([])
    content = bytes(32768) + b"\1CD001\1" + bytes(4089)
    put_content(scene, "default", "seed.iso", content)
    assert host.volumes()["seed.iso"]["format"] == "raw"
    assert not host.run(Volume.from_options({"name": "seed.iso", "format": "raw", "state": "present"})).plan.changed
    assert host.refused(name="seed.iso", format="qcow2") == "fixed_option"


def test_what_is_told_of_a_volume_can_be_declared(host, tmp_path):
    """Gathered, given back: nothing changes. Given to another pool, it makes the same shape."""
    host.volume(name="base", size="8MiB", protect=True)
    host.volume(name="plain", size="3MB", format="raw", permissions={"mode": "0640"})
    host.volume(name="shaped", size="8MiB", cluster_size="4KiB", lazy_refcounts=True)
    host.volume(name="upper", backing={"name": "base"}, size="16MiB")
    (host.folder / "text").write_bytes(b"made by others")
    told = host.volumes()
    assert told["upper"]["spec"]["backing"] == {"pool": "default", "name": "base", "format": "qcow2"}
    for one in told.values():
        assert not host.run(Volume.from_options(dict(one["spec"], state="present"))).plan.changed, one["spec"]
    host.run(host.pool(name="twin", path=str(tmp_path / "twin")))
    for name in ("base", "plain", "shaped", "upper"):
        host.run(Volume.from_options(dict(told[name]["spec"], pool="twin", state="present")))
    scene = Engine(host.connected, host.registry, Executor()).look([])
    twins = {one["name"]: one["spec"] for one in Volume.listing(scene, {"pool": "twin"})}
    assert twins == {name: dict(told[name]["spec"], pool="twin") for name in twins}
