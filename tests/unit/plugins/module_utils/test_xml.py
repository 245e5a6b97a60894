# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""XML text and trees."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml

GRAMMAR = "<element name='a' xmlns='http://relaxng.org/ns/structure/1.0'><attribute name='n'/></element>"


def test_a_copy_is_another_tree_that_means_the_same():
    tree = _xml.parse("<a b='1' c='2'><d>text</d></a>")
    copied = _xml.copy(tree)
    copied.find("d").text = "other"
    assert tree.findtext("d") == "text"
    assert _xml.canonical(tree) == _xml.canonical(_xml.parse("<a  c='2'   b='1'>\n  <d>text</d>\n</a>"))
    assert _xml.canonical(tree) != _xml.canonical(copied)


def test_entities_stay_out_of_reach(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret", "utf-8")
    tree = _xml.parse("<!DOCTYPE a [<!ENTITY e SYSTEM '%s'>]><a>&e;</a>" % secret.as_uri())
    assert "secret" not in "".join(tree.itertext())


def test_our_name_space_has_its_prefix():
    assert "tinycloud:seed" in _xml.text(_xml.new("{urn:tinycloud:libvirt}seed"))


def test_a_schema_says_what_it_has_against_a_tree(tmp_path):
    schema = tmp_path / "a.rng"
    schema.write_text(GRAMMAR, "utf-8")
    assert _xml.validate(_xml.parse("<a n='1'/>"), str(schema)) == []
    assert _xml.validate(_xml.parse("<a/>"), str(schema))
