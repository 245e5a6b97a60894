# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a three-tier tenant over two hosts, as its owner lives it: with the playbooks and one file of variables."""
from __future__ import annotations

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import yaml

HERE = pathlib.Path(__file__).resolve().parent
INVENTORY = os.environ["TINYCLOUD_INVENTORY"]
SSH = ["ssh", "-F", str(pathlib.Path(INVENTORY).parent / "ssh_config")]
PLAYBOOK = str(pathlib.Path(sys.executable).parent / "ansible-playbook")
HOSTS = ("host1", "host2")
SHOP = yaml.safe_load((HERE / "vars/tenant_shop.yml").read_text("utf-8"))
BY_HAND = """<domain type='qemu'><name>byhand</name><memory>65536</memory><os><type arch='x86_64'>hvm</type></os>
<devices><interface type='network'><source network='shop.front'/></interface></devices></domain>"""


def on(host: str, command: str, given: str | None = None) -> str:
    return subprocess.run([*SSH, host, command], capture_output=True, text=True, check=False, input=given).stdout


def clean() -> None:
    for host in HOSTS:
        on(host, """for vm in $(virsh list --all --name | grep -E '^(shop|mart)[.]|^byhand$'); do virsh destroy $vm; virsh undefine $vm; done
            for net in $(virsh net-list --all --name | grep -E '^(shop|mart)[.]'); do virsh net-destroy $net; virsh net-undefine $net; done
            virsh pool-destroy tenants; virsh pool-undefine tenants; rm -rf /var/tmp/tinycloud-tenants
            grep -rlE 'tenants|shop[.]|mart[.]' /var/lib/tinycloud/registry | xargs -r rm -f""")


def play(playbook: str, variables: dict, *options: str, fails: bool = False, **more) -> str:
    """Run a playbook to its end, and return what it printed."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        json.dump(dict(variables, **more), file)
    command = [PLAYBOOK, "-i", INVENTORY, playbook, "-e", f"@{file.name}", *options]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
                          env={**os.environ, "ANSIBLE_CALLBACKS_ENABLED": "tinycloud.libvirt.plan"})
    pathlib.Path(file.name).unlink()
    if (done.returncode != 0) != fails:
        sys.exit(f"{playbook} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    print(f"{playbook} {' '.join(options)}: {time.monotonic() - began:.0f} s", flush=True)
    return done.stdout + done.stderr


def lines(said: str) -> list[str]:
    """What the callback told: a line for each changed resource, without its host, and the sums."""
    return sorted(re.findall(r"^  ([-+~] .*?)  \[host\d\]$", said, re.MULTILINE)) + re.findall(r"^(?:Plan|Done): .*", said, re.MULTILINE)


def insist(said: object, expected: object, what: str) -> None:
    if said != expected:
        sys.exit(f"{what}:\n{said}\ninstead of\n{expected}")


def reached(said: str) -> set[str]:
    return set(re.findall(r"\S+ reaches \S+", said))


def home(vm: str) -> str:
    return next(host for host in HOSTS if vm in on(host, "virsh list --name").split())


def main() -> None:
    clean()
    guests = str(HERE / "plays/tenant_guests.yml")
    foreseen = lines(play("tinycloud.libvirt.tenant", SHOP, "--check"))
    said = play(guests, SHOP, guests_peers=["web-1", "web-2", "db", "bastion"])
    insist([line for line in lines(said) if line[0] in "+-~"], [line for line in foreseen if line[0] in "+-~"], "what was foreseen is not what was done")
    wanted = {"bastion reaches web-1", "bastion reaches web-2", "db reaches web-1", "db reaches web-2", "web-1 reaches web-2", "web-2 reaches web-1"}
    insist(wanted - reached(said), set(), "guests do not reach each other by name")
    place = home("shop.db")
    insist({home(f"shop.{vm}") for vm in ("bastion", "web-1", "web-2")}, {place}, "VMs of one network are on several hosts")
    insist(lines(play("tinycloud.libvirt.tenant", SHOP)), ["Done: 0 added, 0 changed, 0 destroyed"], "a second run")

    # Somebody's own VM on the tenant's network is nobody's business.
    on(place, "virsh define /dev/stdin", BY_HAND)
    changed = json.loads(json.dumps(SHOP))
    changed["tenant_vms"] = [dict(vm) for vm in SHOP["tenant_vms"] if vm["name"] != "bastion"]
    changed["tenant_vms"][0]["count"] = 3
    changed["tenant_vms"][1]["memory"] = "256MiB"
    plan = ["+ vm web-3", "- vm bastion", "~ vm db"]
    for options in (["--check"], []):
        told = lines(play("tinycloud.libvirt.tenant", changed, *options))
        insist([one[:len("+ vm web-3")].strip() if one.startswith("+ vm") else " ".join(one.split()[:3]) for one in told if " vm " in one],
               plan, f"what changes, {options}")
    insist("byhand" in on(place, "virsh list --all --name").split(), True, "pruning left the VM of somebody else")

    # Drift: exactly what was changed by hand.
    play("tinycloud.libvirt.drift", changed, "-e", "drift_fails=true")
    on(place, "virsh desc shop.web-1 --config --title 'by hand'; virsh autostart shop.web-1")
    changed["tenant_vms"][0]["autostart"] = False
    said = play("tinycloud.libvirt.drift", changed, "-e", "drift_fails=true", fails=True)
    insist([line for line in lines(said) if line[0] in "+-~"], ["~ vm web-1  autostart True -> False"], "what drifted")
    play("tinycloud.libvirt.tenant", changed)

    # A tenant of the same names beside it, on networks of its own.
    mart = json.loads(json.dumps(SHOP).replace("10.41.", "10.43.").replace("10.42.", "10.44."))
    mart.update(tenant_name="mart", tenant_networks=[dict(one, domain=f"{one['name']}.mart.internal") for one in mart["tenant_networks"]],
                tenant_vms=[dict(vm, count=1, after=[], placement={"host": place}) for vm in mart["tenant_vms"] if vm["name"] == "web"], tenant_volumes=[])
    said = play(guests, mart, guests_peers=["10.43.0.11", "10.41.0.11", "10.42.0.10", "10.42.0.11"])
    insist(home("mart.web-1"), place, "the tenants are not side by side")
    insist(reached(said), {"web-1 reaches 10.43.0.11"}, "a tenant reaches another's VMs")

    insist("instances: 5 in sum, 4 allowed" in play("tinycloud.libvirt.tenant", SHOP, fails=True, tenant_prune=False, tenant_quota={"instances": 4}), True,
           "a quota that is exceeded")
    play("tinycloud.libvirt.tenant_destroy", {"tenant_name": "mart"}, tenant_confirm="shop", fails=True)
    for name in ("mart", "shop"):
        play("tinycloud.libvirt.tenant_destroy", {"tenant_name": name}, tenant_confirm=name)
    there = "virsh list --all --name; virsh net-list --all --name; virsh vol-list tenants | awk '{print $1}'"
    left = {name for host in HOSTS for name in on(host, there).split()
            if name.startswith(("shop.", "mart."))}
    insist(left, {"shop.front"}, "what is left where somebody else uses a network")
    clean()


main()
