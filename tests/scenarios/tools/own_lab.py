# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab that a story has to itself, and what such stories say and insist on."""
from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys
import time

PLAYBOOK = str(pathlib.Path(sys.executable).parent / "ansible-playbook")


def say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", flush=True)


def insist(holds: object, what: str) -> None:
    if not holds:
        sys.exit(f"this does not hold: {what}")


def changed(output: str) -> dict[str, int]:
    """How many tasks changed each host, out of what a playbook printed."""
    return {host: int(count) for host, count in re.findall(r"^(\w+) +: .*?changed=(\d+)", output, re.MULTILINE)}


class Lab:
    """Hosts by name, each on a kind of root; ``mark`` tells the lab from those of the stories beside it."""

    def __init__(self, mark: str, roots: dict[str, str]) -> None:
        self.name = f"{os.environ['TINYCLOUD_LAB'][:10]}-{mark}"
        self.state = pathlib.Path("/var/lib/tinycloud-lab") / self.name
        self.roots = roots

    def __enter__(self) -> Lab:
        self._be("reset")
        return self

    def __exit__(self, *_exception: object) -> None:
        self._be("down")

    def _be(self, state: str) -> None:
        hosts = [{"name": name, "root": root} for name, root in self.roots.items()]
        self._play("tinycloud.libvirt.lab", ["-e", json.dumps({
            "lab_name": self.name, "lab_state": state, "lab_images": ["tiny"], "lab_hosts": hosts})], fails=False)

    def play(self, name: str, *arguments: str, fails: bool = False) -> str:
        """Run a playbook on the lab's hosts; what it printed."""
        return self._play(name, ["-i", str(self.state / "inventory.yml"), *arguments], fails)

    def _play(self, name: str, arguments: list[str], fails: bool) -> str:
        done = subprocess.run([PLAYBOOK, name, *arguments], capture_output=True, text=True, check=False)
        if bool(done.returncode) != fails:
            sys.exit(f"{name} {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}")
        return done.stdout

    def on(self, host: str, command: str, **options) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["ssh", "-F", str(self.state / "ssh_config"), host, command], capture_output=True, text=True, check=False, **options)

    def said(self, host: str, command: str, **options) -> str:
        """What a command that has to succeed said."""
        done = self.on(host, command, **options)
        insist(done.returncode == 0, f"on {host}: {command} (it said: {done.stdout} {done.stderr})")
        return done.stdout.strip()
