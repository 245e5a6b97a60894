# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the compute host itself sends packets, as its kernel says."""
from __future__ import annotations

import ipaddress
import os
import socket
import struct
from typing import NamedTuple

_PROC = "/proc/net"
# Flags of linux/route.h and linux/ipv6_route.h
_UP, _GATEWAY, _REJECT, _LOCAL = 0x1, 0x2, 0x200, 0x80000000
_CACHE = 0x01000000
_LOOPBACK = "lo"


class Route(NamedTuple):
    destination: str
    device: str
    # Whether hosts of the destination are reached directly, without a router.
    is_local: bool


def routes(proc=_PROC):
    """Every route but the default ones, what IPv6 has on every link, and the loopback's."""
    return [route for route in list(_ipv4(proc)) + list(_ipv6(proc))
            if route.device != _LOOPBACK and not route.destination.startswith(("fe80:", "ff00:")) and not route.destination.endswith("/0")]


def _lines(path):
    try:
        with open(path, encoding="ascii") as file:
            return [line.split() for line in file]
    except FileNotFoundError:
        # A kernel without that protocol.
        return []


def _ipv4(proc):
    """Device, destination, gateway, flags ... mask: numbers in the byte order of the host."""
    for fields in _lines(os.path.join(proc, "route"))[1:]:
        flags = int(fields[3], 16)
        if flags & _UP and not flags & _REJECT:
            address, mask = (socket.inet_ntoa(struct.pack("=I", int(fields[at], 16))) for at in (1, 7))
            yield Route(str(ipaddress.ip_network("%s/%s" % (address, mask))), fields[0], not flags & _GATEWAY)


def _ipv6(proc):
    """Destination, its prefix length ... flags, device"""
    for fields in _lines(os.path.join(proc, "ipv6_route")):
        flags = int(fields[8], 16)
        if flags & _UP and not flags & (_REJECT | _LOCAL | _CACHE):
            address = ipaddress.ip_address(bytes.fromhex(fields[0]))
            yield Route(str(ipaddress.ip_network((address, int(fields[1], 16)))), fields[9], not flags & _GATEWAY)
