# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""NoCloud seeds: cloud-init's data as an ISO image, made in memory; the only place that knows pycdlib.

Source: https://docs.cloud-init.io/en/latest/reference/datasources/nocloud.html
"""
from __future__ import annotations

import hashlib
import io
import json

try:
    import pycdlib
except ImportError:
    pycdlib = None

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure


def seed_files(instance, hostname, user_data=None, meta_data=None, network_config=None, vendor_data=None, instance_id=None):
    """The seed's files by name.

    :param instance: the instance-id, by which cloud-init knows a new machine from a rebooted one
    :param instance_id: ``data`` to have other data make another machine
    :param user_data: text as it is, or a mapping that becomes ``#cloud-config``
    """
    meta = dict({"instance-id": instance, "local-hostname": hostname}, **(meta_data or {}))
    files = {"meta-data": _dump(meta), "user-data": _cloud_config(user_data if user_data is not None else {})}
    if vendor_data is not None:
        files["vendor-data"] = _cloud_config(vendor_data)
    if network_config is not None:
        files["network-config"] = network_config if isinstance(network_config, str) else _dump(network_config)
    if instance_id == "data":
        meta["instance-id"] = "%s-%s" % (instance, digest(files).partition(":")[2][:12])
        files["meta-data"] = _dump(meta)
    return files


def _dump(mapping):
    # JSON is YAML too, and a compute host need not have a YAML library.
    return json.dumps(mapping, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _cloud_config(data):
    return data if isinstance(data, str) else "#cloud-config\n" + _dump(data)


def digest(files):
    """What tells one seed from another: its files' names and contents, not the ISO's time stamps."""
    return "sha256:" + hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()


def iso_image(files):
    """The bytes of an ISO 9660 image (Joliet and Rock Ridge) with the volume label cloud-init looks for."""
    if pycdlib is None:
        raise Failure("missing_library", "The option 'cloud_init' needs python3-pycdlib on the compute host",
                      hint="Install it there: the role tinycloud.libvirt.compute_host does.")
    iso = pycdlib.PyCdlib()
    iso.new(interchange_level=3, joliet=3, rock_ridge="1.09", vol_ident="cidata")
    for number, (name, text) in enumerate(sorted(files.items())):
        data = text.encode()
        iso.add_fp(io.BytesIO(data), len(data), "/FILE%d.;1" % number, rr_name=name, joliet_path="/" + name)
    image = io.BytesIO()
    iso.write_fp(image)
    iso.close()
    return image.getvalue()
