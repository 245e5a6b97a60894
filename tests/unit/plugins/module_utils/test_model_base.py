# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every model does: in place, in the user's terms, by keys and never by position."""
from __future__ import annotations

import pytest
from hypothesis import given, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    FIXED, LIVE, REPLUG, Enum, FieldError, Int, Mac, Name, Node, Nodes, Size, Switch, Text, Texts,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class Item(Model):
    tag = "item"
    keys = ("name", "mac", "serial")
    name = Name("alias/@name", change=FIXED)
    mac = Mac("mac/@address", change=REPLUG, generated=True)
    serial = Text("serial")
    kind = Enum("@kind", choices=["a", "b"], unset="a")


class Inner(Model):
    tag = "inner"
    count = Int("count")
    on = Switch("@on")


class Thing(Model):
    tag = "thing"
    name = Name("name", required=True)
    title = Text("title", change=LIVE)
    uuid = Text("uuid", option=False, generated=True)
    size = Size("size", unit="KiB")
    inner = Node(Inner, "deep/inner")
    words = Texts("words/word/@w")
    items = Nodes(Item, "items/item", change=LIVE)
    quiet = Text("quiet", live=False)
    policy = Text()


TEXT = """
<thing id='7'>
  <name>n</name>
  <!-- a comment -->
  <title>old</title>
  <foreign a='1'><size>9</size></foreign>
  <uuid>u</uuid>
  <size unit='MiB'>1</size>
  <deep x='1'><inner on='no' off='1'><other/></inner><beside/></deep>
  <words><word w='a'/><word w='b'/></words>
  <items><item kind='b' z='0'><alias name='one'/><extra/></item><item><mac address='02:00:00:00:00:02'/></item><item><serial>S</serial></item></items>
  <x:thing xmlns:x='urn:x'>kept</x:thing>
</thing>
"""
WORDS = strategies.from_regex(r"[a-z]{1,6}", fullmatch=True)
ITEMS = strategies.lists(
    strategies.fixed_dictionaries({"name": WORDS}, optional={
        "mac": strategies.integers(0, 255).map("02:00:00:00:01:{:02x}".format), "serial": WORDS, "kind": strategies.sampled_from(["a", "b", None])}),
    unique_by=lambda item: item["name"], max_size=4)
THINGS = strategies.fixed_dictionaries({"name": WORDS}, optional={
    "title": strategies.none() | WORDS, "size": strategies.none() | strategies.integers(1, 10**6).map("{}KiB".format),
    "inner": strategies.none() | strategies.fixed_dictionaries({}, optional={
        "count": strategies.none() | strategies.integers(0, 9), "on": strategies.booleans()}),
    "words": strategies.none() | strategies.lists(WORDS, unique=True), "items": strategies.none() | ITEMS, "quiet": WORDS, "policy": WORDS,
})


@given(THINGS)
def test_whatever_is_written_converges(spec):
    declared = Thing.normalise(spec)
    for tree in (_xml.new("thing"), _xml.parse(TEXT)):
        Thing.write(tree, declared)
        assert Thing.compare(declared, tree) == []
        before = _xml.canonical(tree)
        assert _xml.canonical(Thing.write(tree, declared)) == before
        assert Thing.compare(Thing.normalise(Thing.describe(Thing.read(tree)) | {"name": declared["name"]}), tree) == []


NOISE = strategies.recursive(
    strategies.tuples(strategies.sampled_from(["q", "title2", "{urn:x}q"]), strategies.dictionaries(strategies.sampled_from(["u", "v"]), WORDS)),
    lambda children: strategies.tuples(strategies.sampled_from(["q", "r"]), strategies.dictionaries(strategies.just("u"), WORDS), children), max_leaves=3)


def plant(tree, places, noises):
    """Put foreign elements and attributes into a tree; what they are worth, in order."""
    elements = list(tree.iter("thing", "deep", "inner", "item", "foreign", "words"))
    for number, (place, noise) in enumerate(zip(places, noises)):
        element = elements[place % len(elements)]
        element.set("foreign%d" % number, "kept")
        made = grow(element, noise)
        made.set("mark", str(number))


