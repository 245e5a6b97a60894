# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a VM's screen can be seen, https://libvirt.org/formatdomain.html#graphical-framebuffers"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, AbsolutePath, Enum, FieldError, Int, Node, Nodes, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtio_driver import ON_OFF

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
        if kind:
            return kind if kind in self._words else None
        return "socket" if element.get("socket") else element.get("listen")

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
                # Programs that are older than the element look here, so libvirt writes it as well.
                element.set("listen", value)


class ListenNetwork(Text):
    """A network of libvirt's: the address is the host's own there."""

    reads_path_only = True

    def __init__(self, **options):
        super().__init__("listen[@type='network']/@network", pattern="[^ /]+", meaning="a network's name", refers="network", **options)

    def read(self, element):
        return super().read(element) if _path.get(element, "listen/@type") == "network" else None

    def write(self, element, value):
        if value is not None:
            for listen in element.findall("listen"):
                _path.remove(listen)
            element.attrib.pop("listen", None)
            super().write(element, value)
        else:
            for listen in element.findall("listen[@type='network']"):
                _path.remove(listen)


class Socket(AbsolutePath):
    """The path of the UNIX socket; libvirt makes one up."""

    def __init__(self, **options):
        super().__init__("listen[@type='socket']/@socket", generated=True, **options)

    def read(self, element):
        # The older place of it.
        return super().read(element) or (None if element.find("listen") is not None else element.get("socket"))

    def write(self, element, value):
        super().write(element, value)
        element.attrib.pop("socket", None)


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
        super().write(element, _AUTOMATIC if value is None else value)
        element.set("autoport", "yes" if value is None else "no")


class Websocket(Int):
    """A port, or -1 for any free one."""

    def same_live(self, declared, actual):
        return declared in (_AUTOMATIC, actual)


class SpiceChannel(Model):
    tag = "channel"
    name = Enum("@name", choices=["main", "display", "inputs", "cursor", "playback", "record", "smartcard", "usbredir"], required=True)
    mode = Enum("@mode", choices=["secure", "insecure", "any"], required=True)


class Gl(Model):
    keys = ()
    enable = Switch("@enable", generated=True)
    render_node = AbsolutePath("@rendernode", generated=True)


class Spice(Model):
    """What only SPICE has."""

    keys = ()
    tls_port = Int("@tlsPort", minimum=_AUTOMATIC, maximum=65535, generated=True)
    default_mode = Enum("@defaultMode", choices=["secure", "insecure", "any"], unset="any")
    channels = Nodes(SpiceChannel, "channel")
    image_compression = Enum("image/@compression", choices=["auto_glz", "auto_lz", "quic", "glz", "lz", "off"])
    jpeg_compression = Enum("jpeg/@compression", choices=["auto", "never", "always"])
    zlib_compression = Enum("zlib/@compression", choices=["auto", "never", "always"])
    playback_compression = Switch("playback/@compression", words=ON_OFF)
    streaming = Enum("streaming/@mode", choices=["filter", "all", "off"])
    clipboard = Switch("clipboard/@copypaste")
    file_transfer = Switch("filetransfer/@enable")
    mouse = Enum("mouse/@mode", choices=["server", "client"])


# Whose kinds have what.
_OF = {
    "websocket": ("vnc",), "share_policy": ("vnc",), "power_control": ("vnc",), "audio": ("vnc", "dbus"),
    "spice": ("spice",), "connected": ("vnc", "spice"), "gl": ("spice", "sdl", "egl-headless", "dbus"),
    "display": ("sdl", "desktop"), "xauth": ("sdl",), "full_screen": ("sdl", "desktop"),
    "p2p": ("dbus",), "address": ("dbus",), "user_name": ("rdp",), "multi_user": ("rdp",), "replace_user": ("rdp",),
}
_TITLES = {"vnc": "VNC", "spice": "SPICE"}
_WITHOUT_PORT = ("sdl", "desktop", "egl-headless", "dbus")


class Graphics(Model):
    tag = "graphics"
    keys = ("type",)
    type = Enum("@type", choices=["vnc", "spice", "rdp", "sdl", "desktop", "egl-headless", "dbus"], required=True)
    listen = Listen()
    listen_network = ListenNetwork()
    socket = Socket()
    port = Port()
    websocket = Websocket("@websocket", minimum=_AUTOMATIC, maximum=65535)
    password = Text("@passwd", change=LIVE, secret=True)
    password_valid_to = Text("@passwdValidTo", change=LIVE, pattern=r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
                             meaning="a time in UTC, such as 2030-12-31T23:59:59", no_log=False)
    connected = Enum("@connected", choices=["fail", "disconnect", "keep"], change=LIVE)
    keymap = Text("@keymap", pattern="[a-z-]+", meaning="a keymap's name, such as en-us", no_log=False)
    share_policy = Enum("@sharePolicy", choices=["allow-exclusive", "force-shared", "ignore"])
    power_control = Switch("@powerControl")
    audio = Int("audio/@id", minimum=1)
    spice = Node(Spice)
    gl = Node(Gl, "gl", generated=True)
    display = Text("@display", pattern="[^ ]+", meaning="an X11 display, such as :0.1")
    xauth = AbsolutePath("@xauth")
    full_screen = Switch("@fullscreen")
    p2p = Switch("@p2p")
    address = Text("@address", pattern="[^ ]+", meaning="an address of D-Bus, such as unix:path=/run/bus")
    user_name = Text("@username", pattern="[^ ]+", meaning="a user's name")
    multi_user = Switch("@multiUser")
    replace_user = Switch("@replaceUser")

    @classmethod
    def check(cls, declared):
        kind = declared.get("type")
        if kind == "vnc" and len(declared.get("password") or "") > _LONGEST_VNC_PASSWORD:
            raise FieldError("VNC's passwords have at most %d characters" % _LONGEST_VNC_PASSWORD, ("password",))
        for option, kinds in _OF.items():
            if declared.get(option) is not None and kind not in kinds:
                raise FieldError("is an option of %s" % " and ".join(_TITLES.get(one, one) for one in kinds), (option,))
        if declared.get("listen") in ("socket", "none") and declared.get("port") is not None:
            raise FieldError("'listen: %s' has no port" % declared["listen"], ("port",))
        if declared.get("listen") is not None and declared.get("listen_network") is not None:
            raise FieldError("goes without listen: its address is the host's own in that network", ("listen_network",))
        if declared.get("socket") is not None and declared.get("listen") != "socket":
            raise FieldError("goes with 'listen: socket'", ("socket",))
        if kind in _WITHOUT_PORT:
            for option in ("listen", "listen_network", "port", "password"):
                if declared.get(option) is not None:
                    raise FieldError("'type: %s' has none, it is not on the network" % kind, (option,))

    @classmethod
    def write(cls, element, declared):
        super().write(element, declared)
        listens = _path.get(element, "listen/@type") not in ("socket", "none")
        if element.get("port") is None and element.get("autoport") is None and listens and element.get("type") not in _WITHOUT_PORT:
            cls.fields()["port"].write(element, None)
        return element
