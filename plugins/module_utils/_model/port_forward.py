# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ports of the host that lead to the guest, https://libvirt.org/formatdomain.html#userspace-slirp-or-passt-connection"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Address, Enum, FieldError, Int, Nodes, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


def _port(attribute, **options):
    return Int("@" + attribute, minimum=1, maximum=65535, **options)


class PortRange(Model):
    tag = "range"
    keys = ("start",)
    start = _port("start", required=True)
    end = _port("end")
    to = _port("to")
    exclude = Switch("@exclude", unset=False)

    @classmethod
    def check(cls, declared):
        if declared.get("end") is not None and declared["end"] < declared["start"]:
            raise FieldError("%d comes before the start, %d" % (declared["end"], declared["start"]), ("end",))
        if declared.get("exclude") and declared.get("to") is not None:
            raise FieldError("what is excluded leads nowhere", ("to",))


class PortForward(Model):
    tag = "portForward"
    keys = ()
    proto = Enum("@proto", choices=["tcp", "udp"], required=True)
    address = Address("@address")
    dev = Text("@dev", pattern="[^/ ]{1,15}", meaning="the name of a network device of the host")
    ranges = Nodes(PortRange, "range")

    @classmethod
    def identity(cls, values):
        first = [part["start"] for part in values.get("ranges") or [] if not part.get("exclude")][:1]
        return " ".join(str(value) for value in [values["proto"], values.get("address"), values.get("dev")] + first if value)

    @classmethod
    def mark(cls, values):
        return "first port", cls.identity(values)

    @classmethod
    def _match_by(cls, key, declared, elements):
        return next((element for element in elements if cls.identity(cls.read(element)) == cls.identity(declared)), None)

    @classmethod
    def pairs(cls, declared, elements):
        """Protocol, address, device and first port together tell one from another, and all but the first may be missing."""
        left, matched = list(elements), []
        for item in declared:
            found = cls._match_by(None, item, left)
            if found is not None:
                left.remove(found)
            matched.append((item, found))
        return matched, left
