# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings bytes to this host: the only place that downloads. Proxies, redirects and ~/.netrc are open_url's business."""
from __future__ import annotations

import contextlib
import http.client
import os
import re
import stat
import time
import urllib.error
from urllib.parse import urlsplit

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _progress
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.image import digest_in_list, file_name, local_path, split_checksum
from ansible_collections.tinycloud.libvirt.plugins.module_utils._partial import CHUNK, Partial, partial_name

TIMEOUT = 60
ATTEMPTS = 4
LONGEST_LIST = 4 << 20
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_HINT = "The compute host fetches it itself: check the address, its network, and its proxy settings."


class Address(str):
    """A source, with the headers that requests for it carry. They may be secret, and are no part of its text."""

    __slots__ = ("headers",)

    def __new__(cls, text, headers=None):
        address = super().__new__(cls, text)
        address.headers = headers or {}
        return address


class _Cut(Exception):
    """The connection ended before the content did."""


def read_text(source, option):
    """A small text (a list of checksums)."""
    path = local_path(source)
    if path is not None:
        with _open_local(path, option) as file:
            content = file.read(LONGEST_LIST + 1)
    else:
        with _request(source, option) as response:
            try:
                content = response.read(LONGEST_LIST + 1)
            except (OSError, http.client.HTTPException) as error:
                raise _failure(option, source, error) from None
    if len(content) > LONGEST_LIST:
        raise Failure("fetch_failed", "%s: '%s' is larger than any list of checksums" % (option, source))
    return content.decode(errors="replace")


def expected_digest(source, checksum):
    """(algorithm, digest) that a source's content must have; (sha256, None) where no checksum proves it."""
    if checksum is None:
        return "sha256", None
    algorithm, digest, listed = split_checksum(checksum)
    if digest is None:
        name = file_name(source)
        same_server = urlsplit(listed)[:2] == urlsplit(source)[:2]
        text = read_text(Address(listed, getattr(source, "headers", {}) if same_server else {}), "checksum")
        # A list that is named after the file speaks of it alone, whatever name that had when it was made.
        digest = digest_in_list(text, algorithm, name, only=file_name(listed).lower().startswith(name.lower() + "."))
        if digest is None:
            raise Failure("checksum_not_found", "checksum: '%s' has no %s digest of '%s'" % (listed, algorithm, name),
                          hint="Name the list that belongs to the source, or write the digest itself.")
    return algorithm, digest


def fetch_verified(source, directory, name, algorithm, digest):
    """What fetch gives, if it has the digest (None: any will do); else a Failure, and nothing of it stays."""
    for _attempt in range(2):
        partial = fetch(source, directory, name, {algorithm}, verified=digest is not None)
        found = partial.digest(algorithm)
        if digest in (None, found):
            return partial
        with partial:
            partial.discard()
        # The first bytes may be of an older content of the same address: once more, all of it.
        if not partial.resumed:
            break
    raise Failure("checksum_mismatch", "checksum: '%s' has the %s digest %s, not %s" % (source, algorithm, found, digest),
                  hint="Either the content is not what you want, or the checksum is that of another version.")


def fetch(source, directory, name, algorithms, verified):
    """A complete, locked Partial with the bytes of the source; the caller publishes or discards it, and closes it.

    What a cut connection or a killed run left is continued where the server can do so. After a failure it stays for
    the next run.

    :param verified: whether a checksum will prove the result, so that even bytes from before a crash may be used
    """
    path = local_path(source)
    if path is not None:
        return _copy(path, Partial(directory, partial_name(name, source), algorithms))
    return _download(source, directory, name, algorithms, verified)


def check_local(source):
    """Raises Failure where a source on this host can't be read."""
    path = local_path(source)
    if path is not None:
        _open_local(path, "source").close()


def _open_local(path, option):
    try:
        # Opening a pipe would wait for whoever writes to it, and a device has no end.
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise Failure("fetch_failed", "%s: '%s' on the compute host is no file" % (option, path))
        return open(path, "rb")
    except OSError as error:
        raise Failure("fetch_failed", "%s: cannot read '%s' on the compute host: %s" % (option, path, error.strerror),
                      hint="The path must be that of a file on the compute host.") from None


def _copy(path, partial):
    with contextlib.ExitStack() as undo:
        undo.enter_context(partial)
        # A copy is begun anew each time: nothing of it is of use.
        undo.callback(partial.discard)
        partial.restart()
        with _open_local(path, "source") as file:
            for chunk in iter(lambda: file.read(CHUNK), b""):
                partial.write(chunk)
        partial.complete()
        undo.pop_all()
    return partial


