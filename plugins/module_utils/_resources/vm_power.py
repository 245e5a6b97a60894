# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done to a VM's power, seen to its end."""
from __future__ import annotations

import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, Int, Name
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError, constant
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._guest_agent import GuestAgent
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_power import power_state
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_verb import VmVerb

_PAUSE = 0.5
_BOOT_ID = "/proc/sys/kernel/random/boot_id"
_VIA = {"any": "DEFAULT", "agent": "GUEST_AGENT", "acpi": "ACPI_POWER_BTN"}


class VmPowerOptions(Model):
    """The options of the module vm_power."""

    name = Name(required=True, refers="vm")
    action = Enum(choices=["reboot", "reset", "nmi"], required=True)
    via = Enum(choices=list(_VIA), default="any")
    timeout = Int(minimum=1, default=120)


class VmPower(VmVerb):
    kind = "vm_power"
    model = VmPowerOptions

    def check(self, scene):
        if self.outcome is None:
            self.running(scene)
            if self.declared["via"] == "agent":
                self.agent(scene)

    def said(self):
        return {"action": self.declared["action"]}

    def do(self, scene):
        handle = self.running(scene).handle
        guest = _Boots(GuestAgent(scene.hypervisor, handle), self.declared["timeout"])
        if self.declared["action"] == "nmi":
            # What the guest makes of it is its own affair, and nobody tells.
            handle.injectNMI(0)
        else:
            guest.remember()
            with scene.hypervisor.hearing(handle, "REBOOT") as wait:
                if self.declared["action"] == "reset":
                    handle.reset(0)
                else:
                    handle.reboot(constant("DOMAIN_REBOOT_" + _VIA[self.declared["via"]]))
                began = wait(self.declared["timeout"])
            if not began or not guest.came_back():
                raise Failure("reboot_timeout", "timeout: the VM '%s' did not start anew within %d seconds"
                              % (self.name, self.declared["timeout"]), self.key,
                              "A guest that does not listen is started anew with action: reset, and loses what it has not written.")
        return {"name": self.name, "action": self.declared["action"], "state": power_state(handle), "boot_id": guest.boot_id()}


class _Boots:
    """A guest's boots, told apart by what its agent says; of one without an agent nothing is known."""

    def __init__(self, agent, seconds):
        self._agent = agent
        self._deadline = time.monotonic() + seconds
        self._before = None

    def boot_id(self):
        try:
            return self._agent.read(_BOOT_ID)[0].decode().strip() if self._agent.is_connected else None
        except HypervisorError:
            # It comes or goes at this moment, or knows no such file.
            return None

    def remember(self):
        self._before = self.boot_id()

    def came_back(self):
        """Wait until the agent, if there was one, speaks of another boot."""
        while self._before is not None and self.boot_id() in (None, self._before):
            if time.monotonic() > self._deadline:
                return False
            time.sleep(_PAUSE)
        return True
