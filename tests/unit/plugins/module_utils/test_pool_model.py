# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pool's options and its XML."""
from __future__ import annotations

import pathlib

import pytest
from hypothesis import given, settings, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool import Directory, Pool
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool as Resource

SCHEMA = pathlib.Path("/usr/share/libvirt/schemas/storagepool.rng")
ACCOUNTS = strategies.integers(-1, 70000)
FOREIGN = """
<pool type='dir'>
  <name>p</name>
  <features><cow state='no'/></features>
  <target><path>/old</path><permissions><mode>0711</mode><label>l</label></permissions></target>
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
    assert Pool.read(built) == declared
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
    assert edited.find("features/cow").get("state") == "no"
    assert edited.findtext("target/permissions/label") == "l"


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
])
def test_bad_input_is_refused_by_the_name_of_its_option(options, option):
    with pytest.raises(Refusal) as refused:
        Resource.from_options(options)
    assert refused.value.code == "invalid_option"
    assert refused.value.message.startswith(option + ": ")


class Handle:
    """A pool that only notes what it is told."""

    def __init__(self, kind):
        self.text = "<pool type='%s'/>" % kind
        self.calls = []

    def XMLDesc(self, _flags):
        return self.text

    def build(self, _flags):
        self.calls.append("build")

    def create(self, _flags):
        self.calls.append("create")


@pytest.mark.parametrize("kind, calls", [("dir", ["build", "create"]), ("logical", ["create"]), ("fs", ["create"]), ("disk", ["create"])])
def test_only_a_directory_is_built(kind, calls):
    handle = Handle(kind)
    Resource.from_options({"name": "p"}).start(handle)
    assert handle.calls == calls
