# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One launch of the appliance for all that is to be done to a disk, or to many."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _progress
from ansible_collections.tinycloud.libvirt.plugins.module_utils._appliance import (
    BUILDING_SECONDS, FIRST_DISK, Appliance, ApplianceError, Disk,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._customise import customise
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._grow import grow_mounted, grow_partition
from ansible_collections.tinycloud.libvirt.plugins.module_utils._guest import Guest
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.recipe import needs_network, said


class Job:
    """
    :param path: of a disk that nothing else uses and that already has its size
    :param places: (path, device) of its file systems, as if it were the only disk
    :ivar failure: why it could not be done, None where it was
    """

    def __init__(self, path, image_format, recipe, places):
        self.path = path
        self.format = image_format
        self.recipe = recipe
        self.places = places
        self.failure = None


def work_on(path, image_format, recipe):
    """Apply a recipe to the system on a disk that nothing else uses; the disk already has its new size."""
    with Appliance([Disk(path, image_format)], needs_network(recipe), BUILDING_SECONDS) as appliance:
        _progress.detail("looking for the system")
        if recipe.get("passphrase"):
            appliance.open_encrypted(recipe["passphrase"])
        root = only_root(appliance)
        _work(appliance, recipe, appliance.mount_points(root))


def work_on_all(jobs):
    """The same for many disks in one launch. Nothing is looked for in them: that takes longer than all the rest."""
    network = any(needs_network(job.recipe) for job in jobs)
    with Appliance([Disk(job.path, job.format) for job in jobs], network, BUILDING_SECONDS) as appliance:
        for number, (disk, job) in enumerate(zip(appliance.list_devices(), jobs), 1):
            _progress.detail("disk %d of %d" % (number, len(jobs)))
            try:
                _work(appliance, job.recipe, [(path, disk + device[len(FIRST_DISK):]) for path, device in job.places])
            except Failure as failure:
                job.failure = failure


def _work(appliance, recipe, places):
    """
    :param places: (path, device) of the system's file systems, / first
    """
    root = places[0][1]
    grows = recipe.get("size") or recipe.get("grow")
    if grows:
        grow_partition(appliance, root)
    with appliance.mounted(places):
        if grows:
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
        encrypted = appliance.encrypted()
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
