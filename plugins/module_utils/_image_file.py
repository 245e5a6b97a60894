# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file really is, before anything trusts it as a disk image.

The first bytes are judged here, so that qemu-img is only given files that say they are what it is told, and never
opens another file because a hostile header asks for it.
"""
from __future__ import annotations

import os
import re
import struct

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _qemu_img
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

QCOW2 = "qcow2"
RAW = "raw"
LARGEST = 64 << 40
SECTOR = 512
# https://www.qemu.org/docs/master/interop/qcow2.html
_QCOW2_MAGIC = b"QFI\xfb"
_EXTERNAL_DATA = 1 << 2
_MAGIC = (
    (b"\x1f\x8b", "a gzip file in another", True), (b"\xfd7zXZ\x00", "an xz file in another", True),
    (b"\x28\xb5\x2f\xfd", "a zstd file in another", True), (b"BZh", "a bzip2 file in another", True),
    (b"PK\x03\x04", "a zip file", True), (b"7z\xbc\xaf", "a 7z file", True),
    (b"KDMV", "a VMDK image", False), (b"COWD", "a VMDK image", False), (b"# Disk DescriptorFile", "a VMDK descriptor", False),
    (b"vhdxfile", "a VHDX image", False), (b"conectix", "a VHD image", False), (b"QED\x00", "a QED image", False),
    (b"<<< ", "a VDI image", False), (b"LUKS\xba\xbe", "a LUKS container", False),
)
_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|\?xml)", re.IGNORECASE)


class ImageFile:
    """A file that is fit to be a base: its format and the size of the disk in it."""

    def __init__(self, image_format, virtual_size):
        self.format = image_format
        self.virtual_size = virtual_size


def inspect(path, source, declared=None):
    """An ImageFile, or a Failure that says what is wrong with it.

    :param source: where the file came from, for people
    :param declared: the format that the user says it has; a raw image cannot be told from rubbish and must be declared
    """
    with open(path, "rb") as file:
        head = file.read(4096)
        size = file.seek(0, os.SEEK_END)
    found = _format_of(head, source)
    if found is None and declared != RAW:
        raise Failure("not_an_image", "source: what '%s' gives is not a disk image that can be recognised" % source,
                      hint="Check the address; say format: raw if it is a raw disk.")
    found = found or RAW
    if declared is not None and found != declared:
        raise Failure("format_mismatch", "format: '%s' is %s, not %s" % (source, found, declared),
                      hint="Write format: %s, or leave it out." % found)
    if found == RAW:
        return ImageFile(RAW, _raw_size(size, source))
    return ImageFile(QCOW2, _qcow2_size(path, head, source))


def begins_as_qcow2(path):
    with open(path, "rb") as file:
        return file.read(len(_QCOW2_MAGIC)) == _QCOW2_MAGIC


def _format_of(head, source):
    """The format that the first bytes claim, None where they claim nothing."""
    if head.startswith(_QCOW2_MAGIC):
        return QCOW2
    if _MARKUP.match(head):
        raise Failure("not_an_image", "source: '%s' gives a web page, not a disk image" % source,
                      hint="Use the address of the image file itself, not of a page about it.")
    for magic, what, packed in _MAGIC:
        if head.startswith(magic):
            advice = "Unpack it first." if packed else "Convert it first: qemu-img convert -O qcow2."
            raise Failure("not_an_image", "source: '%s' is %s, not a qcow2 or raw image" % (source, what), hint=advice)
    return None


def _raw_size(size, source):
    if size == 0 or size % SECTOR:
        raise Failure("not_an_image", "source: '%s' is no raw disk: it has %d bytes, which are not whole sectors of %d"
                      % (source, size, SECTOR), hint="Check the address; a raw disk is a multiple of %d bytes." % SECTOR)
    return size


def _qcow2_size(path, head, source):
    if len(head) < 72:
        raise _broken(source)
    version, backing = struct.unpack(">IQ", head[4:16])
    features = struct.unpack(">Q", head[72:80])[0] if version >= 3 and len(head) >= 104 else 0
    if version not in (2, 3):
        raise Failure("not_an_image", "source: '%s' is a qcow2 image of version %d, which nobody reads" % (source, version))
    if backing:
        raise Failure("unsafe_image", "source: '%s' is an overlay: it names a backing file, which a base image must not" % source,
                      hint="Flatten it first: qemu-img convert -O qcow2.")
    if features & _EXTERNAL_DATA:
        raise Failure("unsafe_image", "source: '%s' keeps its data in another file, which a base image must not" % source,
                      hint="Convert it first: qemu-img convert -O qcow2.")
    try:
        info = _qemu_img.info(path, QCOW2)
        sound = not info.corrupt and _qemu_img.is_sound(path, QCOW2)
    except _qemu_img.QemuImgError as error:
        raise _broken(source, error.message) from None
    if info.backing_file or info.data_file:
        raise Failure("unsafe_image", "source: '%s' depends on another file, which a base image must not" % source)
    if info.encrypted:
        raise Failure("unsafe_image", "source: '%s' is encrypted: nothing can be started from it" % source)
    if not sound:
        raise _broken(source)
    if not 0 < info.virtual_size <= LARGEST:
        raise Failure("unsafe_image", "source: '%s' claims to be a disk of %d bytes; at most %d TiB are taken"
                      % (source, info.virtual_size, LARGEST >> 40))
    return info.virtual_size


def _broken(source, why=None):
    return Failure("not_an_image", "source: '%s' is a damaged or cut-off qcow2 image%s" % (source, ": " + why if why else ""),
                   hint="Fetch it again, and give its checksum.")
