# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of configuration files inside a guest."""
from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import guest_files, guest_system

LINES = strategies.lists(strategies.text("ab=# ", max_size=6), max_size=6)


@pytest.mark.parametrize("text, asked, expected", [
    ("", {"line": "a"}, "a\n"),
    ("a\n", {"line": "a"}, "a\n"),
    ("a", {"line": "b"}, "a\nb\n"),
    ("x=1\nx=2\ny\n", {"regexp": "^x=", "line": "x=3"}, "x=1\nx=3\ny\n"),
    ("y\n", {"regexp": "^x=", "line": "x=3"}, "y\nx=3\n"),
    ("x=1\ny\nx=2\n", {"regexp": "^x=", "state": "absent"}, "y\n"),
    ("a\nb\na\n", {"line": "a", "state": "absent"}, "b\n"),
    ("no end", {"line": "c", "state": "absent"}, "no end"),
])
def test_lines(text, asked, expected):
    assert guest_files.edited(text, **asked) == expected


@given(LINES, strategies.text("ab=", min_size=1, max_size=4))
def test_a_line_that_is_wanted_is_there_once_more_changes_nothing(lines, line):
    text = "".join(one + "\n" for one in lines)
    for regexp in (None, "^" + re.escape(line[0])):
        once = guest_files.edited(text, regexp, line)
        assert line in once.splitlines()
        assert guest_files.edited(once, regexp, line) == once
        assert len(once.splitlines()) - len(lines) in (0, 1)
        gone = guest_files.edited(once, regexp, line, "absent")
        assert line not in gone.splitlines()


def test_os_release():
    text = 'ID=debian\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n# NAME=no\nVERSION_ID=\'12\'\nbroken="\n\nEMPTY=\n'
    assert guest_files.os_release(text) == {"ID": "debian", "PRETTY_NAME": "Debian GNU/Linux 12 (bookworm)", "VERSION_ID": "12", "EMPTY": ""}


def test_a_debian_host_knows_its_name():
    assert guest_files.hosts("127.0.0.1\tlocalhost\n", "a.b") == "127.0.0.1\tlocalhost\n127.0.1.1\ta.b a\n"
    assert guest_files.hosts("127.0.1.1 old\n", "a") == "127.0.1.1\ta\n"


NIC = {"name": "en*", "addresses": ["10.0.0.5/24", "fd00::5/64"], "gateway": "10.0.0.1", "dns": ["10.0.0.1", "fd00::1"]}


def test_network_for_networkd():
    assert guest_files.networkd(NIC).splitlines() == [
        "[Match]", "Name=en*", "", "[Network]", "Address=10.0.0.5/24", "Address=fd00::5/64", "Gateway=10.0.0.1", "DNS=10.0.0.1", "DNS=fd00::1"]
    assert "DHCP=yes" in guest_files.networkd({"name": "eth0", "dhcp": True})
    assert "/" not in guest_files.network_name(NIC)
    assert "*" not in guest_files.network_name(NIC)


def test_network_for_network_manager():
    text = guest_files.network_manager(NIC)
    four, six = text.split("[ipv6]")
    assert "method=manual\naddress1=10.0.0.5/24\ngateway=10.0.0.1\ndns=10.0.0.1;\n" in four
    assert six == "\nmethod=manual\naddress1=fd00::5/64\ndns=fd00::1;\n"
    assert "[ipv4]\nmethod=auto\n" in guest_files.network_manager({"name": "eth0", "dhcp": True})


def test_network_for_ifupdown():
    text = guest_files.interfaces(dict(NIC, name="eth0"))
    assert text == ("auto eth0\niface eth0 inet static\n    address 10.0.0.5/24\n    gateway 10.0.0.1\n"
                    "iface eth0 inet6 static\n    address fd00::5/64\n    dns-nameservers 10.0.0.1 fd00::1\n")
    assert guest_files.interfaces({"name": "eth0", "dhcp": True}) == "auto eth0\niface eth0 inet dhcp\n"


@pytest.mark.parametrize("manager", guest_system.PACKAGE_MANAGERS)
def test_packages(manager):
    lines = guest_system.package_commands(manager, {"install": ["new"], "remove": ["gone"], "update": True})
    assert [line for line in lines if "gone" in line] == lines[:1]
    assert "new" in lines[-1]
    assert guest_system.package_commands(manager, {"remove": ["gone"]}) == lines[:1]
    assert guest_system.package_commands(manager, {}) == []


@pytest.mark.parametrize("manager", guest_system.SERVICE_MANAGERS)
def test_services(manager):
    assert len(guest_system.service_commands(manager, {"enable": ["a", "b"], "disable": ["c"]})) == 3
