# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel's tables of routes, as they stand in /proc/net."""
from __future__ import annotations

import sys

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _host_routes

ROUTE = """Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
tun0\t0000000A\t0101A8C0\t0003\t0\t0\t0\t000000FF\t0\t0\t0
"""
ROUTE6 = """fd990000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001 eth0
fe800000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001 eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd990000000000000000000000000001 00000400 00000001 00000000 00000003 eth0
fd990000000000000000000000000011 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000002 00000000 80200001 eth0
00000000000000000000000000000001 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000002 00000000 80200001 lo
"""


@pytest.mark.skipif(sys.byteorder != "little", reason="these tables were written on a little-endian machine")
def test_what_the_host_reaches_is_told_without_defaults_and_what_every_link_has(tmp_path):
    (tmp_path / "route").write_text(ROUTE, "ascii")
    (tmp_path / "ipv6_route").write_text(ROUTE6, "ascii")
    assert _host_routes.routes(str(tmp_path)) == [
        ("192.168.1.0/24", "eth0", True), ("10.0.0.0/8", "tun0", False), ("fd99::/64", "eth0", True)]


def test_a_kernel_without_ipv6_has_no_such_routes(tmp_path):
    assert _host_routes.routes(str(tmp_path)) == []
