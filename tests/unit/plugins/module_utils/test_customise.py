# SPDX-License-Identifier: GPL-3.0-or-later
"""Recipes on directories that look like the root file systems of two families of distributions, in the appliance's place."""
from __future__ import annotations

import fnmatch
import glob
import os
import pathlib
import shutil

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _customise
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._guest import Guest
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import sysprep
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.recipe import Recipe

HASH = "$6$saltsaltsaltsalt$abcdefghijklmnopqrstuvwxyz"
ACCOUNTS = {"etc/passwd": "root:x:0:0:root:/root:/bin/sh\n", "etc/group": "root:x:0:\nwheel:x:10:\n", "etc/shadow": "root:*:19000::::::\n",
            "bin/bash": "", "etc/skel/.bashrc": "alias ll='ls -l'\n"}
FEDORA = dict(ACCOUNTS, **{
    "etc/os-release": "ID=fedora\n", "etc/sysconfig/network": "NETWORKING=yes\nHOSTNAME=localhost\n", "usr/bin/dnf": "", "usr/bin/systemctl": "",
    "etc/selinux/config": "SELINUX=enforcing\nSELINUXTYPE=targeted\n", "etc/selinux/targeted/contexts/files/file_contexts": "/.* x\n",
    "etc/NetworkManager/system-connections/.keep": "", "usr/share/zoneinfo/Asia/Tokyo": "", "etc/hosts": "127.0.0.1 localhost\n",
})
DEBIAN = dict(ACCOUNTS, **{
    "etc/debian_version": "12.7\n", "usr/bin/apt-get": "", "usr/bin/systemctl": "", "etc/systemd/network/.keep": "", "etc/timezone": "Etc/UTC\n",
    "usr/share/zoneinfo/Asia/Tokyo": "", "etc/hosts": "127.0.0.1 localhost\n",
})


class Tree:
    """libguestfs' methods on a directory; what a directory of an unprivileged user cannot have is noted."""

    def __init__(self, folder, files):
        self.folder = folder
        self.ran, self.owners, self.labels, self.relabelled = [], {}, {}, None
        self.features = ["selinuxrelabel"]
        for path, text in files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")

    def at(self, path):
        return self.folder / path.lstrip("/")

    def text(self, path):
        return self.at(path).read_text("utf-8")

    def exists(self, path):
        return os.path.lexists(self.at(path))

    def is_dir(self, path, followsymlinks=False):
        return self.at(path).is_dir()

    def is_file(self, path, followsymlinks=False):
        return self.at(path).is_file()

    def is_symlink(self, path):
        return self.at(path).is_symlink()

    def filesize(self, path):
        return self.at(path).stat().st_size

    def read_file(self, path):
        return self.at(path).read_bytes()

    def write(self, path, data):
        self.at(path).write_bytes(data)

    def upload(self, source, path):
        shutil.copy(source, self.at(path))

    def mkdir_p(self, path):
        self.at(path).mkdir(parents=True, exist_ok=True)

    def chmod(self, mode, path):
        self.at(path).chmod(mode)

    def chown(self, uid, gid, path):
        self.owners[path] = (uid, gid)

    lchown = chown

    def cp_a(self, source, path):
        shutil.copytree(self.at(source), self.at(path))

    def find(self, path):
        return ["", *(str(one.relative_to(self.at(path))) for one in self.at(path).rglob("*"))]

    def ln_sf(self, target, path):
        self.at(path).unlink(missing_ok=True)
        self.at(path).symlink_to(target)

    ln_s = ln_sf

    def rm_rf(self, path):
        place = self.at(path)
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)

    rm_f = rm_rf

    def glob_expand(self, pattern, directoryslash):
        return ["/" + os.path.relpath(one, self.folder) for one in glob.glob(str(self.at(pattern)))]

    def truncate(self, path):
        self.at(path).write_bytes(b"")

    def touch(self, path):
        self.at(path).touch()

    def sh(self, line):
        self.ran.append(line)
        return ""

    def feature_available(self, names):
        return set(names) <= set(self.features)

    def selinux_relabel(self, specification, path, force):
        self.relabelled = (specification, path)

    def setxattr(self, name, value, length, path):
        assert len(value) == length
        # The binding takes none.
        assert "\0" not in value
        self.labels[path] = (name, value)


def customised(tree, recipe):
    _customise.customise(Guest(tree), Recipe.normalise(recipe))
    return tree


RECIPE = {
    "hostname": "a.example.org", "timezone": "Asia/Tokyo", "locale": "de_DE.UTF-8", "root_password_hash": HASH, "root_locked": True,
    "users": [{"name": "ops", "uid": 1234, "groups": ["wheel"], "locked": True, "password_hash": HASH, "ssh_keys": ["ssh-ed25519 AAAA a"],
               "sudo": "ALL=(ALL) NOPASSWD:ALL"}],
    "network": [{"name": "eth0", "addresses": ["192.0.2.7/24"], "gateway": "192.0.2.1"}],
    "files": [{"path": "/etc/labelled", "content": "a", "selinux_type": "shadow_t", "owner": "ops", "mode": "0640"}],
    "packages": {"remove": ["less"], "install": ["nginx"]}, "services": {"enable": ["nginx"]}, "first_boot": ["true"],
    "sysprep": ["machine-id", "ssh-hostkeys"],
}


