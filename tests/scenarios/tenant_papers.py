# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a tenant over two hosts leaves on paper: files for people and programs, the job's artifacts, plans to agree on. No VM runs."""
from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

INVENTORY = os.environ["TINYCLOUD_INVENTORY"]
SSH = ["ssh", "-F", str(pathlib.Path(INVENTORY).parent / "ssh_config")]
PLAYBOOK = str(pathlib.Path(sys.executable).parent / "ansible-playbook")
PLAN = "/var/tmp/tinycloud-papers.plan"
PAPERS = {
    "tenant_name": "papers", "tenant_state": "stopped", "tenant_user": "ops",
    "tenant_networks": [{"name": "near", "subnet": "10.45.0.0/24"}, {"name": "far", "subnet": "10.46.0.0/24"}],
    "tenant_vms": [
        {"name": "one", "memory": "64MiB", "interfaces": [{"network": "near", "address": "10.45.0.11"}], "placement": {"host": "host1"}},
        {"name": "two", "memory": "64MiB", "interfaces": [{"network": "far", "address": "10.46.0.12"}], "placement": {"host": "host2"}},
    ],
}


def on(host: str, command: str) -> str:
    return subprocess.run([*SSH, host, command], capture_output=True, text=True, check=False).stdout


def play(playbook: str, *options: str, **variables) -> tuple[bool, str]:
    command = [PLAYBOOK, "-i", INVENTORY, f"tinycloud.libvirt.{playbook}", "-e", json.dumps(dict(PAPERS, **variables)), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, env={
        **os.environ, "ANSIBLE_CALLBACKS_ENABLED": "tinycloud.libvirt.plan", "ANSIBLE_SHOW_CUSTOM_STATS": "1"})
    return done.returncode == 0, done.stdout + done.stderr


def insist(right: bool, what: str, said: object) -> None:
    if not right:
        sys.exit(f"{what}:\n{said}")


def check_outputs(folder: pathlib.Path) -> None:
    worked, said = play("tenant", tenant_hosts_file=f"{folder}/hosts", tenant_ssh_config=f"{folder}/ssh_config",
                        tenant_inventory_file=f"{folder}/inventory.yml")
    insist(worked and "Done: 6 added, 0 changed, 0 destroyed" in said, "the tenant is made", said)
    stats = said.partition("CUSTOM STATS")[2]
    insist(all(word in stats for word in ("papers", "10.45.0.11", "10.46.0.12")), "the job's artifacts", said)
    hosts = [line.split() for line in (folder / "hosts").read_text("utf-8").splitlines() if line[0] != "#"]
    insist(hosts == [["10.45.0.11", "papers.one", "one"], ["10.46.0.12", "papers.two", "two"]], "lines of /etc/hosts", hosts)
    ssh = subprocess.run(["ssh", "-G", "-F", str(folder / "ssh_config"), "papers.two"], capture_output=True, text=True, check=True).stdout
    settings = dict(line.split(" ", 1) for line in ssh.splitlines() if " " in line)
    jumps = re.fullmatch(r"root@\[?10\.99\.0\.12\]?(:22)?", settings["proxyjump"]) is not None
    insist((settings["user"], settings["hostname"]) == ("ops", "10.46.0.12") and jumps, "the SSH configuration", ssh)
    told = yaml.safe_load((folder / "inventory.yml").read_text("utf-8"))["tenant_papers"]["hosts"]
    insist(told["papers.one"]["ansible_host"] == "10.45.0.11" and told["papers.two"]["tenant_compute_host"] == "host2"
           and "ProxyJump=root@10.99.0.11" in told["papers.one"]["ansible_ssh_common_args"], "the inventory", told)


def check_plans() -> None:
    more = [dict(PAPERS["tenant_vms"][0], memory="96MiB"), PAPERS["tenant_vms"][1]]
    worked, said = play("tenant", "--check", tenant_vms=more, tenant_plan_out=PLAN)
    insist(worked and "Plan: 0 to add, 1 to change, 0 to destroy" in said, "a plan", said)
    # A network of the other host is stopped by hand: the host that has not moved is left alone as well.
    on("host2", "virsh net-destroy papers.far")
    worked, said = play("tenant", tenant_vms=more, tenant_plan_in=PLAN)
    insist(not worked and "plan_moved" in said, "a plan that does not hold on one host any more", said)
    insist("65536 KiB" in on("host1", "virsh dominfo papers.one"), "nothing was done on the other host", said)
    on("host2", "virsh net-start papers.far")
    worked, said = play("tenant", tenant_vms=more, tenant_plan_in=PLAN)
    insist(worked and "Done: 0 added, 1 changed, 0 destroyed" in said, "the plan that was agreed on", said)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        check_outputs(pathlib.Path(folder))
    check_plans()
    # It goes with its state alone, whatever its quota says and without a prompt.
    worked, said = play("tenant", tenant_state="absent", tenant_quota={"instances": 0})
    left = [name for host in ("host1", "host2") for name in on(host, f"virsh list --all --name; virsh net-list --all --name; rm -f {PLAN}").split()
            if name.startswith("papers.")]
    insist(worked and not left, "the end", (left, said))


main()
