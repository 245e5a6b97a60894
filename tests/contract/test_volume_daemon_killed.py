# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""libvirtd is killed while volumes are filled, copied, moved and snapshotted, under guests that run on: the next run ends where an undisturbed one does."""
from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import subprocess

import faults
import pytest
import volume_stories
from conftest import wait_for_daemon

from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import Hypervisor

PID = pathlib.Path("/run/libvirtd.pid")
MOMENTS = 4


class Daemon:
    """The libvirtd that answers, one after the other."""

    def __init__(self, libvirt):
        self.libvirt = libvirt
        self._started = None

    @property
    def pid(self):
        return int(PID.read_text("utf-8"))

    def again(self):
        """Another one in the place of one that was killed, or is killed now."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self.wait()
        with open("/run/libvirtd.log", "a", encoding="utf-8") as log:
            self._started = subprocess.Popen(["libvirtd"], stdout=log, stderr=subprocess.STDOUT)
        wait_for_daemon(self.libvirt, self._started)

    def wait(self):
        if self._started is not None:
            self._started.wait(30)

    def end(self):
        if self._started is not None:
            self._started.terminate()
            self.wait()


@pytest.fixture(scope="module")
def daemon_process(libvirt, daemon_uri):
    process = Daemon(libvirt)
    yield process
    process.end()


STORIES = (volume_stories.filled, volume_stories.uploaded, volume_stories.cloned, volume_stories.converted,
           volume_stories.moved_live, volume_stories.snapshot_live, volume_stories.merged_live)


@pytest.mark.parametrize("story", STORIES)
def test_what_a_killed_libvirtd_left_is_ended_by_the_next_run(daemon_process, libvirt, daemon_uri, tmp_path, story):
    stage = volume_stories.Stage(libvirt.open(daemon_uri), daemon_uri, tmp_path)
    wanted = story(stage)
    total = faults.run(stage.host, wanted[0])
    volume_stories.run(stage, wanted)
    undisturbed = stage.outcome()
    for left in faults.moments(total, MOMENTS + 1)[1:-1]:
        stage.clear()
        wanted = story(stage)
        faults.run(stage.host, wanted[0], left=left, victim=daemon_process.pid)
        daemon_process.again()
        stage.connection, stage.host.connected = libvirt.open(daemon_uri), Hypervisor(daemon_uri)
        assert stage.content == stage.digest(stage.file, "raw")
        volume_stories.run(stage, wanted)
        assert stage.outcome() == undisturbed, f"killed after {left} of {total}"
    stage.clear()
    for pool in stage.connection.listAllStoragePools():
        pool.destroy()
        pool.undefine()
