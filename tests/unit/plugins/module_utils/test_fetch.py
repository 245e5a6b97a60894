# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetching, from servers of every kind on 127.0.0.1."""
from __future__ import annotations

import contextlib
import errno
import hashlib
import http.server
import os
import re
import ssl
import subprocess
import threading

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _fetch, _partial
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

CONTENT = bytes(range(256)) * 4096 + bytes(3 << 20) + b"end" * 100_000


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves the server's ``content``; the path's words say in which way."""

    def do_GET(self):
        server = self.server
        server.asked.append((self.path, self.headers.get("Range")))
        words = self.path.strip("/").split("-")
        if "missing" in words:
            self.send_error(404)
        elif "redirected" in words:
            self.answer(302, {"Location": self.path.replace("redirected", "plain"), "Content-Length": "0"})
        else:
            self.give(words)

    def give(self, words):
        content, status = self.server.content, 200
        headers = {"Last-Modified": self.server.modified} if self.server.modified else {}
        first = 0
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        if wanted and "ranges" in words:
            first = int(wanted[1])
            if first >= len(content):
                self.answer(416, {"Content-Range": "bytes */%d" % len(content), "Content-Length": "0"})
                return
            status = 206
            headers["Content-Range"] = "bytes %d-%d/%d" % (first, len(content) - 1, len(content))
        body = content[first:]
        if "chunked" in words:
            self.protocol_version = "HTTP/1.1"
            headers["Transfer-Encoding"] = "chunked"
        elif "unsized" not in words:
            headers["Content-Length"] = str(len(body) // (2 if "lying" in words else 1))
        self.answer(status, headers)
        whole = len(body)
        if "cut" in words:
            body = body[:whole // 2]
        elif "once" in words and len(self.server.asked) == 1:
            body = body[:1_000_000]
        if "chunked" in words:
            for start in range(0, len(body), 70_000):
                piece = body[start:start + 70_000]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            if len(body) == whole:
                self.wfile.write(b"0\r\n\r\n")
        else:
            self.wfile.write(body)
        self.close_connection = True

    def answer(self, status, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = CONTENT
        self.modified = "Thu, 01 Jan 2026 00:00:00 GMT"
        self.asked = []

    def url(self, words):
        return "http://127.0.0.1:%d/%s" % (self.server_port, words)

    def handle_error(self, *_arguments):
        """A client that hangs up is part of the tests."""


@pytest.fixture
def server(monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(_fetch.time, "sleep", lambda _seconds: None)
    with Server() as started:
        thread = threading.Thread(target=started.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield started
        started.shutdown()
        thread.join()


def fetch(source, folder, verified=False):
    partial = _fetch.fetch(source, str(folder), "i", {"sha512"}, verified)
    with partial:
        with open(partial.path, "rb") as file:
            content = file.read()
        assert partial.digest("sha256") == hashlib.sha256(content).hexdigest()
        assert partial.digest("sha512") == hashlib.sha512(content).hexdigest()
        assert partial.size == len(content)
        return content, partial


@pytest.mark.parametrize("way", ["plain", "ranges", "chunked", "unsized", "redirected", "once", "ranges-once", "ranges-chunked-once"])
def test_content_arrives(server, tmp_path, way):
    content, partial = fetch(server.url(way), tmp_path)
    assert content == CONTENT
    assert os.listdir(tmp_path) == [os.path.basename(partial.path)]


def test_a_cut_is_continued_where_it_was(server, tmp_path):
    content, partial = fetch(server.url("ranges-once"), tmp_path)
    assert content == CONTENT
    assert partial.resumed
    assert server.asked[1:] == [("/ranges-once", "bytes=1000000-")]


def test_a_server_without_ranges_gives_all_again(server, tmp_path):
    _content, partial = fetch(server.url("once"), tmp_path)
    assert not partial.resumed


def test_a_server_that_announces_less_than_it_has(server, tmp_path):
    """Nobody can notice but by the checksum, and no part gets the name."""
    digest = hashlib.sha512(CONTENT).hexdigest()
    with pytest.raises(Failure) as error:
        _fetch.fetch_verified(server.url("lying"), str(tmp_path), "i", "sha512", digest)
    assert error.value.code == "checksum_mismatch"
    assert list(tmp_path.iterdir()) == []


def test_a_proxy_is_asked(server, tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url(""))
    assert fetch("http://images.example/plain", tmp_path)[0] == CONTENT
    assert server.asked == [("http://images.example/plain", None)]


def test_https_needs_a_certificate_that_the_host_trusts(server, tmp_path, monkeypatch):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    source = f"https://localhost:{server.server_port}/plain"
    pool = tmp_path / "pool"
    pool.mkdir()
    with pytest.raises(Failure) as error:
        fetch(source, pool)
    assert error.value.code == "fetch_failed"
    assert list(pool.iterdir()) == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert fetch(source, pool)[0] == CONTENT


@pytest.mark.parametrize("way", ["cut", "cut-chunked"])
def test_a_truncated_answer_is_noticed(server, tmp_path, way):
    with pytest.raises(Failure) as error:
        fetch(server.url(way), tmp_path)
    assert error.value.code == "fetch_failed"
    assert "cut off" in error.value.message
    assert server.url(way) in error.value.message


def test_what_is_left_is_continued_by_the_next_run(server, tmp_path):
    url = server.url("ranges-x")
    name = _partial.partial_name("i", url)
    (tmp_path / name).write_bytes(CONTENT[:1_234_567])
    content, partial = fetch(url, tmp_path, verified=True)
    assert content == CONTENT
    assert partial.resumed
    assert server.asked[-1] == ("/ranges-x", "bytes=1234567-")


def test_what_is_left_may_be_all(server, tmp_path):
    url = server.url("ranges")
    (tmp_path / _partial.partial_name("i", url)).write_bytes(CONTENT)
    content, partial = fetch(url, tmp_path, verified=True)
    assert content == CONTENT
    assert partial.resumed


@pytest.mark.parametrize("left", [CONTENT + b"more", b"x" * (len(CONTENT) * 2)])
def test_what_is_left_may_be_too_much(server, tmp_path, left):
    url = server.url("ranges")
    (tmp_path / _partial.partial_name("i", url)).write_bytes(left)
    content, partial = fetch(url, tmp_path, verified=True)
    assert content == CONTENT
    assert not partial.resumed


def test_what_is_left_is_dropped_where_the_server_gives_all(server, tmp_path):
    url = server.url("plain")
    (tmp_path / _partial.partial_name("i", url)).write_bytes(b"something else")
    content, partial = fetch(url, tmp_path, verified=True)
    assert content == CONTENT
    assert not partial.resumed


def test_bytes_of_another_content_are_not_joined(server, tmp_path):
    """Without a checksum only the server's own word tells that the content is still the same."""
    url = server.url("ranges-cut")
    with pytest.raises(Failure):
        fetch(url, tmp_path)
    server.content = CONTENT[::-1]
    server.modified = "Fri, 02 Jan 2026 00:00:00 GMT"
    server.asked.clear()
    with pytest.raises(Failure):
        fetch(url, tmp_path)
    assert server.asked[0][1] is None
    assert len(os.listdir(tmp_path)) == 2


