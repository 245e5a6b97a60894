# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How people and Ansible get into the lab: keys, ssh_config and inventory."""

import json
import sys
from pathlib import Path

import network
import settings
from console import run

_CONNECT = Path(__file__).with_name("connect.py")


def make_keys(directory):
    for name in ("id_ed25519", "host_key"):
        if not (directory / f"{name}.pub").exists():
            (directory / name).unlink(missing_ok=True)
            run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", f"lab {directory.name}",
                 "-f", str(directory / name)])


def write(lab):
    """Write what has changed; True if anything had."""
    files = {
        "connect.py": _CONNECT.read_text(),
        "ssh_config": _ssh_config(lab),
        # JSON is YAML too, and needs no library to write.
        "inventory.yml": json.dumps(_inventory(lab), indent=2) + "\n",
    }
    changed = False
    for name, text in files.items():
        path = lab.directory / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            changed = True
    return changed


def _ssh_config(lab):
    enter = " ".join(lab.controller.enter(sys.executable, str(lab.directory / "connect.py"), "%h", "%p"))
    hosts = "".join(
        f"Host {host.name} {host.address}\n    HostName {host.address}\n    User root\n"
        for host in lab.hosts)
    return f"""\
# The way into the lab {lab.name}: ssh -F {lab.directory}/ssh_config {lab.hosts[0].name}
Include {lab.directory}/ssh_config.d/*.conf
{hosts}
Host {network.PREFIX4}.* {' '.join(host.name for host in lab.hosts)}
    ProxyCommand {enter}
    ProxyUseFdpass yes
    ControlMaster auto
    ControlPersist 60
    ControlPath {lab.directory}/cm/%C

# Everything in a lab is as young as the lab, so there is no earlier key to compare with.
Host *
    IdentityFile {lab.directory}/id_ed25519
    IdentitiesOnly yes
    StrictHostKeyChecking no
    UserKnownHostsFile /dev/null
    GlobalKnownHostsFile /dev/null
    LogLevel ERROR
    ConnectTimeout 10
"""


def variables(lab):
    """What every host of the lab has in common, for Ansible."""
    return {
        "ansible_user": "root",
        "ansible_python_interpreter": "/usr/bin/python3",
        "ansible_ssh_common_args": f"-F {lab.directory}/ssh_config",
        # Addresses are the same in every lab; connections must not be.
        "ansible_control_path_dir": f"{lab.directory}/cm",
        "ansible_pipelining": True,
        "lab_directory": str(lab.directory),
        "lab_url": network.URL,
    }


def _inventory(lab):
    hosts = {host.name: {"ansible_host": host.address, **settings.inventory_variables(host.root)} for host in lab.hosts}
    return {"compute_hosts": {"hosts": hosts, "vars": variables(lab)}}
