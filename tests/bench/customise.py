# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long it takes to make VMs whose disks are made different inside: one, and many in the same launch of the appliance.

The image has been looked into before, so that the layout of the disks is known. Whole commands are timed from the controller, on a host of
a lab that serves the tiny guest.

    tests/bench/customise.py --inventory /var/lib/tinycloud-lab/NAME/inventory.yml [--vms 10] [--runs 3]

Run it with the Python of a virtual environment that has ansible-core and this collection.
"""
from __future__ import annotations

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

FOLDER = "/var/tmp/tinycloud-bench-customise"
HV = pathlib.Path(__file__).resolve().parents[1] / "integration/targets/image_recipe/files/hv.sh"
PLAYBOOK = pathlib.Path(sys.executable).parent / "ansible-playbook"


class Bench:
    def __init__(self, options, folder: pathlib.Path) -> None:
        self.options = options
        self.folder = folder

    def play(self, *tasks) -> float:
        path = self.folder / "play.json"
        play = {"hosts": "host1", "gather_facts": False, "environment": {"LIBGUESTFS_HV": FOLDER + "/hv.sh"}, "tasks": list(tasks)}
        path.write_text(json.dumps([play]), "utf-8")
        began = time.monotonic()
        done = subprocess.run([PLAYBOOK, "-i", self.options.inventory, path], capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stdout + done.stderr)
        return time.monotonic() - began

    @staticmethod
    def environment(count: int, **said) -> dict:
        vms = [{"name": f"vm{number}", "state": "stopped", "vcpus": 1, "memory": "64MiB",
                "disks": [{"name": "root", "image": "bench-customise", "pool": "bench-customise"}],
                "customise": {"hostname": f"vm{number}", "users": [{"name": "ops", "ssh_keys": ["ssh-ed25519 AAAA bench"]}],
                              "files": [{"path": "/etc/whoami", "content": str(number)}]}} for number in range(count)]
        return {"tinycloud.libvirt.environment": {"name": "bench-customise", "vms": vms, **said}}

    def prepare(self) -> None:
        url = "{{ lab_url }}/images/"
        image = {"name": "bench-customise", "pool": "bench-customise", "source": url + "tiny.qcow2", "checksum": f"sha256:{url}SHA256SUMS"}
        self.play({"ansible.builtin.file": {"path": FOLDER, "state": "directory", "mode": "0755"}},
                  {"ansible.builtin.copy": {"src": str(HV), "dest": FOLDER + "/hv.sh", "mode": "0755"}},
                  {"tinycloud.libvirt.pool": {"name": "bench-customise", "path": FOLDER + "/pool"}},
                  {"tinycloud.libvirt.image": image}, {"tinycloud.libvirt.image_info": {"name": "bench-customise", "inspect": True}})

    def launches(self) -> int:
        ssh = ["ssh", "-F", pathlib.Path(self.options.inventory).parent / "ssh_config", "host1", "grep", "-c", "launch", FOLDER + "/launches"]
        return int(subprocess.run(ssh, capture_output=True, text=True, check=True).stdout)

    def clear(self) -> None:
        self.play({"tinycloud.libvirt.environment": {"name": "bench-customise", "state": "absent", "prune_volumes": True}})

    def made(self, count: int) -> tuple[float, int]:
        """Seconds and launches that it takes."""
        self.clear()
        before = self.launches()
        seconds = self.play(self.environment(count))
        return seconds, self.launches() - before

    def run(self) -> None:
        self.prepare()
        # In turns, so that what else the machine does falls on both.
        runs = [(self.made(1), self.made(self.options.vms)) for _run in range(self.options.runs)]
        one, many = (statistics.median(run[which][0] for run in runs) for which in (0, 1))
        for label, seconds, which in (("one VM", one, 0), (f"{self.options.vms} VMs", many, 1)):
            launches = {run[which][1] for run in runs}
            print(f"{seconds:6.1f} s  {seconds / one:5.2f} x  {'/'.join(map(str, launches))} launch    {label}")
        before = self.launches()
        again = self.play(self.environment(self.options.vms))
        print(f"{again:6.1f} s  {again / one:5.2f} x  {self.launches() - before} launches  the same once more, unchanged")
        self.clear()
        self.play({"tinycloud.libvirt.image": {"name": "bench-customise", "state": "absent"}},
                  {"tinycloud.libvirt.pool": {"name": "bench-customise", "state": "absent"}},
                  {"ansible.builtin.file": {"path": FOLDER, "state": "absent"}})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inventory", required=True)
    parser.add_argument("--vms", type=int, default=10)
    parser.add_argument("--runs", type=int, default=3)
    with tempfile.TemporaryDirectory(prefix="tinycloud-bench-") as folder:
        Bench(parser.parse_args(), pathlib.Path(folder)).run()


if __name__ == "__main__":
    main()
