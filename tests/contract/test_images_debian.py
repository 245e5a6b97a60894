# SPDX-License-Identifier: GPL-3.0-or-later
"""A Debian that is made of packages as an image: its life. What is installed is seen in the scenario debian_disk, and boots in the lab."""
from __future__ import annotations

import glob
import os
import shutil

import pytest
from image_host import Host, diff

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _debian_image, _mmdebstrap
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure


@pytest.fixture
def host(daemon, daemon_uri, tmp_path):
    return Host(daemon_uri, tmp_path)


def test_a_debian_without_a_server_of_images(host, monkeypatch):
    asked = []

    def make(work, suite, archives, packages, size):
        asked.append((suite, archives, tuple(packages), size))
        os.mkdir(work)
        with open(work + "/disk.raw", "wb") as file:
            file.write(b"GRUB" * 100)
            file.truncate(size)
        return work + "/disk.raw"

    monkeypatch.setattr(_debian_image, "make", make)
    monkeypatch.setattr(_mmdebstrap, "sources", lambda suite: [f"deb http://deb.debian.org/debian {suite} main"])
    options = {"catalogue": "debian-local"}
    would, _nothing, planned = host.image(check_mode=True, **options)
    changed, facts, plan = host.image(**options)
    assert would
    assert changed
    assert diff(planned) == diff(plan)
    assert asked == [("trixie", None, (), 2 << 30)]
    assert (facts["user"], facts["debian"], facts["size"], facts["format"]) == ("debian", {"suite": "trixie"}, 2 << 30, "qcow2")
    # Made once, it stays; another wish is another image.
    assert host.image(**options)[0] is False
    debian = {"suite": "bookworm", "packages": ["nginx"], "size": "3GiB", "archives": ["deb http://a bookworm main"]}
    changed, facts, plan = host.image(debian=debian)
    assert changed
    assert asked[1:] == [("bookworm", ["deb http://a bookworm main"], ("nginx",), 3 << 30)]
    assert diff(plan)["after"]["debian"] == facts["debian"] == debian
    assert glob.glob("/var/tmp/tinycloud-debian-*") == []


def test_a_build_that_fails_or_is_killed(host, monkeypatch):
    before = host.everything()
    with pytest.raises(Failure) as error:
        host.image(debian={"suite": "nowhere", "archives": ["deb file:///nowhere nowhere main"]})
    assert error.value.code == "build_failed"
    assert error.value.changed is False
    assert host.everything() == before
    assert glob.glob("/var/tmp/tinycloud-debian-*") == []
    run = _debian_image._run
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(_debian_image, "_run", lambda _argv: os._exit(9))
        host.image(debian={"suite": "trixie"})
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert len(glob.glob("/var/tmp/tinycloud-debian-*")) == 1
    monkeypatch.setattr(_debian_image, "_run", run)
    with pytest.raises(Failure):
        host.image(debian={"suite": "nowhere", "archives": ["deb file:///nowhere nowhere main"]})
    assert glob.glob("/var/tmp/tinycloud-debian-*") == []


def test_what_a_host_lacks(host, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "mmdebstrap" else "/usr/bin/" + name)
    assert host.refused(catalogue="debian-local") == "missing_program"
    monkeypatch.undo()
    monkeypatch.setattr(_mmdebstrap, "sources", lambda _suite: [])
    assert host.refused(catalogue="debian-local") == "missing_option"
    monkeypatch.setattr(_debian_image.platform, "machine", lambda: "aarch64")
    assert host.refused(catalogue="debian-local") == "unsupported_architecture"
    assert host.refused(debian={"suite": "trixie"}, source="/a") == "invalid_option"
    assert host.refused(debian={"suite": "trixie"}, customise={"hostname": "a"}) == "invalid_option"