def test_without_validator_and_checksum_nothing_is_continued(server, tmp_path):
    server.modified = None
    for _run in range(2):
        server.asked.clear()
        with pytest.raises(Failure):
            fetch(server.url("ranges-cut"), tmp_path)
        assert server.asked[0][1] is None


@pytest.mark.parametrize("way, said", [("missing", "404"), ("redirected-missing", "404")])
def test_a_refusal_of_the_server(server, tmp_path, way, said):
    with pytest.raises(Failure) as error:
        fetch(server.url(way), tmp_path)
    assert error.value.code == "fetch_failed"
    assert said in error.value.message
    assert error.value.message.startswith("source: ")
    assert os.listdir(tmp_path) == []


def test_nobody_listens(server, tmp_path):
    url = server.url("plain")
    server.shutdown()
    server.server_close()
    with pytest.raises(Failure) as error:
        fetch(url, tmp_path)
    assert error.value.code == "fetch_failed"
    assert "refused" in error.value.message
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("form", ["%s", "file://%s"])
def test_a_file_is_copied_with_its_holes(tmp_path, form):
    original = tmp_path / "original"
    with open(original, "wb") as file:
        file.write(b"begin")
        file.truncate(64 << 20)
    pool = tmp_path / "pool"
    pool.mkdir()
    content, partial = fetch(form % original, pool)
    assert content == original.read_bytes()
    assert os.stat(partial.path).st_blocks * 512 < 1 << 20


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(Failure) as error:
        fetch("/nowhere/a.qcow2", tmp_path)
    assert error.value.code == "fetch_failed"
    assert "'/nowhere/a.qcow2'" in error.value.message
    assert os.listdir(tmp_path) == []
    with pytest.raises(Failure):
        _fetch.check_local("/nowhere/a.qcow2")
    _fetch.check_local("http://127.0.0.1:9/is-not-asked")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(Failure) as error:
        fetch(str(tmp_path), tmp_path)
    assert error.value.code == "fetch_failed"


