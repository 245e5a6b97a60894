# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether /dev/kvm can be used, found out by booting a guest with it.

There are machines whose /dev/kvm opens, makes virtual machines, and then cannot run a stock
kernel; every check short of a boot says yes there.
"""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from console import run

_GREETING = b"tinycloud guest"
_SECONDS = 20


def works(cache, image, qemu_root, repository):
    """True if the guest `image` boots under KVM; asked once per boot of the machine.

    QEMU comes from `qemu_root`, a tree that has it; a bare tree gets it from `repository` first,
    in an overlay that is thrown away.
    """
    if not os.path.exists("/dev/kvm"):
        return False
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    answer = cache.directory / "kvm.json"
    asked = {"boot": boot, "image": image.parent.name}
    with cache.lock("kvm"):
        with contextlib.suppress(OSError, ValueError):
            known = json.loads(answer.read_text())
            if {key: known.get(key) for key in asked} == asked:
                return known["works"]
        cache.console.say("kvm", f"booting a guest with /dev/kvm to see whether it works (up to {_SECONDS} s)")
        verdict = _probe(cache, image, qemu_root, repository)
        cache.console.say("kvm", "works" if verdict else "does not boot a guest here: guests will be emulated")
        answer.write_text(json.dumps({**asked, "works": verdict}))
        return verdict


def _probe(cache, image, qemu_root, repository):
    with tempfile.TemporaryDirectory(dir=cache.directory, prefix=".kvm-") as work:
        script = _SCRIPT if (qemu_root / "usr/bin/qemu-system-x86_64").exists() else _INSTALL + _SCRIPT
        # A mount namespace of its own: whatever happens, no mount is left behind.
        process = subprocess.Popen(
            ["unshare", "--mount", "--propagation=private", "sh", "-euc", _MOUNT + script, "probe",
             work, str(qemu_root), str(image), str(repository or "")],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            start_new_session=True)
        try:
            return _greets(process)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            process.stdout.close()
            run(["rm", "-rf", "--one-file-system", work])
            os.mkdir(work)


def _greets(process):
    """Read the guest's console until it says that it is up, ends, or had its time."""
    os.set_blocking(process.stdout.fileno(), False)
    heard, deadline = b"", None
    while deadline is None or time.monotonic() < deadline:
        block = process.stdout.read()
        heard += block or b""
        if deadline is None and b"probe: booting" in heard:
            deadline = time.monotonic() + _SECONDS
        if _GREETING in heard:
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.1)
    return False


_MOUNT = """
cd "$1"
mkdir upper work root
mount -t overlay probe -o "lowerdir=$2,upperdir=upper,workdir=work" root
mount --bind /dev root/dev
mount -t proc proc root/proc
touch root/tmp/guest.qcow2
mount --bind -o ro "$3" root/tmp/guest.qcow2
"""

_INSTALL = """
mkdir root/tmp/repo
mount --bind "$4" root/tmp/repo
echo 'deb [trusted=yes] file:/tmp/repo ./' > root/etc/apt/sources.list
chroot root apt-get -q update >&2
DEBIAN_FRONTEND=noninteractive chroot root apt-get -q install --yes --no-install-recommends qemu-system-x86 >&2
"""

_SCRIPT = """
echo 'probe: booting'
exec chroot root qemu-system-x86_64 -accel kvm -cpu host -m 256 -display none -nodefaults -no-reboot \\
    -serial stdio -drive file=/tmp/guest.qcow2,if=virtio,snapshot=on
"""
