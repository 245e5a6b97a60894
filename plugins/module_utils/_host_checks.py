# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a machine is fit to be a compute host: each check looks at one thing, and says what would mend it.

Everything is read from the kernel and from what is installed already, so that it can be asked of a bare machine.
"""
from __future__ import annotations

import fcntl
import glob
import os
import platform
import shutil
import socket
import subprocess

OK, WARNING, FAILED, UNKNOWN = "ok", "warning", "failed", "unknown"

# https://docs.kernel.org/virt/kvm/api.html: _IO(KVMIO, 0x00) and _IO(KVMIO, 0x01)
_KVM_GET_API_VERSION, _KVM_CREATE_VM, _KVM_API = 0xAE00, 0xAE01, 12
_EMULATORS = {"x86_64": "qemu-system-x86_64", "aarch64": "qemu-system-aarch64"}
_GIB = 1 << 30
_FIRMWARE_SECONDS = 10


def _read(path):
    """The text of a file of the kernel's or of /etc; None where there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return None


def _output(*command, **options):
    """What a program says; None where it is not installed or does not end in time."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, **options).stdout
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return None


def architecture():
    found = platform.machine()
    if found in _EMULATORS:
        return OK, found, None
    return FAILED, "%s is not known here" % found, "Use an x86_64 or aarch64 machine."


def kvm():
    """Whether KVM makes a VM, and, where QEMU is installed, whether a guest's firmware runs in it."""
    try:
        device = os.open("/dev/kvm", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return WARNING, "there is no /dev/kvm: guests will be emulated, many times slower", \
            "Turn on VT-x, AMD-V or nested virtualization for this machine."
    except PermissionError:
        return WARNING, "/dev/kvm cannot be opened", "Make it accessible to the group kvm; QEMU's user is in it."
    try:
        if fcntl.ioctl(device, _KVM_GET_API_VERSION) != _KVM_API:
            return WARNING, "/dev/kvm speaks another version than QEMU does", "Update the kernel."
        os.close(fcntl.ioctl(device, _KVM_CREATE_VM, 0))
    except OSError as error:
        return WARNING, "/dev/kvm makes no VM: %s" % error.strerror, "Look for kvm in the kernel's log."
    finally:
        os.close(device)
    return _firmware_runs()


def _firmware_runs():
    emulator = shutil.which(_EMULATORS.get(platform.machine(), ""))
    if not emulator or platform.machine() != "x86_64":
        return OK, "a VM can be made", None
    # SeaBIOS tells on this port what it does, https://www.seabios.org/Debugging
    command = [emulator, "-accel", "kvm", "-m", "64", "-display", "none", "-nodefaults",
               "-chardev", "stdio,id=said", "-device", "isa-debugcon,iobase=0x402,chardev=said"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as guest:
        try:
            said = guest.communicate(timeout=2)[0]
        except subprocess.TimeoutExpired:
            # It has nothing to boot from and so never ends by itself.
            guest.kill()
            said = guest.communicate(timeout=_FIRMWARE_SECONDS)[0]
    if b"SeaBIOS" in said:
        return OK, "a guest's firmware runs", None
    return WARNING, "a VM can be made but its firmware does not run: guests have to be emulated", \
        "This is seen with nested virtualization that is turned on halfway; give VMs 'type: qemu' until it is mended."


def iommu():
    groups = len(os.listdir("/sys/kernel/iommu_groups")) if os.path.isdir("/sys/kernel/iommu_groups") else 0
    if groups:
        return OK, "%d groups" % groups, None
    return WARNING, "off or missing: devices of the host cannot be given to guests", \
        "Turn it on in the firmware and boot with intel_iommu=on or amd_iommu=on, if you want that."


def cgroups():
    controllers = (_read("/sys/fs/cgroup/cgroup.controllers") or "").split()
    if not controllers and os.path.isdir("/sys/fs/cgroup/cpu"):
        controllers = os.listdir("/sys/fs/cgroup")
    # What version 2 calls io is blkio in version 1.
    missing = [name for name in ("cpu", "memory", "io") if not {name, {"io": "blkio"}.get(name)} & set(controllers)]
    if missing:
        return WARNING, "no controllers for %s: guests cannot be limited in these" % ", ".join(missing), \
            "Boot without cgroup_disable, and delegate these controllers where this is a container."
    return OK, "cpu, memory and io", None


def hugepages():
    reserved = {}
    for folder in glob.glob("/sys/kernel/mm/hugepages/hugepages-*"):
        count = int(_read(os.path.join(folder, "nr_hugepages")) or 0)
        if count:
            reserved[os.path.basename(folder).partition("-")[2]] = count
    return OK, ", ".join("%d of %s" % (count, size) for size, count in sorted(reserved.items())) or "none reserved", None


def modules():
    wanted = ("tun", "bridge", "vhost_net", "nf_nat", "nf_tables")
    builtin = _read("/lib/modules/%s/modules.builtin" % platform.release()) or ""
    missing = [name for name in wanted
               if not os.path.isdir("/sys/module/" + name) and "/%s.ko" % name not in builtin.replace("-", "_")
               and not _loadable(name)]
    if os.path.exists("/dev/net/tun") and "tun" in missing:
        missing.remove("tun")
    if missing:
        return WARNING, "not to be found in this kernel: %s" % ", ".join(missing), \
            "They may be built in all the same; install the distribution's usual kernel if networks do not start."
    return OK, ", ".join(wanted), None


def _loadable(name):
    return bool(_output("modinfo", "--field", "filename", name))


def disk(path="/var/lib/libvirt", least=10 * _GIB):
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    free = shutil.disk_usage(path).free
    said = "%.1f GiB free in %s" % (free / _GIB, path)
    if free < least:
        return WARNING, said, "Images and disks of VMs want more; make room, or place pools elsewhere."
    return OK, said, None


def time_sync():
    answer = _output("timedatectl", "show", "--property", "NTPSynchronized", "--value")
    if answer is None or not answer.strip():
        return UNKNOWN, "timedatectl does not tell", None
    if answer.strip() == "yes":
        return OK, "synchronized", None
    return WARNING, "the clock is not synchronized: certificates and migrations suffer", \
        "Install chrony; the role compute_host does with compute_host_time_sync."


def name_resolution():
    name = socket.gethostname()
    try:
        addresses = sorted({found[4][0] for found in socket.getaddrinfo(name, None)})
    except OSError:
        return WARNING, "%s does not resolve to an address: migrations to this host need it" % name, \
            "Add it to DNS or /etc/hosts."
    if all(address.startswith("127.") or address == "::1" for address in addresses):
        return WARNING, "%s resolves to %s only: a migration would go to the source itself" % (name, ", ".join(addresses)), \
            "Let the name resolve to an address that other hosts reach."
    return OK, "%s is %s" % (name, ", ".join(addresses)), None


def machine_id():
    found = (_read("/etc/machine-id") or "").strip()
    if not found:
        return FAILED, "/etc/machine-id is missing or empty", "Run systemd-machine-id-setup."
    return OK, found, None


def validation():
    """What libvirt's own virt-host-validate finds wanting."""
    said = _output("virt-host-validate", "qemu", env=dict(os.environ, LC_ALL="C"))
    if said is None:
        return UNKNOWN, "virt-host-validate is not installed yet", None
    wanting = [" ".join(line.replace("QEMU:", "", 1).split()) for line in said.splitlines()
               if ": WARN" in line or ": FAIL" in line]
    if wanting:
        return WARNING, "; ".join(wanting), "See `virt-host-validate qemu` on the host."
    return OK, "all passed", None


CHECKS = {check.__name__: check for check in (
    architecture, kvm, iommu, cgroups, hugepages, modules, disk, time_sync, name_resolution, machine_id, validation)}


def report(names=None):
    """The results of the checks, in order."""
    found = []
    for name, check in CHECKS.items():
        if names is None or name in names:
            status, message, hint = check()
            found.append({"name": name, "status": status, "message": message, "hint": hint})
    return found


def lines(found):
    """The report as people read it."""
    signs = {OK: "ok  ", WARNING: "WARN", FAILED: "FAIL", UNKNOWN: "?   "}
    return ["%s  %-15s %s%s" % (signs[one["status"]], one["name"], one["message"],
                                " -> " + one["hint"] if one["hint"] else "") for one in found]


def unfit(found, required):
    """The required checks that are not fine."""
    return [one for one in found if one["name"] in required and one["status"] != OK]
