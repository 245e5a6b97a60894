# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a VM's disks can have against them: each said in one sentence before anything is touched."""
from __future__ import annotations

import os
import stat

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _image_file
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError, constant
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network_source import SECRETS, SecretName
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_sharing, _vm_spec


def check(vm, scene):
    for index, disk in enumerate(vm.declared.get("disks") or []):
        option = "disks[%d]" % index
        speaks_of = _vm_spec.volume_of(vm.name, disk)
        if speaks_of is not None:
            _check_volume(vm, scene, option, disk, speaks_of)
        elif disk.get("network"):
            source = disk["network"]
            _check_secret(vm, scene, option + ".network.auth", (source.get("auth") or {}).get("secret"), SECRETS.get(source["protocol"]))
        else:
            _check_path(vm, scene, option, disk)
        _check_secret(vm, scene, option + ".encryption", (disk.get("encryption") or {}).get("secret"), "volume")


def check_pool(vm, scene, option, pool):
    if not scene.will_exist("pool", pool, scene.world.pools):
        raise vm.refusal("unknown_pool", "%s: there is no pool '%s' on this host; there are: %s"
                         % (option, pool, ", ".join(sorted(scene.world.pools)) or "none"),
                         "Make it with the module tinycloud.libvirt.pool, or name another pool.")


def _check_volume(vm, scene, option, disk, speaks_of):
    check_pool(vm, scene, option + ".pool", speaks_of[0])
    if not disk.get("volume"):
        return
    resource = scene.resources.get(("volume", "%s/%s" % speaks_of))
    if resource.absent if resource is not None else speaks_of[1] not in scene.world.volumes(speaks_of[0]):
        raise vm.refusal("unknown_volume", "%s.volume: there is no volume '%s' in the pool '%s'"
                         % (option, speaks_of[1], speaks_of[0]),
                         "Make it with the module tinycloud.libvirt.volume, or use an image.")
    place = _vm_spec.volume_place(scene, *speaks_of)
    _vm_sharing.check(vm, scene, option + ".volume", disk, place and place[0])


def _check_path(vm, scene, option, disk):
    said = "block" if disk.get("block") else "file"
    path, option = disk.get(said), "%s.%s" % (option, said)
    if not path:
        return
    if not scene.hypervisor.is_remote:
        mode = os.stat(path).st_mode if os.path.exists(path) else None
        if mode is None:
            raise vm.refusal("unknown_file", "%s: there is no file '%s' on this host" % (option, path),
                             "Put it there first, or use a volume or an image.")
        if stat.S_ISDIR(mode) or said == "block" and not stat.S_ISBLK(mode):
            raise vm.refusal("not_a_disk", "%s: '%s' is %s" % (option, path, "a directory" if stat.S_ISDIR(mode) else "no block device"),
                             "Name a disk image or a block device, or use a volume or an image.")
    _vm_sharing.check(vm, scene, option, disk, path)
    is_new = not any(use.vm == vm.name for use in scene.world.usage.uses(path))
    if is_new and disk.get("device") in (None, "disk") and not scene.hypervisor.is_remote:
        _check_format(vm, option, disk, path)


def _check_format(vm, option, disk, path):
    """Of data that is new to the VM: what a guest has written since could look like any format."""
    try:
        is_qcow2 = _image_file.begins_as_qcow2(path)
    except PermissionError:
        # libvirt may read it all the same.
        return
    if is_qcow2 and disk.get("format") is None:
        raise vm.refusal("format_not_said", "%s: '%s' holds a qcow2 image, and a disk is raw where no format is said" % (option, path),
                         "Say format: qcow2, or format: raw if the guest shall see the image file itself.")
    if not is_qcow2 and disk.get("format") == "qcow2":
        raise vm.refusal("format_mismatch", "%s: '%s' does not hold a qcow2 image, as format says" % (option, path),
                         "Say format: raw, or leave it out.")


def _check_secret(vm, scene, option, name, usage):
    if not name or scene.declared("secret", name):
        return
    connection = scene.hypervisor.connection
    try:
        if SecretName.is_uuid(name):
            connection.secretLookupByUUIDString(name)
        else:
            connection.secretLookupByUsage(constant("SECRET_USAGE_TYPE_" + usage.upper()), name)
    except HypervisorError as error:
        if error.code not in ("no_secret", "no_support"):
            raise
        raise vm.refusal("unknown_secret", "%s.secret: libvirt has no secret '%s' on this host" % (option, name),
                         "Define it there first; it is known by what it is used for, or by its UUID.") from None
