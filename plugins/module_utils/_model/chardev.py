# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the host's end of a character device is, https://libvirt.org/formatdomain.html#host-interface"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import AbsolutePath, Enum, FieldError, Int, Node, Nodes, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_seclabel import DeviceLabel
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtio_driver import ON_OFF

HOST = {"pattern": r"[A-Za-z0-9.:_%-]+", "meaning": "a host's name or address"}
KINDS = ["pty", "tcp", "udp", "unix", "file", "pipe", "dev", "null", "stdio", "vc", "spicevmc", "spiceport", "qemu-vdagent", "dbus", "nmdm"]
_NEEDED = {"file": ["path"], "pipe": ["path"], "dev": ["path"], "tcp": ["host", "port"], "udp": ["port"],
           "spiceport": ["channel"], "dbus": ["channel"], "nmdm": ["master", "slave"]}


def _source(element):
    """The path of what is told of the host's end: UDP has one for each direction."""
    return "source[@mode='connect']" if element.get("type") == "udp" else "source"


class _Host(Text):
    reads_path_only = True

    def read(self, element):
        return _path.get(element, _source(element) + "/@host")

    def write(self, element, value):
        _put(element, _source(element) + "/@host", value)


class _Port(Int):
    reads_path_only = True

    def read(self, element):
        text = _path.get(element, _source(element) + "/@service")
        return None if text is None else int(text)

    def write(self, element, value):
        _put(element, _source(element) + "/@service", value)


def _put(element, path, value):
    if value is None:
        _path.drop(element, path)
    else:
        _path.put(element, path, str(value))


class _Mode(Enum):
    reads_path_only = True

    def read(self, element):
        return None if element.get("type") == "udp" else super().read(element)

    def write(self, element, value):
        if element.get("type") != "udp":
            super().write(element, value)


class _Back:
    """UDP's own end: it goes when nothing is said of it any more."""

    def read(self, element):
        return super().read(element) if element.get("type") == "udp" else None

    def write(self, element, value):
        super().write(element, value)
        for source in element.findall("source[@mode='bind']"):
            if set(source.attrib) == {"mode"} and not len(source):
                _path.remove(source)


class _BackPort(_Back, Int):
    reads_path_only = True


class _BackHost(_Back, Text):
    reads_path_only = True


class Reconnect(Model):
    keys = ()
    enabled = Switch("@enabled", required=True)
    timeout = Int("@timeout", minimum=0)

    @classmethod
    def check(cls, declared):
        if declared.get("enabled") and declared.get("timeout") is None:
            raise FieldError("say after how many seconds it connects again", ("timeout",))


class Chardev(Model):
    """The options of a host's end."""

    keys = ()
    type = Enum("@type", choices=KINDS)
    path = AbsolutePath("source/@path", generated=True)
    host = _Host("source/@host", **HOST)
    port = _Port("source/@service", minimum=1, maximum=65535)
    mode = _Mode("source/@mode", choices=["bind", "connect"])
    bind_host = _BackHost("source[@mode='bind']/@host", **HOST)
    bind_port = _BackPort("source[@mode='bind']/@service", minimum=0, maximum=65535)
    protocol = Enum("protocol/@type", choices=["raw", "telnet", "telnets", "tls"], unset="raw")
    tls = Switch("source/@tls")
    reconnect = Node(Reconnect, "source/reconnect")
    append = Switch("source/@append", words=ON_OFF)
    channel = Text("source/@channel", pattern="[A-Za-z0-9_.-]+", meaning="a channel's name, such as org.qemu.console.serial.0")
    master = AbsolutePath("source/@master")
    slave = AbsolutePath("source/@slave")
    clipboard = Switch("source/clipboard/@copypaste")
    mouse = Enum("source/mouse/@mode", choices=["server", "client"])
    seclabels = Nodes(DeviceLabel, "source/seclabel")
    log = AbsolutePath("log/@file")
    log_append = Switch("log/@append", words=ON_OFF, generated=True)

    @classmethod
    def check(cls, declared):
        kind = declared.get("type")
        for option in _NEEDED.get(kind, ()):
            if not declared.get(option):
                raise FieldError("'type: %s' needs %s" % (kind, " and ".join(_NEEDED[kind])), (option,))
        for option in ("bind_host", "bind_port"):
            if declared.get(option) is not None and kind not in (None, "udp"):
                raise FieldError("is UDP's own end; other kinds have host, port and mode", (option,))
        if kind == "udp" and declared.get("mode") is not None:
            raise FieldError("UDP has no mode: host and port are where it sends to, bind_host and bind_port where it listens", ("mode",))
        if declared.get("log_append") is not None and "log" in declared and declared["log"] is None:
            raise FieldError("goes with a log only", ("log_append",))

    @classmethod
    def write(cls, element, declared):
        kind = declared.get("type")
        if kind and kind != element.get("type"):
            # It is what was said of another kind.
            for said in element.findall("source") + element.findall("protocol"):
                _path.remove(said)
        return super().write(element, declared)
