# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pools of our own libvirtd."""
from __future__ import annotations

import concurrent.futures
import uuid

import pytest
from storage import Host, deaths

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.secret import Secret
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume


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


PROFILES = {
    "fs": {"path": "/srv/tc-fs", "source": {"devices": [{"path": "/dev/tc1"}], "format": "ext4"}},
    "netfs": {"path": "/srv/tc-netfs", "source": {"hosts": [{"name": "nas"}], "directory": "/exports//p/", "format": "nfs", "protocol_version": "4.2"},
              "mount_options": ["nodev", "nosuid"]},
    "logical": {"source": {"name": "tcvg", "devices": [{"path": "/dev/tc2"}]}},
    "disk": {"source": {"devices": [{"path": "/dev/tc3"}], "format": "gpt"}},
    "iscsi": {"source": {"hosts": [{"name": "10.9.9.9"}], "devices": [{"path": "iqn.2026-01.org.example:t"}],
                         "auth": {"username": "u", "secret": "chap"}}},
    "scsi": {"source": {"adapter": {"type": "scsi_host", "name": "host0"}}},
    "mpath": {},
}
CHANGED = {
    "fs": {"source": {"format": "xfs", "devices": [{"path": "/dev/tc9"}]}, "copy_on_write": False},
    "netfs": {"source": {"hosts": [{"name": "nas2"}], "directory": "/exports/q"}, "mount_options": None},
    "logical": {"source": {"devices": [{"path": "/dev/tc2"}, {"path": "/dev/tc4"}]}},
    "disk": {"source": {"devices": [{"path": "/dev/tc3", "part_separator": True}], "format": "dos"}},
    "iscsi": {"source": {"hosts": [{"name": "10.9.9.8", "port": 3261}], "initiator": "iqn.2026-01.org.example:i"}, "path": "/dev/disk/by-id"},
    "scsi": {"source": {"adapter": {"name": "scsi_host1"}}},
    "mpath": {"path": "/dev/elsewhere"},
}


def converge(host, **options):
    """(diff, facts) of a run, which check mode foretells and a second one does not repeat."""
    foretold = host.run(host.pool(**options), check_mode=True).plan.diff()
    outcome = host.run(host.pool(**options))
    assert outcome.plan.diff() == foretold
    again = host.run(host.pool(**options))
    assert not again.plan.changed
    return foretold, facts(host, options["name"])


@pytest.fixture
def chap(host, daemon):
    for secret in daemon.listAllSecrets():
        secret.undefine()
    host.run(Secret.from_options({"name": "chap", "type": "iscsi", "value": "hush hush", "state": "present"}))


@pytest.mark.parametrize("kind", sorted(PROFILES))
def test_a_pool_of_each_type_is_defined_changed_and_gathered(host, chap, kind):
    diff, made = converge(host, name="tc", type=kind, state="inactive", **dict({"path": None}, **PROFILES[kind]))
    assert diff["after"]["pool tc"]["type"] == kind
    # What the info module tells can be declared.
    gathered = Pool.model.normalise({name: value for name, value in made.items() if name in Pool.model.arguments() and value is not None})
    assert not host.run(Pool(gathered)).plan.changed
    diff, changed = converge(host, name="tc", state="inactive", **dict({"path": None}, **CHANGED[kind]))
    assert diff["after"]["pool tc"]
    assert changed["uuid"] == made["uuid"]
    host.run(host.pool(name="tc", path=None, state="absent"))
    assert host.records("pool") == {"default": "complete"}


@pytest.mark.parametrize("kind", ["gluster", "iscsi-direct", "rbd", "sheepdog", "vstorage", "zfs"])
def test_what_libvirt_was_installed_without_is_refused(host, daemon, kind):
    if f"<pool type='{kind}' supported='yes'>" in daemon.getStoragePoolCapabilities():
        pytest.skip("this libvirt has it")
    with pytest.raises(Failure) as refused:
        host.run(Pool.from_options({"name": "tc", "type": kind, "state": "active"}))
    assert refused.value.code == "unsupported_type"
    assert refused.value.hint.startswith(f"Install the package libvirt-daemon-driver-storage-{kind}")
    assert host.records("pool") == {"default": "complete"}


@pytest.mark.parametrize("options, code, option", [
    ({"type": "netfs", "source": {"hosts": [{"name": "nas"}]}}, "missing_option", "source.directory"),
    ({"type": "dir"}, "missing_option", "path"),
    ({"type": "dir", "path": "/srv/x", "source": {"hosts": [{"name": "nas"}]}}, "not_for_this_type", "source.hosts"),
    ({"type": "mpath", "mount_options": ["ro"]}, "not_for_this_type", "mount_options"),
    ({"type": "mpath", "build": True}, "not_for_this_type", "build"),
    ({"type": "dir", "path": "/srv/x", "build": True, "overwrite": True}, "not_for_this_type", "overwrite"),
    ({"type": "logical", "path": "/srv/x", "source": {"devices": [{"path": "/dev/x"}]}}, "fixed_option", "path"),
    ({"type": "fs", "path": "/srv/x", "source": {"devices": [{"path": "/dev/x"}], "format": "nfs"}}, "unsupported_format", "source.format"),
    ({"type": "iscsi", "source": {"hosts": [{"name": "nas"}], "devices": [{"path": "iqn.2026-01.x:y"}], "auth": {"username": "u", "secret": "none"}}},
     "unknown_secret", "source.auth.secret"),
])
def test_what_cannot_be_is_refused_before_anything_is_touched(host, options, code, option):
    with pytest.raises(Failure) as refused:
        host.run(Pool.from_options(dict({"name": "tc", "state": "active"}, **options)))
    assert refused.value.code == code
    assert refused.value.message.startswith(option + ": ")
    assert facts(host, "tc") is None
    assert host.records("pool") == {"default": "complete"}


