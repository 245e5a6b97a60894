# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""New VMs get disks of their own kind: their recipes are worked off before they are defined, all in one launch.

The work is done to an overlay, which is then written into the disk. A run that is cut short leaves the disk as it was, or
an overlay that is whole and recorded, which the next run writes into it once more.
"""
from __future__ import annotations

import contextlib
import os
import re
import threading

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _appliance, _disk_work, _qemu_img
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import partial_name, said_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE, INTENDED
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _image_store, _vm_spec
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base_volume import image_in
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_basis import insist_on_known_layers
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_inspection import inspected, known_inspection, places_in
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_origin import contents_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._volume_files import stamp_of

KIND = "customisation"
QCOW2 = "qcow2"
# A file system in a partition, or on the whole disk. LVM and btrfs have marks that clones of one disk would share.
_PLAIN = re.compile(_appliance.FIRST_DISK + "[0-9]*")


def root_disk(vm):
    """The first disk that the VM has for itself, or None."""
    disks = vm.declared.get("disks") or []
    found = next((disk for disk in disks if disk.get("device") in (None, "disk")), None)
    return found if found and not found.get("read_only") and any(found.get(one) for one in ("image", "volume", "file")) else None


def is_due(vm, scene):
    """Whether a declared VM is going to be made, and has a recipe."""
    return not vm.absent and bool(vm.recipe) and vm.fact(scene) is None


def needs(vm, scene):
    """Keys of the volumes that have to be there first: those of all VMs that the launch is shared with."""
    if not is_due(vm, scene):
        return set()
    due = [one for one in scene.resources.values() if one.kind == vm.kind and is_due(one, scene)]
    volumes = [_vm_spec.volume_of(one.name, root_disk(one)) for one in due if root_disk(one)]
    return {("volume", "%s/%s" % volume) for volume in volumes if volume}


def check(vm, scene):
    if not is_due(vm, scene):
        return
    if scene.hypervisor.is_remote:
        raise vm.remote_refusal(scene, "customise: disks need the file system of the compute host")
    if root_disk(vm) is None:
        raise vm.refusal("missing_option", "customise: the VM '%s' has no disk of its own, a file that it writes to" % vm.name,
                         "Give it a disk with an image, a volume or a file.")
    try:
        _appliance.insist()
        contents_of(vm.recipe)
        place = _place(vm, scene, _vm_spec.volume_place)
        if place is not None:
            _refuse_use(vm, scene, place[0])
    except Failure as failure:
        raise vm.refusal(failure.code, failure.message, failure.hint) from None


def plan_into(vm, plan, scene):
    """Have it done before the VM is defined."""
    if vm.recipe:
        batch = scene.once(KIND, _Batch)
        batch.vms.append(vm)
        plan.act("customise", lambda: batch.run(vm))


def forget(vm, scene):
    """The VM's definition remembers it from now on."""
    if vm.recipe:
        scene.registry.forget(KIND, vm.name)


def _place(vm, scene, place):
    """(path, format) of the disk, None while it is not there."""
    disk = root_disk(vm)
    speaks_of = _vm_spec.volume_of(vm.name, disk)
    return (disk["file"], disk.get("format") or "raw") if speaks_of is None else place(scene, *speaks_of)


def _refuse_use(vm, scene, path):
    usage = scene.world.usage
    users = ["the VM '%s'" % use.vm for use in usage.uses(path)] + ["the volume '%s/%s'" % child for child in usage.children(path)]
    volume = usage.volume_at(path)
    if volume and image_in(scene, *volume):
        users.append("the image '%s'" % image_in(scene, *volume))
    if users:
        raise Failure("disk_in_use", "customise: the first disk of the VM '%s' is in use by %s" % (vm.name, users[0]),
                      hint="Give the VM a disk of its own.")
    if not os.path.isfile(path):
        raise Failure("unsupported_disk", "customise: '%s' is not a file" % path, hint="Leave customise out, or use cloud_init.")


