# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab that integration targets and scenarios share: brought up when first needed, by the collection's own playbook."""
from __future__ import annotations

import contextlib
import json
import pathlib

PLAYBOOK = "tinycloud.libvirt.lab"
STATE = pathlib.Path("/var/lib/tinycloud-lab")
# Real compute hosts from the start: the targets test modules, not the preparation of hosts.
HOSTS = [{"name": "host1", "root": "compute"}, {"name": "host2", "root": "compute"}]


class Lab:
    def __init__(self, session) -> None:
        self.session = session
        self.running = self.usable = False
        self.held = contextlib.ExitStack()

    @property
    def name(self) -> str:
        return self.session.options.lab

    @property
    def inventory(self) -> pathlib.Path:
        return STATE / self.name / "inventory.yml"

    @property
    def hosts(self) -> list[str]:
        return [host["name"] for host in HOSTS]

    def environment(self) -> dict[str, str]:
        session = self.session
        return {
            **session.environment(session.core, session.installed),
            # Scenarios that are programs find the lab by these.
            "TINYCLOUD_INVENTORY": str(self.inventory),
            "TINYCLOUD_LAB": self.name,
            "ANSIBLE_ROLES_PATH": str(session.collection / "tests/integration/targets"),
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
        }

    def playbook(self, *arguments) -> list[str]:
        return [str(self.session.core / "bin/ansible-playbook"), *(str(argument) for argument in arguments)]

    def up(self) -> None:
        if self.usable:
            return
        # Another run of tests/check would use the same hosts.
        self.held.close()
        self.held.enter_context(self.session.cache.lock(f"lab-{self.name}"))
        # From here on there may be something to take down, even if coming up fails.
        self.running = True
        self.session.report.say(f"bringing up the lab {self.name} (the first time its roots and images are built: minutes)")
        # What an earlier run left on the hosts would be in the way, unless it was left on purpose.
        state = "up" if self.session.options.keep_lab else "reset"
        done = self.session.must("lab-up", self.play(state), env=self.environment())
        self.session.report.say(f"the lab is up after {done.seconds:.0f} s")
        self.usable = True

    def down(self) -> None:
        if self.running and not self.session.options.keep_lab:
            self.session.run("lab-down", self.play("down"), env=self.environment())
        self.running = self.usable = False
        self.held.close()

    def play(self, state: str) -> list[str]:
        variables = {"lab_name": self.name, "lab_hosts": HOSTS, "lab_state": state}
        return self.playbook(PLAYBOOK, "-e", json.dumps(variables))
