# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a VM's screen shows, as a picture."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Int, Name, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_verb import VmVerb


class VmScreenshotOptions(Model):
    """The options of the module vm_screenshot."""

    name = Name(required=True, refers="vm")
    dest = Text(required=True, pattern="/.*[^/]", meaning="the absolute path of a file")
    screen = Int(minimum=0, default=0)


class VmScreenshot(VmVerb):
    kind = "vm_screenshot"
    model = VmScreenshotOptions

    def check(self, scene):
        if self.outcome is None and self.running(scene).live_xml.find("devices/video") is None:
            raise self.refusal("no_screen", "name: the VM '%s' has no screen" % self.name, "Give it graphics and a video device.")

    def said(self):
        return {"dest": self.declared["dest"]}

    def do(self, scene):
        try:
            picture, kind = scene.hypervisor.screenshot(self.running(scene).handle, self.declared["screen"])
        except HypervisorError as error:
            error.undone = True
            if error.code not in ("invalid_arg", "operation_invalid"):
                raise
            error.code, error.message = "no_screen", "screen: the VM '%s' has no screen %d" % (self.name, self.declared["screen"])
            error.hint = "Screens are counted from 0."
            raise
        with open(scene.memory["controller"]["left_at"], "xb") as file:
            file.write(picture)
        return {"name": self.name, "dest": self.declared["dest"], "mime_type": kind, "size": len(picture)}
