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
RAW = """
import libvirt, sys
connection = libvirt.open("qemu:///system")
for domain in connection.listAllDomains(0):
    domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE); domain.isActive(); domain.autostart()
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
        names = [f"b{number}" for number in range(self.options.vms)]
        vms = [{"name": name, "state": state} if state == "absent" else
               {"name": name, "state": state, "memory": memory if name == "b0" else "32MiB"} for name in names]
        return [{"tinycloud.libvirt.environment": {"name": "bench", "vms": vms}}]

    def peer(self) -> list:
        return [{"community.libvirt.virt": {"command": "define", "xml": XML % "peer.{{ item }}"},
                 "loop": list(range(self.options.vms))}]

    @staticmethod
    def timed(command: list, given: str | None = None) -> float:
        began = time.monotonic()
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
        return time.monotonic() - began

    def median(self, command: list, given: str | None = None) -> float:
        self.timed(command, given)
        return statistics.median(self.timed(command, given) for _run in range(self.options.runs))

    def run(self) -> None:
        count = self.options.vms
        empty = self.median(self.play("empty", [{"ansible.builtin.meta": "noop"}]))
        one = self.median(self.play("one", [{"ansible.builtin.ping": {}}]))
        create = self.timed(self.play("create", self.environment("stopped")))
        raw = self.median([*self.ssh, "python3", "-"], RAW)
        again = self.median(self.play("again", self.environment("stopped")))
        change = self.timed(self.play("change", self.environment("stopped", "64MiB")))
        rows = [("an empty play", empty), ("a play of one ping", one), (f"raw libvirt-python reads {count} VMs over SSH", raw),
                (f"environment makes {count} VMs", create), (f"environment finds {count} VMs unchanged", again),
                (f"environment changes one of {count} VMs", change)]
        if self.options.peers:
            rows.append((f"community.libvirt makes {count} VMs", self.timed(self.play("peer-create", self.peer()))))
            rows.append((f"community.libvirt finds {count} VMs unchanged", self.median(self.play("peer-again", self.peer()))))
        self.clean()
        for label, seconds in rows:
            print(f"{seconds * 1000:8.0f} ms  {seconds / again:6.2f} x  {label}")
        print("(x: beside an unchanged environment; medians of", self.options.runs, "runs after a warm-up, single runs where something is made)")

    def clean(self) -> None:
        self.timed(self.play("absent", self.environment("absent")))
        subprocess.run([*self.ssh, "for vm in $(virsh list --all --name | grep ^peer.); do virsh undefine $vm; done"],
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
