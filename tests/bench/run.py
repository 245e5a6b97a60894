# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a declaration of many VMs takes, beside raw libvirt-python and, if asked for, community.libvirt.

All figures come from one run on one host of a lab and are worth something only beside each other. Whole commands
are timed from the controller, so each carries what a playbook costs anyway; the empty play says how much that is.

    tests/bench/run.py --inventory /var/lib/tinycloud-lab/NAME/inventory.yml [--vms 50] [--runs 5] [--peers]

Run it with the Python of a virtual environment that has ansible-core and this collection; --peers needs the
package ansible there, too.
"""
from __future__ import annotations

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PLAYBOOK = pathlib.Path(sys.executable).parent / "ansible-playbook"
# The API alone: what any program has to ask, and to call, for the same.
RAW = """
import libvirt, time
connection = libvirt.open("qemu:///system")
began = time.perf_counter()
for domain in connection.listAllDomains(0):
    domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE); domain.isActive(); domain.autostart()
for network in connection.listAllNetworks(0):
    network.XMLDesc(libvirt.VIR_NETWORK_XML_INACTIVE)
for pool in connection.listAllStoragePools(0):
    for volume in pool.listAllVolumes(0):
        volume.XMLDesc(0)
print(time.perf_counter() - began)
"""
RAW_CREATE = """
import libvirt, os, time
count = %d
connection = libvirt.open("qemu:///system")
os.makedirs("/var/tmp/raw-bench", exist_ok=True)
pool = connection.storagePoolDefineXML("<pool type='dir'><name>raw-bench</name><target><path>/var/tmp/raw-bench</path></target></pool>")
pool.create()
began = time.perf_counter()
network = connection.networkDefineXML("<network><name>raw-bench</name><bridge name='raw-bench'/><ip address='10.98.0.1' prefix='16'/></network>")
network.create()
for number in range(count):
    pool.createXML("<volume><name>v%%d</name><capacity>1048576</capacity></volume>" %% number, 0)
for number in range(count):
    connection.defineXML("<domain type='qemu'><name>raw.%%d</name><memory>32768</memory><os><type arch='x86_64'>hvm</type></os>"
        "<devices><disk type='file'><source file='/var/tmp/raw-bench/v%%d'/><target dev='vda' bus='virtio'/></disk>"
        "<interface type='network'><source network='raw-bench'/></interface></devices></domain>" %% (number, number))
print(time.perf_counter() - began)
for number in range(count):
    connection.lookupByName("raw.%%d" %% number).undefine()
for volume in pool.listAllVolumes():
    volume.delete()
pool.destroy(); pool.undefine(); network.destroy(); network.undefine(); os.rmdir("/var/tmp/raw-bench")
"""
XML = "<domain type='qemu'><name>%s</name><memory>32768</memory><os><type arch='x86_64'>hvm</type></os></domain>"


class Bench:
    def __init__(self, options, folder) -> None:
        self.options = options
        self.folder = pathlib.Path(folder)
        self.ssh = ["ssh", "-F", str(pathlib.Path(options.inventory).parent / "ssh_config"), "host1"]

    def play(self, name: str, tasks: list) -> list:
        """The command that runs these tasks on the host."""
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps([{"hosts": "host1", "gather_facts": False, "tasks": tasks}]), "utf-8")
        return [str(PLAYBOOK), "-i", self.options.inventory, str(path)]

    def environment(self, state: str, memory: str = "32MiB") -> list:
        return [{"tinycloud.libvirt.environment": self.payload(state, memory)}]

    def payload(self, state: str, memory: str = "32MiB") -> dict:
        """As many volumes as VMs, and a network for all."""
        if state == "absent":
            return {"name": "bench", "state": "absent", "prune_volumes": True, "pools": [{"name": "bench", "path": "/var/tmp/bench"}]}
        count = range(self.options.vms)
        return {
            "name": "bench", "pools": [{"name": "bench", "path": "/var/tmp/bench"}], "networks": [{"name": "net", "subnet": "10.97.0.0/16"}],
            "volumes": [{"name": f"v{number}", "pool": "bench", "size": "1MiB", "format": "raw"} for number in count],
            "vms": [{"name": f"b{number}", "state": state, "memory": memory if number == 0 else "32MiB", "interfaces": [{"network": "net"}],
                     "disks": [{"volume": f"v{number}", "pool": "bench"}]} for number in count],
        }

    def peer(self) -> list:
        return [{"community.libvirt.virt": {"command": "define", "xml": XML % "peer.{{ item }}"},
                 "loop": list(range(self.options.vms))}]

    @staticmethod
    def timed(command: list, given: str | None = None) -> float:
        """Seconds of the whole command, or what a program of ours (``given``) measured itself."""
        began = time.monotonic()
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False,
                              env={**os.environ, "ANSIBLE_LIBRARY": str(HERE / "library")})
        if done.returncode:
            sys.exit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
        return time.monotonic() - began if given is None else float(done.stdout)

    def median(self, command: list, given: str | None = None) -> float:
        self.timed(command, given)
        return statistics.median(self.timed(command, given) for _run in range(self.options.runs))

    def run(self) -> None:
        count = self.options.vms
        empty = self.median(self.play("empty", [{"ansible.builtin.meta": "noop"}]))
        one = self.median(self.play("one", [{"ansible.builtin.ping": {}}]))
        nothing = self.median(self.play("noop", [{"noop": {"payload": self.payload("stopped")}}]))
        raw_create = self.timed([*self.ssh, "python3", "-"], RAW_CREATE % count)
        create = self.timed(self.play("create", self.environment("stopped")))
        raw = self.median([*self.ssh, "python3", "-"], RAW)
        again = self.median(self.play("again", self.environment("stopped")))
        change = self.timed(self.play("change", self.environment("stopped", "64MiB")))
        rows = [("an empty play", empty), ("a play of one ping", one), ("a module that does nothing, same payload", nothing),
                (f"the API alone reads {count} VMs, volumes, a network", raw), ("the API alone makes them", raw_create),
                (f"environment makes {count} VMs", create), (f"environment finds {count} VMs unchanged", again),
                (f"environment changes one of {count} VMs", change)]
        if self.options.peers:
            rows.append((f"community.libvirt makes {count} VMs", self.timed(self.play("peer-create", self.peer()))))
            rows.append((f"community.libvirt finds {count} VMs unchanged", self.median(self.play("peer-again", self.peer()))))
        self.clean()
        rows += [("over the module that does nothing: unchanged", again - nothing), ("over the module that does nothing: made", create - nothing)]
        for label, seconds in rows:
            print(f"{seconds * 1000:8.0f} ms  {seconds / again:6.2f} x  {label}")
        print("(x: beside an unchanged environment; medians of", self.options.runs, "runs after a warm-up, single runs where something is made)")

    def clean(self) -> None:
        self.timed(self.play("absent", self.environment("absent")))
        subprocess.run([*self.ssh, "virsh pool-destroy bench; virsh pool-undefine bench; rm -rf /var/tmp/bench;"
                        "for vm in $(virsh list --all --name | grep ^peer.); do virsh undefine $vm; done"],
                       capture_output=True, check=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inventory", required=True, default=os.environ.get("TINYCLOUD_INVENTORY"))
    parser.add_argument("--vms", type=int, default=50)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peers", action="store_true", help="measure community.libvirt as well")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tinycloud-bench-") as folder:
        Bench(options, folder).run()


main()
