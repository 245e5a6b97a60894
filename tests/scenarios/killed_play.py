# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kill ansible-playbook itself at five moments, and run the play again at once.

What the killed play had begun on the host may go on for a moment, so the second run meets the first: it has to end
in the state of a run that nobody disturbed, and a third one has to find nothing to do.
"""
from __future__ import annotations

import os
import pathlib
import re
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
INVENTORY = os.environ["TINYCLOUD_INVENTORY"]
SSH = ["ssh", "-F", str(pathlib.Path(INVENTORY).parent / "ssh_config"), "host2"]
PLAY = [str(pathlib.Path(sys.executable).parent / "ansible-playbook"), "-i", INVENTORY, str(HERE / "plays/killed_run.yml")]
FOLDER = "/var/tmp/tinycloud-killed"
SCRIPTS = "/var/tmp/tinycloud-faults"
PATIENCE = 60
MOMENTS = {
    "the pool is defined": "virsh pool-info killed",
    "the image is on its way or there": f"ls -A {FOLDER} | grep tiny",
    "the network is defined": "virsh net-info killed.net",
    "the VM's volume is there": f"ls {FOLDER}/killed.vm.*.qcow2",
    "the VM is defined": "virsh dominfo killed.vm",
}


def on_host(command: str) -> subprocess.CompletedProcess:
    return subprocess.run([*SSH, command], capture_output=True, text=True, check=False)


def clean() -> None:
    on_host(f"sh {SCRIPTS}/clean.sh {FOLDER}")


def look() -> str:
    return on_host(f"sh {SCRIPTS}/look.sh {FOLDER}").stdout


def run() -> int:
    """Run the play to its end; the number of changed tasks."""
    done = subprocess.run(PLAY, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"a run failed:\n{done.stdout}\n{done.stderr}")
    return int(re.search(r"changed=(\d+)", done.stdout)[1])


def run_and_kill(condition: str) -> bool:
    """Start the play and kill it as soon as the condition holds on the host; whether that was before its end."""
    play = subprocess.Popen(PLAY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    waiting = f"for i in $(seq {PATIENCE * 50}); do {condition} >/dev/null 2>&1 && exit 0; sleep 0.02; done; exit 1"
    if on_host(waiting).returncode:
        sys.exit(f"{condition} never held")
    early = play.poll() is None
    os.killpg(play.pid, signal.SIGKILL)
    play.wait()
    return early


def main() -> None:
    run()
    clean()
    run()
    undisturbed = look()
    if "running" not in undisturbed:
        sys.exit(f"the undisturbed run left no running VM:\n{undisturbed}")
    in_time = 0
    for moment, condition in MOMENTS.items():
        clean()
        began = time.monotonic()
        in_time += run_and_kill(condition)
        run()
        repaired = look()
        if repaired != undisturbed:
            sys.exit(f"killed when {moment}, it ended as\n{repaired}\ninstead of\n{undisturbed}")
        changed = run()
        if changed:
            sys.exit(f"killed when {moment}, the third run changed {changed} tasks")
        print(f"killed when {moment}: repaired in {time.monotonic() - began:.0f} s", flush=True)
    clean()
    if in_time < len(MOMENTS) - 1:
        sys.exit(f"only {in_time} of {len(MOMENTS)} plays were killed before their end")


main()
