# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said while a module works, and what the controller makes of it."""
from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading

import pytest
from ansible.errors import AnsibleConnectionFailure

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _progress
from ansible_collections.tinycloud.libvirt.plugins.plugin_utils import _watched


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(_progress, "_boards", {})
    monkeypatch.setenv(_progress.VARIABLE, str(tmp_path / "progress"))
    return tmp_path / "progress"


def test_what_goes_on_is_there_while_it_does(path):
    with _progress.going("image a", "fetch"):
        assert path.read_text("utf-8") == "image a: fetch\n"
        _progress.detail("1 MiB of 2 MiB")
        assert path.read_text("utf-8") == "image a: fetch, 1 MiB of 2 MiB\n"
        _progress.detail("2 MiB of 2 MiB", at_once=False)
        assert path.read_text("utf-8") == "image a: fetch, 1 MiB of 2 MiB\n"
    assert path.read_text("utf-8") == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    # What nobody has begun is nobody's.
    _progress.detail("more")
    assert path.read_text("utf-8") == ""


def test_each_thread_has_its_own_line(path):
    inside, done = threading.Event(), threading.Event()

    def other():
        with _progress.going("vm b", "create"):
            _progress.detail("soon")
            inside.set()
            done.wait(10)

    with _progress.going("image a", "fetch"):
        thread = threading.Thread(target=other)
        thread.start()
        inside.wait(10)
        _progress.detail("now")
        assert sorted(path.read_text("utf-8").splitlines()) == ["image a: fetch, now", "vm b: create, soon"]
        done.set()
        thread.join()
        assert path.read_text("utf-8") == "image a: fetch, now\n"


def test_a_link_is_not_followed_and_nothing_fails(path, tmp_path):
    (tmp_path / "other").write_text("mine", "utf-8")
    path.symlink_to(tmp_path / "other")
    with _progress.going("image a", "fetch"):
        _progress.detail("more")
    assert (tmp_path / "other").read_text("utf-8") == "mine"


def test_nobody_looks(path, monkeypatch):
    monkeypatch.delenv(_progress.VARIABLE)
    with _progress.going("image a", "fetch"):
        _progress.detail("more")
    assert not path.exists()


def test_the_file_goes_with_the_process(path):
    code = f"from {_progress.__name__} import going\nwith going('a', 'b'): print(open({str(path)!r}).read())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                          env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)))
    assert done.stdout == "a: b\n\n"
    assert not path.exists()


class Connection:
    def __init__(self):
        self.said = b""

    def exec_command(self, command, sudoable):
        assert command == "cat /tmp/a"
        assert not sudoable
        if self.said is None:
            raise AnsibleConnectionFailure("gone")
        return (0 if self.said else 1), self.said, b""


def test_lines_are_shown_as_they_change():
    connection, shown = Connection(), []
    watch = _watched.Watch(connection, "/tmp/a", lambda *line: shown.append(line))
    for said in (b"", b"a: 1\nb: x\n", b"a: 1\nb: x\n", b"a: 2\nb:", None, b"a: 2\n"):
        connection.said = said
        watch.look()
    assert shown == [("a", "1"), ("b", "x"), ("a", "2")]


@pytest.mark.parametrize(("transport", "password", "watchable"), [
    ("local", None, True), ("ssh", None, True), ("ssh", "secret", False), ("paramiko_ssh", None, False),
])
def test_only_connections_that_bear_it_are_looked_over(transport, password, watchable):
    class Other:
        def get_option(self, name):
            return {"password": password}[name]

    Other.transport = transport
    assert _watched.is_watchable(Other()) is watchable


def test_a_short_task_costs_nothing(monkeypatch):
    connection = Connection()
    monkeypatch.setattr(connection, "exec_command", None)
    with _watched.Watch(connection, "/tmp/a", None):
        pass
