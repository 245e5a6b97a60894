# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One compute host: an overlay over a cached root, a network namespace, and systemd-nspawn."""

import hashlib
import os
import shutil
import signal
import stat
import time
from pathlib import Path

import cgroups
import host_roots
import network
import settings
from console import LabError, quiet
from processes import Recorded, birth, children, reap, send

# Under --keep-unit a reboot inside ends nspawn with 133; the same command then is the boot. The network namespace
# outlives that, so what the host has made in it goes the way it goes when a machine reboots.
_RUNNER = """
namespace=$1; shift
while :; do
    "$@"
    code=$?
    [ "$code" -eq 133 ] || exit "$code"
    for link in $(ip -n "$namespace" -brief link | cut -d ' ' -f 1 | cut -d @ -f 1); do
        case $link in lo|eth0|eth1) ;; *) ip -n "$namespace" link delete "$link" ;; esac
    done
done
"""

_DEVICES = ("loop-control", *(f"loop{n}" for n in range(8)), "fuse", "net/tun", "vhost-net", "btrfs-control")


class Host:
    def __init__(self, lab, controller, name, number, root):
        self.lab, self.controller, self.name, self.number, self.root = lab, controller, name, number, root
        self.address = network.address(number)
        self.directory = lab.directory / "hosts" / name
        self.namespace = network.Namespace(f"{lab.name}-{name}")
        self.process = Recorded(self.directory / "pid")
        self.log = self.directory / "console.log"
        self.mountpoint = self.directory / "root"

    # -- what is

    @property
    def answers(self):
        """Whether SSH greets, which a dead host's leftovers cannot do."""
        try:
            with self.controller.connect(self.address, 22, 1.0) as made:
                return made.recv(4) == b"SSH-"
        except OSError:
            return False

    @property
    def up(self):
        return self.process.pid is not None and self.namespace.exists and self.answers

    # -- coming up

    def start(self, lower, kvm):
        """Bring the host up on the root at `lower`; what an interrupted start left is cleared first."""
        self.stop()
        self._prepare(lower, kvm)
        network.make_host(self.controller, self.namespace, self.name, self.number)
        options = f"lowerdir={lower},upperdir={self.directory}/upper,workdir={self.directory}/work"
        ok, said = quiet(["mount", "-t", "overlay", "tinycloud-lab", "-o", options, str(self.mountpoint)])
        if not ok:
            raise LabError(f"cannot mount the overlay of {self.name}: {said}")
        command = ["sh", "-c", _RUNNER, "lab-host", self.namespace.name, *self.namespace.enter(*self._nspawn())]
        self.process.start(
            cgroups.start_in(self.lab.name, self.name, command), self.log,
            # Writable /proc/sys is what NAT networks need (ip_forward); it is the namespace's own.
            env={"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1", "SYSTEMD_NSPAWN_API_VFS_WRITABLE": "1"})

    def _nspawn(self):
        return [
            "systemd-nspawn", "--quiet", f"--directory={self.mountpoint}", "--boot",
            f"--machine={self.lab.name}-{self.name}", f"--hostname={self.name}",
            "--register=no", "--keep-unit", "--console=pipe", "--capability=all",
            "--kill-signal=SIGRTMIN+3", "--resolv-conf=off", "--timezone=off", "--link-journal=no",
            "--system-call-filter=add_key keyctl bpf",
            f"--bind={self.lab.directory}/shared:/srv/shared",
            "systemd.unit=multi-user.target",
        ]

    def wait(self, timeout=90):
        deadline = time.monotonic() + timeout
        while not self.answers:
            reap()
            if self.process.pid is None:
                raise LabError(f"{self.name} ended while booting; its console says:\n{self._last_words()}")
            if time.monotonic() > deadline:
                raise LabError(f"{self.name} does not answer SSH after {timeout} s; its console says:\n{self._last_words()}")
            time.sleep(0.1)

    def _last_words(self):
        try:
            lines = self.log.read_text(errors="replace").splitlines()
        except OSError:
            lines = []
        return "\n".join(f"    {line}" for line in lines[-15:]) or "    (nothing)"

    def _prepare(self, lower, kvm):
        """Write into the overlay what makes this host itself."""
        for part in ("upper", "work", "root"):
            (self.directory / part).mkdir(parents=True, exist_ok=True)
        upper = self.directory / "upper"
        if (upper / "etc/hostname").exists():
            return
        files = {
            "etc/hostname": f"{self.name}\n",
            "etc/hosts": "127.0.0.1 localhost\n::1 localhost\n" + self.lab.hosts_file(),
            # Stable, so that a host that is reset is still the same host to libvirt.
            "etc/machine-id": hashlib.sha256(f"{self.lab.name}/{self.name}".encode()).hexdigest()[:32] + "\n",
            "etc/tmpfiles.d/lab-devices.conf": _devices(kvm),
            "root/.ssh/authorized_keys": (self.lab.directory / "id_ed25519.pub").read_text(),
            "etc/ssh/ssh_host_ed25519_key.pub": (self.lab.directory / "host_key.pub").read_text(),
        }
        private = {"etc/ssh/ssh_host_ed25519_key": (self.lab.directory / "host_key").read_text()}
        if not host_roots.is_bare(self.root):
            files.update(settings.libvirt_files(lower, self.root))
        for path, text in {**files, **private}.items():
            target = upper / path
            _copy_directories(lower, upper, Path(path).parent)
            target.write_text(text)
            below = Path(lower) / path
            mode = 0o600 if path in private else 0o644
            target.chmod(stat.S_IMODE(below.stat().st_mode) if below.is_file() else mode)
        (upper / "root/.ssh").chmod(0o700)

    # -- going down

    def stop(self):
        """Stop whatever there is of this host, cleanly begun or not; its data stays."""
        runner = self.process.pid
        busy = runner is not None
        if runner:
            spawn = children(runner)
            inits = [pid for one in spawn for pid in children(one)]
            # First the loop, or it would take the death of its container for a crash to report;
            # then the container's init, whose end takes everything inside with it.
            for pid in (runner, *inits):
                send(pid, signal.SIGKILL)
            _await_end(spawn)
        self.process.record.unlink(missing_ok=True)
        cgroups.kill(self.lab.name, self.name)
        self._unmount()
        cgroups.remove(self.lab.name, self.name)
        network.remove_host(self.controller, self.namespace, self.name)
        return busy

    def _unmount(self):
        for attempt in range(100):
            if not os.path.ismount(self.mountpoint):
                return
            if not quiet(["umount", str(self.mountpoint)])[0]:
                time.sleep(0.02)
            if attempt == 98:
                quiet(["umount", "--lazy", str(self.mountpoint)])
        raise LabError(f"cannot unmount {self.mountpoint}: see `fuser -vm {self.mountpoint}`")

    def forget(self):
        """Throw away what the host wrote."""
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