def grow(parent, noise):
    child = parent.makeelement(noise[0], noise[1])
    parent.append(child)
    if len(noise) > 2:
        grow(child, noise[2])
    return child


def kept(tree):
    return sorted(_xml.canonical(one) for one in tree.iter() if isinstance(one.tag, str) and one.get("mark"))


@given(THINGS, strategies.lists(strategies.integers(0, 99), max_size=4), strategies.lists(NOISE, min_size=4, max_size=4))
def test_what_is_not_modelled_survives_every_write(spec, places, noises):
    declared = Thing.normalise({name: value for name, value in spec.items() if name not in ("items", "inner", "words")})
    declared["inner"] = {"count": 3}
    tree = _xml.parse(TEXT)
    plant(tree, places, noises)
    before, attributes = kept(tree), sum(name.startswith("foreign") for one in tree.iter() for name in one.attrib)
    Thing.write(tree, declared)
    assert kept(tree) == before
    assert sum(name.startswith("foreign") for one in tree.iter() for name in one.attrib) == attributes
    assert tree.find("foreign/size").text == "9"
    assert tree.find("{urn:x}thing").text == "kept"
    assert tree.find("deep/inner/other") is not None
    assert tree.get("id") == "7"


def test_an_item_that_stays_keeps_what_is_not_modelled():
    tree = _xml.parse(TEXT)
    Thing.write(tree, Thing.normalise({"items": [{"name": "one", "serial": "T"}, {"name": "new"}]}))
    items = tree.findall("items/item")
    assert [Item.read(item).get("name") for item in items] == ["one", "new"]
    assert items[0].get("z") == "0"
    assert items[0].find("extra") is not None


def test_omitted_is_left_alone():
    tree = _xml.parse(TEXT)
    before = _xml.canonical(tree)
    assert Thing.compare({"name": "n"}, tree) == []
    assert _xml.canonical(Thing.write(tree, {"name": "n"})) == before
    assert Thing.compare({"name": "n", "inner": {}}, tree) == []
    assert _xml.canonical(Thing.write(tree, {"name": "n", "inner": {}})) == before


def test_null_removes_and_is_content_with_what_libvirt_invents():
    tree = _xml.parse(TEXT)
    declared = dict.fromkeys(("title", "uuid", "size", "inner", "words", "items"))
    assert {change.path[0] for change in Thing.compare(declared, tree)} == {"title", "size", "inner", "words", "items"}
    Thing.write(tree, declared)
    assert Thing.compare(declared, tree) == []
    assert tree.findtext("uuid") == "u"
    assert [one.tag for one in tree if isinstance(one.tag, str)] == ["name", "foreign", "uuid", "deep", "{urn:x}thing"]
    assert [one.tag for one in tree.find("deep")] == ["beside"]


def test_null_is_the_default_where_it_is_written_out():
    assert Item.compare({"kind": None}, _xml.parse("<item kind='a'/>")) == []
    assert [change.before for change in Item.compare({"kind": None}, _xml.parse("<item kind='b'/>"))] == ["b"]


def test_differences_are_in_the_users_terms():
    declared = Thing.normalise({"name": "n", "title": "new", "size": "2GiB", "inner": {"count": 2, "on": True}, "words": ["b", "a"]})
    assert [(".".join(change.path), change.before, change.after, change.how) for change in Thing.compare(declared, _xml.parse(TEXT))] == [
        ("title", "old", "new", LIVE), ("size", "1MiB", "2GiB", "restart"), ("inner.count", None, 2, "restart"), ("inner.on", False, True, "restart"),
    ]


def test_a_running_object_is_not_asked_what_it_cannot_say():
    tree = _xml.parse("<thing><quiet>x</quiet></thing>")
    assert Thing.compare({"quiet": "y"}, tree, live=True) == []
    assert len(Thing.compare({"quiet": "y"}, tree)) == 1
    assert Thing.compare({"policy": "y"}, tree) == []


