# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host with a pool for images, sources for them, and a web server."""
from __future__ import annotations

import contextlib
import hashlib
import http.server
import pathlib
import subprocess
import threading

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils._engine import Engine
from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import Hypervisor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import Registry
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.image import Image
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool


def qemu_img(*arguments):
    subprocess.run(["qemu-img", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def diff(plan):
    return {"before": plan.resources[0].before, "after": plan.resources[0].after}


class Host:
    """A pool, a folder of sources, and calls as the modules make them."""

    def __init__(self, uri, folder):
        self.uri = uri
        self.pool = folder / "pool"
        self.sources = folder / "sources"
        self.registry = Registry(str(folder / "registry"))
        # What the action plugin would tell.
        self.controller = {}
        self.pool.mkdir()
        self.sources.mkdir()
        self.run([Pool.from_options({"name": "default", "path": str(self.pool), "state": "active"})])

    def run(self, resources, check_mode=False):
        hypervisor = Hypervisor(self.uri)
        return Engine(hypervisor, self.registry, Executor(check_mode), controller=self.controller).reconcile(resources)

    def image(self, check_mode=False, **options):
        outcome = self.run([Image.from_options(dict({"name": "i", "state": "present"}, **options))], check_mode)
        return outcome.plan.changed, outcome.scene.resources["image", options.get("name", "i")].facts(outcome.scene), outcome.plan

    def refused(self, **options):
        before = self.everything()
        with pytest.raises(Failure) as error:
            self.image(**options)
        assert self.everything() == before
        return error.value.code

    def everything(self):
        """Names and contents of the pool and the records."""
        roots = (self.pool, pathlib.Path(self.registry.directory))
        files = [path for root in roots for path in sorted(root.rglob("*")) if path.is_file() and not path.name.endswith(".lock")]
        return {str(path): sha256(path) for path in files}

    def scene(self):
        return Engine(Hypervisor(self.uri), self.registry, Executor()).look([])

    def source(self, name="a.qcow2", size="16M", data=1):
        path = self.sources / name
        qemu_img("create", "-f", "qcow2", path, size)
        subprocess.run(["qemu-io", "-c", f"write -P {data} 0 1M", path], check=True, stdout=subprocess.DEVNULL)
        return str(path)


def without_proxies(monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@contextlib.contextmanager
def served(host):
    """The folder of sources on 127.0.0.1; ``asked`` is what it was asked for, ``told`` by which name and with what secret."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(host.sources))

        def do_GET(self):
            if self.path.startswith("/away/"):
                # To another name of the same machine.
                self.send_response(302)
                self.send_header("Location", f"http://localhost:{server.server_port}/{self.path[6:]}")
                self.end_headers()
            elif server.secret and self.headers["Authorization"] != server.secret and "localhost" not in self.headers["Host"]:
                self.send_error(401)
            else:
                super().do_GET()

        def log_message(self, *_arguments):
            server.asked.append(self.path)
            server.told.append((self.headers["Host"].partition(":")[0], self.headers["Authorization"]))

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked, server.told, server.secret = [], [], None
        server.url = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
