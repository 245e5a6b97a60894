# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk with a Debian from the archives that apt knows here, as small as it can be. The lab's guests are made by the same code, and boot."""
from __future__ import annotations

import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[5]))

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _debian_image


def listed(disk: str, folder: str) -> set[str]:
    """What debugfs lists in a folder of the first partition of a raw disk."""
    done = subprocess.run(["debugfs", "-R", f"ls -p {folder}", f"{disk}?offset=1048576"], capture_output=True, text=True, check=True)
    return {line.split("/")[5] for line in done.stdout.splitlines() if line.count("/") > 5}


def main() -> None:
    _debian_image._debian_guest.PACKAGES = ()
    _debian_image._debian_guest.prepare = lambda label: f"mkdir -p $1/boot/grub; echo {label} > $1/etc/label"
    wanted = {"/": {"etc", "boot", "usr"}, "/etc": {"label", "debian_version", "os-release"}, "/usr/bin": {"busybox"},
              "/usr/share/initramfs-tools/modules.d": {"tinycloud"}}
    with tempfile.TemporaryDirectory(prefix="tinycloud-", dir="/var/tmp") as folder:
        disk = _debian_image.make(folder + "/work", "trixie", None, ("busybox-static",), 1 << 30)
        missing = {place: names - listed(disk, place) for place, names in wanted.items()}
        with open(disk, "rb") as file:
            first = file.read(512)
        _debian_image.remove(folder + "/work")
        left = list(pathlib.Path(folder).iterdir())
    if any(missing.values()) or first[510:] != b"\x55\xaa" or b"GRUB" not in first or left:
        sys.exit(f"missing {missing}, begins with {first[-2:]!r}, left {left}")


if __name__ == "__main__":
    main()
