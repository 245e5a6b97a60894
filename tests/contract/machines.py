# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs on a hypervisor, declared and looked at as the module does it."""
from __future__ import annotations

import copy
import multiprocessing
import os
import subprocess

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._engine import Engine
from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._given import given
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import Hypervisor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import result_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import Registry
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm import Vm

# No disk and no network to boot from: the guest is its firmware, which answers nothing.
SMALL = {"type": "qemu", "memory": "64MiB", "state": "present"}


KILLED = 137


class Mortal(Hypervisor):
    """A connection whose process is killed right before one of its calls."""

    life = None

    def call(self, method, *arguments):
        if self.calls == self.life:
            os._exit(KILLED)
        return super().call(method, *arguments)


def live_and_die(uri, registry, options, life):
    hypervisor = Mortal(uri)
    hypervisor.life = life
    resource = Vm.from_options(Machines._typed(Vm, options))
    Engine(hypervisor, Registry(registry), Executor()).reconcile([resource])


class Machines:
    """
    :param uri: of the hypervisor
    :param connection: libvirt's own, for what somebody else does and sees
    """

    def __init__(self, uri, connection, folder):
        self.uri = uri
        self.connection = connection
        self.folder = folder
        self.registry = Registry(str(folder / "registry"))
        self.calls = 0

    def result(self, *declared, kind=Vm, check_mode=False):
        """One call of a module: its result."""
        hypervisor = Hypervisor(self.uri)
        try:
            resources = [kind.from_options(self._typed(kind, options)) for options in declared]
            begun = hypervisor.calls
            outcome = Engine(hypervisor, self.registry, Executor(check_mode)).reconcile(resources)
            self.calls = hypervisor.calls - begun
            return result_of(outcome)
        finally:
            hypervisor.close()

    @staticmethod
    def _typed(kind, options):
        """The options with their defaults, as AnsibleModule would hand them on."""
        spec = kind.model.arguments()
        typed = {name: options.get(name, entry.get("default")) for name, entry in spec.items()}
        return given(spec, copy.deepcopy(options), typed)

    def apply(self, **declared):
        """Check mode, the real run, and one more: the first two agree, the last finds nothing left to do."""
        options = dict(SMALL, name="vm") | declared
        before = self.everything()
        checked = self.result(options, check_mode=True)
        assert self.everything() == before, "check mode touched something"
        applied = self.result(options)
        assert checked["diff"] == applied["diff"]
        assert checked["plan"] == applied["plan"]
        again = self.result(options)
        assert not again["changed"], again["plan"]
        assert again["restart_required"] == applied["restart_required"]
        return applied

    def facts(self, name="vm", **options):
        hypervisor = Hypervisor(self.uri)
        try:
            scene = Engine(hypervisor, self.registry, Executor()).look([])
            return next((one for one in Vm.listing(scene, options) if one["name"] == name), None)
        finally:
            hypervisor.close()

    def dies(self, options, life):
        """One call in a process of its own that is killed right before a call of libvirt; False where it came to its end."""
        code, = self.apart(1, options, life)
        assert code in (0, KILLED)
        return code == KILLED

    def apart(self, number, options, life=None):
        """The same call in several processes at once: their exit codes."""
        spawn = multiprocessing.get_context("spawn")
        processes = [spawn.Process(target=live_and_die, args=(self.uri, self.registry.directory, options, life)) for _one in range(number)]
        for process in processes:
            process.start()
        for process in processes:
            process.join(120)
        return [process.exitcode for process in processes]

    # What others do and see

    def domain(self, name="vm"):
        return self.connection.lookupByName(name)

    def definition(self, name="vm"):
        return _xml.parse(self.domain(name).XMLDesc(2))  # VIR_DOMAIN_XML_INACTIVE

    def running(self, name="vm"):
        return _xml.parse(self.domain(name).XMLDesc(0))

    def edit(self, change, name="vm"):
        """``virsh edit``: change the definition's tree."""
        tree = self.definition(name)
        change(tree)
        self.connection.defineXML(_xml.text(tree))

    def everything(self):
        """All that there is to see of all VMs."""
        return {one.name(): (one.XMLDesc(2), one.XMLDesc(0), one.state(), one.hasManagedSaveImage(), one.autostart())
                for one in self.connection.listAllDomains()}

    def disk(self, name, form="qcow2", size="8M", base=None):
        """The path of a new disk image."""
        path = self.folder / name
        backing = ["-b", str(base), "-F", "qcow2"] if base else []
        subprocess.run(["qemu-img", "create", "-q", "-f", form, *backing, str(path)] + ([] if base else [size]), check=True)
        return str(path)
