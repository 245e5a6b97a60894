# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of configuration files inside a guest, and edits of them."""
from __future__ import annotations

import ipaddress
import re
import shlex

FIRST_BOOT = "/var/lib/tinycloud/first-boot"
FIRST_BOOT_UNIT = "tinycloud-first-boot.service"
_FIRST_BOOT_LOG = "/var/log/tinycloud-first-boot.log"


def os_release(text):
    """What /etc/os-release says, by its names. https://www.freedesktop.org/software/systemd/man/os-release.html"""
    found = {}
    for line in text.splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            try:
                words = shlex.split(value)
            except ValueError:
                continue
            found[name] = words[0] if words else ""
    return found


def edited(text, regexp=None, line=None, state="present"):
    """The text with the line that is wanted: in place of the last one that matches, else at the end."""
    lines = text.splitlines()
    if state == "absent":
        kept = [one for one in lines if not (re.search(regexp, one) if regexp is not None else one == line)]
        return _whole(kept) if len(kept) < len(lines) else text
    if line in lines and (regexp is None or not any(re.search(regexp, one) for one in lines if one != line)):
        return text
    places = [index for index, one in enumerate(lines) if regexp is not None and re.search(regexp, one)]
    if places:
        lines[places[-1]] = line
    else:
        lines.append(line)
    return _whole(lines)


def _whole(lines):
    return "".join(line + "\n" for line in lines)


def hosts(text, hostname):
    """/etc/hosts in which a Debian host knows its own name."""
    names = [hostname] + ([hostname.partition(".")[0]] if "." in hostname else [])
    return edited(text, r"^127\.0\.1\.1\s", "127.0.1.1\t%s" % " ".join(names))


def datasources(names):
    return "datasource_list: [%s]\n" % ", ".join(names)


def network_name(nic):
    """A file's name for the interface (a wildcard is none)."""
    return "10-tinycloud-" + re.sub(r"[^A-Za-z0-9]", "x", nic["name"])


def networkd(nic):
    """https://www.freedesktop.org/software/systemd/man/systemd.network.html"""
    lines = ["[Match]", "Name=%s" % nic["name"], "", "[Network]"]
    if nic.get("dhcp"):
        lines.append("DHCP=yes")
    for option, key in (("addresses", "Address"), ("gateway", "Gateway"), ("dns", "DNS")):
        value = nic.get(option) or []
        lines += ["%s=%s" % (key, one) for one in ([value] if isinstance(value, str) else value)]
    return _whole(lines)


def network_manager(nic):
    """https://networkmanager.dev/docs/api/latest/nm-settings-keyfile.html"""
    lines = ["[connection]", "id=%s" % network_name(nic), "type=ethernet", "", "[match]", "interface-name=%s" % nic["name"]]
    for version in (4, 6):
        mine = [one for one in nic.get("addresses") or [] if ipaddress.ip_interface(one).version == version]
        lines += ["", "[ipv%d]" % version, "method=%s" % ("manual" if mine else "auto" if nic.get("dhcp") or version == 6 else "disabled")]
        lines += ["address%d=%s" % (number, one) for number, one in enumerate(mine, 1)]
        gateway = nic.get("gateway")
        if gateway and ipaddress.ip_address(gateway).version == version:
            lines.append("gateway=%s" % gateway)
        servers = [one for one in nic.get("dns") or [] if ipaddress.ip_address(one).version == version]
        if servers:
            lines.append("dns=%s;" % ";".join(servers))
    return _whole(lines)


def interfaces(nic):
    """interfaces(5) of ifupdown, which OpenRC's ifupdown-ng and BusyBox's ifup read too."""
    name = nic["name"]
    lines = ["auto %s" % name] if re.fullmatch(r"[\w.-]+", name) else ["auto /%s" % name]
    if nic.get("dhcp"):
        lines += ["iface %s inet dhcp" % name]
    for address in nic.get("addresses") or []:
        version = ipaddress.ip_interface(address).version
        lines += ["iface %s %s static" % (name, "inet" if version == 4 else "inet6"), "    address %s" % address]
        if nic.get("gateway") and ipaddress.ip_address(nic["gateway"]).version == version:
            lines.append("    gateway %s" % nic["gateway"])
    if nic.get("dns"):
        lines.append("    dns-nameservers %s" % " ".join(nic["dns"]))
    return _whole(lines)


def first_boot_runner():
    """Runs each script once, in order; one that fails stays, is told in the log, and is tried at the next boot."""
    return """#!/bin/sh
for script in %s/scripts/*; do
    [ -f "$script" ] || continue
    echo "== $script" >> %s
    if "$script" >> %s 2>&1; then
        rm -f "$script"
    else
        echo "== $script ended with $?" >> %s
    fi
done
""" % (FIRST_BOOT, _FIRST_BOOT_LOG, _FIRST_BOOT_LOG, _FIRST_BOOT_LOG)


def first_boot_unit():
    return """[Unit]
Description=Scripts of the first boot
After=network.target
ConditionDirectoryNotEmpty=%s/scripts

[Service]
Type=oneshot
ExecStart=%s/run
RemainAfterExit=yes
TimeoutStartSec=infinity

[Install]
WantedBy=multi-user.target
""" % (FIRST_BOOT, FIRST_BOOT)


def sudoers(name, rule):
    return "%s %s\n" % (name, rule)
