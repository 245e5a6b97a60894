# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tenant over regions and zones that are groups of the inventory, in one run; and what happens if one of the hosts is away."""
from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys

PLAYBOOK = str(pathlib.Path(sys.executable).parent / "ansible-playbook")
PLAY = str(pathlib.Path(__file__).resolve().parent / "plays/tenant_regions.yml")
VMS = [
    {"name": "web", "count": 2, "memory": "64MiB", "placement": {"tags": ["region_east"], "apart_from": ["web"]}},
    {"name": "mirror", "memory": "64MiB", "placement": {"tags": ["region_west"], "zone": "b"}},
    {"name": "log", "memory": "64MiB", "placement": {"tags": ["region_west"], "apart_from": ["mirror"]}},
]


def run(**variables) -> tuple[int, str]:
    command = [PLAYBOOK, "-i", os.environ["TINYCLOUD_INVENTORY"], PLAY, "-e", json.dumps(variables)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


def insist(right: bool, what: str, said: str) -> None:
    if not right:
        sys.exit(f"{what}:\n{said}")


def main() -> None:
    code, said = run(tenant_vms=VMS)
    places = dict(re.findall(r"(\w+-\d) gets ([\w ,-]*)\.", said))
    insist(code == 0 and places == {"east-1": "vm web-1", "east-2": "vm web-2", "west-1": "vm log", "west-2": "vm mirror"}, "one run over two regions", said)

    code, said = run(tenant_vms=[dict(VMS[0], count=3)])
    insist(code != 0 and all(reason in said for reason in (
        "no host can take the VM 'web-3'", "east-1 (anti_affinity: 1 of web is there)", "west-1 (tags: it lacks the tags region_east)")),
        "no room in a region", said)

    # Who does not answer may have VMs of the tenant, which must not be made again elsewhere.
    code, said = run(tenant_vms=VMS, regions_further=[{"name": "east-3", "groups": ["region_east"], "port": 1}])
    insist(code != 0 and "UNREACHABLE" in said and "Find a host for each VM" not in said and " gets " not in said, "a host that is away", said)


main()
