# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A trusted platform module, https://libvirt.org/formatdomain.html#tpm-device"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import RESTART, AbsolutePath, Enum, Field, FieldError, Int, Node, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import device_address
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.virtualport import Uuid

_BANKS = ["sha1", "sha256", "sha384", "sha512"]


class Banks(Field):
    """Names that libvirt writes as elements."""

    type = "list"
    reads_path_only = True

    def __init__(self, path, **options):
        super().__init__(path, elements="str", choices=list(_BANKS), **options)

    def normalise(self, value):
        return value or None

    def read(self, element):
        place = element.find(self.path)
        return [bank for bank in _BANKS if place is not None and place.find(bank) is not None] or None

    def write(self, element, value):
        _path.drop(element, self.path)
        for bank in value or []:
            _path.append(element, self.path + "/" + bank)

    def same(self, declared, actual):
        return sorted(declared) == sorted(actual)


class Profile(Model):
    keys = ()
    source = Text("@source", pattern="[^ ]+", meaning="a profile's name, such as local:restricted")
    name_ = Text("@name", option=False)
    remove_disabled = Enum("@removeDisabled", choices=["check", "fips-host"])


class State(Model):
    """Where its state is kept, or the server is."""

    keys = ()
    type = Enum("@type", choices=["dir", "file", "unix"], required=True)
    path = AbsolutePath("@path", required=True)
    mode = Enum("@mode", choices=["connect"])

    @classmethod
    def write(cls, element, declared):
        if declared.get("type") == "unix":
            element.set("mode", "connect")
        return super().write(element, declared)


class Tpm(Model):
    tag = "tpm"
    keys = ()
    model = Enum("@model", choices=["tpm-tis", "tpm-crb", "tpm-spapr", "spapr-tpm-proxy"], generated=True)
    type = Enum("backend/@type", choices=["emulator", "passthrough", "external"])
    version = Enum("backend/@version", choices=["1.2", "2.0"], generated=True)
    device = AbsolutePath("backend/device/@path", generated=True)
    persistent_state = Switch("backend/@persistent_state")
    debug = Int("backend/@debug", minimum=0, maximum=20, since="10.1.0")
    # A name, not the secret itself.
    encryption = Uuid("backend/encryption/@secret", no_log=False)
    active_pcr_banks = Banks("backend/active_pcr_banks")
    source = Node(State, "backend/source", since="9.0.0")
    profile = Node(Profile, "backend/profile", since="10.10.0")
    device_address = device_address(RESTART)

    @classmethod
    def check(cls, declared):
        kind = declared.get("type")
        if "type" in declared and kind is None:
            raise FieldError("there is no TPM without one; write 'tpm: null' to have none", ("type",))
        for option, of in (("device", "passthrough"), ("version", "emulator"), ("encryption", "emulator"), ("persistent_state", "emulator"),
                           ("active_pcr_banks", "emulator"), ("profile", "emulator"), ("debug", "emulator")):
            if declared.get(option) is not None and kind not in (None, of):
                raise FieldError("is of 'type: %s'" % of, (option,))
        if kind == "external" and not declared.get("source"):
            raise FieldError("'type: external' needs the socket of the server: type unix, and its path", ("source",))

    @classmethod
    def write(cls, element, declared):
        kind = declared.get("type")
        if kind and _path.get(element, "backend/@type") not in (None, kind):
            _path.drop(element, "backend")
        return super().write(element, declared)


class TpmNode(Node):
    def __init__(self):
        super().__init__(Tpm, "devices/tpm")

    def write(self, element, value):
        super().write(element, value)
        if value is not None and _path.get(element, "devices/tpm/backend/@type") is None:
            _path.put(element, "devices/tpm/backend/@type", "emulator")
