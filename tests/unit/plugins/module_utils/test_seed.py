# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeds: what cloud-init finds on the CD-ROM, and the digest that stands for it."""
from __future__ import annotations

import io
import json
import time

import pytest
from hypothesis import given, settings, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _seed
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm import Vm

pycdlib = pytest.importorskip("pycdlib")
SECRET = "correct horse battery staple"


def read_back(image):
    """The files of an ISO image, by both of the names that a guest's kernel may show."""
    iso = pycdlib.PyCdlib()
    iso.open_fp(io.BytesIO(image))
    assert iso.pvd.volume_identifier.decode().strip() == "cidata"
    found = {"rr_path": {}, "joliet_path": {}}
    for kind, files in found.items():
        for child in iso.list_children(**{kind: "/"}):
            if child.is_file():
                name = child.rock_ridge.name().decode() if kind == "rr_path" else child.file_identifier().decode("utf-16-be")
                content = io.BytesIO()
                iso.get_file_from_iso_fp(content, **{kind: "/" + name})
                files[name] = content.getvalue().decode()
    iso.close()
    assert found["rr_path"] == found["joliet_path"]
    return found["rr_path"]


@settings(deadline=None, max_examples=40)
@given(strategies.dictionaries(strategies.sampled_from(["meta-data", "user-data", "vendor-data", "network-config"]),
                               strategies.text(strategies.characters(blacklist_categories=["Cs"]), max_size=5000), min_size=1))
def test_files_are_read_back_as_they_were(files):
    assert read_back(_seed.iso_image(files)) == files


def test_a_seed_has_what_cloud_init_looks_for():
    files = _seed.seed_files("shop.web", "web", {"users": [{"name": "öps"}]}, {"role": "x"}, {"version": 2}, "#!/bin/sh\n")
    assert sorted(files) == ["meta-data", "network-config", "user-data", "vendor-data"]
    assert json.loads(files["meta-data"]) == {"instance-id": "shop.web", "local-hostname": "web", "role": "x"}
    head, _newline, body = files["user-data"].partition("\n")
    assert head == "#cloud-config"
    assert json.loads(body) == {"users": [{"name": "öps"}]}
    assert json.loads(files["network-config"]) == {"version": 2}
    assert files["vendor-data"] == "#!/bin/sh\n"


def test_text_is_taken_as_it_is_and_nothing_is_an_empty_configuration():
    assert _seed.seed_files("i", "h", "#!/bin/sh\ntrue\n")["user-data"] == "#!/bin/sh\ntrue\n"
    assert _seed.seed_files("i", "h", "")["user-data"] == ""
    assert _seed.seed_files("i", "h")["user-data"] == "#cloud-config\n{}\n"
    assert sorted(_seed.seed_files("i", "h")) == ["meta-data", "user-data"]


def test_a_digest_tells_contents_and_not_times(monkeypatch):
    files = _seed.seed_files("i", "h", {"a": 1, "b": 2})
    digest = _seed.digest(files)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert _seed.digest(_seed.seed_files("i", "h", {"b": 2, "a": 1})) == digest
    others = [_seed.seed_files("j", "h", {"a": 1, "b": 2}), _seed.seed_files("i", "g", {"a": 1, "b": 2}), _seed.seed_files("i", "h", {"a": 1}),
              dict(files, **{"vendor-data": ""})]
    assert len({digest} | {_seed.digest(other) for other in others}) == 5


def vm(**cloud_init):
    return Vm.from_options({"name": "web", "state": "present", "disks": [{"volume": "v", "pool": "fast"}], "cloud_init": cloud_init})


def test_a_seed_lies_in_the_pool_of_the_first_disk_under_its_digest():
    seed = vm(user_data={"password": SECRET}).seed
    assert seed.pool == "fast"
    assert seed.volume == "web.seed-%s.iso" % seed.digest[len("sha256:"):][:12]
    assert vm(user_data={"password": SECRET}).seed.volume == seed.volume
    assert vm(user_data={"password": "other"}).seed.volume != seed.volume


class Nothing:
    """A scene in which there is nothing yet."""

    environment = None

    class World:
        domains, pools, networks = {}, {}, {}

        @staticmethod
        def volumes(_pool):
            return {}

    class Hypervisor:
        is_system = True

        @staticmethod
        def domain_capabilities(*_kind):
            return None

        class Connection:
            @staticmethod
            def getCapabilities():
                return "<capabilities><host><cpu><arch>x86_64</arch></cpu></host></capabilities>"

            @staticmethod
            def domainXMLToNative(_form, text, _flags):
                assert SECRET not in text

        connection = Connection()

    world, hypervisor, resources, memory = World(), Hypervisor(), {}, {}


def test_no_plan_shows_the_text_of_a_seed():
    machine = vm(user_data={"password": SECRET}, vendor_data="#!" + SECRET, meta_data={"k": SECRET}, network_config=SECRET)
    plan = machine.plan(Nothing())
    shown = json.dumps([plan.before, plan.after, plan.line, plan.as_result(), machine.own_facts(Nothing())])
    assert SECRET not in shown
    assert plan.after["cloud_init"] == machine.seed.digest


def test_a_host_without_the_library_says_so(monkeypatch):
    monkeypatch.setattr(_seed, "pycdlib", None)
    with pytest.raises(Failure) as failed:
        _seed.iso_image({"meta-data": ""})
    assert failed.value.code == "missing_library"
