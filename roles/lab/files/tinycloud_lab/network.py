# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's networks: everything lives in namespaces of its own, nothing in the machine's.

The controller namespace holds the bridges br0 (management) and br1 (a provider's layer 2); each
host has a namespace with eth0 on br0 and eth1 on br1.
"""

import contextlib
import ctypes
import os
import socket
import subprocess
from pathlib import Path

from console import LabError, quiet

PREFIX4, PREFIX6 = "10.99.0", "fd99::"
CONTROLLER = f"{PREFIX4}.1"
HTTP_PORT = 8000
URL = f"http://{CONTROLLER}:{HTTP_PORT}"
_NEWNET = 0x40000000


def address(number):
    return f"{PREFIX4}.{number}"


class Namespace:
    def __init__(self, name):
        self.name = name
        self.path = Path("/run/netns") / name

    @property
    def exists(self):
        # A name left by a killed `ip netns add` is a plain file that no namespace is mounted on.
        return self.path.exists() and os.path.ismount(self.path)

    def create(self):
        if self.exists:
            return False
        self.path.unlink(missing_ok=True)
        ok, said = quiet(["ip", "netns", "add", self.name])
        if not ok:
            raise LabError(f"cannot make the network namespace {self.name}: {said}")
        return True

    def delete(self):
        if not self.path.exists():
            return False
        ok, said = quiet(["ip", "netns", "delete", self.name])
        if not ok and self.path.exists():
            # Not mounted any more: only the name is left.
            with contextlib.suppress(OSError):
                self.path.unlink()
            if self.path.exists():
                raise LabError(f"cannot remove the network namespace {self.name}: {said}")
        return True

    def has_link(self, link):
        return quiet(["ip", "-n", self.name, "link", "show", link])[0]

    def batch(self, *commands):
        """Several `ip` commands in one process."""
        ok, said = quiet(
            ["ip", "-n", self.name, "-batch", "-"], stdin="".join(f"{line}\n" for line in commands))
        if not ok:
            raise LabError(f"cannot set up the network namespace {self.name}: {said}")

    def enter(self, *argv):
        """The command line that runs `argv` inside; `ip netns exec` would hide the cgroups."""
        return ["nsenter", f"--net={self.path}", *argv]

    def connect(self, host, port, timeout):
        """A TCP connection made from inside, usable from outside."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/proc/thread-self/ns/net", "rb") as home, open(self.path, "rb") as there:
            if libc.setns(there.fileno(), _NEWNET):
                raise OSError(ctypes.get_errno(), f"cannot enter {self.name}")
            try:
                made = socket.socket()
            finally:
                libc.setns(home.fileno(), _NEWNET)
        made.settimeout(timeout)
        try:
            made.connect((host, port))
        except OSError:
            made.close()
            raise
        return made


def make_controller(namespace):
    """The controller namespace with its bridges; True when there was something to make."""
    if namespace.exists and namespace.has_link("br1"):
        return False
    # Begun but not finished: nothing of value is inside, so start over.
    namespace.delete()
    namespace.create()
    namespace.batch(
        "link set lo up",
        "link add br0 type bridge stp_state 0 forward_delay 0",
        f"addr add {CONTROLLER}/24 dev br0",
        f"addr add {PREFIX6}1/64 dev br0 nodad",
        "link set br0 up",
        "link add br1 type bridge stp_state 0 forward_delay 0",
        "link set br1 up",
    )
    return True


def make_host(controller, namespace, host, number):
    """A host's namespace, wired to both bridges; True when there was something to make."""
    if namespace.exists and namespace.has_link("eth1") and controller.has_link(f"{host}.1"):
        return False
    remove_host(controller, namespace, host)
    namespace.create()
    controller.batch(
        f"link add {host}.0 type veth peer name eth0 netns {namespace.name}",
        f"link set {host}.0 master br0 up",
    )
    namespace.batch(
        "link set lo up",
        f"addr add {address(number)}/24 dev eth0",
        f"addr add {PREFIX6}{number}/64 dev eth0 nodad",
        "link set eth0 up",
        f"route add default via {CONTROLLER}",
    )
    # Last, because its presence says that the host is completely wired.
    controller.batch(
        f"link add {host}.1 type veth peer name eth1 netns {namespace.name}",
        f"link set {host}.1 master br1 up",
    )
    namespace.batch("link set eth1 up")
    return True


def remove_host(controller, namespace, host):
    if controller.exists:
        for link in (f"{host}.0", f"{host}.1"):
            # The namespace's end goes at once; waiting for the namespace itself to die would not do.
            subprocess.run(["ip", "-n", controller.name, "link", "delete", link],
                           capture_output=True, check=False)
    return namespace.delete()
