# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a VM's screen can be seen, https://libvirt.org/formatdomain.html#graphical-framebuffers"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, Enum, FieldError, Int, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

_AUTOMATIC = -1
_LONGEST_VNC_PASSWORD = 8


class Listen(Text):
    """An address, or one of the words ``socket`` (a UNIX socket, which only the host's root reaches) and ``none``."""

    _words = ("socket", "none")

    def __init__(self, **options):
        super().__init__("listen", pattern=r"[A-Za-z0-9_.:%-]+", meaning="an address or host name, 'socket' or 'none'",
                         generated=True, **options)

    def read(self, element):
        listen = element.find("listen")
        kind = None if listen is None else listen.get("type")
        if kind == "address":
            return listen.get("address")
        return kind if kind in self._words else element.get("listen")

    def write(self, element, value):
        for listen in element.findall("listen"):
            _path.remove(listen)
        for old in ("listen", "socket"):
            element.attrib.pop(old, None)
        if value is not None:
            listen = _path.append(element, "listen")
            listen.set("type", value if value in self._words else "address")
            if value not in self._words:
                listen.set("address", value)


class Port(Int):
    """A fixed port; null: any free one, which only the running VM shows."""

    def __init__(self, **options):
        super().__init__("@port", minimum=1, maximum=65535, **options)

    def read(self, element):
        if element.get("autoport") == "yes":
            return None
        port = super().read(element)
        return None if port == _AUTOMATIC else port

    def write(self, element, value):
        super().write(element, value)
        element.set("autoport", "yes" if value is None else "no")


class Websocket(Int):
    """A port, or -1 for any free one."""

    def same_live(self, declared, actual):
        return declared in (_AUTOMATIC, actual)


class Graphics(Model):
    tag = "graphics"
    keys = ("type",)
    type = Enum("@type", choices=["vnc", "spice"], required=True)
    listen = Listen()
    port = Port()
    websocket = Websocket("@websocket", minimum=_AUTOMATIC, maximum=65535)
    password = Text("@passwd", change=LIVE, secret=True)
    password_valid_to = Text("@passwdValidTo", change=LIVE, pattern=r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
                             meaning="a time in UTC, such as 2030-12-31T23:59:59", no_log=False)
    keymap = Text("@keymap", pattern="[a-z-]+", meaning="a keymap's name, such as en-us", no_log=False)
    share_policy = Enum("@sharePolicy", choices=["allow-exclusive", "force-shared", "ignore"])

    @classmethod
    def check(cls, declared):
        vnc = declared.get("type") == "vnc"
        if vnc and len(declared.get("password") or "") > _LONGEST_VNC_PASSWORD:
            raise FieldError("VNC's passwords have at most %d characters" % _LONGEST_VNC_PASSWORD, ("password",))
        for option in ("websocket", "share_policy"):
            if declared.get(option) is not None and not vnc:
                raise FieldError("is an option of VNC", (option,))
        if declared.get("listen") in ("socket", "none") and declared.get("port") is not None:
            raise FieldError("'listen: %s' has no port" % declared["listen"], ("port",))
