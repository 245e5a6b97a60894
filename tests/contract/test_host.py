# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What drivers of libvirt tell about their host: some do not know every question."""
from __future__ import annotations

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils._engine import Engine
from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import Hypervisor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import Registry
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.host import host_facts


def facts(uri, folder):
    return host_facts(Engine(Hypervisor(uri), Registry(str(folder)), Executor()).look([]), {})


@pytest.mark.parametrize("uri", ["test_uri", "daemon_uri", "embed_uri"])
def test_every_driver_has_an_answer(uri, request, tmp_path):
    found = facts(request.getfixturevalue(uri), tmp_path)
    assert found["cpu"]["count"] > 0
    assert found["memory"]["total"] > 0
    assert found["versions"]["libvirt"].count(".") == 2
    assert found["vms"]["running"] == 0


def test_what_vms_were_promised_is_added_up(embed, embed_uri, tmp_path):
    for name, vcpus in (("one", 1), ("two", 2)):
        domain = embed.defineXML(
            "<domain type='qemu'><name>%s</name><memory unit='MiB'>64</memory><vcpu>%d</vcpu><os><type>hvm</type></os></domain>" % (name, vcpus))
    domain.create()
    assert facts(embed_uri, tmp_path)["vms"] == {
        "defined": 2, "running": 1, "vcpus": 3, "memory": 128 << 20, "vcpus_running": 2, "memory_running": 64 << 20}
