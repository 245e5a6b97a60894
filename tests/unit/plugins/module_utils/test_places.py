# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading costs what the XML has, not what it could have."""
from __future__ import annotations

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _fields, _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm

VM = """
<domain type='kvm'><name>a</name><memory unit='KiB'>1024</memory><os><type arch='x86_64' machine='q35'>hvm</type></os>
<devices><disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/a'/><target dev='vda' bus='virtio'/></disk></devices></domain>
"""


class Inner(Model):
    keys = ()
    here = _fields.Text("a/@here")
    there = _fields.Presence("b/there")


class Elsewhere(_fields.Text):
    def read(self, element):
        return element.get("other")


class Thing(Model):
    tag = "thing"
    number = _fields.Int("deep/er/@number")
    chosen = _fields.Text("deep/word[@key='it']")
    spaced = _fields.Text("{http://a/b}deep/@x")
    text = _fields.Text(".")
    words = _fields.Texts("words/word")
    flat = _fields.Node(Inner)
    elsewhere = Elsewhere("nowhere")


@pytest.fixture(name="lookups")
def fixture_lookups(monkeypatch):
    counted = []

    def counting(real):
        def count(element, path):
            counted.append(path)
            return real(element, path)
        return count

    for name in ("get", "find", "find_all"):
        monkeypatch.setattr(_path, name, counting(getattr(_path, name)))
    return counted


def with_more(number):
    """The VM with many more options, none of which the XML has."""
    return type("More", (Vm,), {"more%d" % index: _fields.Text("more%d/deep%d/@value" % (index % 10, index)) for index in range(number)})


def test_fields_that_the_xml_lacks_cost_no_lookup(lookups):
    tree = _xml.parse(VM)
    few = Vm.read(tree)
    before = list(lookups)
    lookups.clear()
    assert with_more(1000).read(tree) == few
    assert lookups == before


def test_every_field_that_the_xml_has_is_read_at_any_depth():
    tree = _xml.parse("<thing other='o'>said<deep><er number='7'/><word key='it'>w</word></deep>"
                      "<deep xmlns='http://a/b' x='y'/><words><word>1</word></words><b><there/></b></thing>")
    assert Thing.read(tree) == {
        "number": 7, "chosen": "w", "spaced": "y", "text": "said", "words": ["1"], "flat": {"there": True}, "elsewhere": "o"}


def test_what_is_not_there_is_nothing_and_lists_are_empty():
    assert Thing.read(_xml.parse("<thing/>")) == {"words": []}
    assert Thing.read(_xml.parse("<thing/>"))["words"] is not Thing.read(_xml.parse("<thing/>"))["words"]


@pytest.mark.parametrize("kind, told", [(_fields.Text, True), (Elsewhere, False), (_fields.Presence, True), (_fields.Nodes, True)])
def test_what_reads_in_a_way_of_its_own_is_always_asked(kind, told):
    assert kind.reads_path_only is told
