# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a shell command in a guest through its agent: in_guest.py DOMAIN COMMAND; waits for the agent, then for the command."""
from __future__ import annotations

import base64
import json
import sys
import time

import libvirt
import libvirt_qemu

PATIENCE = 90


def ask(domain, command, **arguments):
    return json.loads(libvirt_qemu.qemuAgentCommand(domain, json.dumps({"execute": command, "arguments": arguments}), 20, 0))["return"]


def wait_for_agent(domain):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return ask(domain, "guest-ping")
        except libvirt.libvirtError as error:
            if time.monotonic() > deadline:
                sys.exit(f"no agent: {error}")
            time.sleep(0.5)


libvirt.registerErrorHandler(lambda _context, _error: None, None)
guest = libvirt.open("qemu:///system").lookupByName(sys.argv[1])
wait_for_agent(guest)
job = ask(guest, "guest-exec", path="/bin/sh", arg=["-c", sys.argv[2]], **{"capture-output": True})["pid"]
while not (done := ask(guest, "guest-exec-status", pid=job))["exited"]:
    time.sleep(0.2)
for stream, name in ((sys.stdout, "out-data"), (sys.stderr, "err-data")):
    stream.write(base64.b64decode(done.get(name, "")).decode())
sys.exit(done.get("exitcode", 1))