@pytest.mark.parametrize("item, index", [
    ({"name": "one"}, 0), ({"name": "else", "mac": "02:00:00:00:00:02"}, 1), ({"serial": "S"}, 2),
    ({"name": "none"}, None), ({"mac": "02:00:00:00:00:09"}, None),
    ({"name": "one", "mac": "02:00:00:00:00:02"}, 0),
])
def test_items_are_matched_by_their_keys_in_turn(item, index):
    items = _xml.parse(TEXT).findall("items/item")
    assert Item.match(item, items) is (None if index is None else items[index])


def test_no_item_takes_what_bears_anothers_name():
    items = _xml.parse("<r><item><alias name='b'/><serial>S</serial></item><item><serial>S</serial></item></r>").findall("item")
    pairs, left = Item.pairs([{"name": "a", "serial": "S"}, {"name": "b"}], items)
    assert [found for _item, found in pairs] == [items[1], items[0]]
    assert left == []


@given(ITEMS, strategies.randoms(), strategies.data())
def test_a_shorter_list_removes_just_what_is_missing_in_it(specs, random, data):
    declared = Thing.normalise({"items": specs})["items"]
    tree = Thing.write(_xml.new("thing"), {"items": declared})
    keeps = [item for item in declared if data.draw(strategies.booleans())]
    random.shuffle(keeps)
    changes = Thing.compare({"items": keeps}, tree)
    assert sorted(change.path[1] for change in changes) == sorted(item["name"] for item in declared if item not in keeps)
    assert all(change.after is None and change.how == LIVE and change.element is not None for change in changes)
    Thing.write(tree, {"items": keeps})
    assert {item["name"] for item in Thing.read(tree)["items"]} == {item["name"] for item in keeps}


def test_items_of_one_identity_are_refused():
    with pytest.raises(FieldError) as error:
        Thing.normalise({"items": [{"name": "a"}, {"serial": "x"}, {"name": "a"}]})
    assert error.value.option_path == "items[2]"
    assert error.value.message == "'a' stands more than once; give each a name of its own"


class Unit(Model):
    """Known by two fields together; libvirt makes some by itself."""

    tag = "unit"
    keys = ("name", ("kind", "index"))
    name = Name("alias/@name")
    kind = Enum("@kind", choices=["a", "b"])
    index = Int("@index")
    colour = Text("@colour")

    @classmethod
    def goes(cls, element):
        return element.find("alias") is not None


class Rack(Model):
    tag = "rack"
    units = Nodes(Unit, "unit")


RACK = "<rack><unit kind='a' index='0'/><unit kind='b' index='0'/><unit kind='b' index='1'/><unit kind='a' index='9'><alias name='mine'/></unit></rack>"


def test_several_fields_can_be_a_key_together():
    tree = _xml.parse(RACK)
    declared = Rack.normalise({"units": [{"kind": "b", "index": 1, "colour": "red"}, {"kind": "b", "index": 2}]})
    changes = Rack.compare(declared, tree)
    assert [(change.path, change.before, change.after) for change in changes] == [
        (("units", "b-1", "colour"), None, "red"), (("units", "b-2"), None, {"kind": "b", "index": 2}),
        (("units", "mine"), {"name": "mine", "kind": "a", "index": 9}, None)]
    Rack.write(tree, declared)
    assert [dict(unit.attrib) for unit in tree] == [
        {"kind": "a", "index": "0"}, {"kind": "b", "index": "0"}, {"kind": "b", "index": "1", "colour": "red"}, {"kind": "b", "index": "2"}]
    assert Rack.compare(declared, tree) == []


def test_a_key_of_several_fields_stands_once():
    with pytest.raises(FieldError, match="'b-1' stands more than once; give each a index of its own"):
        Rack.normalise({"units": [{"kind": "b", "index": 1}, {"kind": "b", "index": 1}]})