def test_a_guest_of_fedoras_family(tmp_path):
    tree = customised(Tree(tmp_path, dict(FEDORA, **{"etc/machine-id": "0123\n", "etc/ssh/ssh_host_rsa_key": "x"})), RECIPE)
    assert tree.text("/etc/hostname") == "a.example.org\n"
    assert "HOSTNAME=a.example.org" in tree.text("/etc/sysconfig/network")
    assert tree.text("/etc/hosts") == "127.0.0.1 localhost\n"
    assert tree.text("/etc/locale.conf") == "LANG=de_DE.UTF-8\n"
    assert os.readlink(tree.at("/etc/localtime")) == "/usr/share/zoneinfo/Asia/Tokyo"
    assert not tree.exists("/etc/timezone")
    connection = tree.at("/etc/NetworkManager/system-connections/10-tinycloud-eth0.nmconnection")
    assert connection.stat().st_mode & 0o777 == 0o600
    assert tree.ran == ["dnf -y remove less", "dnf -y install nginx", "systemctl enable nginx"]
    assert tree.relabelled == ("/etc/selinux/targeted/contexts/files/file_contexts", "/")
    assert tree.labels == {"/etc/labelled": ("security.selinux", "system_u:object_r:shadow_t:s0")}
    assert tree.text("/etc/machine-id") == ""
    assert not tree.exists("/etc/ssh/ssh_host_rsa_key")


def test_accounts(tmp_path):
    tree = customised(Tree(tmp_path, FEDORA), RECIPE)
    assert "ops:x:1234:1234::/home/ops:/bin/bash" in tree.text("/etc/passwd").splitlines()
    shadow = dict(line.split(":")[:2] for line in tree.text("/etc/shadow").splitlines())
    assert shadow == {"root": "!" + HASH, "ops": "!" + HASH}
    assert "wheel:x:10:ops" in tree.text("/etc/group").splitlines()
    assert tree.text("/home/ops/.bashrc") == "alias ll='ls -l'\n"
    assert tree.text("/home/ops/.ssh/authorized_keys") == "ssh-ed25519 AAAA a\n"
    assert tree.owners["/home/ops/.ssh/authorized_keys"] == (1234, 1234)
    assert tree.at("/home/ops/.ssh").stat().st_mode & 0o777 == 0o700
    assert tree.owners["/etc/labelled"] == (1234, -1)
    assert tree.at("/etc/sudoers.d/tinycloud-ops").stat().st_mode & 0o777 == 0o440


def test_a_guest_of_debians_family(tmp_path):
    tree = customised(Tree(tmp_path, DEBIAN), RECIPE)
    assert "127.0.1.1 a.example.org a" in " ".join(tree.text("/etc/hosts").split())
    assert tree.text("/etc/default/locale") == "LANG=de_DE.UTF-8\n"
    assert tree.text("/etc/timezone") == "Asia/Tokyo\n"
    assert "Address=192.0.2.7/24" in tree.text("/etc/systemd/network/10-tinycloud-eth0.network")
    assert [line.split(";")[-1].split()[0] for line in tree.ran] == ["apt-get", "apt-get", "apt-get", "systemctl"]
    assert tree.relabelled is None
    assert not tree.exists("/etc/locale.conf")


def test_labels_come_at_the_first_boot_where_the_appliance_cannot_set_them(tmp_path):
    tree = Tree(tmp_path, FEDORA)
    tree.features = []
    customised(tree, {"hostname": "a"})
    assert tree.relabelled is None
    assert tree.exists("/.autorelabel")


def test_doing_it_again_changes_nothing(tmp_path):
    tree = customised(Tree(tmp_path, FEDORA), RECIPE)

    def everything():
        return {str(path): path.read_bytes() for path in sorted(pathlib.Path(tmp_path).rglob("*")) if path.is_file()}

    before = everything()
    customised(tree, RECIPE)
    assert everything() == before


@pytest.mark.parametrize("recipe, said", [
    ({"packages": {"install": ["nginx"]}}, "packages"), ({"services": {"enable": ["nginx"]}}, "services"), ({"first_boot": ["true"]}, "first_boot"),
    ({"timezone": "Asia/Nowhere"}, "timezone"), ({"files": [{"path": "/a", "content": "a", "owner": "nobody"}]}, "nobody"),
])
def test_a_guest_that_lacks_what_is_needed(tmp_path, recipe, said):
    bare = dict(ACCOUNTS, **{"usr/share/zoneinfo/Asia/Tokyo": ""})
    with pytest.raises(Failure) as error:
        customised(Tree(tmp_path, bare), recipe)
    assert said in error.value.message


def a_file_of(pattern):
    """A path that a glob of sysprep's matches."""
    return pattern.replace("[!.]", "x").replace("[0-9]", "1").replace("*", "a").lstrip("/")


@pytest.mark.parametrize("operation", sysprep.OPERATIONS)
def test_sysprep_takes_away_what_it_names_and_nothing_else(tmp_path, operation):
    files = {a_file_of(pattern): "trace" for found in (sysprep.REMOVED, sysprep.EMPTIED) for patterns in found.values() for pattern in patterns}
    # Of two globs one may mean the other's folder; these have no file of their own here.
    files = {path: text for path, text in files.items() if not any(other.startswith(path + "/") for other in files)}
    tree = customised(Tree(tmp_path, dict(DEBIAN, **files)), {"sysprep": [operation]})
    goes = {path for path in files for pattern in sysprep.REMOVED.get(operation, ()) if matches(path, pattern)}
    emptied = {path.lstrip("/") for path in sysprep.EMPTIED.get(operation, ())} - goes
    assert goes | emptied
    for path, text in dict(DEBIAN, **files).items():
        assert tree.exists("/" + path) == (path not in goes), path
        if path not in goes:
            assert tree.text("/" + path) == ("" if path in emptied else text), path


def matches(path, pattern):
    """Whether a path is one that a glob means, or lies in one."""
    parts, wanted = path.split("/"), pattern.lstrip("/").split("/")
    return len(parts) >= len(wanted) and all(fnmatch.fnmatch(one, glob) and one.startswith(".") == glob.startswith(".") for one, glob in zip(parts, wanted))
