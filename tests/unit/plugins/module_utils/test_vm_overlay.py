# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""XML laid over a definition: it is there, it goes again, and what was there before stays."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.overlay import Overlay
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm


class Laid(Model):
    """A definition of which there is no option for anything: what an overlay does, it does to any part."""

    tag = "domain"
    xml = Overlay()


BEFORE = """<domain type='qemu'><name>v</name><memory unit='KiB'>1024</memory><vcpu placement='static'>1</vcpu>
<features><acpi/><apic/></features><clock offset='utc'/><cpu mode='maximum'/>
<devices><watchdog model='ib700' action='reset'/><hub type='usb'/></devices></domain>"""
PIECES = [
    "<memoryBacking><hugepages/></memoryBacking>",
    "<features><hyperv mode='custom'><relaxed state='on'/></hyperv></features>",
    "<iothreads>2</iothreads>",
    "<memtune><hard_limit unit='GiB'>1</hard_limit></memtune>", "<cpu><numa><cell id='0' cpus='0' memory='1024' unit='KiB'/></numa></cpu>",
    "<devices><watchdog model='i6300esb' action='poweroff'/></devices>", "<devices><hub type='usb'/></devices>",
    "<clock><timer name='rtc' tickpolicy='catchup'/></clock>",
    "<clock><timer name='pit' tickpolicy='delay'/></clock>", "<vcpu cpuset='0-1'/>",
    "<bhyve:commandline xmlns:bhyve='http://libvirt.org/schemas/domain/bhyve/1.0'><bhyve:arg value='-no-hpet'/></bhyve:commandline>",
]
OVERLAYS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4, unique=True).map(lambda pieces: "<domain>%s</domain>" % "".join(pieces))


def declared(text):
    return {"xml": Laid.normalise({"xml": text})["xml"]}


@given(OVERLAYS, OVERLAYS)
def test_an_overlay_comes_changes_and_goes(first, second):
    tree = _xml.parse(BEFORE)
    for text in (first, second):
        wish = declared(text)
        Laid.write(tree, wish)
        assert Laid.compare(wish, tree) == []
        again = _xml.copy(tree)
        Laid.write(again, wish)
        assert _xml.canonical(_sorted(again)) == _xml.canonical(_sorted(tree))
    assert Laid.compare({"xml": None}, tree) != []
    Laid.write(tree, {"xml": None})
    assert Laid.compare({"xml": None}, tree) == []
    left = _xml.parse(BEFORE)
    if PIECES[6] in first + second:
        # What the overlay says as well goes with it.
        for one in (left, tree):
            for hub in one.findall("devices/hub"):
                hub.getparent().remove(hub)
    assert _xml.canonical(_sorted(tree)) == _xml.canonical(_sorted(left))


def _sorted(element):
    for parent in list(element.iter()):
        parent[:] = sorted(parent, key=_xml.canonical)
    return element


def test_what_changes_behind_our_back_is_laid_on_again():
    tree, wish = _xml.parse(BEFORE), declared("<domain><iothreads>2</iothreads>%s</domain>" % PIECES[5])
    Laid.write(tree, wish)
    tree.find("devices/watchdog[@model='i6300esb']").set("action", "none")
    change, = Laid.compare(wish, tree)
    assert "watchdog" not in change.before
    assert "poweroff" in change.after
    Laid.write(tree, wish)
    assert Laid.compare(wish, tree) == []


def test_a_running_vm_has_what_it_was_started_with():
    tree, wish = _xml.parse(BEFORE), declared(PIECES[2])
    assert [change.path for change in Laid.compare(wish, tree, live=True)] == [("xml",)]
    Laid.write(tree, wish)
    tree.set("id", "3")
    tree.remove(tree.find("iothreads"))
    assert Laid.compare(wish, tree, live=True) == []


def test_sizes_are_the_same_in_any_unit():
    tree, wish = _xml.parse(BEFORE), declared(PIECES[3])
    Laid.write(tree, wish)
    limit = tree.find("memtune/hard_limit")
    limit.set("unit", "KiB")
    limit.text = str(1 << 20)
    assert Laid.compare(wish, tree) == []


@pytest.mark.parametrize("text, sentence", [
    ("<domain><vcpu>2</vcpu></domain>", "<vcpu> has an option of its own: set 'maximum_vcpus' instead"),
    ("<vcpu current='2'/>", "<vcpu current=…> has an option of its own: set 'vcpus' instead"),
    ("<devices><disk type='file'/></devices>", "<devices/disk> has an option of its own: set 'disks' instead"),
    ("<devices><graphics type='vnc'/></devices>", "<devices/graphics> has an option of its own: set 'graphics' instead"),
    ("<cpu mode='custom'/>", "<cpu mode=…> has an option of its own: set 'cpu.mode' instead"),
    ("<os><kernel>/k</kernel></os>", "<os/kernel> has an option of its own: set 'boot.kernel' instead"),
    ("<title>t</title>", "<title> has an option of its own: set 'title' instead"),
    ("<iothreads>2</iothreads>", "<iothreads> has an option of its own: set 'iothreads' instead"),
    ("<features><acpi/></features>", "<features/acpi> has an option of its own: set 'features.acpi' instead"),
    ("<memtune><hard_limit unit='GiB'>1</hard_limit></memtune>", "<memtune/hard_limit> has an option of its own: set 'memtune.hard_limit' instead"),
    ("<perf><event name='cmt' enabled='yes'/></perf>", "<perf/event> has an option of its own: set 'perf' instead"),
    ("<clock><timer name='rtc'/></clock>", "<clock/timer> has an option of its own: set 'clock.timers' instead"),
    ("<domain type='kvm'><vcpus/></domain>", "the attribute 'type' of <domain>"),
    ("<domain/>", "there is nothing in it"), ("<domain>", "is no XML: "),
    ("no", "is no XML: "),
])
def test_what_has_an_option_is_left_to_it(text, sentence):
    with pytest.raises(FieldError) as error:
        Vm.normalise({"name": "v", "xml": text})
    assert error.value.option_path == "xml"
    assert error.value.message.startswith(sentence)
