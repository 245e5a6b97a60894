# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a virtio network card moves packets, https://libvirt.org/formatdomain.html#setting-nic-driver-specific-options"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, Int, Node, Switch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtio_driver import ON_OFF, VirtioDriver


def _switch(attribute):
    return Switch("@" + attribute, words=ON_OFF)


class GuestOffloads(Model):
    """What the guest may leave to its card."""

    keys = ()
    csum = _switch("csum")
    tso4 = _switch("tso4")
    tso6 = _switch("tso6")
    ecn = _switch("ecn")
    ufo = _switch("ufo")


class HostOffloads(GuestOffloads):
    """What the host may leave to the guest."""

    gso = _switch("gso")
    mrg_rxbuf = _switch("mrg_rxbuf")


class InterfaceDriver(VirtioDriver):
    # vfio and xen are for devices that are passed through.
    name = Enum("@name", choices=["vhost", "qemu", "vfio", "xen"], generated=True)
    txmode = Enum("@txmode", choices=["iothread", "timer"])
    ioeventfd = _switch("ioeventfd")
    event_idx = _switch("event_idx")
    rx_queue_size = Int("@rx_queue_size", minimum=256, maximum=1024)
    tx_queue_size = Int("@tx_queue_size", minimum=256, maximum=1024)
    rss = _switch("rss")
    rss_hash_report = _switch("rss_hash_report")
    host = Node(HostOffloads, "host")
    guest = Node(GuestOffloads, "guest")
