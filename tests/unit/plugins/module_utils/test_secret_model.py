# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A secret's options and its XML."""
from __future__ import annotations

import base64
import pathlib

import pytest
from hypothesis import given, settings, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.secret import TYPES, Secret
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _secret_use
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.environment import Environment
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.secret import Secret as Resource

SCHEMA = pathlib.Path("/usr/share/libvirt/schemas/secret.rng")
PATHS = strategies.from_regex(r"/[a-z0-9][a-z0-9/]{0,20}", fullmatch=True)
NAMES = strategies.from_regex(r"[a-z][a-z0-9.]{0,20}[a-z0-9]", fullmatch=True).filter(lambda name: ".." not in name)


@strategies.composite
def declarations(draw):
    usage = draw(strategies.sampled_from(TYPES))
    declared = {"type": usage, "name": draw(PATHS if usage == "volume" else NAMES)}
    for option, values in (("description", NAMES), ("private", strategies.booleans()), ("ephemeral", strategies.booleans())):
        if draw(strategies.booleans()):
            declared[option] = draw(values)
    return Secret.normalise(declared)


@given(declarations())
def test_what_is_built_reads_back_as_declared(declared):
    built = Secret.build(declared)
    assert Secret.read(built) == declared
    assert Secret.compare(declared, built) == []


@pytest.mark.skipif(not SCHEMA.exists(), reason="needs libvirt's schemas (Debian: libvirt0)")
@settings(max_examples=50)
@given(declarations())
def test_libvirts_schema_accepts_what_is_built(declared):
    assert _xml.validate(Secret.build(declared), str(SCHEMA)) == []


@given(declarations(), declarations())
def test_a_change_is_written_over_what_is_there(before, after):
    tree = Secret.build(before)
    wanted = {name: value for name, value in after.items() if name not in ("name", "type")}
    Secret.write(tree, wanted)
    assert Secret.compare(wanted, _xml.copy(tree)) == []
    assert Secret.read(tree)["name"] == before["name"]


@pytest.mark.parametrize("options, option", [
    ({"name": "a/b"}, "name"), ({"name": "/srv/a", "type": "ceph"}, "name"), ({"name": ".a"}, "name"),
    ({"name": "a", "value": ""}, "value"), ({"name": "a", "value": None}, "value"),
    ({"name": "a", "value_base64": "x"}, "value_base64"), ({"name": "a", "value_base64": " "}, "value_base64"),
    ({"name": "a", "value": "hush", "value_base64": "aHVzaA=="}, "value_base64"),
])
def test_bad_input_is_refused_without_its_value(options, option):
    with pytest.raises(Refusal) as refused:
        Resource.from_options(options)
    assert refused.value.code == "invalid_option"
    assert refused.value.message.startswith(option + ": ")
    assert "hush" not in refused.value.message


@given(strategies.binary(min_size=1, max_size=60))
def test_a_value_is_the_same_in_text_and_in_base64(value):
    encoded = base64.encodebytes(value).decode()
    assert Resource.from_options({"name": "a", "value_base64": encoded}).value == value


def test_text_is_kept_as_it_was_written():
    text = " ü\r\nvalue\n"
    assert Resource.from_options({"name": "a", "value": text}).value == text.encode()


def test_a_new_secret_has_one_uuid_on_every_host():
    assert _secret_use.new_uuid("volume", "db") == _secret_use.new_uuid("volume", "db")
    others = {_secret_use.new_uuid(usage, name) for usage in TYPES for name in ("db", "web")}
    assert len(others) == 2 * len(TYPES)


def test_an_environment_has_names_and_no_paths_of_secrets():
    found = Environment({"name": "shop", "secrets": [{"name": "db", "type": "volume"}]}).resources()
    assert [resource.name for resource in found] == ["shop.db"]
    with pytest.raises(Refusal) as refused:
        Environment({"name": "shop", "secrets": [{"name": "/srv/db", "type": "volume"}]})
    assert refused.value.message.startswith("secrets[0].name: ")
