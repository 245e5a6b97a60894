# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of the controller, as the module sees them: told of by the action plugin, and brought where the plan wants it."""
from __future__ import annotations

import os

import pytest
from storage import Host
from telling import Plugin

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume

MIB = 1 << 20


class Controller(Plugin):
    """A file there, and what is told of it."""

    def __init__(self, host, folder):
        super().__init__(host, folder / "disk.raw", "disk.raw")
        self.write(b"first")

    def write(self, begin):
        self.file.write_bytes(begin.ljust(4096, b"."))
        os.truncate(self.file, 16 * MIB)


@pytest.fixture
def host(daemon, daemon_uri, tmp_path):
    return Host(daemon_uri, tmp_path)


@pytest.fixture
def controller(host, tmp_path):
    (tmp_path / "controller").mkdir()
    return Controller(host, tmp_path / "controller")


def declared(**options):
    return Volume.from_options(dict({"name": "v", "upload": "disk.raw", "state": "present"}, **options))


def content(host):
    return (host.folder / "v").read_bytes()[:6].rstrip(b".")


def test_only_what_is_wanted_is_brought(host, controller):
    controller.tell()
    foreseen = host.run(declared(), check_mode=True).plan
    assert foreseen.uploads == ["disk.raw"]
    controller.bring()
    done = host.run(declared()).plan
    assert done.diff() == foreseen.diff()
    assert (host.folder / "v").read_bytes() == controller.file.read_bytes()
    assert (host.folder / "v").stat().st_blocks * 512 < MIB
    # From now on its size and time are enough.
    controller.tell()
    again = host.run(declared()).plan
    assert (again.changed, again.uploads) == (False, [])
    assert host.volumes()["v"]["content"]["from"] == "controller disk.raw"


def test_a_file_that_was_touched_is_known_by_its_digest(host, controller):
    controller.bring()
    host.run(declared())
    os.utime(controller.file, (1, 1))
    controller.tell()
    with pytest.raises(Failure) as failed:
        host.run(declared(replace=True), check_mode=True)
    assert failed.value.code == "upload_digest_wanted"
    controller.tell_digest()
    again = host.run(declared(replace=True)).plan
    assert (again.changed, again.uploads) == (False, [])
    # It lies elsewhere today.
    host.controller["uploads"]["other/disk.raw"] = host.controller["uploads"].pop("disk.raw")
    assert not host.run(declared(upload="other/disk.raw")).plan.changed


def test_another_content_is_told_or_taken(host, controller):
    controller.bring()
    host.run(declared())
    controller.write(b"second")
    controller.tell_digest()
    kept = host.run(declared()).plan
    assert not kept.changed
    assert "its upload is another one by now" in kept.resources[0].notes[0]
    foreseen = host.run(declared(replace=True), check_mode=True).plan
    assert (foreseen.uploads, content(host)) == (["disk.raw"], b"first")
    controller.bring()
    assert host.run(declared(replace=True)).plan.diff() == foreseen.diff()
    assert content(host) == b"second"


def test_what_did_not_arrive_as_it_was_comes_to_nothing(host, controller):
    controller.tell_digest()
    with pytest.raises(Failure) as failed:
        host.run(declared())
    assert failed.value.code == "upload_not_brought"
    os.truncate(controller.bring(), 2048)
    with pytest.raises(Failure) as failed:
        host.run(declared())
    assert failed.value.code == "checksum_mismatch"
    assert (list(host.folder.iterdir()), host.records()) == ([], {})
    host.controller.clear()
    assert host.refused(name="v", upload="disk.raw") == "unknown_upload"


def test_formats_and_sizes_are_as_those_of_a_source(host, controller):
    controller.bring()
    host.run(declared(format="qcow2", size="32MiB"))
    known = host.volumes()["v"]
    assert (known["format"], known["size"]) == ("qcow2", 32 * MIB)
    for options in ({"name": "x", "upload": "disk.raw", "content": "x"}, {"name": "x", "upload": "disk.raw", "checksum": "sha256:" + 64 * "0"}):
        assert host.refused(**options) == "invalid_option"
    assert host.refused(name="x", upload="disk.raw", source_format="qcow2") == "format_mismatch"
    assert host.refused(name="x", upload="disk.raw", size="1MiB") == "size_too_small"
    assert sorted(host.volumes()) == ["v"]
