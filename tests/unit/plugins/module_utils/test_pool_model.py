# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pool's options and its XML."""
from __future__ import annotations

import pathlib
import types

import pytest
from hypothesis import given, settings, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure, Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool import Directory, Pool
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool_source import PoolSource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool_types import TYPES, missing, strangers
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool as Resource

libvirt = pytest.importorskip("libvirt")
SCHEMA = pathlib.Path("/usr/share/libvirt/schemas/storagepool.rng")
ACCOUNTS = strategies.integers(-1, 70000)
FOREIGN = """
<pool type='dir'>
  <name>p</name>
  <novelty kind='unheard of'/>
  <target><path>/old</path><timestamps>t</timestamps><permissions><mode>0711</mode></permissions></target>
</pool>
"""


@strategies.composite
def declarations(draw):
    declared = {"name": "p", "type": "dir", "path": draw(strategies.from_regex(r"//?[a-z0-9][a-z0-9/]{0,20}", fullmatch=True))}
    permissions = {"mode": draw(strategies.integers(0, 0o7777).map("{:04o}".format)), "owner": draw(ACCOUNTS), "group": draw(ACCOUNTS)}
    wanted = draw(strategies.sets(strategies.sampled_from(sorted(permissions))))
    if wanted:
        declared["permissions"] = {name: permissions[name] for name in wanted}
    return Pool.normalise(declared)


@given(declarations())
def test_what_is_built_reads_back_as_declared(declared):
    built = Pool.build(declared)
    assert Pool.read(built) == dict({"mount_options": []}, **declared)
    assert Pool.compare(declared, built) == []


@pytest.mark.skipif(not SCHEMA.exists(), reason="needs libvirt's schemas (Debian: libvirt0)")
@settings(max_examples=25)
@given(declarations())
def test_libvirts_schema_accepts_what_is_built(declared):
    assert _xml.validate(Pool.build(declared), str(SCHEMA)) == []


@given(declarations())
def test_what_is_not_modelled_survives_a_change(declared):
    edited = Pool.write(_xml.parse(FOREIGN), declared)
    assert Pool.compare(declared, edited) == []
    assert edited.find("novelty").get("kind") == "unheard of"
    assert edited.findtext("target/timestamps") == "t"


@pytest.mark.parametrize("said, meant", [
    ("/srv/pool/", "/srv/pool"), ("//srv///pool", "/srv/pool"), ("/srv", "/srv"),
])
def test_a_directory_is_written_as_libvirt_writes_it(said, meant):
    assert Directory().normalise(said) == meant


def test_an_account_that_is_left_alone_is_content_with_any():
    declared = Pool.normalise({"name": "p", "permissions": {"owner": -1}})
    assert Pool.compare(declared, _xml.parse("<pool><name>p</name><target><permissions><owner>7</owner></permissions></target></pool>")) == []


@pytest.mark.parametrize("options, option", [
    ({"name": "../p"}, "name"), ({"name": "a/b"}, "name"), ({"name": "p", "path": "relative"}, "path"), ({"name": "p", "path": "//"}, "path"),
    ({"name": "p", "permissions": {"mode": "rwx"}}, "permissions.mode"),
    ({"name": "p", "permissions": {"mode": "07777777"}}, "permissions.mode"),
    ({"name": "p", "permissions": {"owner": -2}}, "permissions.owner"),
    ({"name": "p", "path": "/srv/../etc"}, "path"), ({"name": "p", "path": "/srv/./x"}, "path"),
    ({"name": "p", "overwrite": True}, "overwrite"), ({"name": "p", "delete_contents": True}, "delete_contents"),
    ({"name": "p", "mount_options": ["a,b"]}, "mount_options[0]"), ({"name": "p", "config_options": {"a": []}}, "config_options.a"),
    ({"name": "p", "source": {"hosts": [{"name": "a b"}]}}, "source.hosts[0].name"),
    ({"name": "p", "source": {"hosts": [{"name": "a", "port": 0}]}}, "source.hosts[0].port"),
    ({"name": "p", "source": {"hosts": [{"name": "a"}, {"name": "a"}]}}, "source.hosts[1]"),
    ({"name": "p", "source": {"format": "EXT 4"}}, "source.format"),
    ({"name": "p", "source": {"adapter": {"type": "fc_host", "wwnn": "20000000c9831b4b"}}}, "source.adapter.wwpn"),
    ({"name": "p", "source": {"adapter": {"wwnn": "x"}}}, "source.adapter.wwnn"),
    ({"name": "p", "source": {"adapter": {"address": "1f.2"}}}, "source.adapter.address"),
    ({"name": "p", "source": {"adapter": {"name": "scsi_host1", "address": "00:1f.2"}}}, "source.adapter.address"),
])
def test_bad_input_is_refused_by_the_name_of_its_option(options, option):
    with pytest.raises(Refusal) as refused:
        Resource.from_options(options)
    assert refused.value.code == "invalid_option"
    assert refused.value.message.startswith(option + ": ")


