# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices that a VM has one of: serial console, guest agent's channel, random numbers, balloon, video.

https://libvirt.org/formatdomain.html#devices
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    LIVE, Enum, Field, FieldError, Int, Node, Switch, Text,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

_FILE = {"pattern": "/.+", "meaning": "an absolute path"}
_VIRTIO = ["virtio", "virtio-transitional", "virtio-non-transitional"]
AGENT = "org.qemu.guest_agent.0"


class Console(Model):
    """The first serial port."""

    tag = "serial"
    keys = ()
    type = Enum("@type", choices=["pty", "file", "unix", "tcp", "null"])
    path = Text("source/@path", generated=True, **_FILE)
    host = Text("source/@host", pattern=r"[A-Za-z0-9.:_-]+", meaning="a host's name or address")
    port = Int("source/@service", minimum=1, maximum=65535)
    mode = Enum("source/@mode", choices=["bind", "connect"])
    log = Text("log/@file", **_FILE)
    log_append = Switch("log/@append", words=("on", "off"), generated=True)

    @classmethod
    def check(cls, declared):
        kind = declared.get("type")
        if kind == "file" and not declared.get("path"):
            raise FieldError("'type: file' needs the path of the file", ("path",))
        if kind == "tcp" and not (declared.get("host") and declared.get("port")):
            raise FieldError("'type: tcp' needs a host and a port", ("host",))
        if declared.get("log_append") is not None and "log" in declared and declared["log"] is None:
            raise FieldError("goes with a log only", ("log_append",))


class ConsoleNode(Node):
    """libvirt repeats the first serial port as the first console."""

    def __init__(self):
        super().__init__(Console, "devices/serial")

    def write(self, element, value):
        for console in element.findall("devices/console"):
            if _path.get(console, "target/@type") in (None, "serial"):
                _path.remove(console)
        kind = (value or {}).get("type")
        if kind and kind != _path.get(element, "devices/serial/@type"):
            _path.drop(element, "devices/serial/source")
        super().write(element, value)


class GuestAgent(Field):
    """The channel by which the host talks to an agent in the guest."""

    type = "bool"

    def __init__(self):
        super().__init__("devices/channel/target[@name='%s']" % AGENT)

    def read(self, element):
        return _path.find(element, self.path) is not None

    def write(self, element, value):
        for target in _path.find_all(element, self.path):
            _path.take(element, target.getparent())
        if value:
            channel = _path.append(element, "devices/channel")
            channel.set("type", "unix")
            _path.put(channel, "target/@type", "virtio")
            _path.put(channel, "target/@name", AGENT)


class Rng(Model):
    tag = "rng"
    keys = ()
    model = Enum("@model", choices=_VIRTIO, generated=True)
    backend = Enum("backend/@model", choices=["random", "builtin"])
    source = Text("backend", generated=True, **_FILE)
    rate_bytes = Int("rate/@bytes", minimum=1)
    rate_period = Int("rate/@period", minimum=1, generated=True)

    @classmethod
    def check(cls, declared):
        if declared.get("backend") == "builtin" and declared.get("source"):
            raise FieldError("the builtin backend has no source", ("source",))
        if declared.get("rate_period") and "rate_bytes" in declared and declared["rate_bytes"] is None:
            raise FieldError("goes with rate_bytes only", ("rate_period",))

    @classmethod
    def write(cls, element, declared):
        if declared.get("backend") == "builtin":
            _path.drop(element, "backend")
        if "rate_bytes" in declared and declared["rate_bytes"] is None:
            _path.drop(element, "rate")
        super().write(element, declared)
        if element.get("model") is None:
            element.set("model", "virtio")
        return element


class Balloon(Model):
    tag = "memballoon"
    keys = ()
    model = Enum("@model", choices=_VIRTIO, generated=True)
    stats_period = Int("stats/@period", minimum=0, change=LIVE, unset=0)
    autodeflate = Switch("@autodeflate", words=("on", "off"))
    free_page_reporting = Switch("@freePageReporting", words=("on", "off"))


class _NotNone(Node):
    """A device that libvirt adds unless it is told that there is none."""

    def __init__(self, model, path, kind):
        super().__init__(model, path)
        self._kind = kind

    def read(self, element):
        return None if _path.get(element, self._kind) == "none" else super().read(element)

    def write(self, element, value):
        if value is None or _path.get(element, self._kind) == "none":
            _path.drop(element, self.path)
        if value is None:
            _path.put(element, self._kind, "none")
        else:
            super().write(element, value)


class BalloonNode(_NotNone):
    def __init__(self):
        super().__init__(Balloon, "devices/memballoon", "devices/memballoon/@model")

    def is_content(self, element):
        return _path.get(element, self._kind) == "none"

    def write(self, element, value):
        super().write(element, value)
        if value is not None and _path.get(element, self._kind) is None:
            _path.put(element, self._kind, "virtio")


class Video(Model):
    tag = "video"
    keys = ()
    model = Enum("model/@type", choices=["vga", "virtio", "qxl", "cirrus", "bochs", "ramfb", "vmvga", "gop"], required=True)
    heads = Int("model/@heads", minimum=1, generated=True)
    vram = Int("model/@vram", minimum=1, generated=True)
    ram = Int("model/@ram", minimum=1, generated=True)
    vgamem = Int("model/@vgamem", minimum=1, generated=True)
    accel3d = Switch("model/acceleration/@accel3d")


class VideoNode(_NotNone):
    def __init__(self):
        super().__init__(Video, "devices/video", "devices/video/model/@type")

    def write(self, element, value):
        if value and value["model"] != _path.get(element, self._kind):
            # Its memory is that of the model that was.
            _path.drop(element, "devices/video/model")
        super().write(element, value)
