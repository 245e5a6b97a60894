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
from cache import Artefact
from console import run
from shared import debian_guest, plain_disk

_FILES = Path(__file__).parent / "guests"
_MIB = 1 << 20

# liblzma5 is what kmod reads the kernel's compressed modules with, though it only recommends it.
_TINY = (
    "busybox-static", "dropbear-bin", "qemu-guest-agent", "linux-image-cloud-amd64", "kmod", "liblzma5",
)
_KERNEL = "mitigations=off no_timer_check tsc=reliable random.trust_cpu=on"

# The full kernel is as small as the one for clouds without the drivers of hardware that no guest has.
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
        debian.bootstrap("trixie", into / "tree", debian_guest.LOADER, cache.console, "boot loader", variant="extract")
        for name in ("bin", "sbin", "lib", "lib64"):
            if not (into / "tree" / name).exists():
                (into / "tree" / name).symlink_to(f"usr/{name}")

    return Artefact(cache, "loader", build, [debian_guest.LOADER])


def _write(tree, target, label, size, loader):
    raw = target.with_suffix(".raw")
    plain_disk.write(run, tree, raw, label, size, loader.path / "tree")
    run(["qemu-img", "convert", "-O", "qcow2", str(raw), str(target)])
    raw.unlink()


def tiny(cache):
    files = _FILES / "tiny"
    loader = _loader(cache)

    def build(into):
        packages, root = into / "packages", into / "root"
        debian.bootstrap("trixie", packages, _TINY, cache.console, "tiny guest", variant="extract")
        run(["sh", str(files / "assemble.sh"), str(packages), str(root)])
        _write(root, into / "tiny.qcow2", "tiny", 96 * _MIB, loader)
        shutil.rmtree(packages)
        shutil.rmtree(root)

    return Artefact(cache, "image-tiny", build, [_TINY, _contents(files)], needs=[loader])


def debian_12(cache):
    files = _FILES / "debian"
    loader = _loader(cache)
    prepare = (debian_guest.prepare("debian-12", _KERNEL), (files / "prepare.sh").read_text())

    def build(into):
        root = into / "root"
        debian.bootstrap("bookworm", root, debian_guest.PACKAGES, cache.console, "Debian guest", hooks=prepare,
                         options=[f"--essential-hook={debian_guest.EARLY}",
                                  *(f"--dpkgopt=path-exclude={path}" for path in _NO_HARDWARE)])
        cache.console.say("Debian guest", "writing the disk image")
        _write(root, into / "debian-12.qcow2", "debian-12", 2048 * _MIB, loader)
        shutil.rmtree(root)

    return Artefact(cache, "image-debian-12", build, [debian_guest.PACKAGES, debian_guest.EARLY, prepare, _NO_HARDWARE], needs=[loader])


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
