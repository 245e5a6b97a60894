# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a sparse raw disk takes into a volume: as a file at hand, and through libvirt's connection; beside cp and a plain stream.

1 GiB with 64 MiB of data in it, unless told otherwise. All figures come from one run and are worth something only beside each other.
A libvirtd of its own, in private namespaces, serves it; so it runs as root, and nothing of the machine's own is touched. With a lab's
inventory, the libvirtd of its first host does instead, over SSH.

    tests/bench/upload.py [--inventory /var/lib/tinycloud-lab/NAME/inventory.yml] [--size MiB] [--data MiB] [--runs 5]
"""
from __future__ import annotations

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "contract"))

import libvirt
import private
from storage import Afar, Host

from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import Hypervisor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume

DAEMON = "qemu+unix:///system?socket=/run/libvirt/libvirt-sock"
MIB = 1 << 20


class Bench:
    def __init__(self, folder: pathlib.Path, options, uri: str, connection) -> None:
        self.options = options
        self.folder = folder
        self.host = Host(uri, folder)
        self.afar = Host(uri, folder)
        self.afar.connected = connection(uri)
        self.pool = libvirt.open(uri).storagePoolLookupByName("default")
        self.source = folder / "source.raw"
        with self.source.open("wb") as file:
            for part in range(options.data):
                file.seek(part * (options.size // options.data) * MIB)
                file.write(os.urandom(MIB))
            file.truncate(options.size * MIB)

    def declared(self, host) -> None:
        host.run(Volume.from_options({"name": "v", "source": str(self.source), "format": "raw", "state": "present"}))

    def cp(self) -> None:
        subprocess.run(["cp", "--sparse=always", "--reflink=never", str(self.source), str(self.folder / "copy")], check=True)

    def plain(self) -> None:
        volume = self.pool.createXML(f"<volume><name>v</name><capacity>{self.options.size * MIB}</capacity><allocation>0</allocation></volume>")
        stream = volume.connect().newStream(0)
        volume.upload(stream, 0, self.options.size * MIB)
        with self.source.open("rb") as file:
            stream.sendAll(lambda _stream, count, opened: opened.read(count), file)
        stream.finish()

    def clear(self) -> None:
        (self.folder / "copy").unlink(missing_ok=True)
        self.pool.refresh()
        for volume in self.pool.listAllVolumes():
            volume.delete()
        for key in self.host.registry.all("volume"):
            self.host.registry.forget("volume", key)
        os.sync()

    def median(self, work, *given) -> float:
        seconds = []
        for _run in range(self.options.runs + 1):
            self.clear()
            began = time.monotonic()
            work(*given)
            seconds.append(time.monotonic() - began)
        return statistics.median(seconds[1:])

    def run(self) -> None:
        copied = self.median(self.cp)
        rows = [("cp --sparse=always, nothing synced, at hand", copied)]
        if not self.host.connected.is_remote:
            rows.append(("a volume with that source, file at hand", self.median(self.declared, self.host)))
        sparse, plain = self.median(self.declared, self.afar), self.median(self.plain)
        rows += [("a volume with that source, through the connection", sparse), ("plain virStream, all bytes sent", plain)]
        self.clear()
        self.declared(self.host)
        rows.append(("the volume again, unchanged", self.again()))
        for label, seconds in rows:
            print(f"{seconds * 1000:8.0f} ms  {seconds / copied:7.2f} x  {label}")
        print(f"through the connection, plain / sparse: {plain / sparse:.1f}")
        print(f"(x: beside cp; medians of {self.options.runs} runs after a warm-up; {self.options.size} MiB with {self.options.data} MiB of data)")

    def again(self) -> float:
        seconds = []
        for _run in range(self.options.runs):
            began = time.monotonic()
            self.declared(self.host)
            seconds.append(time.monotonic() - began)
        return statistics.median(seconds)


def wait_for_daemon() -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            libvirt.open(DAEMON).close()
            return
        except libvirt.libvirtError:
            time.sleep(0.1)
    sys.exit("libvirtd did not come up")


def over_ssh(inventory: pathlib.Path, options) -> None:
    """To the first host of a lab, whose own pools are left alone."""
    configuration = inventory.parent / "ssh_config"
    host = next(iter(json.loads(inventory.read_text("utf-8"))["compute_hosts"]["hosts"]))
    with tempfile.TemporaryDirectory(prefix="tinycloud-bench-", dir="/var/tmp") as folder:
        ssh = pathlib.Path(folder) / "ssh"
        ssh.write_text(f'#!/bin/sh\nexec ssh -F {configuration} "$@"\n', "utf-8")
        ssh.chmod(0o700)
        uri = f"qemu+ssh://root@{host}/system?command={ssh}"
        pool = None
        try:
            bench = Bench(pathlib.Path(folder), options, uri, Hypervisor)
            pool = bench.pool
            bench.run()
        finally:
            if pool is not None:
                for volume in pool.listAllVolumes():
                    volume.delete()
                pool.destroy()
                pool.delete()
                pool.undefine()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=1024, help="MiB of the disk")
    parser.add_argument("--data", type=int, default=64, help="MiB of data in it")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--inventory", type=pathlib.Path, help="of a lab")
    options = parser.parse_args()
    libvirt.registerErrorHandler(lambda _context, _error: None, None)
    if options.inventory:
        over_ssh(options.inventory, options)
        return
    # Before anything starts a thread.
    private.enter()
    daemon = subprocess.Popen(["libvirtd"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_daemon()
        with tempfile.TemporaryDirectory(prefix="tinycloud-bench-", dir="/var/tmp") as folder:
            Bench(pathlib.Path(folder), options, DAEMON, Afar).run()
    finally:
        daemon.terminate()
        daemon.wait(30)


if __name__ == "__main__":
    main()
