# SPDX-License-Identifier: GPL-3.0-or-later
"""A private machine for this process: what libvirt writes, and the networks it makes, are seen by nobody else."""
from __future__ import annotations

import ctypes
import os
import pathlib
import shutil
import subprocess

CLONE_NEWNS, CLONE_NEWNET = 0x00020000, 0x40000000
USER = "libvirt-qemu"
STATE = ("/run", "/var/lib/libvirt", "/var/cache/libvirt", "/var/log/libvirt")
# QEMU as root and its output to files: no user, no AppArmor, no cgroups and no virtlogd are needed then.
QEMU_CONF = """\
user = "root"
group = "root"
security_driver = "none"
dynamic_ownership = 0
remember_owner = 0
namespaces = []
cgroup_controllers = []
stdio_handler = "file"
"""


def missing() -> str:
    """Why there can be no private machine here, or nothing."""
    if os.geteuid() != 0:
        return "needs root, for namespaces"
    if not shutil.which("qemu-system-x86_64"):
        return "needs QEMU (Debian: qemu-system-x86)"
    return ""


def enter() -> None:
    """Move this process into namespaces of its own. To be called while it has one thread: others would stay outside."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS | CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare failed")
    run("mount", "--make-rprivate", "/")
    # The machine's /sys would still show the machine's network interfaces.
    run("mount", "-t", "sysfs", "sysfs", "/sys")
    run("ip", "link", "set", "lo", "up")
    scratch = pathlib.Path("/mnt")
    run("mount", "-t", "tmpfs", "tmpfs", scratch)
    (scratch / "upper").mkdir()
    (scratch / "work").mkdir()
    run("mount", "-t", "overlay", "-o", f"lowerdir=/etc,upperdir={scratch}/upper,workdir={scratch}/work", "overlay", "/etc")
    for folder in STATE:
        # Packages of services make these, and we install none: an empty folder is all that stays on the machine.
        pathlib.Path(folder).mkdir(exist_ok=True)
        run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", folder)
    # Consoles are logged here; with virtlogd, or from a package, the folder would be there.
    pathlib.Path("/var/log/libvirt/qemu").mkdir()
    add_user()
    pathlib.Path("/etc/libvirt").mkdir(exist_ok=True)
    pathlib.Path("/etc/libvirt/qemu.conf").write_text(QEMU_CONF, "utf-8")


def add_user() -> None:
    """The driver looks this user up even if it is told to use another one; it comes with a package of services."""
    for file, line in (("/etc/passwd", f"{USER}:x:64055:64055::/var/lib/libvirt:/usr/sbin/nologin\n"), ("/etc/group", f"{USER}:x:64055:\n")):
        path = pathlib.Path(file)
        if f"\n{USER}:" not in path.read_text("utf-8"):
            with path.open("a", encoding="utf-8") as opened:
                opened.write(line)


def run(*command) -> None:
    subprocess.run([str(part) for part in command], check=True)
