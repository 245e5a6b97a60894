# SPDX-FileCopyrightText: the tinycloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lab: a controller namespace, its web server, and hosts, brought up, reset and taken down."""

import contextlib
import fcntl
import json
import os
import re
import shutil
import sys
from pathlib import Path

import access
import cgroups
import network
import settings
from console import LabError, quiet
from host import Host
from processes import Recorded

STATE = Path("/var/lib/tinycloud-lab")
_FIRST_NUMBER = 11
_NAME = re.compile(r"[a-z][a-z0-9-]{0,11}")


def check_name(kind, name):
    if not _NAME.fullmatch(name) or name == "ctl":
        raise LabError(
            f"{name!r} cannot be a {kind}'s name: up to 12 small letters, digits and dashes, "
            "a letter first, and not `ctl`")


class Lab:
    def __init__(self, name, console):
        check_name("lab", name)
        self.name, self.console = name, console
        self.directory = STATE / name
        self.controller = network.Namespace(f"{name}-ctl")
        self.server = Recorded(self.directory / "http.pid")
        self.hosts = []

    # -- what is

    @property
    def _record(self):
        return self.directory / "lab.json"

    def recorded(self):
        """The hosts this lab was last brought up with, as {name: root}."""
        try:
            return json.loads(self._record.read_text())["hosts"]
        except (OSError, ValueError, KeyError):
            return {}

    def use(self, hosts):
        """Take {name: root} as the lab's hosts; numbers follow their order."""
        for name in hosts:
            check_name("host", name)
        self.hosts = [
            Host(self, self.controller, name, _FIRST_NUMBER + place, root)
            for place, (name, root) in enumerate(hosts.items())]

    def hosts_file(self):
        names = [("controller", network.CONTROLLER), *((host.name, host.address) for host in self.hosts)]
        return "".join(f"{address} {name}\n" for name, address in names)

    def status(self):
        return {
            "name": self.name,
            "present": self.directory.is_dir(),
            "inventory": str(self.directory / "inventory.yml"),
            "ssh_config": str(self.directory / "ssh_config"),
            "variables": access.variables(self),
            "hosts": [{"name": host.name, "address": host.address, "root": host.root, "up": host.up,
                       "variables": settings.inventory_variables(host.root)} for host in self.hosts],
        }

    @contextlib.contextmanager
    def locked(self):
        """One program at a time per lab. The lock is the directory itself, which goes with the lab."""
        while True:
            self.directory.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.directory, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                with contextlib.suppress(FileNotFoundError):
                    if os.stat(self.directory).st_ino == os.fstat(handle).st_ino:
                        yield
                        return
            finally:
                os.close(handle)

    # -- up

    def would(self, hosts, reset):
        """What `up` would say it did, as far as that can be told without doing it."""
        before = self.recorded()
        gone = [name for name in before if name not in hosts]
        starting = [host.name for host in self.hosts
                    if reset or before.get(host.name) != host.root or not host.up]
        return [f"remove {name}" for name in gone] + [f"start {name}" for name in starting]

    def up(self, hosts, roots, serve, sums, kvm, reset=False):
        """Make it so that these hosts run; returns what was done, in words.

        `roots` maps a kind of root to its tree, `serve` a web path to a file or directory, `sums`
        a web path to a text.
        """
        done = []
        before = self.recorded()
        self.use({**{name: root for name, root in before.items() if name not in hosts}, **hosts})
        for host in [one for one in self.hosts if one.name not in hosts]:
            host.forget()
            done.append(f"removed {host.name}")
        self.use(hosts)
        for part in ("hosts", "shared", "cm", "ssh_config.d"):
            (self.directory / part).mkdir(exist_ok=True)
        (self.directory / "shared").chmod(0o777)
        access.make_keys(self.directory)
        if network.make_controller(self.controller):
            # Hosts wired to a controller namespace that is gone would never be reached again.
            for host in self.hosts:
                host.stop()
            self._stop_serving()
            done.append("made the controller's namespace")
        if self._serve(serve, sums):
            done.append("started the web server")
        changed_names = list(before.items()) != list(hosts.items())
        starting = []
        for host in self.hosts:
            other_root = before.get(host.name, host.root) != host.root
            if reset or other_root:
                self._hang_up()
                host.forget()
            if reset or other_root or not host.up:
                host.start(roots[host.root], kvm)
                starting.append(host)
        for host in starting:
            host.wait()
            done.append(f"started {host.name}")
            self.console.say(self.name, f"{host.name} is up at {host.address}")
        if changed_names or starting:
            self._record.write_text(json.dumps({"hosts": hosts}, indent=1) + "\n")
        if access.write(self):
            done.append("wrote the inventory")
        return done

    def _serve(self, serve, sums):
        site = self.directory / "www"
        site.mkdir(exist_ok=True)
        changed = False
        for name, directory in serve.items():
            link = site / name
            link.parent.mkdir(exist_ok=True)
            if not link.is_symlink() or os.readlink(link) != str(directory):
                link.unlink(missing_ok=True)
                link.symlink_to(directory)
                changed = True
        for name, text in sums.items():
            path = site / name
            if not path.exists() or path.read_text() != text:
                path.write_text(text)
                changed = True
        if self.server.pid is None:
            self._stop_serving()
            # The lab's own copy: the collection it came with may be replaced while the lab is up.
            script = self.directory / "http_server.py"
            script.write_text(Path(__file__).with_name("http_server.py").read_text())
            command = self.controller.enter(
                sys.executable, str(script), network.CONTROLLER, str(network.HTTP_PORT), str(site))
            self.server.start(cgroups.start_in(self.name, "ctl", command), self.directory / "http.log")
            changed = True
        return changed

    def _stop_serving(self):
        self.server.stop()
        # One that was started but not recorded, when its starter was killed.
        cgroups.kill(self.name, "ctl")
        cgroups.remove(self.name, "ctl")

    # -- down

    def down(self):
        """Remove the lab without a trace; works on whatever an interrupted run left."""
        if not self.traces():
            return []
        with self.locked():
            self.use(dict.fromkeys([*self.recorded(), *self._unrecorded()], "bare"))
            done = [f"removed {host.name}" for host in self.hosts]
            self._hang_up()
            for host in self.hosts:
                host.forget()
            self._stop_serving()
            self.controller.delete()
            cgroups.remove(self.name)
            shutil.rmtree(self.directory, ignore_errors=True)
        with contextlib.suppress(OSError):
            STATE.rmdir()
        return [*done, f"removed the lab {self.name}"]

    def traces(self):
        """Where something of the lab is left."""
        return [str(path) for path in (self.directory, self.controller.path) if path.exists()]

    def _unrecorded(self):
        """Hosts that were begun; each has its directory before it has anything else."""
        return [path.name for path in (self.directory / "hosts").glob("*")]

    def _hang_up(self):
        """Close shared SSH connections: one to a host that is gone would hang its next user."""
        for socket in (self.directory / "cm").glob("*"):
            quiet(["ssh", "-F", "none", "-o", f"ControlPath={socket}", "-O", "exit", "lab"])
            with contextlib.suppress(OSError):
                socket.unlink()
