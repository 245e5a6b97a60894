# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bounds of a disk's traffic, https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms (iotune)"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError, Int, Quantity, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model


def _bytes(name):
    return Quantity(name, unit="B", unset=0)


def _number(name):
    return Int(name, minimum=1, unset=0)


class IoTune(Model):
    """Bytes and operations a second; the ``_max`` ones may be reached for ``_max_length`` seconds."""

    keys = ()
    total_bytes_sec = _bytes("total_bytes_sec")
    read_bytes_sec = _bytes("read_bytes_sec")
    write_bytes_sec = _bytes("write_bytes_sec")
    total_iops_sec = _number("total_iops_sec")
    read_iops_sec = _number("read_iops_sec")
    write_iops_sec = _number("write_iops_sec")
    total_bytes_sec_max = _bytes("total_bytes_sec_max")
    read_bytes_sec_max = _bytes("read_bytes_sec_max")
    write_bytes_sec_max = _bytes("write_bytes_sec_max")
    total_iops_sec_max = _number("total_iops_sec_max")
    read_iops_sec_max = _number("read_iops_sec_max")
    write_iops_sec_max = _number("write_iops_sec_max")
    size_iops_sec = _bytes("size_iops_sec")
    group_name = Text("group_name", pattern="[A-Za-z0-9_.-]{1,100}", meaning="the name of a group of disks: use letters, digits and - _ .")
    total_bytes_sec_max_length = _number("total_bytes_sec_max_length")
    read_bytes_sec_max_length = _number("read_bytes_sec_max_length")
    write_bytes_sec_max_length = _number("write_bytes_sec_max_length")
    total_iops_sec_max_length = _number("total_iops_sec_max_length")
    read_iops_sec_max_length = _number("read_iops_sec_max_length")
    write_iops_sec_max_length = _number("write_iops_sec_max_length")

    @classmethod
    def check(cls, declared):
        for unit in ("bytes_sec", "iops_sec"):
            for most in ("", "_max"):
                total = "total_%s%s" % (unit, most)
                parts = [name for name in ("read_%s%s" % (unit, most), "write_%s%s" % (unit, most)) if declared.get(name)]
                if declared.get(total) and parts:
                    raise FieldError("bounds all traffic; it does not go together with %s" % parts[0], (total,))
        for name, value in declared.items():
            base = name.partition("_max")[0]
            if value and name != base and not name.endswith("_max_length") and not declared.get(base):
                raise FieldError("a burst goes beyond a lasting bound: say %s, too" % base, (name,))
            if value and name.endswith("_max_length") and not declared.get(base + "_max"):
                raise FieldError("says how long a burst may last: say %s_max, too" % base, (name,))
            if value and name.endswith("_max") and declared.get(base) and value < declared[base]:
                raise FieldError("a burst is more than the lasting bound, %s" % base, (name,))

    @classmethod
    def parameters(cls, values):
        """What libvirt's call takes: every bound, since what is not said would stay."""
        return {name: values.get(name) or 0 for name in cls.fields() if name != "group_name"}
