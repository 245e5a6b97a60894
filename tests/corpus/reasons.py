# SPDX-License-Identifier: GPL-3.0-or-later
"""Why some of what libvirt's examples say has no option: by kind, and by the beginning of the paths.

A reason for what an option reaches, or for what no example has, fails a test.
"""
from __future__ import annotations

REASONS = {
    "vm": {
        "devices/disk/backingStore": "what a disk's data stands on: libvirt finds it by itself, and images and volumes say it",
        "devices/disk/mirror": "a copy under way, which is a state and no declaration",
        "devices/disk/source/@index": "a number that libvirt gives to each layer of a running VM's disk",
        "devices/disk/source/@fdgroup": "files that another program holds open for libvirt, as long as it runs",
        **{f"devices/{kind}/alias": "libvirt's own name of a device of a running VM" for kind in (
            "channel", "console", "input", "memballoon", "serial", "shmem", "sound")},
        "cputune/cachetune/@id": "libvirt's own name of a part of the cache that a running VM has",
        "vcpus": "libvirt's record of the virtual CPUs that are plugged in; their number is what is declared",
        "@id": "the number of a running VM",
        "devices/interface/source/@portid": "the port that a running interface has in its network",
    },
}


def reason_for(kind: str, path: str) -> str | None:
    """The reason that the beginning of a path has, or None."""
    return next((reason for begin, reason in REASONS.get(kind, {}).items() if begins(path, begin)), None)


def begins(path: str, begin: str) -> bool:
    return path == begin or path.startswith(f"{begin}/")
