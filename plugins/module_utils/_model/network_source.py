# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a disk's data is when it is on other hosts, https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms (network)"""
from __future__ import annotations

import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, Field, FieldError, Int, Node, Nodes, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

# What protocols authenticate with, by libvirt's types of secrets.
SECRETS = {"rbd": "ceph", "iscsi": "iscsi"}
_NAMELESS = ("nbd",)


class Host(Model):
    tag = "host"
    keys = ("name", "socket")
    name = Text("@name", pattern="[A-Za-z0-9.:_-]+", meaning="a host name or an IP address")
    port = Int("@port", minimum=1, maximum=65535)
    transport = Enum("@transport", choices=["tcp", "unix"], unset="tcp")
    socket = Text("@socket", pattern="/.*", meaning="an absolute path")

    @classmethod
    def check(cls, declared):
        if bool(declared.get("name")) == bool(declared.get("socket")):
            raise FieldError("give the name of a host, or the socket of a server on this one")
        if declared.get("socket"):
            if declared.get("transport") == "tcp" or declared.get("port"):
                raise FieldError("a socket has no port, and its transport is unix", ("socket",))
            declared["transport"] = "unix"


class SecretName(Field):
    """A secret of libvirt's, by its UUID or by what it is used for: never its value."""

    _uuid = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

    @classmethod
    def is_uuid(cls, value):
        return bool(cls._uuid.fullmatch(value))

    def normalise(self, value):
        text = str(value).strip()
        if not text:
            raise FieldError("name a secret of libvirt's, by its usage or its UUID")
        return text.lower() if self.is_uuid(text) else text

    def read(self, element):
        secret = element.find("secret")
        return None if secret is None else secret.get("uuid") or secret.get("usage")

    def write(self, element, value):
        secret = element.find("secret")
        if secret is None:
            if value is None:
                return
            secret = _path.append(element, "secret")
        for attribute in ("uuid", "usage"):
            secret.attrib.pop(attribute, None)
        if value is None:
            _path.remove(secret)
        else:
            secret.set("uuid" if self.is_uuid(value) else "usage", value)


class Auth(Model):
    keys = ()
    username = Text("@username", pattern="[^ ].*", meaning="a user's name", required=True)
    # A name, not the secret itself.
    secret = SecretName("secret", required=True, no_log=False)


class NetworkSource(Model):
    keys = ()
    protocol = Enum("@protocol", choices=["nbd", "iscsi", "rbd", "http", "https"], required=True)
    name = Text("@name", pattern="[^ ]+", meaning="an export's, target's or image's name, without blanks")
    hosts = Nodes(Host, "host")
    auth = Node(Auth, "auth")

    @classmethod
    def check(cls, declared):
        protocol = declared.get("protocol")
        if not declared.get("hosts"):
            raise FieldError("say on which hosts it is", ("hosts",))
        if not declared.get("name") and protocol not in _NAMELESS:
            raise FieldError("say its name: %s" % {"iscsi": "the target's IQN and /LUN", "rbd": "pool/image"}.get(protocol, "the path on the server"),
                             ("name",))
        if protocol != "rbd" and len(declared["hosts"]) > 1:
            raise FieldError("only rbd has several hosts", ("hosts",))
        if declared.get("auth") and protocol not in SECRETS:
            raise FieldError("only iscsi and rbd log in with a secret of libvirt's", ("auth",))

    @classmethod
    def write(cls, element, declared):
        super().write(element, declared)
        secret = element.find("auth/secret")
        if secret is not None:
            secret.set("type", SECRETS.get(element.get("protocol"), "ceph"))
        return element


class NetworkNode(Node):
    """The source of a disk whose data is on other hosts: sets the disk's type along with it."""

    def place(self, element):
        return element.find("source") if element.get("type") == "network" else None

    def write(self, element, value):
        if value is None:
            if element.get("type") == "network":
                _path.drop(element, "source")
            return
        here = self.read(element)
        if here is None or any(here.get(name) != value.get(name) for name in ("protocol", "name")):
            # Other data: what said how to get at the old, and what it stands on, goes.
            for place in ("source", "backingStore", "mirror"):
                for found in element.findall(place):
                    _path.remove(found)
        element.set("type", "network")
        super().write(element, value)


def same_data(declared, actual):
    """Whether two network sources are the same data."""
    return actual is not None and all(declared.get(name) == actual.get(name) for name in ("protocol", "name"))
