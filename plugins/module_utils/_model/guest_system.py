# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How distributions differ: the commands of their package and service managers."""
from __future__ import annotations

import shlex

_APT = "export DEBIAN_FRONTEND=noninteractive; apt-get -q -y -o Dpkg::Options::=--force-confold "
# For each package manager, found by its program: fetch the lists, install, remove, update everything.
PACKAGE_MANAGERS = {
    "apt-get": (_APT + "update", _APT + "--no-install-recommends install %s", _APT + "remove %s", _APT + "dist-upgrade"),
    "dnf": (None, "dnf -y install %s", "dnf -y remove %s", "dnf -y upgrade"),
    "microdnf": (None, "microdnf -y install %s", "microdnf -y remove %s", "microdnf -y upgrade"),
    "yum": (None, "yum -y install %s", "yum -y remove %s", "yum -y update"),
    "zypper": ("zypper -n refresh", "zypper -n install -l %s", "zypper -n remove %s", "zypper -n update -l"),
    "apk": ("apk update", "apk add %s", "apk del %s", "apk upgrade"),
    "pacman": ("pacman -Sy --noconfirm", "pacman -S --noconfirm --needed %s", "pacman -R --noconfirm %s", "pacman -Su --noconfirm"),
    "xbps-install": ("xbps-install -Sy", "xbps-install -y %s", "xbps-remove -y %s", "xbps-install -uy"),
}
# The same for services: enable, disable. OpenRC's runlevel is the one that every machine reaches.
SERVICE_MANAGERS = {
    "systemctl": ("systemctl enable %s", "systemctl disable %s"),
    "rc-update": ("rc-update add %s default", "rc-update del %s default"),
    "chkconfig": ("chkconfig %s on", "chkconfig %s off"),
    "update-rc.d": ("update-rc.d %s enable", "update-rc.d %s disable"),
}
PROGRAM_FOLDERS = ("/usr/bin", "/usr/sbin", "/bin", "/sbin")


def package_commands(manager, packages):
    """Shell lines, in order, that make the packages as declared."""
    refresh, install, remove, update = PACKAGE_MANAGERS[manager]
    lines = []
    if packages.get("remove"):
        lines.append(remove % _words(packages["remove"]))
    if refresh and (packages.get("install") or packages.get("update")):
        lines.append(refresh)
    if packages.get("update"):
        lines.append(update)
    if packages.get("install"):
        lines.append(install % _words(packages["install"]))
    return lines


def service_commands(manager, services):
    """A line for each service: some managers take only one at a time."""
    enable, disable = SERVICE_MANAGERS[manager]
    return ([enable % shlex.quote(name) for name in services.get("enable") or []]
            + [disable % shlex.quote(name) for name in services.get("disable") or []])


def _words(names):
    return " ".join(shlex.quote(name) for name in names)