def _download(source, directory, name, algorithms, verified):
    response = _request(source, "source")
    partial = Partial(directory, partial_name(name, source, *_identity(response, verified)), algorithms)
    with contextlib.ExitStack() as undo:
        undo.enter_context(partial)
        undo.callback(partial.discard_if_useless)
        if partial.size or partial.waited:
            # The answer was only asked for what it says about the content; a part of it is here already.
            response.close()
            response = None
        _receive(source, partial, response)
        undo.pop_all()
    return partial


def _validator(response):
    """What tells this content from an earlier or later one under the same address."""
    tag = response.headers.get("ETag")
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified")


def _identity(response, verified):
    """Bytes may be joined only if they are of one content: of one validator, or, where a checksum proves it, any."""
    if verified:
        return ()
    # Without a checksum nothing would find blocks that a power cut kept from the disk.
    with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as boot:
        return (_validator(response) or time.time_ns(), boot.read().strip())


def _receive(source, partial, response):
    """Take in what is missing, in as many pieces as the network makes of it."""
    attempt = 0
    while True:
        try:
            _receive_once(source, partial, response)
            partial.complete()
            return
        except _Cut as cut:
            attempt += 1
            if attempt >= ATTEMPTS:
                raise Failure("fetch_failed", "source: '%s' was cut off after %d bytes: %s" % (source, partial.size, cut),
                              hint="Run again: it goes on from there where the server can do so.") from None
            response = None
            time.sleep(0.5 * attempt)


def _receive_once(source, partial, response):
    if response is None:
        response = _request_rest(source, partial)
    else:
        partial.restart()
    if response is None:
        return
    with response:
        whole = _whole_size(response, partial.size)
        try:
            for chunk in iter(lambda: response.read(CHUNK), b""):
                partial.write(chunk)
                _progress.detail(_so_far(partial.size, whole), at_once=False)
        except (OSError, http.client.HTTPException) as error:
            raise _Cut(_reason(error)) from None
    if whole is not None and partial.size < whole:
        raise _Cut("it has %d" % whole)
    if whole is not None and partial.size > whole:
        partial.restart()
        raise Failure("fetch_failed", "source: '%s' gave more than the %d bytes it announced" % (source, whole), hint=_HINT)


def _so_far(size, whole):
    return "%d MiB" % (size >> 20) + (" of %d MiB" % (whole >> 20) if whole else "")


def _request_rest(source, partial):
    """An answer with what the partial lacks (or, where the server can't, with all, the partial begun anew)."""
    if partial.size == 0:
        partial.restart()
        return _request(source, "source")
    try:
        response = _request(source, "source", {"Range": "bytes=%d-" % partial.size}, (416,))
    except _Unsatisfiable as error:
        if error.whole == partial.size:
            partial.resume()
            return None
        partial.restart()
        return _request(source, "source")
    found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if response.status == 206 and found and int(found[1]) == partial.size:
        partial.resume()
    else:
        if response.status == 206:
            response.close()
            response = _request(source, "source")
        partial.restart()
    return response


def _whole_size(response, have):
    """How large the content is altogether, None where the server does not say."""
    found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if found and found[2] != "*":
        return int(found[2])
    length = response.headers.get("Content-Length", "")
    return have + int(length) if length.isdigit() else None


class _Unsatisfiable(Exception):
    """The server has nothing after the bytes that are here; ``whole`` is what it says it has."""

    def __init__(self, whole):
        super().__init__()
        self.whole = whole


def _request(source, option, headers=None, special=()):
    # Loading this takes longer than looking at fifty VMs, and most runs fetch nothing.
    from ansible.module_utils import urls

    secret = getattr(source, "headers", {})
    asked = dict({"Accept-Encoding": "identity"}, **dict(headers or {}, **secret))
    try:
        # Where a redirect leads to is another's business: what is secret does not go along.
        return urls.open_url(source, headers=asked, timeout=TIMEOUT, http_agent="tinycloud.libvirt", decompress=False,
                             unredirected_headers=list(secret))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in special:
            whole = re.fullmatch(r"bytes \*/(\d+)", error.headers.get("Content-Range", ""))
            raise _Unsatisfiable(int(whole[1]) if whole else None) from None
        raise Failure("fetch_failed", "%s: '%s' answered %d %s" % (option, source, error.code, error.reason), hint=_HINT) from None
    except (OSError, http.client.HTTPException, ValueError, urls.ConnectionError, urls.MissingModuleError) as error:
        raise _failure(option, source, error) from None


def _failure(option, source, error):
    return Failure("fetch_failed", "%s: cannot fetch '%s': %s" % (option, source, _reason(error)), hint=_HINT)


def _reason(error):
    reason = getattr(error, "reason", None) or error
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
