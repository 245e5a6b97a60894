# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for VMs: all at once, each looked at in turn, with what was seen last where one does not come."""
from __future__ import annotations

import json
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Int, Words
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_facts, _vm_policy
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._guest_agent import GuestAgent
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_power import RUNNING, power_state

_PAUSE = 0.3
_CONNECT_SECONDS = 2
_CONSOLE_LINES = 5
_RESULT = "/run/cloud-init/result.json"
# What the agent answers while it is not there, busy or lacks a file: try again.
_AGENT_NOT_YET = ("agent_unresponsive", "agent_unsynced", "operation_invalid", "internal_error", "operation_timeout",
                  "argument_unsupported", "agent_command_failed")


class WaitOptions(Model):
    keys = ()
    for_ = Words(["address", "agent", "ssh", "cloud_init"], required=True)
    timeout = Int(minimum=1, default=300)


class Readiness:
    """One VM on its way to being ready.

    :param wait: what to wait for and how long, as WaitOptions
    """

    def __init__(self, hypervisor, name, handle, wait):
        self.name = name
        self._timeout = wait.get("timeout") or WaitOptions.timeout.argument["default"]
        self._deadline = time.monotonic() + self._timeout
        self._hypervisor = hypervisor
        self._handle = handle
        self._agent = GuestAgent(hypervisor, handle)
        self._left = [one for one in ("address", "agent", "ssh", "cloud_init") if one in wait["for"]]
        self._seen = "nothing yet"

    @property
    def ready(self):
        return not self._left

    @property
    def late(self):
        return time.monotonic() >= self._deadline

    def look(self):
        """Look once; what has come is not looked at again."""
        while self._left:
            seen = getattr(self, "_look_for_" + self._left[0])()
            if seen is not None:
                self._seen = seen
                return
            self._left.pop(0)

    def _addresses(self):
        found = [address for addresses in _vm_facts.leases(self._handle).values() for address in addresses]
        if found or not self._agent.is_connected:
            return found
        return _vm_facts.agent_addresses(self._handle)

    def _look_for_address(self):
        return None if self._addresses() else "no DHCP lease"

    def _look_for_agent(self):
        if not self._agent.has_channel:
            raise Failure("no_agent_channel", "wait.for: the VM '%s' has no guest agent channel" % self.name,
                          hint="Wait for address or ssh instead.")
        return None if self._agent.is_connected else "the guest agent has not connected"

    def _look_for_ssh(self):
        seen = "no DHCP lease"
        for address in self._addresses():
            try:
                with socket.create_connection((address, 22), timeout=_CONNECT_SECONDS) as connection:
                    greeting = connection.recv(8)
            except OSError as error:
                seen = "port 22 of %s: %s" % (address, error)
                continue
            if greeting.startswith(b"SSH-"):
                return None
            seen = "port 22 of %s does not speak SSH" % address
        return seen

    def _look_for_cloud_init(self):
        missing = self._look_for_agent()
        if missing:
            return missing
        try:
            text = self._agent.read(_RESULT)[0]
        except HypervisorError as error:
            if error.code not in _AGENT_NOT_YET:
                raise
            return "cloud-init has not finished (or the guest agent does not answer)"
        errors = json.loads(text).get("v1", {}).get("errors") or []
        if errors:
            raise Failure("cloud_init_failed", "cloud-init in the VM '%s' ended with errors: %s"
                          % (self.name, "; ".join(map(str, errors))), ("vm", self.name),
                          "See /var/log/cloud-init.log in the guest.")
        return None

    @property
    def told(self):
        """What was seen last, for the one who waits in vain."""
        state = power_state(self._handle)
        said = "%s is %s, after %d seconds still waiting for %s: %s" % (
            self.name, state, self._timeout, self._left[0], self._seen)
        lines = self._console()
        return said + ("; its console's last lines: " + " | ".join(lines) if lines else "")

    def _console(self):
        path = _vm_policy.console_log(self.name)
        if self._hypervisor.is_remote or not os.access(path, os.R_OK):
            return []
        with open(path, "rb") as log:
            log.seek(max(0, os.path.getsize(path) - 2048))
            lines = log.read().decode(errors="replace").splitlines()
        return [line.strip() for line in lines if line.strip()][-_CONSOLE_LINES:]


def wait_for_vms(scene, default=None):
    """Wait until every declared VM that runs has come; raises Failure when one's time is over.

    :param default: what VMs that say nothing themselves are waited for, as WaitOptions
    """
    _see_through([Readiness(scene.hypervisor, resource.name, fact.handle, wait)
                  for resource, fact, wait in _running_vms(scene, default) if wait])


def wait_for_one(scene, vm, wait):
    """Wait until one VM has come, if it runs."""
    fact = vm.fact(scene)
    if fact is not None and fact.active:
        _see_through([Readiness(scene.hypervisor, vm.name, fact.handle, wait)])


def _see_through(waiting):
    with ThreadPoolExecutor(max_workers=8) as lanes:
        while waiting:
            list(lanes.map(Readiness.look, waiting))
            waiting = [one for one in waiting if not one.ready]
            late = [one for one in waiting if one.late]
            if late:
                raise Failure("wait_timeout", "Not ready in time: %s" % "; ".join(one.told for one in late),
                              ("vm", late[0].name), "Raise 'wait.timeout', or look at the VM's console.")
            if waiting:
                time.sleep(_PAUSE)


def _running_vms(scene, default):
    for resource in scene.resources.values():
        if resource.kind == "vm" and resource.state in (RUNNING, "present"):
            fact = resource.fact(scene)
            if fact is not None and fact.active:
                yield resource, fact, resource.declared.get("wait", default)
