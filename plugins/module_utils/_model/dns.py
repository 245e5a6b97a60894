# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a network's DNS server answers, https://libvirt.org/formatnetwork.html#addressing"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, Address, Enum, FieldError, Int, Text, Texts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.composite import Composite

_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
HOST_NAME = dict(pattern=r"%s(\.%s)*" % (_LABEL, _LABEL),
                 meaning="a host name: use letters, digits and '-', parts separated by dots")


class Domain(Text):
    """The DNS domain; without a name there is no ``<domain>``."""

    def write(self, element, value):
        if value is None:
            _path.drop(element, "domain")
        else:
            super().write(element, value)


class HostNames(Texts):
    def normalise(self, value):
        name = Text(**HOST_NAME)
        if not value:
            raise FieldError("give at least one name")
        return [name.normalise(one).lower() for one in value]

    def same(self, declared, actual):
        return sorted(declared) == sorted(name.lower() for name in actual)


class DnsHost(Model):
    """Names that the network's DNS server answers with an address."""

    tag = "host"
    keys = ("address",)
    address = Address("@ip", change=LIVE, required=True)
    names = HostNames("hostname", change=LIVE, required=True)


class Forwarder(Composite):
    """A DNS server that is asked for what the network does not know, or for one domain."""

    tag = "forwarder"
    keys = ("address", "domain")
    address = Address("@addr")
    domain = Text("@domain", **HOST_NAME)

    @classmethod
    def check(cls, declared):
        if not declared.get("address") and not declared.get("domain"):
            raise FieldError("a forwarder needs an address, a domain that is asked there only, or both", ("address",))

    @classmethod
    def identity(cls, values):
        return " for ".join(values[key] for key in cls.keys if values.get(key))


class Service(Composite):
    """Where a service of the domain is found, an SRV record of RFC 2782."""

    tag = "srv"
    keys = ("service", "protocol", "domain", "target")
    service = Text("@service", pattern="_?[A-Za-z0-9-]+", meaning="a service's name such as ldap", required=True, change=LIVE)
    protocol = Enum("@protocol", choices=["tcp", "udp"], required=True, change=LIVE)
    domain = Text("@domain", change=LIVE, **HOST_NAME)
    target = Text("@target", change=LIVE, pattern=HOST_NAME["pattern"] + r"\.?|\.", meaning=HOST_NAME["meaning"])
    port = Int("@port", minimum=1, maximum=65535, change=LIVE)
    priority = Int("@priority", minimum=0, maximum=65535, unset=0, change=LIVE)
    weight = Int("@weight", minimum=0, maximum=65535, unset=0, change=LIVE)

    @classmethod
    def check(cls, declared):
        for option in ("port", "priority", "weight"):
            if declared.get(option) and not declared.get("target"):
                raise FieldError("goes with a target only", (option,))


class TextRecord(Model):
    tag = "txt"
    name = Text("@name", required=True, change=LIVE, **HOST_NAME)
    value = Text("@value", required=True, change=LIVE)
