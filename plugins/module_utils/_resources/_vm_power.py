# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From any power state of a VM to any other that can be reached."""
from __future__ import annotations

import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError, constant, flags

RUNNING, PAUSED, STOPPED, SAVED = "running", "paused", "stopped", "saved"


def power_state(handle):
    """running, paused, stopped or saved."""
    state, _reason = handle.state(0)
    if state in (constant("DOMAIN_RUNNING"), constant("DOMAIN_BLOCKED"), constant("DOMAIN_SHUTDOWN")):
        return RUNNING
    if state in (constant("DOMAIN_PAUSED"), constant("DOMAIN_PMSUSPENDED")):
        return PAUSED
    return SAVED if handle.hasManagedSaveImage(0) else STOPPED


class Power:
    """Changes of one domain's power state.

    :param timeout: seconds that a guest has to shut down
    :param force: pull the plug of a guest that does not
    """

    def __init__(self, handle, timeout, force):
        self.handle = handle
        self.timeout = timeout
        self.force = force

    def start(self, paused=False):
        if power_state(self.handle) in (RUNNING, PAUSED):
            return
        try:
            self.handle.createWithFlags(constant("DOMAIN_START_PAUSED") if paused else 0)
        except HypervisorError as error:
            # Another run may have started it between our look and the call.
            if error.code != "operation_invalid" or not self._is_active():
                raise

    def resume(self):
        state, _reason = self.handle.state(0)
        if state == constant("DOMAIN_PMSUSPENDED"):
            self.handle.pMWakeup(0)
        else:
            self.handle.resume()

    def suspend(self):
        self.handle.suspend()

    def save(self):
        self.handle.managedSave(0)

    def discard_saved(self):
        self.handle.managedSaveRemove(0)

    def shut_down(self):
        """Ask the guest; ask again while it boots and may not listen yet; then pull the plug, if that is wanted."""
        deadline = time.monotonic() + self.timeout
        ask_again = 0.0
        while self._is_active():
            now = time.monotonic()
            if now >= deadline:
                if not self.force:
                    raise Failure("shutdown_timeout", "The guest did not shut down within %d seconds" % self.timeout,
                                  hint="Raise 'shutdown_timeout', or allow pulling the plug with 'force: true'.")
                return self.pull_the_plug()
            if now >= ask_again:
                ask_again = now + 10
                self._ask()
            time.sleep(0.2)
        return None

    def _ask(self):
        try:
            self.handle.shutdown()
        except HypervisorError as error:
            # It may have gone down between our look and the question.
            if error.code != "operation_invalid":
                raise

    def _is_active(self):
        return bool(self.handle.isActive())

    def pull_the_plug(self):
        try:
            self.handle.destroyFlags(constant("DOMAIN_DESTROY_GRACEFUL"))
        except HypervisorError as error:
            if error.code != "operation_invalid" or self._is_active():
                raise

    def undefine(self):
        """Remove the definition with all that libvirt keeps beside it; disks are not touched."""
        kept = flags("DOMAIN_UNDEFINE_MANAGED_SAVE", "DOMAIN_UNDEFINE_SNAPSHOTS_METADATA")
        try:
            self.handle.undefineFlags(kept | flags("DOMAIN_UNDEFINE_CHECKPOINTS_METADATA", "DOMAIN_UNDEFINE_NVRAM"))
        except HypervisorError as error:
            # Drivers other than QEMU's keep less, and say so by refusing the flags.
            if error.code != "invalid_arg":
                raise
            self.handle.undefineFlags(kept)


# Every way from one power state to another, as Power's methods. The table in the guide to states is checked against it.
_WAYS = {
    (STOPPED, RUNNING): ["start"], (SAVED, RUNNING): ["start"], (PAUSED, RUNNING): ["resume"],
    (RUNNING, STOPPED): ["shut_down"], (PAUSED, STOPPED): ["resume", "shut_down"],
    (SAVED, STOPPED): ["discard_saved"],
    (RUNNING, PAUSED): ["suspend"], (STOPPED, PAUSED): ["start_paused"], (SAVED, PAUSED): ["start_paused"],
    (RUNNING, SAVED): ["save"], (PAUSED, SAVED): ["save"],
}


def steps(current, wanted):
    """The Power methods that lead from one state to another; None where there is no way.

    A saved VM goes to stopped only by losing what was saved, so that needs ``force``, which the caller asks for.
    """
    return [] if current == wanted else _WAYS.get((current, wanted))


def method(power, name):
    return (lambda: power.start(paused=True)) if name == "start_paused" else getattr(power, name)