def test_a_secret_of_the_same_call_comes_first_and_stays_while_it_is_needed(host, daemon):
    for secret in daemon.listAllSecrets():
        secret.undefine()
    secret = {"name": "chap", "type": "iscsi", "value": "hush hush", "state": "present"}
    pool = dict(PROFILES["iscsi"], name="tc", type="iscsi", state="inactive")
    host.run(Pool.from_options(pool), Secret.from_options(secret))
    assert facts(host, "tc")["source"]["auth"] == {"username": "u", "secret": "chap"}
    with pytest.raises(Failure) as refused:
        host.run(Secret.from_options({"name": "chap", "state": "absent"}))
    assert refused.value.code == "secret_in_use"
    assert "the pool 'tc'" in refused.value.message
    host.run(host.pool(name="tc", path=None, state="absent"), Secret.from_options({"name": "chap", "state": "absent"}))
    assert daemon.listAllSecrets() == []


def test_a_secret_that_is_named_by_its_uuid_is_known_by_its_name(host, daemon, chap):
    identity = daemon.listAllSecrets()[0].UUIDString()
    daemon.storagePoolDefineXML(
        "<pool type='iscsi'><name>tc</name><source><host name='10.9.9.9'/><device path='iqn.2026-01.org.example:t'/>"
        "<auth type='chap' username='u'><secret uuid='%s'/></auth></source><target><path>/dev/disk/by-path</path></target></pool>" % identity)
    assert facts(host, "tc")["source"]["auth"] == {"username": "u", "secret": "chap"}
    assert not host.run(host.pool(name="tc", path=None, state="inactive", source={"auth": {"username": "u", "secret": "chap"}})).plan.changed


@pytest.mark.parametrize("path", ["/proc/tc/pool", "/dev/null/pool", "/etc/passwd", "/srv/" + "x" * 300])
def test_what_only_libvirt_refuses_leaves_nothing(host, path):
    with pytest.raises(Failure):
        host.run(host.pool(name="tc", path=path))
    assert facts(host, "tc") is None
    assert host.records("pool") == {"default": "complete"}


def test_a_restart_is_done_if_asked_for(host):
    other = str(host.folder.parent / "moved")
    recorded = host.run(host.pool(path=other))
    assert [change.path for change in recorded.plan.resources[0].pending] == [("path",)]
    diff, _facts = converge(host, name="default", path=other, apply="restart")
    assert diff["after"] == {"pool default": {"restart": "for path"}}
    assert host.connected.connection.storagePoolLookupByName("default").XMLDesc(0).count(other) == 1


def test_a_look_at_the_contents_is_no_change(host):
    (host.folder / "by-another-hand").write_bytes(b"x")
    assert "by-another-hand" not in host.volumes()
    for check_mode, seen in ((True, False), (False, True)):
        outcome = host.run(host.pool(refresh=True), check_mode=check_mode)
        assert not outcome.plan.changed
        assert ("by-another-hand" in host.volumes()) == seen


def test_contents_go_only_if_they_are_ours_and_that_is_said(host, daemon):
    host.run(host.pool(name="tc", path=str(host.folder.parent / "tc")))
    host.run(Volume.from_options({"name": "v", "pool": "tc", "size": "1MiB", "state": "present"}))
    (host.folder.parent / "tc" / "file").write_bytes(b"x")
    (host.folder.parent / "tc" / "directory").mkdir()
    absent = {"name": "tc", "path": None, "state": "absent"}
    host.run(host.pool(name="tc", path=None, refresh=True))
    with pytest.raises(Failure) as refused:
        host.run(host.pool(delete_contents=True, **absent))
    assert refused.value.code == "pool_not_deletable"
    (host.folder.parent / "tc" / "directory").rmdir()
    host.run(host.pool(name="tc", path=None, refresh=True))
    diff, gone = converge(host, delete_contents=True, **absent)
    assert diff["before"]["pool tc"]["contents"] == {"file": "present", "v": "present"}
    assert gone is None
    assert not (host.folder.parent / "tc").exists()
    assert host.records("volume") == {}
    assert host.records("pool") == {"default": "complete"}
    # Somebody else's pool.
    path = host.folder.parent / "foreign"
    path.mkdir()
    (path / "precious").write_bytes(b"x")
    daemon.storagePoolDefineXML("<pool type='dir'><name>tc</name><target><path>%s</path></target></pool>" % path).create()
    with pytest.raises(Failure) as refused:
        host.run(host.pool(delete_contents=True, **absent))
    assert refused.value.code == "not_owned"
    host.run(host.pool(**absent))
    assert (path / "precious").read_bytes() == b"x"


def test_deleting_contents_is_finished_by_the_next_run(host):
    path = host.folder.parent / "tc"
    absent = {"name": "tc", "path": None, "state": "absent", "delete_contents": True}

    def set_up():
        host.run(host.pool(**absent))
        host.run(host.pool(name="tc", path=str(path)))
        for name in ("one", "two"):
            host.run(Volume.from_options({"name": name, "pool": "tc", "size": "1MiB", "state": "present"}))
    for _death in deaths(host, lambda: host.pool(**absent), set_up):
        assert not path.exists()
        assert host.records("pool") == {"default": "complete"}
        assert host.records("volume") == {}