class Handle:
    """A pool that only notes what it is told, and may hold a file system already."""

    def __init__(self, kind, holds=None):
        self.text = "<pool type='%s'/>" % kind
        self.holds = holds
        self.calls = []

    def XMLDesc(self, _flags):
        return self.text

    def build(self, flags):
        self.calls.append("build %s" % {0: "directory", libvirt.VIR_STORAGE_POOL_BUILD_NO_OVERWRITE: "carefully",
                                        libvirt.VIR_STORAGE_POOL_BUILD_OVERWRITE: "over all"}[flags])
        if self.holds and flags == libvirt.VIR_STORAGE_POOL_BUILD_NO_OVERWRITE:
            failure = HypervisorError.__new__(HypervisorError)
            Failure.__init__(failure, self.holds, "there is something")
            raise failure

    def create(self, _flags):
        self.calls.append("create")


@pytest.mark.parametrize("kind, calls", [
    ("dir", ["build directory", "create"]), ("fs", ["build directory", "create"]), ("netfs", ["build directory", "create"]),
    ("logical", ["create"]), ("disk", ["create"]), ("zfs", ["create"]), ("iscsi-direct", ["create"]), ("sheepdog", ["create"]),
])
def test_without_being_told_only_directories_are_made(kind, calls):
    for start in ("start", "start_new"):
        handle = Handle(kind)
        getattr(Resource.from_options({"name": "p"}), start)(handle)
        assert handle.calls == calls


@pytest.mark.parametrize("kind, first", [("fs", ["build directory"]), ("logical", []), ("disk", [])])
def test_only_what_is_new_is_written_over(kind, first):
    careful, all_over = first + ["build carefully", "create"], first + ["build over all", "create"]
    for options, start, calls in (({}, "start", careful), ({}, "start_new", careful), ({"overwrite": True}, "start", careful),
                                  ({"overwrite": True}, "start_new", all_over)):
        handle = Handle(kind)
        getattr(Resource.from_options(dict({"name": "p", "build": True}, **options)), start)(handle)
        assert handle.calls == calls


def test_what_was_built_before_is_started():
    handle = Handle("fs", "storage_pool_built")
    Resource.from_options({"name": "p", "build": True}).start(handle)
    assert handle.calls[-1] == "create"


def test_what_something_else_is_on_is_left_alone():
    handle = Handle("disk", "operation_invalid")
    with pytest.raises(Failure) as refused:
        Resource.from_options({"name": "p", "build": True}).start_new(handle)
    assert "overwrite: true" in refused.value.hint
    assert handle.calls == ["build carefully"]


# What each type needs, as users write it.
COMPLETE = {
    "dir": {"path": "/srv/p"},
    "fs": {"path": "/srv/p", "source": {"devices": [{"path": "/dev/sdb1"}], "format": "ext4"}, "mount_options": ["noatime"]},
    "netfs": {"path": "/srv/p", "source": {"hosts": [{"name": "nas"}], "directory": "/exports/p", "format": "nfs", "protocol_version": "4.2"},
              "mount_options": ["nodev", "nosuid"]},
    "logical": {"source": {"name": "vg", "devices": [{"path": "/dev/sdb"}, {"path": "/dev/sdc"}]}},
    "disk": {"path": "/dev", "source": {"devices": [{"path": "/dev/sdb", "part_separator": False}], "format": "gpt"}},
    "iscsi": {"path": "/dev/disk/by-path", "source": {"hosts": [{"name": "10.0.0.1", "port": 3260}], "devices": [{"path": "iqn.2026-01.org.example:t"}],
                                                      "initiator": "iqn.2026-01.org.example:i", "auth": {"username": "u", "secret": "s"}}},
    "iscsi-direct": {"source": {"hosts": [{"name": "nas"}], "devices": [{"path": "iqn.2026-01.org.example:t"}],
                                "initiator": "iqn.2026-01.org.example:i", "auth": {"username": "u", "secret": "s"}}},
    "scsi": {"path": "/dev/disk/by-path", "source": {"adapter": {"type": "fc_host", "wwnn": "20000000c9831b4b", "wwpn": "10:00:00:00:c9:83:1b:4b",
                                                                 "parent": "scsi_host3", "managed": True}}},
    "mpath": {"path": "/dev/mapper"},
    "rbd": {"source": {"name": "vms", "hosts": [{"name": "mon1", "port": 6789}, {"name": "mon1", "port": 6790}, {"name": "mon2"}],
                       "auth": {"username": "libvirt", "secret": "client.libvirt"}},
            "refresh_allocation": "capacity", "config_options": {"client_mount_timeout": 45, "rados_mon_op_timeout": 20}},
    "gluster": {"source": {"name": "vol", "hosts": [{"name": "nas"}], "directory": "/images"}},
    "zfs": {"source": {"name": "tank", "devices": [{"path": "/dev/sdb"}]}},
    "vstorage": {"path": "/mnt/vz", "source": {"name": "cluster"}},
}


