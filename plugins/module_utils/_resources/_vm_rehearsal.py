# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What libvirt would say to a definition, asked before anything is touched.

libvirt has no trial of a definition. It has a translation into QEMU's command line, which parses and checks it all the
same and leaves nothing behind, https://libvirt.org/html/libvirt-libvirt-domain.html#virConnectDomainXMLToNative
"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_spec import volume_place

_ANYWHERE = "/rehearsal/%s"
# What is wrong with a definition, and not with what the host lacks at this moment.
_WRONG = ("xml_error", "xml_detail", "xml_invalid_schema", "config_unsupported", "invalid_arg", "invalid_domain_checkpoint")
# Where it is to start at once, what the host lacks counts, too.
_LACKING = ("internal_error", "operation_unsupported", "operation_failed", "cpu_incompatible")
# What tells one VM from the next of its kind.
_OWN = ("uuid", "title", "description", "metadata", "devices/emulator")


def place(scene, pool, volume):
    """(path, format) of a volume, also of one that this call is going to make."""
    return volume_place(scene, pool, volume) or (_ANYWHERE % volume, "qcow2")


def rehearse(vm, scene, element, before=None):
    """Refuse a definition that libvirt would refuse.

    :param before: the definition that there is; what libvirt has against that as well is nothing new
    """
    error = _verdict(scene, element)
    if error is None or error.code not in _WRONG + (_LACKING if before is None and vm.state == "running" else ()):
        return
    if before is not None and _verdict(scene, before) is not None:
        return
    raise vm.refusal(error.code, "libvirt does not take this VM: %s" % error.message, "Nothing was changed.")


def _verdict(scene, element):
    """libvirt's error, or None; VMs that are alike are asked about once."""
    text = _xml.text(_anonymous(element))
    known = scene.memory.setdefault("rehearsed", {})
    if text not in known:
        known[text] = None
        try:
            scene.hypervisor.connection.domainXMLToNative("qemu-argv", text, 0)
        except HypervisorError as error:
            known[text] = error
    return known[text]


def _anonymous(element):
    element = _xml.copy(element)
    element.find("name").text = "rehearsal"
    for place_of in _OWN:
        _path.drop(element, place_of)
    for disk in element.findall("devices/disk"):
        source = disk.find("source")
        if source is not None and source.get("file"):
            source.set("file", _ANYWHERE % disk.find("target").get("dev"))
        _path.drop(disk, "serial")
    for mac in element.findall("devices/interface/mac"):
        _path.remove(mac)
    for log in element.findall("devices/serial/log"):
        _path.remove(log)
    return element
