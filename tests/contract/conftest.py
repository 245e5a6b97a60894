# SPDX-License-Identifier: GPL-3.0-or-later
"""Hypervisors for contract tests. None of them is the machine's own.

`embed_uri`   the real QEMU driver inside this process: domains only, defined and started in half a second
`test_uri`    libvirt's test driver, a fresh one for each test: domains, networks, pools, volumes, all pretended
`daemon_uri`  a real libvirtd of our own: networks with dnsmasq, pools, volumes, guests
"""
from __future__ import annotations

import contextlib
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import private

DAEMON = "qemu+unix:///system?socket=/run/libvirt/libvirt-sock"
NOT_HERE = private.missing()
if not NOT_HERE:
    # While the process has one thread still: see there.
    private.enter()


@pytest.fixture(scope="session")
def libvirt():
    """The bindings, quiet."""
    bindings = pytest.importorskip("libvirt")
    bindings.registerErrorHandler(lambda _context, _error: None, None)
    return bindings


@pytest.fixture(scope="session")
def event_loop(libvirt):
    """What the embedded driver insists on. Only for it: beside this thread, closing libvirt 9.0's test driver and
    opening another ends in a segmentation fault once in a while.
    """
    libvirt.virEventRegisterDefaultImpl()

    def turn():
        while True:
            libvirt.virEventRunDefaultImpl()

    threading.Thread(target=turn, daemon=True).start()


@pytest.fixture(scope="session")
def embed_uri(libvirt, event_loop):
    """One embedded driver for the whole session: a process can have no second one. Tests leave no domain behind."""
    if NOT_HERE:
        pytest.skip(NOT_HERE)
    # Short, because sockets are made below it.
    root = pathlib.Path(tempfile.mkdtemp(prefix="embed-"))
    (root / "etc").mkdir()
    (root / "etc/qemu.conf").write_text(private.QEMU_CONF, "utf-8")
    uri = f"qemu:///embed?root={root}"
    connection = libvirt.open(uri)
    yield uri
    clear(libvirt, connection)
    connection.close()
    shutil.rmtree(root)


@pytest.fixture
def embed(libvirt, embed_uri):
    """A connection to the embedded driver, without domains before and after."""
    connection = libvirt.open(embed_uri)
    clear(libvirt, connection)
    yield connection
    clear(libvirt, connection)
    connection.close()


@pytest.fixture
def test_uri(tmp_path):
    """A test driver with nothing in it. Its state lives as long as a connection to this URI is open."""
    node = tmp_path / "node.xml"
    node.write_text("<node/>", "utf-8")
    return f"test://{node}"


@pytest.fixture(scope="session")
def daemon_uri(libvirt):
    """A libvirtd in this process's private namespaces; it ends with the session.

    The socket is named because this process may hold the embedded driver, which then answers for plain qemu:///system too.
    """
    if NOT_HERE or not shutil.which("libvirtd"):
        pytest.skip(NOT_HERE or "needs libvirtd (Debian: libvirt-daemon)")
    with open("/run/libvirtd.log", "w", encoding="utf-8") as log:
        daemon = subprocess.Popen(["libvirtd"], stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for_daemon(libvirt, daemon)
        yield DAEMON
    finally:
        daemon.terminate()
        daemon.wait(30)


@pytest.fixture
def daemon(libvirt, daemon_uri):
    """A connection to our own libvirtd, with no domains, networks and pools before and after."""
    connection = libvirt.open(daemon_uri)
    clear(libvirt, connection)
    yield connection
    clear(libvirt, connection)
    connection.close()


def wait_for_daemon(libvirt, daemon, timeout=30):
    last = None
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline and daemon.poll() is None:
        try:
            libvirt.open(DAEMON).close()
            return
        except libvirt.libvirtError as error:
            last = error
            time.sleep(0.1)
    pytest.fail(f"libvirtd did not come up: {last}\n{pathlib.Path('/run/libvirtd.log').read_text('utf-8')}")


def clear(libvirt, connection):
    """Remove domains, and networks and pools where the driver has them."""
    for domain in connection.listAllDomains():
        if domain.isActive():
            domain.destroy()
        if domain.isPersistent():
            domain.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA
                                 | libvirt.VIR_DOMAIN_UNDEFINE_NVRAM | libvirt.VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA)
    for listing in ("listAllNetworks", "listAllStoragePools"):
        with contextlib.suppress(libvirt.libvirtError):
            for thing in getattr(connection, listing)():
                if thing.isActive():
                    thing.destroy()
                if thing.isPersistent():
                    thing.undefine()
