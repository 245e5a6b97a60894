# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's side of an upload: the module is asked first, and gets what it wants."""
from __future__ import annotations

import os
from types import SimpleNamespace

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _parcel
from ansible_collections.tinycloud.libvirt.plugins.plugin_utils._uploading import UploadingAction

SECRET = [("default", VaultSecret(b"password"))]
DIGEST_WANTED = {"failed": True, "failure": {"code": "upload_digest_wanted"}}


class Action(UploadingAction):
    """With a module that answers as it was told, and a connection that copies files."""

    lists = ("volumes",)

    def __init__(self, folder, arguments, answers, check_mode=False):
        self.there = folder / "there"
        self.there.mkdir()
        self.answers = list(answers)
        # (check mode, what the module was told of the files) of each call.
        self.asked = []
        loader = DataLoader()
        loader.set_vault_secrets(SECRET)
        task = SimpleNamespace(args=arguments, check_mode=check_mode, async_val=0, action="tinycloud.libvirt.volume", diff=False, environment=None,
                               _in_files_path=None, get_search_path=lambda: [str(folder)])
        shell = SimpleNamespace(tmpdir=str(self.there), join_path=os.path.join)
        super().__init__(task, SimpleNamespace(_shell=shell, has_native_async=False), None, loader, None)

    def _find_needle(self, dirname, needle):
        return self._loader.path_dwim_relative_stack(self._task.get_search_path(), dirname, needle)

    def _transfer_file(self, local_path, remote_path):
        with open(local_path, "rb") as here, open(remote_path, "wb") as there:
            there.write(here.read())
        return remote_path

    def _fixup_perms2(self, remote_paths, remote_user=None, execute=True):
        pass

    def _execute_module(self, module_args=None, task_vars=None, **_more):
        self.asked.append((self._task.check_mode, {name: dict(told) for name, told in module_args["_controller"]["uploads"].items()}))
        return dict(self.answers.pop(0))

    def arrived(self, name, folder):
        told = self.asked[-1][1][name]
        assert _parcel.unpack(told["path"], told["packed"], folder / "unpacked") == told["sha256"]
        return (folder / "unpacked").read_bytes()


@pytest.fixture
def file(tmp_path):
    (tmp_path / "files").mkdir()
    path = tmp_path / "files" / "disk.raw"
    path.write_bytes(b"content")
    return path


def test_what_the_plan_wants_is_brought(tmp_path, file):
    action = Action(tmp_path, {"name": "v", "upload": "disk.raw"}, [{"changed": True, "uploads": ["disk.raw"]}, {"changed": True, "volume": 1}])
    assert action.run(task_vars={}) == {"changed": True, "volume": 1}
    assert [check for check, _told in action.asked] == [True, False]
    assert list(action.asked[0][1]["disk.raw"]) == ["identity"]
    assert action.arrived("disk.raw", tmp_path) == b"content"


def test_what_is_there_is_neither_read_nor_sent(tmp_path, file):
    file.chmod(0)
    action = Action(tmp_path, {"name": "v", "upload": "disk.raw"}, [{"changed": False}])
    assert action.run(task_vars={}) == {"changed": False}
    assert os.listdir(action.there) == []


@pytest.mark.parametrize("check_mode", [True, False])
def test_the_digest_is_told_where_the_module_asks_for_it(tmp_path, file, check_mode):
    action = Action(tmp_path, {"name": "v", "upload": "disk.raw"}, [DIGEST_WANTED, {"changed": False, "notes": ["n"]}], check_mode)
    assert action.run(task_vars={}) == {"changed": False, "notes": ["n"]}
    assert action.asked[1][1]["disk.raw"]["sha256"] == _parcel.sha256_of(file)
    assert action._task.check_mode is check_mode


def test_check_mode_sends_nothing(tmp_path, file):
    action = Action(tmp_path, {"name": "v", "upload": "disk.raw"}, [{"changed": True, "uploads": ["disk.raw"]}], check_mode=True)
    assert action.run(task_vars={}) == {"changed": True}
    assert os.listdir(action.there) == []


def test_lists_name_files_too_and_what_goes_needs_none(tmp_path, file):
    volumes = [{"name": "v", "upload": "disk.raw"}, {"name": "gone", "upload": "missing.raw", "state": "absent"}, {"name": "w"}]
    action = Action(tmp_path, {"volumes": volumes}, [{"changed": True, "uploads": ["disk.raw"]}, {"changed": True}])
    action.run(task_vars={})
    assert list(action.asked[0][1]) == ["disk.raw"]


def test_a_vault_is_opened(tmp_path, file):
    file.write_bytes(VaultLib(SECRET).encrypt(b"kept", SECRET[0][1]))
    action = Action(tmp_path, {"name": "v", "upload": "disk.raw"}, [{"changed": True, "uploads": ["disk.raw"]}, {"changed": True}])
    action.run(task_vars={})
    assert action.arrived("disk.raw", tmp_path) == b"kept"


@pytest.mark.parametrize("name", ["missing.raw", "../files"])
def test_what_is_no_file_is_refused(tmp_path, file, name):
    result = Action(tmp_path, {"name": "v", "upload": name}, []).run(task_vars={})
    assert (result["failed"], result["failure"]["code"]) == (True, "unknown_file")


def test_it_does_not_go_on_in_the_background(tmp_path, file):
    action = Action(tmp_path, {"name": "v", "upload": "disk.raw"}, [])
    action._task.async_val = 60
    assert action.run(task_vars={})["failure"]["code"] == "invalid_option"
