# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The RPM packages that compute_host installs, beside those that libvirt's own list for Fedora and RHEL makes or asks for.

Fedora's, RHEL's and SUSE's archives are not looked into: a name that libvirt's list does not know is not checked.
"""
from __future__ import annotations

import pathlib
import re

import pytest
import source
import yaml

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "roles/compute_host/vars/os"


def spec():
    return (source.folder() / "libvirt.spec.in").read_text("utf-8")


def made():
    """Names of the packages that libvirt's sources are made into."""
    return {"libvirt"} | {"libvirt-" + name for name in re.findall(r"^%package (?!-n)(\S+)", spec(), re.MULTILINE)}


def names(family):
    packages = yaml.safe_load((FOLDER / f"{family}.yml").read_text("utf-8"))["__compute_host_os"]["packages"]
    lists = [one for names in packages.values() for one in (names.values() if isinstance(names, dict) else [names])]
    return {name for one in lists for name in one}


@pytest.mark.parametrize("family", ["redhat", "suse"])
def test_libvirts_own_packages_exist(family):
    ours = {name for name in names(family) if name.startswith("libvirt-")}
    assert len(ours) >= 4
    assert ours <= made()


def test_what_libvirt_asks_for_bears_the_same_names():
    """On Fedora and RHEL."""
    asked = set(re.findall(r"^(?:Build)?Requires: ?([a-z][\w.-]*)", spec(), re.MULTILINE))
    assert {"dnsmasq", "nftables", "polkit", "swtpm-tools"} <= names("redhat") & asked
