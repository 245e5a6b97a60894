# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who needs which file."""
from __future__ import annotations

from hypothesis import given, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._usage import Usage


class Fact:
    def __init__(self, name, text, live_text=None):
        self.name = name
        self.xml = _xml.parse(text)
        self.live_xml = live_text and _xml.parse(live_text)
        self.handle = "handle of " + name


def volume(name, backing=None, pool="default"):
    below = "<backingStore><path>%s</path></backingStore>" % backing if backing else ""
    return pool, Fact(name, "<volume><name>%s</name><target><path>/%s/%s</path></target>%s</volume>" % (name, pool, name, below))


def disk(*layers, target="vda", more=""):
    text = ""
    for layer in reversed(layers[1:]):
        text = "<backingStore type='file'><source file='%s'/>%s</backingStore>" % (layer, text)
    return "<disk><source file='%s'/><target dev='%s'/>%s%s</disk>" % (layers[0], target, text, more)


def domain(name, disks, live=None, rest=""):
    text = "<domain><name>%s</name>%s<devices>%%s</devices></domain>" % (name, rest)
    return Fact(name, text % disks, text % live if live is not None else None)


def seen(usage, path):
    return [(use.vm, use.running, use.target, use.depth) for use in usage.uses(path)]


def test_a_domain_that_is_off_uses_what_is_below_its_disk():
    usage = Usage([domain("off", disk("/default/top"))],
                  [volume("top", "/default/middle"), volume("middle", "/default/base"), volume("base"), volume("other")])
    assert seen(usage, "/default/top") == [("off", False, "vda", 0)]
    assert seen(usage, "/default/base") == [("off", False, "vda", 2)]
    assert usage.vms("/default/other") == []
    assert usage.children("/default/base") == [("default", "middle")]
    assert usage.chain("/default/top") == ["/default/middle", "/default/base"]
    assert usage.volume_at("/default/base") == ("default", "base")


def test_a_running_domain_writes_to_the_snapshot_and_needs_the_volume():
    usage = Usage([domain("on", disk("/default/data"), live=disk("/default/data.s1", "/default/data", target="vdb"))], [volume("data")])
    assert seen(usage, "/default/data.s1") == [("on", True, "vdb", 0)]
    assert seen(usage, "/default/data") == [("on", True, "vdb", 1), ("on", False, "vda", 0)]


def test_a_disk_may_name_its_volume_by_pool():
    named = "<disk type='volume'><source pool='default' volume='data'/><target dev='sda'/></disk>"
    usage = Usage([domain("vm", named)], [volume("data", "/default/base")])
    assert usage.vms("/default/data") == usage.vms("/default/base") == ["vm"]


def test_a_copy_in_the_making_and_boot_files_are_used():
    copying = disk("/default/old", more="<mirror type='file'><source file='/default/new'/></mirror>")
    usage = Usage([domain("vm", disk("/default/old"), live=copying, rest="<os><kernel>/default/vmlinuz</kernel></os>")], [])
    assert usage.vms("/default/new") == usage.vms("/default/vmlinuz") == ["vm"]


def test_symbolic_links_lead_to_the_same_file():
    def resolve(path):
        return path.replace("/link/", "/default/")
    usage = Usage([domain("vm", disk("/link/data"))], [volume("data"), volume("child", "/link/data")], resolve)
    assert usage.vms("/default/data") == ["vm"]
    assert usage.children("/default/data") == [("default", "child")]
    assert usage.same_file("/link/data", "/default/data")


def test_an_empty_drive_uses_nothing():
    usage = Usage([domain("vm", "<disk device='cdrom'><target dev='sda'/></disk>")], [volume("data")])
    assert usage.vms("/default/data") == []


@given(strategies.lists(strategies.tuples(strategies.integers(0, 6), strategies.integers(0, 6)), max_size=12))
def test_chains_end_even_where_headers_make_a_circle(pairs):
    volumes = [volume("v%d" % top, "/default/v%d" % below) for top, below in pairs]
    usage = Usage([domain("vm", disk("/default/v0"))], volumes)
    chain = usage.chain("/default/v0")
    assert len(chain) == len(set(chain))
    for path in chain:
        assert usage.vms(path) == ["vm"]
