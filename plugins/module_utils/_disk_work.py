# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One launch of the appliance for all that is to be done to a disk."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._appliance import BUILDING_SECONDS, Appliance, ApplianceError, Disk
from ansible_collections.tinycloud.libvirt.plugins.module_utils._customise import customise
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._grow import grow_mounted, grow_partition
from ansible_collections.tinycloud.libvirt.plugins.module_utils._guest import Guest
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.recipe import needs_network, said


def work_on(path, image_format, recipe):
    """Apply a recipe to the system on a disk that nothing else uses; the disk already has its new size."""
    with Appliance([Disk(path, image_format)], needs_network(recipe), BUILDING_SECONDS) as appliance:
        if recipe.get("passphrase"):
            appliance.open_encrypted(recipe["passphrase"])
        root = only_root(appliance)
        places = appliance.mount_points(root)
        if recipe.get("size"):
            grow_partition(appliance, root)
        with appliance.mounted(places):
            if recipe.get("size"):
                grow_mounted(appliance, root)
            customise(Guest(appliance), recipe)
            if recipe.get("sparsify"):
                _trim(appliance, places)


def is_needed(recipe):
    """Whether anything is to be done inside the disk at all."""
    return bool(set(said(recipe)) - {"compress", "passphrase"})


def only_root(appliance):
    roots = appliance.roots()
    if len(roots) != 1:
        encrypted = "crypto_LUKS" in appliance.list_filesystems().values()
        raise Failure("unsupported_guest", "the disk holds %s" % (
            "%d operating systems" % len(roots) if roots else "no operating system that can be recognised"),
            hint="It is encrypted: give its passphrase." if encrypted else "A recipe is for one system on one disk.")
    return roots[0]


def _trim(appliance, places):
    """Tell the disk which blocks hold nothing: the image's file then leaves them out."""
    for path, _device in places:
        try:
            appliance.fstrim(path)
        except ApplianceError as error:
            # A file system that cannot say so (vfat in some kernels) only stays as large as it is.
            if path == "/":
                raise Failure("unsupported_guest", "sparsify: the root file system cannot tell what is unused: %s" % error.message) from None
