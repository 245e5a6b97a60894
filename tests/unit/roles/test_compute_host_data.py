# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data files of distributions: complete, of one shape, and naming packages that exist where that can be looked up."""
from __future__ import annotations

import pathlib
import shutil
import subprocess

import pytest
import yaml

FOLDER = pathlib.Path(__file__).resolve().parents[3] / "roles/compute_host/vars/os"
FAMILIES = ["debian", "redhat", "suse"]
DIFFERENCES = sorted(path.stem for path in FOLDER.glob("*.yml") if path.stem not in FAMILIES)
PER_PROCESSOR = {"emulator", "uefi"}


def family(name):
    return yaml.safe_load((FOLDER / f"{name}.yml").read_text("utf-8"))["__compute_host_os"]


def shape(tree):
    return {key: shape(value) if isinstance(value, dict) else type(value) for key, value in tree.items()}


@pytest.mark.parametrize("name", FAMILIES[1:])
def test_families_say_the_same_things(name):
    assert shape(family(name)) == shape(family(FAMILIES[0]))


@pytest.mark.parametrize("name", DIFFERENCES)
def test_differences_are_differences(name):
    """They name only what a family has, and something else than it."""
    differences = yaml.safe_load((FOLDER / f"{name}.yml").read_text("utf-8"))["__compute_host_os_differences"]
    base = family({"ubuntu": "debian"}.get(name.partition("-")[0], name.partition("-")[0]) if differences else "debian")

    def check(part, whole):
        for key, value in part.items():
            assert key in whole
            if isinstance(value, dict):
                check(value, whole[key])
            else:
                assert value != whole[key]

    check(differences, base)


@pytest.mark.parametrize("name", FAMILIES)
def test_both_processors_are_served(name):
    packages = family(name)["packages"]
    for purpose in PER_PROCESSOR:
        assert set(packages[purpose]) == {"x86_64", "aarch64"}
        assert all(packages[purpose].values())


@pytest.mark.skipif(not shutil.which("apt-cache"), reason="Debian's package lists are looked up with apt-cache")
def test_debian_has_these_packages():
    packages = family("debian")["packages"]
    lists = [one for names in packages.values() for one in (names.values() if isinstance(names, dict) else [names])]
    names = {name for one in lists for name in one}
    known = subprocess.run(["apt-cache", "pkgnames"], capture_output=True, text=True, check=True).stdout.split()
    if "libvirt-daemon-system" not in known:
        pytest.skip("apt has read no package lists on this machine")
    assert names <= set(known)
