# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in a disk: the system, its mounts, packages and users. One launch of the appliance, which only reads."""
from __future__ import annotations

import contextlib

from ansible_collections.tinycloud.libvirt.plugins.module_utils._appliance import Appliance, ApplianceError, Disk
from ansible_collections.tinycloud.libvirt.plugins.module_utils._guest import Guest
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.accounts import Table

_UNKNOWN = ("unknown", "")


def inspection(path, image_format, passphrase=None):
    """Facts for users; ``systems`` has none where no operating system can be recognised, or all is encrypted."""
    with Appliance([Disk(path, image_format, read_only=True)]) as appliance:
        if passphrase:
            appliance.open_encrypted(passphrase)
        filesystems = appliance.list_filesystems()
        return {
            "partitions": _partitions(appliance),
            "filesystems": [_filesystem(appliance, device, kind) for device, kind in sorted(filesystems.items())],
            "encrypted": bool(appliance.encrypted()),
            "systems": [_system(appliance, root) for root in appliance.roots()],
        }


def _partitions(appliance):
    """How the disk is divided: ``gpt``, ``msdos``, or None where it has no partitions."""
    return appliance.part_get_parttype("/dev/sda") if appliance.list_partitions() else None


def _filesystem(appliance, device, kind):
    known = kind not in ("unknown", "swap")
    return {"device": device, "type": None if kind in _UNKNOWN else kind, "size": appliance.blockdev_getsize64(device),
            "label": (appliance.vfs_label(device) or None) if known else None, "uuid": (appliance.vfs_uuid(device) or None) if known else None}


def _system(appliance, root):
    places = appliance.mount_points(root)
    with appliance.mounted(places, read_only=True):
        guest = Guest(appliance)
        release = guest.os_release()
        # What libguestfs does not know speaks for itself at least in /etc/os-release.
        said = _said(appliance, root) if appliance.is_recognised(root) else {}
        return {
            "root": root, "type": said.get("type"), "distribution": said.get("distro") or release.get("ID"),
            "name": release.get("PRETTY_NAME") or said.get("product_name"), "version": release.get("VERSION_ID") or said.get("version"),
            "architecture": said.get("arch"), "hostname": said.get("hostname"), "package_format": said.get("package_format"),
            "package_manager": said.get("package_management"), "mounts": dict(places), "packages": said.get("packages", {}),
            "users": _users(guest), "cloud_init": guest.program(["cloud-init"]) is not None,
        }


def _said(appliance, root):
    """What libguestfs tells of a system that is mounted."""
    said = {name: getattr(appliance, "inspect_get_" + name)(root)
            for name in ("type", "distro", "product_name", "arch", "hostname", "package_format", "package_management")}
    said = {name: None if value in _UNKNOWN else value for name, value in said.items()}
    version = appliance.inspect_get_major_version(root), appliance.inspect_get_minor_version(root)
    return dict(said, version="%d.%d" % version, packages=_packages(appliance, root))


def _packages(appliance, root):
    """Versions by names; none where the guest's list of them cannot be read."""
    with contextlib.suppress(ApplianceError):
        return {one["app2_name"]: _version(one) for one in appliance.inspect_list_applications2(root)}
    return {}


def _version(package):
    version = package["app2_version"] + ("-" + package["app2_release"] if package["app2_release"] else "")
    return ("%d:" % package["app2_epoch"] if package["app2_epoch"] else "") + version


def _users(guest):
    rows = Table(guest.read("/etc/passwd") or "").rows
    return [{"name": row[0], "uid": int(row[2]), "home": row[5], "shell": row[6]} for row in rows if len(row) == 7 and row[2].isdigit()]
