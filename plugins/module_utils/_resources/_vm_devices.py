# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices that come to and go from a running VM."""
from __future__ import annotations

import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError, constant
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.disk import Disk
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.interface import Interface
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.io_tune import IoTune
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.memory_device import MemoryDevice

_MODELS = {model.tag: model for model in (Disk, Interface, MemoryDevice)}
_UNPLUG_SECONDS = 30
_ASK_AGAIN_SECONDS = 5


def attach(domain, element):
    domain.attachDeviceFlags(_xml.text(element), constant("DOMAIN_AFFECT_LIVE"))


def update(domain, element):
    domain.updateDeviceFlags(_xml.text(element), constant("DOMAIN_AFFECT_LIVE"))


def update_fields(domain, changes, item):
    """Change a device where it is plugged in: what the running VM shows of it, with the declared values of what changes."""
    running = changes[0].element
    device = _MODELS[running.tag]
    names = {change.path[2] for change in changes} | set(device.restated)
    update(domain, device.write(_xml.copy(running), {name: value for name, value in item.items() if name in names}))


def tune_io(domain, changes, item):
    """Bound a disk's traffic where it is plugged in."""
    running = changes[0].element
    wanted = IoTune.read(running.find("iotune")) if running.find("iotune") is not None else {}
    wanted.update(item["iotune"] or dict.fromkeys(wanted))
    given = IoTune.parameters(wanted)
    if wanted.get("group_name"):
        given["group_name"] = wanted["group_name"]
    domain.setBlockIoTune(_path.get(running, "target/@dev"), given, constant("DOMAIN_AFFECT_LIVE"))


def _mark(element):
    """What tells a device of a running VM: its alias, which does not change while it runs; a lease has none, and no other like it."""
    return element.tag, _path.get(element, "alias/@name") or _xml.canonical(element)


def _is_plugged(domain, mark):
    running = _xml.parse(domain.XMLDesc(0))
    return any(_mark(device) == mark for device in running.find("devices"))


def detach(domain, element):
    """Unplug, and wait until the guest has let go; it may not listen at first, so it is asked again.

    :param element: the device as the running VM shows it
    """
    mark = _mark(element)
    deadline = time.monotonic() + _UNPLUG_SECONDS
    ask_again = 0.0
    while _is_plugged(domain, mark):
        now = time.monotonic()
        if now >= deadline:
            raise Failure("unplug_timeout", "The guest did not release %s '%s' within %d seconds"
                          % (mark + (_UNPLUG_SECONDS,)),
                          hint="It may be in use there: unmount it in the guest, or change the VM with apply: next_boot.")
        if now >= ask_again:
            ask_again = now + _ASK_AGAIN_SECONDS
            _ask(domain, element)
        time.sleep(0.2)


def _ask(domain, element):
    try:
        domain.detachDeviceFlags(_xml.text(element), constant("DOMAIN_AFFECT_LIVE"))
    except HypervisorError as error:
        # The guest may already be at it, or through with it, since the last question.
        if error.code not in ("device_missing", "operation_failed", "internal_error"):
            raise
