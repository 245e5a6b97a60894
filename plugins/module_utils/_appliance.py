# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only place that knows libguestfs: one appliance, a small VM that opens disks which nobody here trusts.

The host's own kernel never reads a file system that a guest wrote. https://libguestfs.org/guestfs-security.1.html
"""
from __future__ import annotations

import contextlib
import os
import signal
import threading
import traceback

try:
    import guestfs
except ImportError:
    guestfs = None
    GUESTFS_IMPORT_ERROR = traceback.format_exc()
else:
    GUESTFS_IMPORT_ERROR = None

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _progress
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

READING_SECONDS = 600
BUILDING_SECONDS = 7200
# What the appliance calls it.
FIRST_DISK = "/dev/sda"


class ApplianceError(Failure):
    """What libguestfs answered (its binding tells no numbers: ask before what may be missing)."""

    def __init__(self, message):
        super().__init__("appliance_failed", message)


class Disk:
    """A file to be opened, in the format it is known to have."""

    def __init__(self, path, image_format, read_only=False):
        self.path = path
        self.format = image_format
        self.read_only = read_only


def insist():
    """Raises Failure where this host has no libguestfs."""
    if guestfs is None:
        raise Failure("missing_library", "python3-guestfs is missing on the compute host: nothing can look into disks without it",
                      hint="The role tinycloud.libvirt.compute_host installs it with compute_host_guestfs: true.")


class Appliance:
    """libguestfs' own methods, whose errors are ApplianceErrors. Disks are /dev/sda, /dev/sdb ... in their order.

    :cvar launches: how many were started by this process
    :param seconds: after this it is killed: a file system made for that purpose can keep a kernel busy for ever
    """

    launches = 0

    def __init__(self, disks, network=False, seconds=READING_SECONDS):
        insist()
        self._raw = guestfs.GuestFS(python_return_dict=True, close_on_exit=False)
        self._timer = None
        self._expired = False
        self._places = {}
        self._seconds = seconds
        self._disks = disks
        self._network = network

    def __enter__(self):
        with contextlib.ExitStack() as undo:
            undo.callback(self._raw.close)
            self._launch()
            undo.pop_all()
        return self

    def __exit__(self, kind, _error, _trace):
        self._timer.cancel()
        try:
            if kind is None:
                # Raises where what was written did not reach the disk.
                self.shutdown()
        finally:
            self._raw.close()

    def _launch(self):
        # By itself it would start through libvirt where it was built so: a session of its own, with other rights.
        if "LIBGUESTFS_BACKEND" not in os.environ:
            self.set_backend("direct")
        for disk in self._disks:
            options = {"readonly": True} if disk.read_only else {"discard": "besteffort", "cachemode": "unsafe"}
            self.add_drive_opts(disk.path, format=disk.format, **options)
        self.set_network(self._network)
        type(self).launches += 1
        _progress.detail("starting the appliance")
        try:
            self.launch()
        except ApplianceError as error:
            error.hint = ("See what libguestfs-test-tool says on the compute host. It needs a kernel in /boot, and memory; "
                          "where KVM is there but does not work, set LIBGUESTFS_BACKEND_SETTINGS=force_tcg.")
            raise
        self._timer = threading.Timer(self._seconds, self._expire, [self.get_pid()])
        self._timer.daemon = True
        self._timer.start()

    def _expire(self, process):
        self._expired = True
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    def __getattr__(self, name):
        method = getattr(self._raw, name)

        def call(*arguments, **options):
            try:
                return method(*arguments, **options)
            except RuntimeError as error:
                if self._expired:
                    raise Failure("timeout", "the appliance did not come to an end within %d seconds" % self._seconds) from None
                raise ApplianceError(str(error)) from None
        return call

    def encrypted(self):
        """Devices that are encrypted with LUKS, which libguestfs does not list with the file systems."""
        return [device for device in self.list_devices() + self.list_partitions() + self.lvs() if self._holds(device) == "crypto_LUKS"]

    def _holds(self, device):
        with contextlib.suppress(ApplianceError):
            return self.vfs_type(device)
        return None

    def open_encrypted(self, passphrase):
        """Open what is encrypted with LUKS, wherever the passphrase fits, and what lies in it."""
        opened = 0
        for device in self.encrypted():
            with contextlib.suppress(ApplianceError):
                self.cryptsetup_open(device, passphrase, "tinycloud%d" % opened)
                opened += 1
        if opened:
            self.lvm_scan(True)

    def roots(self):
        """Devices of the operating systems' root file systems; small ones that libguestfs does not know are told by /etc/passwd."""
        recognised = self.inspect_os()
        self._places = {root: self.inspect_get_mountpoints(root) for root in recognised}
        if not recognised:
            self._places = {device: {"/": device} for device, kind in self.list_filesystems().items() if self._has_accounts(device, kind)}
        return sorted(self._places)

    def _has_accounts(self, device, kind):
        if kind in ("unknown", "swap", "crypto_LUKS"):
            return False
        with contextlib.suppress(ApplianceError), self.mounted([("/", device)], read_only=True):
            return bool(self.is_file("/etc/passwd", followsymlinks=True))
        return False

    def is_recognised(self, root):
        return root in self.inspect_get_roots()

    def mount_points(self, root):
        """(path, device) in the order in which they can be mounted, of one of the roots()."""
        return sorted(self._places[root].items(), key=lambda found: len(found[0]))

    @contextlib.contextmanager
    def mounted(self, places, read_only=False):
        """The file systems of one system, unmounted afterwards. Those that cannot be mounted, but for /, are left out."""
        mount = self.mount_ro if read_only else self.mount
        try:
            for path, device in places:
                try:
                    mount(device, path)
                except ApplianceError:
                    if path == "/":
                        raise
            yield
        finally:
            # An appliance that is gone has nothing mounted.
            with contextlib.suppress(ApplianceError):
                self.umount_all()
