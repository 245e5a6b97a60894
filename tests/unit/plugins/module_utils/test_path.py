# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Places in a tree: found, made, and taken away with no more than what they leave empty."""
from __future__ import annotations

import pytest
from hypothesis import given, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml

# A step with what tells it apart is never empty: c[@k='1'] keeps its k, and stays.
STEP = strategies.sampled_from(["a", "b", "c", "{urn:x}d"])
PATHS = strategies.builds(
    lambda steps, attribute: "/".join(steps + (["@v"] if attribute else [])), strategies.lists(STEP, min_size=1, max_size=4), strategies.booleans())
FOREIGN = "<r o='1'><a><keep/></a><c k='1' o='2'><a/></c>text<b>word</b></r>"


def tree(text="<r/>"):
    return _xml.parse(text)


@pytest.mark.parametrize("path, parts", [
    ("a/b/@c", ("a/b", "c")), ("a/b", ("a/b", None)), ("@c", ("", "c")), (".", ("", None)), ("a[@x='1']/@y", ("a[@x='1']", "y")),
    ("m/{urn:x}t/@d", ("m/{urn:x}t", "d")),
])
def test_a_path_is_a_place_and_perhaps_an_attribute(path, parts):
    assert _path.split(path) == parts


@given(PATHS)
def test_what_is_put_is_there_and_what_is_dropped_leaves_nothing(path):
    root = tree()
    _path.put(root, path, "value")
    assert _path.get(root, path) == "value"
    assert _path.get(_xml.copy(root), path) == "value"
    _path.drop(root, path)
    assert _xml.text(root).strip() == "<r/>"


@given(PATHS)
def test_others_stay_where_something_comes_and_goes(path):
    root = tree(FOREIGN)
    before = _xml.canonical(root)
    was = _path.get(root, path)
    if _path.find(root, path) is not None and (was is not None or not _path.split(path)[1]):
        return
    _path.put(root, path, "value")
    _path.drop(root, path)
    after = tree(_xml.text(root))
    for kept in ("a/keep", "b"):
        assert after.find(kept) is not None
    assert after.find("c").get("o") == "2"
    assert len(list(after.iter())) <= len(list(tree(before).iter()))


@given(PATHS)
def test_dropping_what_is_not_there_does_nothing(path):
    root = tree("<r><other/></r>")
    _path.drop(root, path)
    assert _xml.text(root) == _xml.text(tree("<r><other/></r>"))


@pytest.mark.parametrize("text, path, left", [
    ("<r><c k='1' v='2'/></r>", "c[@k='1']/@v", "<r><c k='1'/></r>"),
    ("<r><a><b><c/></b></a></r>", "a/b/c", "<r/>"), ("<r><a><b><c/></b><d/></a></r>", "a/b/c", "<r><a><d/></a></r>"),
    ("<r><a x='1'><b><c/></b></a></r>", "a/b/c", "<r><a x='1'/></r>"), ("<r><a>t<b/></a></r>", "a/b", "<r><a>t</a></r>"),
    ("<r><a x='1' y='2'/></r>", "a/@x", "<r><a y='2'/></r>"), ("<r><a x='1'/></r>", "a/@x", "<r/>"), ("<r x='1'/>", "@x", "<r/>"),
    ("<r><a k='1'/><a k='2'/></r>", "a[@k='2']", "<r><a k='1'/></r>"), ("<r><a/><a/></r>", "a", "<r><a/></r>"),
])
def test_only_steps_that_are_left_empty_go(text, path, left):
    root = tree(text)
    _path.drop(root, path)
    assert _xml.canonical(root) == _xml.canonical(tree(left))


def test_text_beside_a_removed_element_stays():
    root = _xml.parse("<r><a/><b/>tail</r>")
    _path.drop(root, "b")
    assert root.find("b") is None
    assert root.find("a") is not None


def test_steps_are_made_with_what_tells_them_apart():
    root = tree()
    _path.put(root, "c[@k='1']/@v", "x")
    _path.put(root, "c[@k='2']/@v", "y")
    assert [(one.get("k"), one.get("v")) for one in root] == [("1", "x"), ("2", "y")]
    _path.append(root, "list/item").set("n", "1")
    _path.append(root, "list/item").set("n", "2")
    assert [one.get("n") for one in _path.find_all(root, "list/item")] == ["1", "2"]
    assert len(root.findall("list")) == 1


def test_the_element_itself_is_never_removed():
    root = tree("<r>t</r>")
    _path.drop(root, ".")
    assert root.text == "t"
