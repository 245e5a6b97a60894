# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection to libvirt: the only place that knows the binding.

Objects are handed out as :class:`Handle`, which speaks libvirt's own method names, turns every error into a
:class:`Failure` with libvirt's code, and counts the calls that went out.
"""
from __future__ import annotations

import contextlib
import os
import time
import traceback
from functools import cache, cached_property
from urllib.parse import urlsplit

try:
    import libvirt
    import libvirt_qemu
except ImportError:
    libvirt = libvirt_qemu = None
    LIBVIRT_IMPORT_ERROR = traceback.format_exc()
else:
    LIBVIRT_IMPORT_ERROR = None
    libvirt.registerErrorHandler(lambda _context, _error: None, None)

from ansible_collections.tinycloud.libvirt.plugins.module_utils._copying import section_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure

DEFAULT_URI = "qemu:///system"
_TICK_MILLISECONDS = 200
_GONE = ("no_domain", "no_network", "no_storage_pool", "no_storage_vol", "no_secret")


@cache
def _code_names():
    return {number: name[len("VIR_ERR_"):].lower() for name, number in vars(libvirt).items()
            if name.startswith("VIR_ERR_") and isinstance(number, int)
            and name not in ("VIR_ERR_NONE", "VIR_ERR_WARNING", "VIR_ERR_ERROR")}


class HypervisorError(Failure):
    """What libvirt answered, by its own code."""

    def __init__(self, error):
        number = error.get_error_code()
        super().__init__(_code_names().get(number, "libvirt_%s" % number),
                         (error.get_error_message() or str(error)).strip())


def constant(name):
    """The value of libvirt's constant ``VIR_<name>``; several are combined."""
    value = getattr(libvirt, "VIR_" + name, None)
    if value is None:
        raise Failure("no_support", "This host's libvirt binding has no %s" % name, hint="Update python3-libvirt there.")
    return value


def flags(*names):
    combined = 0
    for name in names:
        combined |= constant(name)
    return combined


class Handle:
    """A libvirt object whose calls fail as :class:`Failure` and are counted."""

    def __init__(self, raw, hypervisor):
        self._raw = raw
        self._hypervisor = hypervisor

    def __getattr__(self, name):
        method = getattr(self._raw, name, None)
        if method is None:
            raise Failure("no_support", "This host's libvirt binding has no %s" % name,
                          hint="Update python3-libvirt there.")

        def call(*arguments):
            return self._hypervisor.call(method, *arguments)
        return call


def _plain(argument):
    if isinstance(argument, list):
        return [_plain(one) for one in argument]
    return argument._raw if isinstance(argument, Handle) else argument


class Found:
    """One object of a listing: its definition for the next start (``text``) and, if active, the running one."""

    def __init__(self, handle, text, live_text, active, persistent, autostart):
        self.handle = handle
        self.text = text
        self.live_text = live_text
        self.active = active
        self.persistent = persistent
        self.autostart = autostart


