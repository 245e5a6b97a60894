# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a connection to a server that went away, https://libvirt.org/formatdomain.html#tcp-client-server"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError, Int, Switch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class Reconnect(Model):
    keys = ()
    enabled = Switch("@enabled", required=True)
    timeout = Int("@timeout", minimum=1)

    @classmethod
    def check(cls, declared):
        if declared.get("timeout") is not None and not declared.get("enabled"):
            raise FieldError("goes with 'enabled: true' only", ("timeout",))
