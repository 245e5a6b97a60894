# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No field of any resource is declared that does not come through: written, read back, taken away, written over.

A field of a new kind has to be given examples here.
"""
from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _fields, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.cpu_set import CpuSet
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.dhcp import LeaseTime
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtualport import Uuid
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.environment import KINDS

WORDS = strategies.from_regex(r"[a-z][a-z0-9]{0,9}", fullmatch=True)
MACS = strategies.binary(min_size=5, max_size=5).map(lambda octets: "02:" + ":".join("%02X" % octet for octet in octets))
SUBNET = {"subnet": "10.20.0.0/24"}
# What must stand there before a field can, and examples of fields that no rule makes.
CONTEXT = {
    "vm.firmware": {"arch": "x86_64"},
    "vm.vcpus": {"maximum_vcpus": 4}, "vm.maximum_vcpus": {"vcpus": 1}, "vm.maximum_memory": {"memory": "1KiB"},
    "vm.interfaces[].source_dev": {"user": True},
    "network.gateway": SUBNET, "network.dhcp": SUBNET, "network.reservations": SUBNET,
}
EXAMPLES = {
    "network.subnet": strategies.sampled_from(["10.20.0.0/24", "192.168.0.0/16", "fd00:1::/64"]),
    "network.gateway": strategies.sampled_from(["10.20.0.1", "10.20.0.254"]),
    "network.dhcp": strategies.sampled_from([{"start": "10.20.0.10", "end": "10.20.0.20"}, {"start": "10.20.0.7", "end": "10.20.0.7"}]),
    "network.bridge": strategies.from_regex(r"[a-z][a-z0-9]{0,10}", fullmatch=True),
    "network.dnsmasq_options": strategies.lists(WORDS, unique=True, min_size=1),
    "network.dns_hosts[].names": strategies.lists(WORDS, unique=True, min_size=1),
    "network.nat.addresses.start": strategies.integers(1, 254).map("192.0.2.{}".format),
    "network.nat.addresses.end": strategies.integers(1, 254).map("192.0.2.{}".format),
    "network.forward_interfaces": strategies.lists(WORDS, unique=True, min_size=1),
    "network.virtual_functions": strategies.lists(strategies.integers(0, 7).map("0000:03:10.{}".format), unique=True, min_size=1),
    "network.further_subnets[].subnet": strategies.sampled_from(["10.20.0.0/24", "192.168.0.0/16", "fd00:1::/64"]),
    "network.routes[].destination": strategies.sampled_from(["10.30.0.0/16", "192.0.2.7/32", "fd00:2::/48"]),
    "network.address_pool[].dns": strategies.lists(strategies.ip_addresses().map(str), unique=True, min_size=1),
    "network.address_pool[].netmask": strategies.sampled_from(["255.255.255.0", "255.255.0.0"]),
    "network.labels": strategies.dictionaries(WORDS, WORDS, min_size=1),
    "network.reservations[].address": strategies.integers(2, 254).map("10.20.0.{}".format),
    "pool.path": strategies.lists(WORDS, min_size=1).map(lambda words: "/" + "/".join(words)),
    "pool.source.adapter.address": strategies.tuples(strategies.integers(0, 31), strategies.integers(0, 7)).map(lambda at: "0000:00:%02x.%d" % at),
    "pool.mount_options": strategies.lists(WORDS, unique=True, min_size=1),
    "pool.config_options": strategies.dictionaries(WORDS, WORDS, min_size=1),
    "pool.permissions.mode": strategies.integers(0, 0o7777).map("{:04o}".format),
    "vm.disks[].network.auth.secret": strategies.sampled_from(["client.admin", "6fd3f62d-9fe7-4a4e-a869-7acd6376d8ea"]),
    "vm.disks[].encryption.secret": strategies.sampled_from(["disk passphrase", "6fd3f62d-9fe7-4a4e-a869-7acd6376d8ea"]),
    "vm.disks[].throttle_filters": strategies.lists(WORDS, unique=True, min_size=1),
    "vm.disks[].driver.iothreads[].queues": strategies.lists(strategies.integers(0, 63), unique=True, min_size=1),
    "vm.qemu.arguments": strategies.lists(WORDS, min_size=1),
    "vm.qemu.environment": strategies.dictionaries(WORDS, WORDS, min_size=1),
    "vm.qemu.add_capabilities": strategies.lists(WORDS, unique=True, min_size=1),
    "vm.qemu.remove_capabilities": strategies.lists(WORDS, unique=True, min_size=1),
    "vm.sounds[].codecs": strategies.lists(strategies.sampled_from(["duplex", "micro", "output"]), unique=True, min_size=1),
    "vm.filesystems[].source": WORDS.map("/srv/{}".format),
    "vm.hostdevs[].source.address": strategies.tuples(strategies.integers(0, 31), strategies.integers(0, 7)).map(lambda at: "0000:00:%02x.%d" % at),
    "vm.hostdevs[].source.auth.secret": strategies.sampled_from(["client.admin", "6fd3f62d-9fe7-4a4e-a869-7acd6376d8ea"]),
    "vm.memory_devices[].target.address": strategies.integers(0, 2 ** 40).map("0x{:x}".format),
    "vm.redirfilter": strategies.lists(strategies.fixed_dictionaries({"allow": strategies.booleans(), "vendor": strategies.integers(-1, 65535)}), min_size=1),
    "vm.smartcards[].certificates": strategies.lists(WORDS, min_size=3, max_size=3),
    "vm.tpm.active_pcr_banks": strategies.lists(strategies.sampled_from(["sha1", "sha256", "sha384", "sha512"]), unique=True, min_size=1),
    "vm.interfaces[].user": strategies.just(True),
    "vm.interfaces[].filter.parameters": strategies.dictionaries(
        strategies.from_regex("[A-Z_]{1,9}", fullmatch=True),
        strategies.one_of(WORDS, strategies.lists(WORDS, min_size=1, unique=True)), min_size=1),
    "volume.permissions.mode": strategies.integers(0, 0o777).map("{:04o}".format),
    "volume.backing_permissions.mode": strategies.integers(0, 0o777).map("{:04o}".format),
    "volume.cluster_size": strategies.integers(9, 21).map(lambda power: "%dB" % (1 << power)),
    "volume.encryption.secret": strategies.uuids().map(str) | WORDS,
    "vm.machine": strategies.sampled_from(["q35", "pc", "pc-q35-9.2", "virt"]),
    # Most of what its pattern allows, XML does not.
    "vm.title": strategies.text("aZ0 <&>'\"äü", min_size=1).filter(str.strip),
    "secret.name": WORDS,
    "vm.uuid": strategies.uuids().map(str),
    "vm.labels": strategies.dictionaries(WORDS, WORDS | strategies.integers(), min_size=1, max_size=3),
    "vm.cpu.vendor_id": strategies.sampled_from(["GenuineIntel", "Whatever & 1"]),
    "vm.boot.devices": strategies.lists(strategies.sampled_from(["hd", "cdrom", "network", "fd"]), unique=True, min_size=1),
    "vm.xml": strategies.sampled_from(["<on_lockfailure>ignore</on_lockfailure>", "<domain><vcpus><vcpu id='0' enabled='yes'/></vcpus></domain>"]),
    "vm.type": strategies.sampled_from(["kvm", "qemu"]),
    "vm.genid": strategies.uuids().map(str),
    "vm.init.args": strategies.lists(WORDS, unique=True, min_size=1),
    "vm.init.env": strategies.dictionaries(WORDS, WORDS, min_size=1),
    "vm.features.capabilities.allowed": strategies.dictionaries(WORDS, strategies.booleans(), min_size=1),
    "vm.sysinfo.oem_strings": strategies.lists(WORDS, unique=True, min_size=1),
    "vm.perf": strategies.dictionaries(strategies.sampled_from(["cmt", "mbmt", "page_faults"]), strategies.just(True), min_size=1),
    "vm.nvram.network.auth.secret": strategies.sampled_from(["client.admin", "6fd3f62d-9fe7-4a4e-a869-7acd6376d8ea"]),
    "vm.guest_agent": strategies.just(True),
    "image.source": strategies.sampled_from(["/srv/a.qcow2", "https://example.org/a.qcow2"]),
    "image.checksum": strategies.just("sha256:" + "0" * 64),
}


# Where another option says what this one is about.
KIND_OF = {("Chardev", "bind_host"): {"type": "udp"}, ("Chardev", "bind_port"): {"type": "udp"}}


class Case:
    def __init__(self, path, model, field):
        self.path, self.model, self.field = path, model, field


def walk(model, path):
    """Every field of a model and of the models in it."""
    for name, field in model.fields().items():
        place = "%s.%s" % (path, name)
        yield Case(place, model, field)
        if isinstance(field, _fields.Node):
            yield from walk(field.model, place)
        elif isinstance(field, _fields.Nodes):
            yield from walk(field.model, place + "[]")


ALL = [case for kind in KINDS.values() for case in walk(kind.model, kind.kind)]
IN_XML = [case for case in ALL if case.field.path is not None or isinstance(case.field, _fields.Node)]
# What several devices have is one field.
OPTIONS = list({id(case.field): case for case in reversed(IN_XML) if case.field.option and not isinstance(case.field, (_fields.Node, _fields.Nodes))}.values())


def example(case):
    """A strategy for what a user may write."""
    field = case.field
    if case.path in EXAMPLES:
        return EXAMPLES[case.path]
    for kind, strategy in (
            (LeaseTime, lambda: strategies.sampled_from(["infinite", "120s", "90m", "12h", "7d"])),
            (Uuid, lambda: strategies.uuids().map(str)),
            (_fields.Enum, lambda: strategies.sampled_from(field.argument["choices"])),
            (_fields.Switch, strategies.booleans),
            (_fields.Presence, lambda: strategies.just(True)),
            (_fields.Int, lambda: strategies.integers(1 if field.minimum is None else field.minimum, 10**6 if field.maximum is None else field.maximum)),
            (_fields.Size, lambda: strategies.integers(1, 10**12).map("{}KiB".format)),
            (_fields.Mac, lambda: MACS),
            (_fields.Address, lambda: strategies.ip_addresses().map(str)),
            (_fields.Name, lambda: WORDS),
            (CpuSet, lambda: strategies.sampled_from(["0", "0-3,8", "0-7,^5", "2,1,0"])),
            (_fields.Text, lambda: strategies.from_regex(field.pattern or r"\w[\w ]{0,40}", fullmatch=True)),
    ):
        if isinstance(field, kind):
            return strategy()
    pytest.fail("There are no examples for %s: add them to EXAMPLES." % case.path)
    return None


def started(case):
    """An element with what must stand there before."""
    fields = case.model.fields()
    said = dict(CONTEXT.get(case.path, {}), **next((KIND_OF[one.__name__, case.field.name] for one in case.model.__mro__
                                                    if (one.__name__, case.field.name) in KIND_OF), {}))
    before = {name: fields[name].normalise(value) for name, value in said.items()}
    return case.model.write(_xml.new(case.model.tag or "nothing"), before)


def accepted(case, value):
    try:
        return case.field.normalise(value)
    except FieldError:
        # Patterns say less than fields: white space alone, say.
        return assume(False)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.path) for case in OPTIONS])
@settings(max_examples=15, deadline=None)
@given(data=strategies.data())
def test_a_field_is_written_read_back_and_removed(case, data):
    field, model = case.field, case.model
    first, second = (accepted(case, data.draw(example(case))) for _time in range(2))
    tree = started(case)
    empty = _xml.canonical(tree)
    for value in (first, second):
        declared = {field.name: value}
        model.write(tree, declared)
        # As libvirt hands it out again.
        tree = _xml.copy(tree)
        assert field.same(value, model.read(tree).get(field.name))
        assert model.compare(declared, tree) == []
        assert model.compare(declared, tree, live=True) == []
        assert field.same(value, field.normalise(field.describe(value)))
    model.write(tree, {field.name: None})
    assert model.compare({field.name: None}, tree) == []
    if case.path not in CONTEXT:
        assert field.is_content(tree)
    if not field.is_default(second) and case.path not in CONTEXT:
        assert len(tree) == len(_xml.parse(empty)), _xml.text(tree)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.path) for case in OPTIONS])
@settings(max_examples=10, deadline=None)
@given(data=strategies.data())
def test_another_value_is_told_from_the_declared_one(case, data):
    first, second = (accepted(case, data.draw(example(case))) for _time in range(2))
    tree = case.model.write(started(case), {case.field.name: second})
    changes = case.model.compare({case.field.name: first}, tree)
    actual = case.field.read(tree)
    if case.field.same(first, actual):
        assert changes == []
    else:
        assert [change.path for change in changes] == [(case.field.name,)]
        assert (changes[0].before, changes[0].after) == case.field.shown(actual, first)
        replugged = getattr(case.model, "replugs", False) and case.model.is_hot(case.model.read(tree))
        assert changes[0].how == (_fields.REPLUG if replugged and case.field.change == _fields.RESTART else case.field.reach(tree))


@pytest.mark.parametrize("case", [pytest.param(case, id=case.path) for case in ALL])
def test_a_field_is_declared_whole(case):
    field = case.field
    assert re.fullmatch("[a-z][a-z0-9_]*", field.name)
    assert field.change in (_fields.LIVE, _fields.REPLUG, _fields.RESTART, _fields.FIXED)
    assert (field.name in case.model.arguments()) == field.option
    assert case.model.fields()[field.name] is field
    if field.refers is not None:
        assert field.refers in {kind.kind for kind in KINDS.values()}
    if field.option and (field.path is not None or isinstance(field, _fields.Node)):
        # A default of Ansible's would be a declaration that nobody made.
        assert "default" not in field.spec()


def test_the_walk_goes_deep():
    paths = {case.path for case in OPTIONS}
    assert {"vm.name", "vm.disks[].cache", "vm.interfaces[].mac", "vm.cpu.mode", "network.dns_hosts[].names", "pool.permissions.owner"} <= paths
    assert len(paths) > 45
