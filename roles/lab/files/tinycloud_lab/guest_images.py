# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guests that the lab's web server offers, built from Debian packages.

tiny: boots in seconds even on an emulated CPU, and reads the same seed as a cloud image.
debian-12: an ordinary Debian cloud image, with cloud-init.
"""

import hashlib
import shutil
from pathlib import Path

import debian
import disk_image
from cache import Artefact
from console import run

_FILES = Path(__file__).parent / "guests"
_MIB = 1 << 20

_GRUB = ("grub-common", "grub-pc-bin")
# liblzma5 is what kmod reads the kernel's compressed modules with, though it only recommends it.
_TINY = (
    "busybox-static", "dropbear-bin", "qemu-guest-agent", "linux-image-cloud-amd64", "kmod", "liblzma5",
)
_DEBIAN = (
    "systemd", "systemd-sysv", "systemd-resolved", "libnss-resolve", "dbus", "udev", "kmod",
    "linux-image-amd64", "initramfs-tools", "zstd", "cloud-init", "cloud-guest-utils", "fdisk",
    "e2fsprogs", "openssh-server", "qemu-guest-agent", "sudo", "python3", "python3-apt", "iproute2",
    "iputils-ping", "procps", "netbase", "ca-certificates", "less",
)

# Debian 12's kernel for clouds cannot see a SATA drive, and seeds come on those too; the full one
# can, and is as small without the drivers of hardware that no guest has.
_NO_HARDWARE = tuple(
    f"/lib/modules/*/kernel/{part}/*" for part in (
        "sound", "net/bluetooth", "net/wireless", "net/mac80211", "net/can", "net/nfc", "net/batman-adv",
        "fs/ocfs2", "fs/gfs2", "fs/ceph", "fs/dlm", "fs/jfs", "fs/reiserfs", "fs/nilfs2", "fs/f2fs",
        *(f"drivers/{kind}" for kind in (
            "accel", "bluetooth", "comedi", "dma", "edac", "firewire", "fpga", "gpu", "greybus", "hid", "hwmon",
            "iio", "infiniband", "isdn", "leds", "media", "memstick", "mfd", "misc", "mmc", "mtd", "mux",
            "net/can", "net/ethernet", "net/ieee802154", "net/usb", "net/wireless", "net/wwan", "net/phy",
            "nfc", "ntb", "pcmcia", "phy", "pinctrl", "platform", "power", "rapidio", "regulator", "soundwire",
            "spi", "staging", "thunderbolt", "usb", "vfio", "video", "w1", "xen",
            "scsi/[a-hj-rt-u]*",
        ))))


def _contents(directory):
    return {path.name: path.read_text() for path in sorted(directory.iterdir())}


def _loader(cache):
    """GRUB, unpacked; both images boot with it."""

    def build(into):
        debian.bootstrap("trixie", into / "tree", _GRUB, cache.console, "boot loader", variant="extract")
        for name in ("bin", "sbin", "lib", "lib64"):
            if not (into / "tree" / name).exists():
                (into / "tree" / name).symlink_to(f"usr/{name}")

    return Artefact(cache, "loader", build, [_GRUB])


def tiny(cache):
    files = _FILES / "tiny"
    loader = _loader(cache)

    def build(into):
        packages, root = into / "packages", into / "root"
        debian.bootstrap("trixie", packages, _TINY, cache.console, "tiny guest", variant="extract")
        run(["sh", str(files / "assemble.sh"), str(packages), str(root)])
        disk_image.write(root, into / "tiny.qcow2", "tiny", 96 * _MIB, loader.path / "tree")
        shutil.rmtree(packages)
        shutil.rmtree(root)

    return Artefact(cache, "image-tiny", build, [_TINY, _contents(files)], needs=[loader])


def debian_12(cache):
    files = _FILES / "debian"
    loader = _loader(cache)
    prepare, early = ((files / name).read_text() for name in ("prepare.sh", "early.sh"))

    def build(into):
        root = into / "root"
        debian.bootstrap("bookworm", root, _DEBIAN, cache.console, "Debian guest", hooks=[prepare],
                         options=[f"--essential-hook={early}",
                                  *(f"--dpkgopt=path-exclude={path}" for path in _NO_HARDWARE)])
        cache.console.say("Debian guest", "writing the disk image")
        disk_image.write(root, into / "debian-12.qcow2", "debian-12", 2048 * _MIB, loader.path / "tree")
        shutil.rmtree(root)

    return Artefact(cache, "image-debian-12", build, [_DEBIAN, _NO_HARDWARE, _contents(files)], needs=[loader])


def sums(images):
    """The text of a SHA256SUMS file over the images at these paths."""
    lines = []
    for image in images:
        digest = image.with_suffix(".sha256")
        if not digest.exists():
            with open(image, "rb") as handle:
                digest.write_text(hashlib.file_digest(handle, "sha256").hexdigest())
        lines.append(f"{digest.read_text()}  {image.name}\n")
    return "".join(lines)
