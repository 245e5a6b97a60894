# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done to a VM whose guest is its firmware alone, which answers nothing but the button behind it."""
from __future__ import annotations

import pytest
from machines import SMALL, Machines

from ansible_collections.tinycloud.libvirt.plugins.module_utils._engine import Engine
from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import Hypervisor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._guest_command import Stream
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm_console_log import VmConsoleLog
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm_exec import VmExec
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm_file import VmFile
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm_power import VmPower
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm_screenshot import VmScreenshot


@pytest.fixture
def machines(daemon, daemon_uri, tmp_path):
    machines = Machines(daemon_uri, daemon, tmp_path)
    machines.result(dict(SMALL, name="vm", state="running", video=None, graphics=None, console={"type": "pty", "log": None}))
    return machines


def refused(machines, kind, **options):
    with pytest.raises(Failure) as error:
        machines.result(dict({"name": "vm"}, **options), kind=kind)
    return error.value


def test_a_reset_is_seen(machines):
    assert machines.result({"name": "vm", "action": "reset"}, kind=VmPower, check_mode=True)["changed"]
    done = machines.result({"name": "vm", "action": "reset"}, kind=VmPower)
    assert (done["changed"], done["summary"][0]) == (True, "~ vm_power vm  action reset")


def test_a_guest_that_does_not_reboot_is_told_of(machines):
    failure = refused(machines, VmPower, action="reboot", timeout=1)
    assert failure.code == "reboot_timeout"
    assert "reset" in failure.hint
    assert machines.facts()["state"] == "running"


def test_without_an_agent(machines):
    for kind, options in ((VmPower, {"action": "reboot", "via": "agent"}), (VmExec, {"argv": ["true"]}),
                          (VmFile, {"path": "/etc/motd", "content": "text"})):
        failure = refused(machines, kind, **options)
        assert failure.code == "no_agent"
        assert "qemu-guest-agent" in failure.hint
        assert not failure.changed


def test_without_a_screen_or_a_log(machines):
    assert refused(machines, VmScreenshot, dest="/nowhere.png").code == "no_screen"
    assert refused(machines, VmConsoleLog).code == "no_console_log"


def test_a_log_that_is_written_meanwhile(machines, tmp_path):
    log = tmp_path / "vm.log"
    machines.result(dict(SMALL, name="logged", state="stopped", console={"type": "pty", "log": str(log)}))
    log.write_text("".join(f"line {number}\n" for number in range(200)))
    read = VmConsoleLog.from_options({"name": "logged", "lines": 3})
    scene = Engine(Hypervisor(machines.uri), machines.registry, Executor()).look([read])
    assert read.facts(scene)["lines"] == ["line 197", "line 198", "line 199"]
    # What lies further back than the lines that are wanted does not count.
    assert refused(machines, VmConsoleLog, name="logged", lines=3, pattern="line 196$", timeout=0).code == "pattern_timeout"
    assert not machines.result({"name": "logged", "lines": 3, "pattern": "line 198$"}, kind=VmConsoleLog)["changed"]


@pytest.mark.parametrize("options", [
    {"argv": ["true"], "script": "true"}, {"argv": []}, {"argv": ["true"], "exit_codes": [256]}, {"argv": ["true"], "max_output": "65MiB"},
    {"argv": ["true"], "variables": {"not a name": "x"}}, {"argv": ["true"], "creates": "not/absolute"}])
def test_wrong_commands(machines, options):
    assert refused(machines, VmExec, **options).code == "invalid_option"


@pytest.mark.parametrize("found, size, text", [
    (b"", 0, ""), ("grün".encode(), 5, "grün"), ("grün".encode()[:3], 5, "gr"), ("grün".encode()[:3], 3, None), (b"\xff\xfe", 100, None)])
def test_what_is_text(found, size, text):
    assert Stream(found, size).text == text
