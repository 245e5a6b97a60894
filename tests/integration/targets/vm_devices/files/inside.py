# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a shell command in a guest, by its agent: what becomes of its network cards does not matter. inside.py VM COMMAND"""
import base64
import json
import subprocess
import sys
import time


def agent(vm, command, **arguments):
    text = json.dumps({"execute": command, "arguments": arguments})
    done = subprocess.run(["virsh", "qemu-agent-command", "--timeout", "30", vm, text], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)["return"]


def main(vm, command):
    pid = agent(vm, "guest-exec", path="/bin/sh", arg=["-c", command], **{"capture-output": True})["pid"]
    while True:
        status = agent(vm, "guest-exec-status", pid=pid)
        if status["exited"]:
            break
        time.sleep(0.1)
    for stream in ("out-data", "err-data"):
        sys.stdout.write(base64.b64decode(status.get(stream, "")).decode())
    sys.exit(status.get("exitcode", 1))


main(*sys.argv[1:])
