# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of fields: what they take, refuse, read, write and hold for the same."""
from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _fields, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError, describe_size, size_in_bytes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

# https://libvirt.org/formatdomain.html#memory-allocation
UNITS = {
    "B": 1, "bytes": 1, "KB": 10**3, "k": 2**10, "K": 2**10, "KiB": 2**10, "MB": 10**6, "M": 2**20, "MiB": 2**20,
    "GB": 10**9, "G": 2**30, "GiB": 2**30, "TB": 10**12, "T": 2**40, "TiB": 2**40, "PB": 10**15, "PiB": 2**50,
    "EB": 10**18, "EiB": 2**60,
}


class Part(Model):
    tag = "part"
    keys = ("name", "mac")
    name = _fields.Name("@name")
    mac = _fields.Mac("mac/@address")
    size = _fields.Size("size", unit="KiB")
    count = _fields.Int("count", minimum=1)


class Whole(Model):
    tag = "whole"
    name = _fields.Name("name", required=True)
    one = _fields.Node(Part, "one")
    parts = _fields.Nodes(Part, "list/part")


def element(text="<x/>"):
    return _xml.parse(text)


def refused(field, value):
    with pytest.raises(FieldError) as error:
        field.normalise(value)
    return error.value.message


@pytest.mark.parametrize("unit", sorted(UNITS))
@given(number=strategies.integers(0, 10**6))
def test_units_are_libvirts(unit, number):
    assert size_in_bytes("%d%s" % (number, unit)) == number * UNITS[unit]
    assert size_in_bytes(" %d %s " % (number, unit)) == number * UNITS[unit]


@given(strategies.integers(0, 2**64))
def test_a_size_is_described_exactly(size):
    assert size_in_bytes(describe_size(size)) == size


@pytest.mark.parametrize("size, described", [
    (2**30, "1GiB"), (10**9, "1GB"), (1536 * 2**20, "1536MiB"), (2**20 + 1, "1048577B"), (0, "0B"), (2**60, "1EiB"), (512, "512B"),
])
def test_a_size_is_described_shortly(size, described):
    assert describe_size(size) == described


@pytest.mark.parametrize("said, size", [("1.5GiB", 1536 * 2**20), ("0.1MB", 10**5), ("0.3B", 1), ("1.0000001KiB", 1025)])
def test_fractions_are_exact_and_rounded_up(said, size):
    assert size_in_bytes(said) == size


@pytest.mark.parametrize("said, sentence", [
    ("10", "the size '10' has no unit: write '10MiB' or '10GiB'"), (10, "the size '10' has no unit: write '10MiB' or '10GiB'"),
    ("10XB", "'XB' is not a unit of size"), ("10 gib", "'gib' is not a unit of size"), ("1e3MiB", "'1e3MiB' is not a size"),
    ("-1GiB", "'-1GiB' is not a size"), ("", "'' is not a size"), ("GiB", "'GiB' is not a size"), ("0MiB", "the size '0MiB' must be larger than nothing"),
    (True, "'True' is not a size"),
])
def test_what_is_no_size_is_refused(said, sentence):
    assert refused(_fields.Size(), said).startswith(sentence)


@given(strategies.integers(1, 2**50), strategies.sampled_from(["B", "KiB", "MiB"]))
def test_a_size_is_rounded_up_to_what_libvirt_stores(size, unit):
    field = _fields.Size("s", unit=unit)
    value = field.normalise("%dB" % size)
    assert 0 <= value - size < UNITS[unit]
    tree = element()
    field.write(tree, value)
    assert field.read(tree) == value
    assert tree.find("s").get("unit") == ("bytes" if unit == "B" else unit)
    assert field.normalise(field.describe(value)) == value


def test_a_size_is_read_in_whatever_unit_stands_there():
    field = _fields.Size("s", unit="KiB")
    assert field.read(element("<x><s unit='GiB'>2</s></x>")) == 2**31
    assert field.read(element("<x><s>2</s></x>")) == 2048
    assert field.read(element("<x><s/></x>")) is None


def test_sectors_are_whole():
    assert _fields.Size(grain=512).normalise("513B") == 1024


@given(strategies.binary(min_size=6, max_size=6), strategies.sampled_from([str.upper, str.lower]), strategies.sampled_from(":-"))
def test_a_mac_is_one_however_it_is_written(octets, case, separator):
    octets = bytes([octets[0] & 0xFE]) + octets[1:]
    canonical = ":".join("%02x" % octet for octet in octets)
    field = _fields.Mac("@mac")
    assert field.normalise(case(canonical.replace(":", separator))) == canonical
    tree = element('<x mac="%s"/>' % case(canonical))
    assert field.same(canonical, field.read(tree))