def test_text(server, tmp_path):
    server.content = "digest  näme\n".encode()
    assert _fetch.read_text(server.url("unsized"), "checksum") == "digest  näme\n"
    (tmp_path / "list").write_bytes(server.content)
    assert _fetch.read_text(str(tmp_path / "list"), "checksum") == "digest  näme\n"
    server.content = bytes(_fetch.LONGEST_LIST + 1)
    with pytest.raises(Failure) as error:
        _fetch.read_text(server.url("plain"), "checksum")
    assert error.value.message.startswith("checksum: ")


def test_one_at_a_time(tmp_path):
    """Who comes second waits, and does not write into what was published meanwhile."""
    first = _partial.Partial(str(tmp_path), ".i.part", set())
    first.restart()
    first.write(b"first")
    seen = []

    def second():
        with _partial.Partial(str(tmp_path), ".i.part", set()) as partial:
            seen.append((partial.waited, partial.size))
            partial.restart()
            partial.write(b"second")

    thread = threading.Thread(target=second)
    with first:
        thread.start()
        thread.join(0.2)
        assert not seen
        first.complete()
        first.publish(str(tmp_path / "i"), 0o444)
    thread.join(10)
    assert seen == [(True, 0)]
    assert (tmp_path / "i").read_bytes() == b"first"
    assert (tmp_path / "i").stat().st_mode & 0o777 == 0o444


def test_partials_of_a_name(tmp_path):
    ours = _partial.partial_name("a.b", "source")
    for name in (ours, _partial.partial_name("a", "source"), _partial.partial_name("a.b.c", "source"), ".a.b.part", "a.b"):
        (tmp_path / name).touch()
    assert _partial.partials_of("a.b", str(tmp_path)) == [str(tmp_path / ours)]
    assert _partial.partials_of("a.b", str(tmp_path / "nowhere")) == []
    assert _partial.partial_name("a", "one") != _partial.partial_name("a", "two")


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "victim").write_bytes(b"precious")
    (tmp_path / ".i.part").symlink_to(tmp_path / "victim")
    with pytest.raises(Failure), contextlib.closing(_partial.Partial(str(tmp_path), ".i.part", set())):
        pass
    assert (tmp_path / "victim").read_bytes() == b"precious"


def test_a_full_pool_is_not_left_full(server, tmp_path, monkeypatch):
    write = _partial.os.pwrite

    def pwrite(number, block, where):
        if where > 500_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(number, block, where)
    monkeypatch.setattr(_partial.os, "pwrite", pwrite)
    for verified in (True, False):
        with pytest.raises(Failure) as error:
            fetch(server.url("ranges"), tmp_path, verified)
        assert error.value.code == "no_space"
        assert os.listdir(tmp_path) == []
