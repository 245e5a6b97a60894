# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Short names of well-known cloud images: where they are, what proves them, and who logs in.

In the addresses, ``{arch}`` is the host's architecture as Linux says it (x86_64, aarch64), ``{deb}`` as Debian does (amd64, arm64).
"""
from __future__ import annotations

_DEB = {"x86_64": "amd64", "aarch64": "arm64"}


def _debian(version, codename):
    folder = "https://cloud.debian.org/images/cloud/%s/latest/" % codename
    return {"source": folder + "debian-%s-genericcloud-{deb}.qcow2" % version, "checksum": "sha512:" + folder + "SHA512SUMS", "user": "debian"}


def _ubuntu(version):
    folder = "https://cloud-images.ubuntu.com/releases/%s/release/" % version
    return {"source": folder + "ubuntu-%s-server-cloudimg-{deb}.img" % version, "checksum": "sha256:" + folder + "SHA256SUMS", "user": "ubuntu"}


def _fedora(version, build):
    folder = "https://download.fedoraproject.org/pub/fedora/linux/releases/%s/Cloud/{arch}/images/" % version
    return {"source": folder + "Fedora-Cloud-Base-Generic-%s-%s.{arch}.qcow2" % (version, build),
            "checksum": "sha256:" + folder + "Fedora-Cloud-%s-%s-{arch}-CHECKSUM" % (version, build), "user": "fedora"}


def _centos(version):
    source = "https://cloud.centos.org/centos/%s-stream/{arch}/images/CentOS-Stream-GenericCloud-%s-latest.{arch}.qcow2" % (version, version)
    return {"source": source, "checksum": "sha256:" + source + ".SHA256SUM", "user": "cloud-user"}


def _rocky(version):
    folder = "https://dl.rockylinux.org/pub/rocky/%s/images/{arch}/" % version
    return {"source": folder + "Rocky-%s-GenericCloud-Base.latest.{arch}.qcow2" % version, "checksum": "sha256:" + folder + "CHECKSUM",
            "user": "rocky"}


def _alma(version):
    folder = "https://repo.almalinux.org/almalinux/%s/cloud/{arch}/images/" % version
    return {"source": folder + "AlmaLinux-%s-GenericCloud-latest.{arch}.qcow2" % version, "checksum": "sha256:" + folder + "CHECKSUM",
            "user": "almalinux"}


def _leap(version):
    source = "https://download.opensuse.org/distribution/leap/%s/appliances/openSUSE-Leap-%s-Minimal-VM.{arch}-Cloud.qcow2" % (version, version)
    return {"source": source, "checksum": "sha256:" + source + ".sha256", "user": "opensuse"}


def _alpine(version):
    folder = "https://dl-cdn.alpinelinux.org/alpine/v%s/releases/cloud/" % version.rpartition(".")[0]
    source = folder + "nocloud_alpine-%s-{arch}-bios-cloudinit-r0.qcow2" % version
    return {"source": source, "checksum": "sha512:" + source + ".sha512", "user": "alpine"}


ENTRIES = {
    "debian-11": _debian("11", "bullseye"), "debian-12": _debian("12", "bookworm"), "debian-13": _debian("13", "trixie"),
    "ubuntu-22.04": _ubuntu("22.04"), "ubuntu-24.04": _ubuntu("24.04"),
    "fedora-41": _fedora("41", "1.4"), "fedora-42": _fedora("42", "1.1"),
    "centos-stream-9": _centos("9"), "centos-stream-10": _centos("10"),
    "rocky-8": _rocky("8"), "rocky-9": _rocky("9"), "alma-8": _alma("8"), "alma-9": _alma("9"),
    "opensuse-leap-15.6": _leap("15.6"),
    "alpine-3.20": _alpine("3.20.1"), "alpine-3.21": _alpine("3.21.2"),
    # Made here, of packages.
    "debian-local": {"debian": {"suite": "trixie"}, "user": "debian"},
    # Its makers publish nothing that proves it but MD5.
    "cirros-0.6": {"source": "https://download.cirros-cloud.net/0.6.3/cirros-0.6.3-{arch}-disk.img", "user": "cirros"},
}


def resolved(entry, architecture):
    """An entry's options, for a host of an architecture."""
    words = {"arch": architecture, "deb": _DEB.get(architecture, architecture)}
    return {name: _filled(text, words) if isinstance(text, str) else text for name, text in entry.items()}


def _filled(text, words):
    for word, value in words.items():
        text = text.replace("{%s}" % word, value)
    return text
