# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A volume's options, its XML, and sizes."""
from __future__ import annotations

import pathlib

import pytest
from hypothesis import given, settings, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.volume import FORMATS, Capacity, Volume
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm import Vm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume as Resource

SCHEMA = pathlib.Path("/usr/share/libvirt/schemas/storagevol.rng")
NAMES = strategies.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_+:@-]{0,30}", fullmatch=True)
SIZES = strategies.integers(1, 1 << 60)
PATHS = NAMES.map("/srv/pool/{}".format)


@strategies.composite
def declarations(draw):
    declared = {"name": draw(NAMES), "size": "%dB" % draw(SIZES)}
    if draw(strategies.booleans()):
        declared["format"] = draw(strategies.sampled_from(FORMATS))
    if declared.get("format", "qcow2") == "qcow2" and draw(strategies.booleans()):
        declared.update(compat="1.1", cluster_size="%dKiB" % draw(strategies.sampled_from([4, 64, 2048])), lazy_refcounts=True, extended_l2=True)
    if draw(strategies.booleans()):
        declared["permissions"] = {"mode": "0640", "owner": 0, "group": draw(strategies.integers(0, 1 << 16)), "label": "system_u:object_r:x:s0"}
    if declared.get("format", "qcow2") in ("qcow2", "raw") and draw(strategies.booleans()):
        declared["encryption"] = {"format": "luks", "secret": draw(strategies.uuids().map(str) | NAMES), "cipher": "aes", "cipher_size": 256,
                                  "cipher_mode": "xts", "cipher_hash": "sha256", "ivgen": "plain64"}
    return declared


@given(declarations(), strategies.none() | PATHS)
def test_what_is_built_reads_back_as_declared(options, base):
    declared = Volume.normalise(options)
    if base:
        declared.update(backing_path=base, backing_format="qcow2")
    built = Volume.build(dict(declared, allocation=0))
    found = {name: value for name, value in Volume.read(built).items() if value is not False and value != [] and name != "features"}
    assert found == dict(declared, allocation=0)
    assert Volume.compare(declared, built) == []


@pytest.mark.skipif(not SCHEMA.exists(), reason="needs libvirt's schemas (Debian: libvirt0)")
@settings(max_examples=25)
@given(declarations(), strategies.none() | PATHS)
def test_libvirts_schema_accepts_what_is_built(options, base):
    declared = dict(Volume.normalise(options), allocation=0)
    if base:
        declared.update(backing_path=base, backing_format="raw")
    # The schema wants the format in every target.
    declared.setdefault("format", "qcow2")
    assert _xml.validate(Volume.build(declared), str(SCHEMA)) == []


@given(SIZES)
def test_a_size_is_never_rounded_down_and_never_by_a_kib(size):
    rounded = Capacity().normalise("%dB" % size)
    assert rounded % 1024 == 0
    assert size <= rounded < size + 1024


@given(SIZES)
def test_a_volume_that_ends_within_a_kib_is_as_large_as_was_said(size):
    field = Capacity()
    assert field.same(field.normalise("%dB" % size), size)
    assert not field.same(field.normalise("%dB" % size), size + 1024)


@pytest.mark.parametrize("options, option", [
    ({"name": "a/b", "size": "1GiB"}, "name"),
    ({"name": "..", "size": "1GiB"}, "name"),
    ({"name": "a", "size": "10"}, "size"),
    ({"name": "a", "size": "1 furlong"}, "size"),
    ({"name": "a", "size": "0GiB"}, "size"),
    ({"name": "a", "image": "i", "backing": {"name": "b"}}, "backing"),
    ({"name": "a", "image": "i", "format": "raw"}, "format"),
    ({"name": "a", "backing": {"name": "b"}, "format": "raw"}, "format"),
    ({"name": "a", "backing": {"name": "../b"}}, "backing.name"),
    ({"name": "a", "image": "i", "clone": {"name": "b"}}, "clone"),
    ({"name": "a", "source": "relative/path"}, "source"),
    ({"name": "a", "source": "/x", "checksum": "sha256:12"}, "checksum"),
    ({"name": "a", "size": "1GiB", "checksum": "sha256:" + "0" * 64}, "checksum"),
    ({"name": "a", "size": "1GiB", "source_format": "raw"}, "source_format"),
    ({"name": "a", "size": "1GiB", "replace": True}, "replace"),
    ({"name": "a", "size": "1GiB", "format": "vmdk", "source": "/x"}, "size"),
    ({"name": "a", "size": "1GiB", "wipe": "zero", "state": "present"}, "wipe"),
    ({"name": "a", "move_from": "default"}, "move_from"),
    ({"name": "a", "size": "1GiB", "cluster_size": "65KiB"}, "cluster_size"),
    ({"name": "a", "size": "1GiB", "cluster_size": "4MiB"}, "cluster_size"),
    ({"name": "a", "size": "1GiB", "format": "raw", "lazy_refcounts": True}, "lazy_refcounts"),
    ({"name": "a", "size": "1GiB", "compat": "0.10", "extended_l2": True}, "extended_l2"),
    ({"name": "a", "size": "1GiB", "format": "raw", "preallocation": "metadata"}, "preallocation"),
    ({"name": "a", "size": "1GiB", "format": "vmdk", "encryption": {"format": "luks", "secret": "s"}}, "encryption"),
    ({"name": "a", "content": "x", "encryption": {"format": "luks", "secret": "s"}}, "encryption"),
    ({"name": "a", "size": "1GiB", "permissions": {"mode": "999"}}, "permissions.mode"),
])
def test_bad_input_is_refused_by_the_name_of_its_option(options, option):
    with pytest.raises(Refusal) as refused:
        Resource.from_options(options)
    assert refused.value.code == "invalid_option"
    assert refused.value.message.startswith(option + ": ")


def test_null_is_as_good_as_nothing_where_a_volume_needs_a_value():
    resource = Resource.from_options({"name": "a", "size": None, "format": None, "image": None, "backing": None})
    assert resource.definition == {"name": "a"}
    assert resource.backing is None


def test_the_key_holds_the_pool():
    assert Resource.from_options({"name": "a"}).key == ("volume", "default/a")
    assert Resource.from_options({"name": "a", "pool": "fast"}).key == ("volume", "fast/a")
    assert Resource.from_options({"name": "a", "pool": "fast", "backing": {"name": "b"}}).backing == ("fast", "b")


def test_a_secret_comes_before_what_it_opens():
    """Or a run with several lanes would now and then make the volume, or start the VM, before there is a passphrase."""
    encryption = {"format": "luks", "secret": "payroll"}
    assert Resource.from_options({"name": "a", "size": "1GiB", "encryption": encryption}).secrets() == {("secret", "payroll")}
    rbd = {"protocol": "rbd", "name": "pool/a", "auth": {"username": "u", "secret": "ceph"}}
    disks = [{"volume": "a", "encryption": encryption}, {"name": "far", "network": rbd}]
    assert Vm.from_options({"name": "a", "disks": disks}).secrets() == {("secret", "payroll"), ("secret", "ceph")}
    pool = Pool.from_options({"name": "a", "type": "iscsi", "source": {"auth": {"username": "u", "secret": "chap"}}})
    assert pool.secrets() == {("secret", "chap")}
    assert Resource.from_options({"name": "a", "size": "1GiB"}).secrets() == set()
