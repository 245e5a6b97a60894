# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent inside a running guest, https://qemu-project.gitlab.io/qemu/interop/qemu-ga-ref.html"""
from __future__ import annotations

import base64
import json

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.ports import AGENT

CHANNEL = "devices/channel/target[@name='%s']" % AGENT
CONNECTED = CHANNEL + "[@state='connected']"
# libvirt gives an answer of the agent 10 MiB; it travels in base64.
_PIECE = 1 << 20


class GuestAgent:
    """
    :param handle: the domain
    :param patience: seconds that it has for an answer
    """

    def __init__(self, hypervisor, handle, patience=5):
        self._hypervisor = hypervisor
        self._handle = handle
        self._patience = patience

    def _find(self, path):
        return _xml.parse(self._handle.XMLDesc(0)).find(path)

    @property
    def has_channel(self):
        return self._find(CHANNEL) is not None

    @property
    def is_connected(self):
        """Whether somebody in the guest listens; to ask where nobody does fills libvirt's log."""
        return self._find(CONNECTED) is not None

    def ask(self, command, **arguments):
        """What the agent returns; raises HypervisorError."""
        text = json.dumps({"execute": command, "arguments": arguments})
        return json.loads(self._hypervisor.agent(self._handle, text, self._patience))["return"]

    def lacks(self, *commands):
        """Those commands that this guest's agent does not know, or may not do."""
        known = {one["name"] for one in self.ask("guest-info")["supported_commands"] if one["enabled"]}
        return [command for command in commands if command not in known]

    def read(self, path, limit=_PIECE):
        """(the first bytes of a file in the guest, how many there are)"""
        handle = self.ask("guest-file-open", path=path, mode="r")
        found, at_end = bytearray(), False
        try:
            while not at_end and len(found) < limit:
                piece = self.ask("guest-file-read", handle=handle, count=min(_PIECE, limit - len(found)))
                found += base64.b64decode(piece["buf-b64"])
                at_end = piece["eof"] or not piece["count"]
            size = len(found) if at_end else self.ask("guest-file-seek", handle=handle, offset=0, whence="end")["position"]
        finally:
            self.ask("guest-file-close", handle=handle)
        return bytes(found), size

    def write(self, path, content):
        """Make a file in the guest, or write over it."""
        handle = self.ask("guest-file-open", path=path, mode="w")
        try:
            while content:
                written = self.ask("guest-file-write", handle=handle, **{"buf-b64": base64.b64encode(content[:_PIECE]).decode()})["count"]
                content = content[written:]
        finally:
            self.ask("guest-file-close", handle=handle)
