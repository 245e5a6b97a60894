# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes Windows run better on another hypervisor than its own, https://libvirt.org/formatdomain.html#hypervisor-features"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, FieldError, Int, Node, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


def on_off(element, **options):
    """A feature that is an element with its state."""
    return Switch(element + "/@state" if element else "@state", words=("on", "off"), **options)


class Spinlocks(Model):
    tag = "spinlocks"
    keys = ()
    state = on_off("", required=True, generated=True)
    retries = Int("@retries", minimum=4095, maximum=2 ** 32 - 1, generated=True)


class SyntheticTimer(Model):
    tag = "stimer"
    keys = ()
    state = on_off("", required=True, generated=True)
    direct = on_off("direct")


class TlbFlush(Model):
    tag = "tlbflush"
    keys = ()
    state = on_off("", required=True, generated=True)
    direct = on_off("direct", since="11.0")
    extended = on_off("extended", since="11.0")


class VendorId(Model):
    tag = "vendor_id"
    keys = ()
    state = on_off("", required=True, generated=True)
    value = Text("@value", pattern="[^,]{1,12}", meaning="up to 12 characters without a comma")


class Hyperv(Model):
    tag = "hyperv"
    keys = ()
    mode = Enum("@mode", choices=["custom", "passthrough"], unset="custom", generated=True)
    relaxed = on_off("relaxed")
    vapic = on_off("vapic")
    spinlocks = Node(Spinlocks, "spinlocks")
    vpindex = on_off("vpindex")
    runtime = on_off("runtime")
    synic = on_off("synic")
    stimer = Node(SyntheticTimer, "stimer")
    reset = on_off("reset")
    vendor_id = Node(VendorId, "vendor_id")
    frequencies = on_off("frequencies")
    reenlightenment = on_off("reenlightenment")
    tlbflush = Node(TlbFlush, "tlbflush")
    ipi = on_off("ipi")
    evmcs = on_off("evmcs")
    avic = on_off("avic", since="8.10")
    emsr_bitmap = on_off("emsr_bitmap", since="10.7")
    xmm_input = on_off("xmm_input", since="10.7")

    @classmethod
    def check(cls, declared):
        if declared.get("mode") == "passthrough":
            single = next((name for name, value in declared.items() if name != "mode" and value is not None), None)
            if single:
                raise FieldError("'mode: passthrough' takes all that the host has; it goes without single ones", (single,))