class Hypervisor:
    """One connection.

    :param uri: a libvirt connection URI, https://libvirt.org/uri.html; default ``LIBVIRT_DEFAULT_URI`` or
        ``qemu:///system``
    """

    def __init__(self, uri=None):
        self.uri = uri or os.environ.get("LIBVIRT_DEFAULT_URI") or DEFAULT_URI
        self.calls = 0
        try:
            self.connection = self._wrap(self.call(libvirt.open, self.uri))
        except HypervisorError as error:
            error.message = "uri: cannot connect to '%s': %s" % (self.uri, error.message)
            error.hint = ("See that libvirt runs there (the role tinycloud.libvirt.compute_host sets it up), and that this user "
                          "may use it: as root (become: true) or as a member of the group libvirt.")
            raise

    @cached_property
    def version(self):
        """libvirt's version there, (major, minor, release)."""
        number = self.connection.getLibVersion()
        return number // 1000000, number // 1000 % 1000, number % 1000

    def domain_capabilities(self, kind, arch, machine, emulator=None):
        """https://libvirt.org/formatdomaincaps.html as text; None where there are none, or none of that kind."""
        try:
            return self.connection.getDomainCapabilities(emulator, arch, machine, kind, 0)
        except HypervisorError as error:
            if error.code not in ("no_support", "invalid_arg", "config_unsupported", "argument_unsupported"):
                raise
            return None

    @property
    def is_remote(self):
        """Whether the objects' files are on another machine than this process."""
        return bool(urlsplit(self.uri).netloc)

    @property
    def is_system(self):
        """Whether this is the host's own privileged daemon."""
        return urlsplit(self.uri).path == "/system"

    def close(self):
        self.connection.close()

    def call(self, method, *arguments):
        self.calls += 1
        plain = [_plain(argument) for argument in arguments]
        try:
            answer = method(*plain)
        except libvirt.libvirtError as error:
            raise HypervisorError(error) from None
        if isinstance(answer, list):
            return [self._wrap(item) for item in answer]
        return self._wrap(answer)

    def _wrap(self, answer):
        wrapped = (libvirt.virConnect, libvirt.virDomain, libvirt.virNetwork, libvirt.virStoragePool,
                   libvirt.virStorageVol, libvirt.virStream, libvirt.virSecret, libvirt.virNWFilter, libvirt.virNodeDevice)
        return Handle(answer, self) if isinstance(answer, wrapped) else answer

    def _listing(self, handles, live_flags, inactive_flags):
        found = []
        for handle in handles:
            try:
                active = bool(handle.isActive())
                found.append(Found(handle, handle.XMLDesc(live_flags | inactive_flags),
                                   handle.XMLDesc(live_flags) if active else None,
                                   active, bool(handle.isPersistent()), bool(handle.autostart())))
            except HypervisorError as error:
                # Another run may remove an object between the listing and the reading.
                if error.code not in _GONE:
                    raise
        return found

    def domains(self):
        """Every domain with its definition, secrets included (a redefinition would lose them)."""
        return self._listing(self.connection.listAllDomains(0), constant("DOMAIN_XML_SECURE"),
                             constant("DOMAIN_XML_INACTIVE"))

    def _listed(self, listing):
        """The handles of a listing; none where this connection has no driver for such objects."""
        try:
            return getattr(self.connection, listing)(0)
        except HypervisorError as error:
            if error.code != "no_support":
                raise
            return []

    def networks(self):
        # libvirt's test driver knows no inactive definition of a network.
        inactive = 0 if self.uri.startswith("test:") else constant("NETWORK_XML_INACTIVE")
        return self._listing(self._listed("listAllNetworks"), 0, inactive)

    def pools(self):
        # libvirt's test driver knows no inactive definition of a pool.
        inactive = 0 if self.uri.startswith("test:") else constant("STORAGE_XML_INACTIVE")
        return self._listing(self._listed("listAllStoragePools"), 0, inactive)

    def secrets(self):
        """Every secret's definition, never its value."""
        return self._definitions(self._listed("listAllSecrets"))

    def volumes(self, pool):
        """Every volume of an active pool's handle."""
        return self._definitions(pool.listAllVolumes(0))

    @staticmethod
    def _definitions(handles):
        """What has one definition only, and is neither started nor stopped."""
        found = []
        for handle in handles:
            try:
                found.append(Found(handle, handle.XMLDesc(0), None, True, True, False))
            except HypervisorError as error:
                # Another run, or someone with rm, may remove it between the listing and the reading.
                if error.code not in _GONE:
                    raise
        return found

    def definition(self, lookup, name):
        """The definition of what one of the connection's lookups finds under a name, as text; None where there is nothing."""
        try:
            return getattr(self.connection, lookup)(name).XMLDesc(0)
        except HypervisorError as error:
            if error.code not in _GONE + ("no_support",):
                raise
            return None

    def volume(self, pool, name):
        """One volume, as it is at this moment; None where the pool or the volume is not there."""
        try:
            handle = self.connection.storagePoolLookupByName(pool).storageVolLookupByName(name)
            return Found(handle, handle.XMLDesc(0), None, True, True, False)
        except HypervisorError as error:
            if error.code not in _GONE:
                raise
            return None

    def agent(self, domain, command, seconds=5):
        """The answer (text) of a guest agent's command."""
        return self.call(libvirt_qemu.qemuAgentCommand, domain, command, seconds, 0)

    @contextlib.contextmanager
    def hearing(self, domain, event):
        """Hear of a domain's event from now on; yields a function that waits so many seconds, and says whether it came.

        Nothing long may be done meanwhile but to wait: the daemon hangs up on whoever does not listen.

        :param event: libvirt's VIR_DOMAIN_EVENT_ID_<event>, https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainEventID
        """
        heard = []
        # Only connections that are opened later hear of anything.
        libvirt.virEventRegisterDefaultImpl()
        ear = Hypervisor(self.uri)
        alarm = libvirt.virEventAddTimeout(_TICK_MILLISECONDS, lambda _timer, _opaque: None, None)
        there = ear.connection.lookupByUUIDString(domain.UUIDString())
        told = ear.connection.domainEventRegisterAny(there, constant("DOMAIN_EVENT_ID_" + event), lambda *_said: heard.append(event), None)

        def wait(seconds):
            deadline = time.monotonic() + seconds
            while not heard and time.monotonic() < deadline:
                libvirt.virEventRunDefaultImpl()
            return bool(heard)

        try:
            yield wait
        finally:
            ear.connection.domainEventDeregisterAny(told)
            libvirt.virEventRemoveTimeout(alarm)
            ear.close()

    def upload(self, volume, data):
        """Write bytes to the start of a volume, through libvirt (any pool, any URI)."""
        stream = self.connection.newStream(0)
        volume.upload(stream, 0, len(data), 0)
        view = memoryview(data)
        try:
            while view:
                sent = stream.send(bytes(view[:1 << 18]))
                view = view[sent:]
        except HypervisorError:
            stream.abort()
            raise
        stream.finish()

    def send_file(self, volume, file, length):
        """Write an open file to a volume through libvirt (any pool, any URI); holes are told, not sent."""
        stream = self.connection.newStream(0)
        volume.upload(stream, 0, length, constant("STORAGE_VOL_UPLOAD_SPARSE_STREAM"))
        stream.sparseSendAll(lambda _stream, count, _opaque: file.read(count), lambda _stream, _opaque: section_of(file),
                             lambda _stream, count, _opaque: file.seek(count, os.SEEK_CUR), None)
        stream.finish()

    def receive_file(self, volume, file):
        """Write all of a volume to a new, open file, holes as holes."""
        def skip(_stream, count, _opaque):
            file.truncate(file.seek(count, os.SEEK_CUR))

        stream = self.connection.newStream(0)
        volume.download(stream, 0, 0, constant("STORAGE_VOL_DOWNLOAD_SPARSE_STREAM"))
        stream.sparseRecvAll(lambda _stream, data, _opaque: file.write(data), skip, None)
        stream.finish()

    def download(self, volume, length):
        """The first bytes of a volume."""
        stream = self.connection.newStream(0)
        volume.download(stream, 0, length, 0)
        return self._received(stream)

    def screenshot(self, domain, screen):
        """(a picture of one of a domain's screens, its MIME type)"""
        stream = self.connection.newStream(0)
        kind = domain.screenshot(stream, screen, 0)
        return self._received(stream), kind

    @staticmethod
    def _received(stream):
        parts = []
        try:
            part = stream.recv(1 << 18)
            while part:
                parts.append(part)
                part = stream.recv(1 << 18)
        except HypervisorError:
            stream.abort()
            raise
        stream.finish()
        return b"".join(parts)
