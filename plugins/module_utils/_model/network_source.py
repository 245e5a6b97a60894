# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a disk's data is when it is on other hosts, https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms (network)"""
from __future__ import annotations

import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    AbsolutePath, Enum, Field, FieldError, Int, Node, Nodes, Quantity, Switch, Text,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

# What protocols authenticate with, by libvirt's types of secrets.
SECRETS = dict(dict.fromkeys(("iscsi", "http", "https", "ftp", "ftps", "ssh"), "iscsi"), rbd="ceph")
_NAMELESS = ("nbd",)
_PATHS = ("http", "https", "ftp", "ftps", "tftp", "ssh", "nfs")
_NAMES = {"iscsi": "the target's IQN and /LUN", "rbd": "pool/image", "gluster": "volume/image"}
# Options of a few protocols, which the others would not know.
_ONLY = {
    "auth": tuple(SECRETS), "query": ("http", "https"), "ssl": ("https", "ftps"), "cookies": ("http", "https"),
    "readahead": ("http", "https", "ftp", "ftps", "tftp"), "timeout": ("http", "https", "ftp", "ftps", "tftp"), "tls": ("nbd", "vxhs"),
    "tls_hostname": ("nbd",), "reconnect_delay": ("nbd",), "initiator": ("iscsi",), "snapshot": ("rbd", "sheepdog"), "config": ("rbd",),
    "identity": ("nfs", "ssh"), "known_hosts": ("ssh",),
}


class Host(Model):
    tag = "host"
    keys = (("name", "port"), "name", "socket")
    name = Text("@name", pattern="[A-Za-z0-9.:_-]+", meaning="a host name or an IP address")
    port = Int("@port", minimum=1, maximum=65535)
    transport = Enum("@transport", choices=["tcp", "unix", "rdma"], unset="tcp")
    socket = Text("@socket", pattern="/.*", meaning="an absolute path")

    @classmethod
    def check(cls, declared):
        if bool(declared.get("name")) == bool(declared.get("socket")):
            raise FieldError("give the name of a host, or the socket of a server on this one")
        if declared.get("socket"):
            if declared.get("transport") in ("tcp", "rdma") or declared.get("port"):
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
    secret = SecretName("secret", required=True, refers="secret", no_log=False)


class Ssl(Model):
    keys = ()
    verify = Switch("@verify", required=True)


class Cookie(Model):
    tag = "cookie"
    keys = ("name",)
    name = Text("@name", pattern=r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", meaning="a cookie's name", required=True)
    value = Text(".", pattern="[!-:<-~]+", meaning="a cookie's value, without blanks and semicolons", required=True, generated=True,
                 secret=True)


class Identity(Model):
    """Who QEMU is to an NFS or an SSH server."""

    keys = ()
    user = Text("@user", pattern="[+]?[A-Za-z0-9_.-]+", meaning="a user's name, or + and a number")
    group = Text("@group", pattern="[+]?[A-Za-z0-9_.-]+", meaning="a group's name, or + and a number")
    username = Text("@username", pattern="[^ ]+", meaning="a user's name")
    # The path of a file, not the key itself.
    keyfile = AbsolutePath("@keyfile", no_log=False)
    agent_socket = AbsolutePath("@agentsock")


class Former(Node):
    """A sub-object that older definitions have elsewhere, from where it comes when it is written.

    :param former: that place
    """

    def __init__(self, model, path, former, **options):
        super().__init__(model, path, **options)
        self.former = former

    def place(self, element):
        found = super().place(element)
        return element.find(self.former) if found is None else found

    def write(self, element, value):
        there = element.find(self.former)
        if there is not None:
            _path.remove(there)
            if value is not None and super().place(element) is None:
                above = self.path.rpartition("/")[0]
                (_path.ensure(element, above) if above else element).append(there)
        super().write(element, value)


class NetworkSource(Model):
    keys = ()
    protocol = Enum("@protocol", choices=["nbd", "iscsi", "rbd", "http", "https", "ftp", "ftps", "tftp", "ssh", "nfs", "gluster", "sheepdog", "vxhs"],
                    required=True)
    name = Text("@name", pattern="[^ ]+", meaning="an export's, target's or image's name, without blanks")
    hosts = Nodes(Host, "host")
    auth = Former(Auth, "auth", "../auth")
    query = Text("@query", pattern="[!-~]+", meaning="the query of a URL, without the ?")
    tls = Switch("@tls")
    tls_hostname = Text("@tlsHostname", pattern="[A-Za-z0-9.:_-]+", meaning="the host's name in its certificate", since="8.2")
    ssl = Node(Ssl, "ssl")
    cookies = Nodes(Cookie, "cookies/cookie")
    readahead = Quantity("readahead/@size")
    timeout = Int("timeout/@seconds", minimum=1)
    reconnect_delay = Int("reconnect/@delay", minimum=1, since="9.1")
    initiator = Text("initiator/iqn/@name", pattern="iqn[.].+", meaning="an IQN")
    snapshot = Text("snapshot/@name", pattern="[^/ ]+", meaning="a snapshot's name")
    config = AbsolutePath("config/@file")
    identity = Node(Identity, "identity")
    known_hosts = AbsolutePath("knownHosts/@path", since="10.0")

    @classmethod
    def check(cls, declared):
        protocol = declared.get("protocol")
        if not declared.get("hosts") and protocol not in ("rbd", "sheepdog"):
            raise FieldError("say on which hosts it is", ("hosts",))
        if not declared.get("name") and protocol not in _NAMELESS:
            raise FieldError("say its name: %s" % _NAMES.get(protocol, "the path on the server" if protocol in _PATHS else "the image's"), ("name",))
        if protocol not in ("rbd", "gluster") and len(declared.get("hosts") or []) > 1:
            raise FieldError("only rbd and gluster have several hosts", ("hosts",))
        for option, protocols in _ONLY.items():
            if declared.get(option) and protocol not in protocols:
                raise FieldError("is an option of %s" % " and ".join(protocols), (option,))

    @classmethod
    def write(cls, element, declared):
        super().write(element, declared)
        secret = element.find("auth/secret")
        if secret is not None:
            secret.set("type", SECRETS.get(element.get("protocol"), "iscsi"))
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
