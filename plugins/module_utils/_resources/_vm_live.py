# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a running guest gets changes of the domain itself: one way for each option that libvirt changes live."""
from __future__ import annotations

import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError, constant
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import vm as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.capacity import in_modules_now
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.graphics import Graphics
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.ours import NAMESPACE, OURS
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_devices, _vm_tuning
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._guest_agent import CONNECTED
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._patience import asked_again

_SEEN_SECONDS = 15
_BALLOON_SECONDS = 5
# The guest said no or nothing, or its machine cannot plug virtual CPUs; QEMU's own no is an internal error to libvirt.
_NOT_DONE = ("operation_timeout", "operation_failed", "operation_invalid", "operation_unsupported", "config_unsupported",
             "invalid_arg", "internal_error")
_NO_AGENT = ("agent_unresponsive", "agent_unsynced", "agent_command_failed", "argument_unsupported", "config_unsupported",
             "operation_unsupported", "operation_invalid", "no_support", "internal_error")
_FIELDS = model.Vm.fields()


def has_no_balloon(running):
    return _path.get(running, "devices/memballoon/@model") in (None, "none")


def _live():
    return constant("DOMAIN_AFFECT_LIVE")


def _now(domain):
    return _xml.parse(domain.XMLDesc(constant("DOMAIN_XML_SECURE")))


def _put_metadata(domain, edit):
    """Change our element in the running domain's metadata; its definition's is written with the definition."""
    running = _now(domain)
    edit(running)
    ours = running.find(OURS)
    # libvirt puts the root into the namespace itself, and refuses one that is there already.
    root = _xml.new("tinycloud", {} if ours is None else dict(ours.attrib))
    root.extend([] if ours is None else list(ours))
    domain.setMetadata(constant("DOMAIN_METADATA_ELEMENT"), _xml.text(root), "tinycloud", NAMESPACE, _live())


def _remember(domain, option, value):
    _put_metadata(domain, lambda running: model.Vm.write(running, {"asked": {option: str(value)}}))


def _was_asked(running, option, value):
    return (_FIELDS["asked"].read(running) or {}).get(option) == str(value)


class _Way:
    """How one option is changed in a running domain."""

    def __init__(self, option):
        self.option = option

    def follows(self, change, running):
        """Whether the guest can follow without a restart."""
        return True

    def wanted(self, change):
        return _FIELDS[self.option].unset if change.declared is None else change.declared

    def apply(self, domain, changes):
        for change in changes:
            self.change(domain, change)

    def change(self, domain, change):
        raise NotImplementedError


class _Words(_Way):
    def change(self, domain, change):
        domain.setMetadata(constant("DOMAIN_METADATA_" + self.option.upper()), change.declared, None, None, _live())


class _Labels(_Way):
    def change(self, domain, change):
        _put_metadata(domain, lambda running: model.Vm.write(running, {"labels": change.declared}))


class _Lifecycle(_Way):
    def change(self, domain, change):
        kind = constant("DOMAIN_LIFECYCLE_" + self.option[len("on_"):].upper())
        action = constant("DOMAIN_LIFECYCLE_ACTION_" + self.wanted(change).upper().replace("-", "_"))
        domain.setLifecycleAction(kind, action, _live())


class _Screen(_Way):
    """A password, where the screen was started with one: QEMU brings none to a screen that has been open to all."""

    _settable = ("password", "password_valid_to")

    def follows(self, change, running):
        if change.declared is None or change.element is None or change.path[-1] not in self._settable:
            return False
        wanted = change.declared.get(change.path[-1])
        return wanted is not None and change.element.get("passwd") is not None

    def change(self, domain, change):
        said = {option: change.declared[option] for option in self._settable if change.declared.get(option) is not None}
        _vm_devices.update(domain, Graphics.write(_xml.copy(change.element), said))


class _Statistics(_Way):
    def follows(self, change, running):
        return change.path == (self.option, "stats_period") and not has_no_balloon(running)

    def change(self, domain, change):
        domain.setMemoryStatsPeriod(change.declared or 0, _live())


class _Vcpus(_Way):
    def follows(self, change, running):
        wanted = self.wanted(change)
        return (self._fixed(running) <= wanted <= _FIELDS["maximum_vcpus"].read(running)
                and not _was_asked(running, self.option, wanted))

    @staticmethod
    def _fixed(running):
        """How many it was started with: those stay. libvirt lists them one by one once one was plugged in."""
        if running.find("vcpus") is None:
            return _FIELDS["vcpus"].read(running)
        return len(running.findall("vcpus/vcpu[@enabled='yes'][@hotpluggable='no']"))

    def change(self, domain, change):
        wanted = self.wanted(change)
        try:
            domain.setVcpusFlags(wanted, _live())
        except HypervisorError as error:
            if error.code not in _NOT_DONE:
                raise
            _remember(domain, self.option, wanted)
            return
        self._bring_online(domain, wanted)

    @staticmethod
    def _bring_online(domain, wanted):
        """Many systems plug a new CPU in and do not use it, until somebody in there says so; a guest takes a moment to see it at all."""
        if _now(domain).find(CONNECTED) is None:
            return
        try:
            asked_again(lambda: domain.setVcpusFlags(wanted, constant("DOMAIN_VCPU_GUEST")), _SEEN_SECONDS)
        except HypervisorError as error:
            if error.code not in _NO_AGENT:
                raise


class _Memory(_Way):
    def follows(self, change, running):
        return change.declared <= _FIELDS["maximum_memory"].read(running) and not has_no_balloon(running)

    def change(self, domain, change):
        """Ask, and wait as long as something comes of it."""
        domain.setMemoryFlags((change.declared + in_modules_now(_now(domain))) >> 10, _live())
        last, deadline = None, time.monotonic() + _BALLOON_SECONDS
        while time.monotonic() < deadline:
            now = _FIELDS["memory"].read(_now(domain))
            if _FIELDS["memory"].same_live(change.declared, now):
                break
            if now != last:
                last, deadline = now, time.monotonic() + _BALLOON_SECONDS
            time.sleep(0.1)
        _remember(domain, self.option, change.declared)


_WAYS = {way.option: way for way in (
    _Words("title"), _Words("description"), _Labels("labels"), _Lifecycle("on_poweroff"), _Lifecycle("on_reboot"),
    _Lifecycle("on_crash"), _Vcpus("vcpus"), _Memory("memory"), _Screen("graphics"), _Statistics("memballoon"),
)}
_WAYS.update(_vm_tuning.WAYS)


def way_of(change, running):
    """The way in which a running guest follows a change of its domain, or None."""
    way = _WAYS.get(change.path[0])
    return way if way is not None and way.follows(change, running) else None


def apply(domain, changes):
    """Have a running guest follow changes of its domain."""
    for option, way in _WAYS.items():
        some = [change for change in changes if change.path[0] == option]
        if some:
            way.apply(domain, some)


def remember_targets(element):
    """Write into a definition what libvirt asks the guest for when it starts."""
    current, most = (_FIELDS[option].read(element) for option in ("memory", "maximum_memory"))
    if current != most or _FIELDS["asked"].read(element):
        model.Vm.write(element, {"asked": {"memory": None if current == most else str(current)}})


def settled(changes, running):
    """The changes without those that the guest was asked for and has yet to do, and a sentence about each of these."""
    left, notes = [], []
    for change in changes:
        if change.path == ("memory",) and _was_asked(running, "memory", change.declared):
            notes.append("The guest was asked to use %s of memory and has %s: its balloon driver does not run, or cannot free more"
                         % (change.after, change.before))
        else:
            left.append(change)
    return left, notes