@pytest.mark.parametrize("said", ["", "52:54:00:12:34", "52:54:00:12:34:5g", "525400123456", "52:54:00:12:34:56:78"])
def test_what_is_no_mac_is_refused(said):
    assert "is not a MAC address" in refused(_fields.Mac(), said)


def test_a_multicast_mac_is_refused():
    assert "multicast" in refused(_fields.Mac(), "53:54:00:12:34:56")


@given(strategies.ip_addresses())
def test_an_address_is_one_however_it_is_written(address):
    field = _fields.Address("@ip")
    assert field.normalise(address.exploded) == str(address)
    assert field.read(element('<x ip="%s"/>' % address.exploded)) == str(address)
    assert ipaddress.ip_address(field.normalise(str(address))) == address


@pytest.mark.parametrize("said", ["10.0.0", "10.0.0.256", "10.0.0.1/24", "::g", "host"])
def test_what_is_no_address_is_refused(said):
    assert "is not an IP address" in refused(_fields.Address(), said)


@pytest.mark.parametrize("name", ["a", "web-1", "shop.db", "A_b.c+d:e@f-0", "x" * 200])
def test_names_that_are_fine(name):
    assert _fields.Name().normalise(name) == name


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "..", "a..b", "../etc", "a b", "x" * 201, "ä", "a\n", "a\0", "a'b"])
def test_names_that_are_no_names(name):
    assert "is not a name" in refused(_fields.Name(), name)


def test_words_for_a_switch():
    field = _fields.Switch("@on", words=("on", "off"))
    tree = element()
    for value, text in ((True, "on"), (False, "off")):
        field.write(tree, value)
        assert tree.get("on") == text
        assert field.read(tree) is value
    field.write(tree, None)
    assert field.read(tree) is None


def test_a_presence_is_an_element():
    field = _fields.Presence("a/b")
    tree = element()
    assert field.read(tree) is False
    field.write(tree, True)
    assert tree.find("a/b") is not None
    field.write(tree, False)
    assert len(tree) == 0


def test_a_word_has_other_words():
    field = _fields.Enum("@t", choices=["a", "b"], aka={"alpha": "a"})
    assert field.read(element("<x t='alpha'/>")) == "a"
    assert field.spec()["choices"] == ["a", "b"]


@given(strategies.lists(strategies.text("abc", min_size=1), unique=True), strategies.randoms())
def test_words_have_no_order(words, random):
    field = _fields.Texts("h/@name")
    tree = element("<x><other/><h name='old'/></x>")
    field.write(tree, words)
    shuffled = list(words)
    random.shuffle(shuffled)
    assert field.same(shuffled, field.read(tree))
    assert tree.find("other") is not None
    assert field.is_default(field.read(tree)) == (not words)


@pytest.mark.parametrize("options, path", [
    ({"name": "a/b"}, "name"), ({"one": {"size": "7"}}, "one.size"), ({"parts": [{"name": "a"}, {"mac": "x"}]}, "parts[1].mac"),
    ({"parts": [{"name": "a", "count": 0}]}, "parts[0].count"), ({"parts": [{"name": "a"}, {"name": "b"}, {"name": "a"}]}, "parts[2]"),
])
def test_an_error_names_the_option_at_every_depth(options, path):
    with pytest.raises(FieldError) as error:
        Whole.normalise({"name": "w"} | options)
    assert error.value.option_path == path
    assert error.value.under("vms", 0).option_path == "vms[0]." + path


def test_numbers_have_bounds():
    field = _fields.Int("n", minimum=1, maximum=3)
    assert [field.normalise(value) for value in (1, "2", 3)] == [1, 2, 3]
    assert "less than the smallest value" in refused(field, 0)
    assert "more than the largest value" in refused(field, 4)


@pytest.mark.parametrize("text", ["", "  ", "\n", "a\rb", "a\0b", "\x1b[1m", "\ud800", "\ufffe"])
def test_text_that_xml_cannot_hold_is_refused(text):
    assert refused(_fields.Text(), text)


@given(strategies.text())
def test_text_is_refused_or_kept(text):
    field = _fields.Text("t")
    try:
        value = field.normalise(text)
    except FieldError:
        return
    tree = element()
    field.write(tree, value)
    assert field.read(_xml.copy(tree)) == value == text.replace("\r\n", "\n")


def test_a_spec_is_ansibles():
    assert Whole.arguments() == {
        "name": {"type": "str", "required": True},
        "one": {"type": "dict", "options": Part.arguments()},
        "parts": {"type": "list", "elements": "dict", "options": Part.arguments()},
    }
    assert Part.arguments()["count"] == {"type": "int"}
