# SPDX-License-Identifier: GPL-3.0-or-later
"""Images of files of the controller, which the action plugin tells of and brings."""
from __future__ import annotations

import gzip
import pathlib

import pytest
from image_host import Host, diff, sha256
from telling import Plugin

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._uploads import DIGEST_WANTED


@pytest.fixture
def host(daemon, daemon_uri, tmp_path):
    return Host(daemon_uri, tmp_path)


def test_a_file_of_the_controller(host):
    path = host.source()
    plugin = Plugin(host, path, "a.img")
    plugin.tell()
    with pytest.raises(Failure) as error:
        host.image(check_mode=True, upload="a.img")
    assert error.value.code == DIGEST_WANTED
    plugin.tell_digest()
    would, _nothing, planned = host.image(check_mode=True, upload="a.img")
    assert would
    assert planned.uploads == ["a.img"]
    plugin.bring()
    changed, facts, plan = host.image(upload="a.img")
    assert changed
    assert diff(planned) == diff(plan)
    assert (facts["sha256"], facts["upload"], facts["verified"]) == (sha256(path), "a.img", "sha256:" + sha256(path))
    # As it was: nothing but its size and time is asked for.
    plugin.tell()
    changed, _facts, plan = host.image(upload="a.img")
    assert not changed
    assert plan.uploads == []
    assert host.image()[0] is False
    # Touched, and yet the same.
    pathlib.Path(path).touch()
    plugin.tell_digest()
    assert host.image(upload="a.img")[0] is False
    # Another content is another volume.
    host.source(data=2)
    plugin.bring()
    changed, other, _plan = host.image(upload="a.img")
    assert changed
    assert other["sha256"] == sha256(path)
    assert [one["volume"] for one in other["former"]] == [facts["volume"]]
    assert [found.name for found in host.pool.iterdir() if found.name.startswith(".")] == []


def test_one_that_is_packed_damaged_or_hostile(host):
    path = pathlib.Path(host.source())
    packed = host.sources / "b.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    plugin = Plugin(host, packed, "a.img")
    plugin.bring()
    assert host.image(upload="a.img")[1]["sha256"] == sha256(path)
    host.image(state="absent")
    host.controller["uploads"]["a.img"]["sha256"] = "0" * 64
    assert host.refused(upload="a.img") == "checksum_mismatch"
    page = host.sources / "page"
    page.write_text("<!DOCTYPE html><html></html>", "utf-8")
    Plugin(host, page, "a.img").bring()
    assert host.refused(upload="a.img") == "not_an_image"
    assert host.refused(upload="a.img", source="/a") == "invalid_option"
