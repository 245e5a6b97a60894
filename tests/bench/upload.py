# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a sparse raw disk takes into a volume: as a file at hand, and through libvirt's connection; beside cp and a plain stream.

1 GiB with 64 MiB of data in it, unless told otherwise. All figures come from one run and are worth something only beside each other.
A libvirtd of its own, in private namespaces, serves it; so it runs as root, and nothing of the machine's own is touched.

    tests/bench/upload.py [--size MiB] [--data MiB] [--runs 5]
"""
from __future__ import annotations

import argparse
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
    def __init__(self, folder: pathlib.Path, options) -> None:
        self.options = options
        self.host = Host(DAEMON, folder)
        self.afar = Host(DAEMON, folder)
        self.afar.connected = Afar(DAEMON)
        self.pool = libvirt.open(DAEMON).storagePoolLookupByName("default")
        self.source = folder / "source.raw"
        with self.source.open("wb") as file:
            for part in range(options.data):
                file.seek(part * (options.size // options.data) * MIB)
                file.write(os.urandom(MIB))
            file.truncate(options.size * MIB)

    def declared(self, host) -> None:
        host.run(Volume.from_options({"name": "v", "source": str(self.source), "format": "raw", "state": "present"}))

    def cp(self) -> None:
        subprocess.run(["cp", "--sparse=always", "--reflink=never", str(self.source), str(self.host.folder / "v")], check=True)

    def plain(self) -> None:
        volume = self.pool.createXML(f"<volume><name>v</name><capacity>{self.options.size * MIB}</capacity><allocation>0</allocation></volume>")
        stream = volume.connect().newStream(0)
        volume.upload(stream, 0, self.options.size * MIB)
        with self.source.open("rb") as file:
            stream.sendAll(lambda _stream, count, opened: opened.read(count), file)
        stream.finish()

    def clear(self) -> None:
        (self.host.folder / "v").unlink(missing_ok=True)
        self.pool.refresh()
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
            assert (self.host.folder / "v").stat().st_size == self.options.size * MIB
        return statistics.median(seconds[1:])

    def run(self) -> None:
        copied = self.median(self.cp)
        rows = [("cp --sparse=always, nothing synced", copied), ("a volume with that source, file at hand", self.median(self.declared, self.host)),
                ("a volume with that source, through the connection", self.median(self.declared, self.afar)),
                ("plain virStream, all bytes sent", self.median(self.plain))]
        self.clear()
        self.declared(self.host)
        rows.append(("the volume again, unchanged", self.again()))
        for label, seconds in rows:
            print(f"{seconds * 1000:8.0f} ms  {seconds / copied:7.2f} x  {label}")
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=1024, help="MiB of the disk")
    parser.add_argument("--data", type=int, default=64, help="MiB of data in it")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    # Before anything starts a thread.
    private.enter()
    libvirt.registerErrorHandler(lambda _context, _error: None, None)
    daemon = subprocess.Popen(["libvirtd"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_daemon()
        with tempfile.TemporaryDirectory(prefix="tinycloud-bench-", dir="/var/tmp") as folder:
            Bench(pathlib.Path(folder), options).run()
    finally:
        daemon.terminate()
        daemon.wait(30)


if __name__ == "__main__":
    main()
