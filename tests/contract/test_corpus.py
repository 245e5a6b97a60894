# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""libvirt's own examples: what this libvirt takes is defined by somebody else, read, and given back: nothing changes."""
from __future__ import annotations

import collections
import pathlib
import re
import sys

import pytest
from machines import Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._engine import Engine
from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import Hypervisor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm import Vm

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "corpus"))

import kinds
import measure

KINDS = {kind.name: kind for kind in kinds.KINDS}
VMS = KINDS["vm"]
# What libvirt 9.0 with QEMU for x86 takes of them, and how many of these can be written as options.
DEFINED, GIVEN_BACK = 1300, 85
# Of those that are started: how many there are at least.
STARTED = 15
# Guests that QEMU really starts otherwise than they are defined.
OTHERWISE = {
    "qemuxmlconfdata/cpu-Icelake-Server-pconfig.xml": "QEMU has no CPU with this feature, and leaves it out",
    "domainschemadata/domain-parallels-vm-simple.xml": "QEMU has no video card with so much memory, and gives it less",
}


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    return Machines(daemon_uri, daemon, tmp_path)


class Examples:
    """The examples as this machine can have them: emulated, by the QEMU that is here, on disks that are here, under one name."""

    def __init__(self, libvirt, machines):
        self.libvirt = libvirt
        self.machines = machines
        self.disks = {}

    def __call__(self, names):
        """(file, its domain), each defined while it is looked at, where libvirt takes it."""
        for name in names:
            try:
                domain = self.machines.connection.defineXML(_xml.text(self.adapted(VMS.documents[name])))
            except self.libvirt.libvirtError:
                continue
            try:
                yield name, domain
            finally:
                if domain.isActive():
                    domain.destroy()
                domain.undefineFlags(self.libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)

    def adapted(self, tree):
        tree = _xml.copy(tree)
        tree.set("type", "qemu")
        tree.attrib.pop("id", None)
        _path.put(tree, "name", "example")
        # A guest without an operating system gives no memory back.
        for path in ("uuid", "devices/emulator", "currentMemory"):
            _path.drop(tree, path)
        for index, disk in enumerate(tree.findall("devices/disk")):
            source = disk.find("source")
            if disk.get("type") in ("file", "block") and source is not None and source.attrib:
                disk.set("type", "file")
                source.attrib.pop("dev", None)
                source.set("file", self.disk(index, _path.get(disk, "driver/@type") or "raw"))
        return tree

    def disk(self, index, form):
        if (index, form) not in self.disks:
            self.disks[index, form] = self.machines.disk(f"{index}.{form}", form if form in ("raw", "qcow2") else "raw")
        return self.disks[index, form]


def given_back(machines, resource=Vm):
    """What became of the one that there is when it was given back as it is told: "", the refusal, or what changed."""
    hypervisor = Hypervisor(machines.uri)
    try:
        told, = resource.listing(Engine(hypervisor, machines.registry, Executor()).look([]), {"gather": ["spec"]})
    finally:
        hypervisor.close()
    try:
        result = machines.result(told["spec"], kind=resource)
    except Failure as failure:
        return "refused: " + re.sub("'[^']*'|[0-9]+", "*", failure.message)
    changes = [change for plan in result["plan"] for change in plan["changes"]]
    return f"changed: {changes}" if result["changed"] else f"waits: {result['restart_required']}" if result["restart_required"] else ""


def counted(reasons):
    return "\n".join(f"{number} x {reason}" for reason, number in collections.Counter(reasons).most_common(40))


def test_definitions_are_given_back(libvirt, machines):
    examples = Examples(libvirt, machines)
    found = {name: given_back(machines) for name, _domain in examples(VMS.documents)}
    wrong = {name: reason for name, reason in found.items() if reason.startswith(("changed", "waits"))}
    assert not wrong, "\n".join(f"{name}: {reason}" for name, reason in wrong.items())
    assert len(found) >= DEFINED
    fine = sum(reason == "" for reason in found.values())
    assert 100 * fine / len(found) >= GIVEN_BACK, f"{fine} of {len(found)}; {counted(found.values())}"


def starts_by_itself(tree):
    """Whether QEMU starts it without waiting for another program to connect."""
    return tree.find("devices/interface[@type='vhostuser']/source[@mode='server']") is None


def few():
    """A few examples that show every path that is modelled, the plainest first."""
    left = set(measure.coverage(VMS).modelled)
    for name, tree in sorted(VMS.documents.items(), key=lambda item: len(list(item[1].iter()))):
        shown = left & {path for path, _value in measure.facts(tree)}
        if shown and starts_by_itself(tree) and tree.find("os/type") is not None and tree.find("os/type").get("arch") in (None, "x86_64", "i686"):
            left -= shown
            yield name


def test_running_guests_are_given_back(libvirt, machines):
    examples = Examples(libvirt, machines)
    found = {}
    for name, domain in examples(few()):
        try:
            domain.create()
        except libvirt.libvirtError:
            # It is about devices, accelerators or networks that are not here.
            continue
        if name not in OTHERWISE:
            found[name] = given_back(machines)
    wrong = {name: reason for name, reason in found.items() if reason.startswith(("changed", "waits"))}
    assert not wrong, "\n".join(f"{name}: {reason}" for name, reason in wrong.items())
    assert len(found) >= STARTED, counted(found.values())
    assert sum(reason == "" for reason in found.values()) >= STARTED, counted(found.values())


@pytest.mark.parametrize("name, resource, define, defined, least", [
    ("network", Network, "networkDefineXML", 100, 80),
    # The others name secrets that are not here.
    ("pool", Pool, "storagePoolDefineXML", 50, 90),
])
def test_networks_and_pools_are_given_back(libvirt, machines, name, resource, define, defined, least):
    found = {}
    for file, tree in KINDS[name].documents.items():
        tree = _xml.copy(tree)
        _path.drop(tree, "uuid")
        try:
            thing = getattr(machines.connection, define)(_xml.text(tree))
        except libvirt.libvirtError:
            continue
        found[file] = given_back(machines, resource)
        thing.undefine()
    wrong = {file: reason for file, reason in found.items() if reason.startswith(("changed", "waits"))}
    assert not wrong, "\n".join(f"{file}: {reason}" for file, reason in wrong.items())
    assert len(found) >= defined
    percent = 100 * sum(reason == "" for reason in found.values()) / len(found)
    assert percent >= least, f"{percent:.0f} %; {counted(found.values())}"