def _await_end(pids, timeout=5.0):
    deadline = time.monotonic() + timeout
    for pid in pids:
        while birth(pid):
            reap()
            if time.monotonic() > deadline:
                send(pid, signal.SIGKILL)
                deadline += timeout
            time.sleep(0.01)


def _copy_directories(lower, upper, path):
    """Make a directory in the overlay with the owner and mode it has below."""
    for part in [*reversed(path.parents), path]:
        made, below = upper / part, Path(lower) / part
        if made.exists():
            continue
        made.mkdir()
        if below.is_dir():
            like = below.stat()
            os.chown(made, like.st_uid, like.st_gid)
            made.chmod(stat.S_IMODE(like.st_mode))


def _devices(kvm):
    """Device nodes the host makes for itself at each boot, as the machine has them.

    Made inside rather than bound from outside: owner and mode are then the host's own business.
    """
    lines = []
    for name in (*_DEVICES, *(("kvm",) if kvm else ())):
        try:
            node = os.stat(f"/dev/{name}")
        except OSError:
            continue
        kind = "b" if stat.S_ISBLK(node.st_mode) else "c"
        # A QEMU that may not open /dev/kvm makes libvirt probe it again at every call.
        mode = "0666" if name in ("kvm", "net/tun", "vhost-net") else "0660"
        lines.append(f"{kind}+ /dev/{name} {mode} root root - {os.major(node.st_rdev)}:{os.minor(node.st_rdev)}")
    return "\n".join(lines) + "\n"