def definition(kind):
    """What is handed to libvirt for a new pool that is declared so."""
    resource = Resource.from_options(dict({"name": "p", "type": kind}, **COMPLETE[kind]))
    scene = types.SimpleNamespace(world=types.SimpleNamespace(pools={}))
    return resource, Pool.build(resource.with_defaults(scene))


@pytest.mark.skipif(not SCHEMA.exists(), reason="needs libvirt's schemas (Debian: libvirt0)")
@pytest.mark.parametrize("kind", sorted(TYPES))
def test_libvirts_schema_accepts_a_pool_of_each_type(kind):
    resource, built = definition(kind)
    assert _xml.validate(built, str(SCHEMA)) == []
    declared = {name: value for name, value in resource.declared.items() if name in Pool.fields()}
    assert Pool.compare(declared, built) == []
    given = Pool.options(Pool.describe(Pool.read(built)))
    assert Pool.compare(Pool.normalise(given), built) == []


@pytest.mark.skipif(not SCHEMA.exists(), reason="needs libvirt's schemas (Debian: libvirt0)")
@pytest.mark.parametrize("form, directory", [("nfs", "/exports/p"), ("glusterfs", "/volume"), ("cifs", "share")])
def test_a_file_system_of_each_kind_of_server(form, directory):
    options = dict(COMPLETE["netfs"], source={"hosts": [{"name": "nas"}], "directory": directory, "format": form})
    resource = Resource.from_options(dict({"name": "p", "type": "netfs"}, **options))
    built = Pool.build(resource.with_defaults(types.SimpleNamespace(world=types.SimpleNamespace(pools={}))))
    assert _xml.validate(built, str(SCHEMA)) == []
    assert built.find("source/format").get("type") == form
    assert built.find("source/dir").get("path") == directory


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_each_type_knows_what_it_needs_and_what_is_strange_to_it(kind):
    options = COMPLETE[kind]
    assert missing(kind, options) is None
    assert strangers(kind, options) == []
    for option in TYPES[kind].needs:
        source = {name: value for name, value in (options.get("source") or {}).items() if option != "source.%s" % name}
        less = {name: value for name, value in options.items() if name != option}
        assert missing(kind, dict(less, source=source)) == option
    for other, foreign in COMPLETE.items():
        for name in set(foreign.get("source", {})) - {option.partition(".")[2] for option in TYPES[kind].options}:
            assert "source.%s" % name in strangers(kind, foreign), other


def test_servers_of_one_machine_are_told_apart_by_their_ports():
    _resource, built = definition("rbd")
    hosts = [{"name": "mon1", "port": 6790}, {"name": "mon1", "port": 6789}, {"name": "mon2"}]
    assert Pool.compare({"source": PoolSource.normalise({"hosts": hosts})}, built) == []
    fewer = PoolSource.normalise({"hosts": hosts[:1]})
    assert [change.before for change in Pool.compare({"source": fewer}, built)] == [{"name": "mon1", "port": 6789}, {"name": "mon2"}]
    Pool.write(built, {"source": fewer})
    assert Pool.read(built)["source"]["hosts"] == [{"name": "mon1", "port": 6790}]


@pytest.mark.parametrize("name", ["b2f0a3f0-39d5-5c36-9d41-4ad21c1e4d1b", "client.libvirt"])
def test_a_secret_is_known_by_its_uuid_or_by_its_name(name):
    built = Pool.build({"source": {"auth": {"type": "ceph", "username": "u", "secret": name}}})
    assert built.find("source/auth/secret").attrib == {"uuid" if "-" in name else "usage": name}
    Pool.write(built, {"source": {"auth": {"secret": "other"}}})
    assert built.find("source/auth/secret").attrib == {"usage": "other"}
