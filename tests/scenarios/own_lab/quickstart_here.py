# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``./quickstart --here`` on a bare Debian with Debian's own Ansible: brought up, run again, logged in to, and taken down."""
from __future__ import annotations

import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE / "tools"))

from own_lab import Lab, changed, insist, say  # noqa: E402

COLLECTION = HERE.parents[1]
HOST = "plain"
LAB = Lab("q", {HOST: "bare"})
# Debian's archive, as far as there is one in a lab, and no package index of Python's.
ARCHIVE = "deb [trusted=yes] http://10.99.0.1:8000/repository ./"
QUICKSTART = "cd /srv/collection && TINYCLOUD_ANSIBLE=/usr/bin ./quickstart --here"


def carry(source: pathlib.Path, target: str, *options: str) -> None:
    """Copy a directory onto the host."""
    LAB.said(HOST, f"mkdir -p '{target}'")
    packed = subprocess.run(["tar", "-C", str(source), "-cz", *options, "."], stdout=subprocess.PIPE, check=True)
    done = subprocess.run(
        ["ssh", "-F", str(LAB.state / "ssh_config"), HOST, f"tar -C '{target}' -xz --no-same-owner"], input=packed.stdout, check=False)
    insist(done.returncode == 0, f"{source} is copied")


def guest_image() -> pathlib.Path:
    """What builds guest images builds them from Debian's archive, which the host cannot reach: it gets this machine's."""
    program = [sys.executable, "-B", str(COLLECTION / "roles/lab/files/tinycloud_lab"), "build", "image-tiny"]
    built = subprocess.run(program, capture_output=True, text=True, check=True).stdout
    return pathlib.Path(re.search(r'"image-tiny": "([^"]*)"', built)[1])


def state() -> dict[str, str]:
    """What a machine that was taken out of service has as before."""
    return {
        "packages": LAB.said(HOST, "dpkg-query -Wf '${db:Status-Abbrev}${Package}\n' | grep ^ii"),
        "settings": LAB.said(HOST, "ls /etc/sysctl.d /etc/modprobe.d /etc/modules-load.d /etc/tmpfiles.d"),
        "units": LAB.said(HOST, "find /etc/systemd/system ! -name '*.wants' | sort"),
        "listeners": LAB.said(HOST, "ss -Hlxtun | awk '{print $1, $5}' | sort -u"),
    }


def main() -> None:
    with LAB:
        LAB.said(HOST, f"echo '{ARCHIVE}' > /etc/apt/sources.list.d/archive.list && apt-get -q update && "
                       "apt-get -q -y install --no-install-recommends ansible-core python3-yaml openssh-client")
        carry(COLLECTION, "/srv/collection", "--exclude=.git")
        image = guest_image()
        carry(image, f"/var/cache/tinycloud-lab/{image.name}")
        before = state()
        say("on this machine itself")
        first = LAB.said(HOST, QUICKSTART)
        insist(changed(first)["localhost"] > 5, "the first run makes a compute host and its VMs")
        insist("web-1" in first and "10.20.1.12" in first, "and shows the VMs")
        for vm in ("web-1", "web-2"):
            insist(LAB.said(HOST, f"{QUICKSTART} ssh {vm} uname -n") == vm, f"one can log in to {vm}")
        say("again")
        again = LAB.said(HOST, QUICKSTART)
        insist(changed(again) == {"localhost": 0}, f"the second run changes nothing: {again}")
        say("down")
        LAB.said(HOST, f"{QUICKSTART} down")
        after = state()
        for what, was in before.items():
            insist(after[what] == was, f"{what} are as before: {set(after[what].split()) ^ set(was.split())}")
        say("and what came with it is gone, and starts and listens no more")
        insist(changed(LAB.said(HOST, f"{QUICKSTART} down")) == {"localhost": 0}, "there is nothing left to take down")
        insist(state() == after, "and nothing comes back")


if __name__ == "__main__":
    main()
