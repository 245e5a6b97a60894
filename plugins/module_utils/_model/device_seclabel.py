# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the files of one device are labelled for the host's security driver, https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms (seclabel)"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


class DeviceLabel(Model):
    tag = "seclabel"
    keys = ("model",)
    model = Text("@model", pattern="[a-z]+", meaning="a security driver, such as selinux or dac", required=True)
    relabel = Switch("@relabel", generated=True)
    label = Text("label")
    # libvirt's note that the file cannot be labelled.
    skipped = Switch("@labelskip", option=False, generated=True)

    @classmethod
    def check(cls, declared):
        if declared.get("label") is None and declared.get("relabel") is not False:
            raise FieldError("give a label, or 'relabel: false'", ("label",))
        if declared.get("label") is not None and declared.get("relabel") is False:
            raise FieldError("goes with 'relabel: true' only", ("label",))
