# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a recipe may say, and when two recipes are the same."""
from __future__ import annotations

import pytest
from hypothesis import given, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import recipe, sysprep
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.image import Image

BASIS = {"sha256": "0" * 64}


def digest(basis=None, contents=None, **said):
    return recipe.digest(recipe.Recipe.normalise(said), basis or BASIS, contents or {})


@pytest.mark.parametrize("said", [
    {"hostname": "a"}, {"root_password": "one"}, {"users": [{"name": "a", "password": "one"}]}, {"commands": ["a", "b"]},
    {"files": [{"path": "/a", "content": "x"}]}, {"size": "2GiB"}, {"packages": {"install": ["a"]}},
])
def test_a_digest_tells_recipes_apart(said):
    others = [{"hostname": "b"}, {"root_password": "two"}, {"users": [{"name": "a", "password": "two"}]}, {"commands": ["b", "a"]},
              {"files": [{"path": "/a", "content": "y"}]}, {"size": "3GiB"}, {"packages": {"remove": ["a"]}}, {}]
    assert digest(**said) == digest(**said)
    assert digest(**said) not in [digest(**other) for other in others]
    assert digest(**said) != digest({"sha256": "1" * 64}, **said)
    assert digest(**said) != digest(contents={"/a": "0"}, **said)


def test_a_digest_does_not_tell_a_password():
    """Who knows the rest of a recipe cannot try words at the speed of one hash: the secret goes in drawn out."""
    hidden = recipe._without_secrets(recipe.said(recipe.Recipe.normalise(
        {"root_password": "correct horse", "users": [{"name": "a", "password": "battery staple"}]})))
    assert "horse" not in str(hidden)
    assert "staple" not in str(hidden)
    assert len(hidden["root_password"]) == 128


@given(strategies.sampled_from(["hostname", "files", "packages", "root_locked", "commands", "sysprep"]))
def test_what_is_not_said_does_not_count(option):
    assert digest(**{option: None}) == digest()
    assert recipe.said({option: None, "a": {"b": None}, "c": [], "d": False, "e": 0, "ssh_keys": []}) == {"e": 0, "ssh_keys": []}


def test_the_same_in_other_words_is_the_same():
    assert digest(size="2GiB") == digest(size="2048MiB")
    assert digest(files=[{"path": "/a/./b//c", "content": "", "mode": "644"}]) == digest(files=[{"path": "/a/b/c", "content": "", "mode": "0644"}])


@pytest.mark.parametrize("said, option", [
    ({"hostname": "a b"}, "hostname"), ({"hostname": "-a"}, "hostname"), ({"timezone": "../../etc/shadow"}, "timezone"),
    ({"root_password": "a", "root_password_hash": "$6$a"}, "root_password"), ({"root_password_hash": "plain"}, "root_password_hash"),
    ({"users": [{"name": "0"}]}, "users[0].name"), ({"users": [{"name": "a:b"}]}, "users[0].name"),
    ({"users": [{"name": "a"}, {"name": "a"}]}, "users[1]"), ({"users": [{"name": "a", "groups": ["b,c"]}]}, "users[0].groups"),
    ({"users": [{"name": "a", "ssh_keys": ["x\ny"]}]}, "users[0].ssh_keys"), ({"users": [{"name": "a", "comment": "x:y"}]}, "users[0].comment"),
    ({"users": [{"name": "a", "sudo": "x\ny"}]}, "users[0].sudo"),
    ({"files": [{"path": "a", "content": ""}]}, "files[0].path"), ({"files": [{"path": "/../a", "content": ""}]}, "files[0].path"),
    ({"files": [{"path": "/a"}]}, "files[0].content"), ({"files": [{"path": "/a", "content": "", "source": "/b"}]}, "files[0].content"),
    ({"files": [{"path": "/a", "content": "", "mode": "999"}]}, "files[0].mode"), ({"delete": ["/"]}, "delete"),
    ({"lines": [{"path": "/a"}]}, "lines[0].line"), ({"lines": [{"path": "/a", "line": "a", "regexp": "("}]}, "lines[0].regexp"),
    ({"lines": [{"path": "/a", "state": "absent"}]}, "lines[0].line"), ({"augeas": [{"path": "/a", "value": "b"}]}, "augeas[0].path"),
    ({"packages": {"install": ["a; reboot"]}}, "packages.install"), ({"packages": {"remove": ["-o"]}}, "packages.remove"),
    ({"services": {"enable": ["--now"]}}, "services.enable"), ({"datasources": ["a, b"]}, "datasources"), ({"size": "2"}, "size"),
    ({"network": [{"name": "a b"}]}, "network[0].name"),
])
def test_what_cannot_be_is_refused_by_its_option(said, option):
    with pytest.raises(FieldError) as error:
        recipe.Recipe.normalise(said)
    assert error.value.option_path == option


@pytest.mark.parametrize("said, option", [
    ({"source": "/a", "base": "b"}, "base"), ({"base": "b", "from_vm": {"name": "c"}}, "from_vm"),
    ({"base": "b", "checksum": "sha256:" + "0" * 64}, "checksum"), ({"source": "/a", "customise": {"hostname": "h"}}, "customise"),
    ({"customise": {"hostname": "h"}}, "customise"),
])
def test_an_image_comes_from_one_place(said, option):
    with pytest.raises(FieldError) as error:
        Image.normalise(dict(said, name="a"))
    assert error.value.option_path == option


def test_sysprep_keeps_what_was_put_there_on_purpose():
    assert "ssh-userdir" not in sysprep.chosen(["all"])
    assert sysprep.chosen(["all", "ssh-userdir", "logfiles"]) == list(sysprep.OPERATIONS)
    assert sysprep.chosen(["logfiles", "logfiles"]) == ["logfiles"]
    assert set(sysprep.OPERATIONS) == set(recipe.Recipe.arguments()["sysprep"]["choices"]) - {"all"}


def test_only_packages_need_the_network():
    assert recipe.needs_network({"packages": {"install": ["a"]}})
    assert recipe.needs_network({"packages": {"update": True}})
    assert not recipe.needs_network({"packages": {"remove": ["a"]}, "commands": ["a"]})
