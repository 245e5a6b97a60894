# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an s390 guest may protect its keys with the machine's own, https://libvirt.org/formatdomain.html#key-wrap"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Switch
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

_STATE = "cipher[@name='%s']/@state"


class CipherSwitch(Switch):
    def __init__(self, name):
        super().__init__(_STATE % name, words=("on", "off"))
        self._place = "cipher[@name='%s']" % name

    def write(self, element, value):
        if value is not None:
            super().write(element, value)
            return
        for cipher in element.findall(self._place):
            element.remove(cipher)


class Keywrap(Model):
    tag = "keywrap"
    keys = ()
    aes = CipherSwitch("aes")
    dea = CipherSwitch("dea")