class _Batch:
    """What the first of these VMs that is made has done is done for all."""

    def __init__(self, scene):
        self.scene = scene
        self.vms = []
        self._lock = threading.Lock()
        self._failures = None

    def run(self, vm):
        with self._lock:
            if self._failures is None:
                self._failures = self._work()
        if vm.name in self._failures:
            raise self._failures[vm.name]

    def _work(self):
        """Failures by the names of VMs."""
        with contextlib.ExitStack() as locks:
            for name in sorted(vm.name for vm in self.vms):
                locks.enter_context(self.scene.registry.lock("%s-%s" % (KIND, name)))
            now = self.scene.again()
            # Another run may have made some of them meanwhile.
            works = [_Work(vm, now) for vm in self.vms if vm.fact(now) is None]
            due = [work for work in works if work.begin()]
            self._launch(due)
            for work in due:
                work.end()
        return {work.vm.name: work.failure for work in works if work.failure}

    @staticmethod
    def _launch(works):
        """Those whose file systems are known share one launch; each other one takes a launch of its own."""
        together = []
        for work in works:
            with work.failing():
                # To look into the image of a single one, and to work, is one launch as well.
                if work.places(look=len(works) > 1):
                    together.append(work)
        jobs = [_disk_work.Job(work.draft, QCOW2, work.vm.recipe, work.places(look=False)) for work in together]
        if jobs:
            try:
                _disk_work.work_on_all(jobs)
            except Failure as failure:
                for job in jobs:
                    job.failure = job.failure or failure
        for work, job in zip(together, jobs):
            work.failure = job.failure
        for work in works:
            if work not in together and not work.failure:
                with work.failing():
                    _disk_work.work_on(work.draft, QCOW2, work.vm.recipe)


class _Work:
    """One VM's disk, under the lock of its name."""

    def __init__(self, vm, scene):
        self.vm = vm
        self.scene = scene
        self.failure = None
        self.path = self.format = self.draft = None

    @contextlib.contextmanager
    def failing(self):
        """A Failure within is this VM's alone."""
        try:
            yield
        except Failure as failure:
            self.failure = failure

    def begin(self):
        """Whether there is anything to do: then the overlay is there."""
        with self.failing():
            self.path, self.format = _place(self.vm, self.scene, _vm_spec.volume_place_now)
            self.draft = os.path.join(os.path.dirname(self.path), partial_name(os.path.basename(self.path), KIND))
            _refuse_use(self.vm, self.scene, self.path)
            insist_on_known_layers(self.scene, "disk of the VM '%s'" % self.vm.name, self.path, self.format)
            if self._is_done():
                return False
            with said_of(self.path):
                self._discard()
                _qemu_img.create_overlay(self.draft, self.path, self.format)
        return self.failure is None

    def _is_done(self):
        record = self.scene.registry.get(KIND, self.vm.name)
        if record is None or record["path"] != self.path:
            return False
        if record["state"] == INTENDED and os.path.exists(self.draft) and self._identity() == record["file"]:
            self._write_into()
            record = self.scene.registry.get(KIND, self.vm.name)
        return record["state"] == COMPLETE and record["recipe"] == self.vm.recipe_digest and record["file"] == stamp_of(self.path)

    def _identity(self):
        """What tells the disk from a later one at its place, whatever is written to it."""
        return [os.stat(self.path).st_ino, _qemu_img.info(self.path, self.format).backing_file]

    def places(self, look):
        """(path, device) of the file systems, / first, as its image has them; None where they are not known or not plain.

        :param look: whether to look into the image where nobody has yet
        """
        image = self._image()
        if image is None or self.vm.recipe.get("passphrase"):
            return None
        found = inspected(self.scene, image) if look else known_inspection(self.scene, image)
        mounts = places_in(found)
        return mounts if mounts and all(_PLAIN.fullmatch(device) for _path, device in mounts) else None

    def _image(self):
        """The image that the disk stands on, or is a copy of."""
        name = root_disk(self.vm).get("image")
        if name is None:
            below = [self.scene.world.usage.volume_at(path) for path in self.scene.world.usage.chain(self.path)]
            name = next((image_in(self.scene, *volume) for volume in below if volume and image_in(self.scene, *volume)), None)
        return name and _image_store.stored(self.scene, name)

    def end(self):
        """Write what was done into the disk, or drop it."""
        if self.failure is None:
            with self.failing(), said_of(self.path):
                with open(self.draft, "rb") as file:
                    # What is recorded as whole must outlast a power cut.
                    os.fsync(file.fileno())
                self.scene.registry.put(KIND, self.vm.name, INTENDED, path=self.path, recipe=self.vm.recipe_digest, file=self._identity())
                self._write_into()
        else:
            self.failure.undone = True
            self._discard()

    def _write_into(self):
        record = self.scene.registry.get(KIND, self.vm.name)
        _qemu_img.commit(self.draft, QCOW2, self.path)
        self.scene.registry.put(KIND, self.vm.name, **dict(record, state=COMPLETE, file=stamp_of(self.path)))
        self._discard()

    def _discard(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.draft)
