# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests whose memory the host cannot read, https://libvirt.org/formatdomain.html#launch-security"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, FieldError, Int, Switch, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model

_BASE64 = {"pattern": "[A-Za-z0-9+/]+={0,2}", "meaning": "text in Base64"}
_SEV = ("cbitpos", "reduced_phys_bits", "policy", "kernel_hashes")
_ALLOWED = {
    "sev": _SEV + ("dh_cert", "session"),
    "sev-snp": _SEV + ("guest_visible_workarounds", "id_block", "id_auth", "host_data", "author_key", "vcek"),
    "s390-pv": (),
    "tdx": ("policy", "mr_config_id", "mr_owner", "mr_owner_config"),
}


class Policy(Text):
    """A number whose bits say what the guest allows, in decimal or hexadecimal."""

    def __init__(self, path):
        super().__init__(path, pattern="0x[0-9a-f]{1,16}", meaning="a number such as 0x0001", generated=True)

    def normalise(self, value):
        try:
            return super().normalise("0x%04x" % int(str(value), 0))
        except ValueError:
            return super().normalise(str(value))

    def parse(self, text):
        try:
            return "0x%04x" % int(text, 0)
        except ValueError:
            return text


class LaunchSecurity(Model):
    tag = "launchSecurity"
    keys = ()
    type = Enum("@type", choices=["sev", "sev-snp", "s390-pv", "tdx"], newer={"sev-snp": "10.5", "tdx": "11.6"}, required=True, generated=True)
    policy = Policy("policy")
    cbitpos = Int("cbitpos", minimum=0, generated=True)
    reduced_phys_bits = Int("reducedPhysBits", minimum=0, generated=True)
    kernel_hashes = Switch("@kernelHashes")
    dh_cert = Text("dhCert", **_BASE64)
    session = Text("session", **_BASE64)
    guest_visible_workarounds = Text("guestVisibleWorkarounds", **_BASE64)
    id_block = Text("idBlock", **_BASE64)
    id_auth = Text("idAuth", **_BASE64)
    host_data = Text("hostData", **_BASE64)
    author_key = Switch("@authorKey")
    vcek = Switch("@vcek")
    mr_config_id = Text("mrConfigId", **_BASE64)
    mr_owner = Text("mrOwner", **_BASE64)
    mr_owner_config = Text("mrOwnerConfig", **_BASE64)

    @classmethod
    def check(cls, declared):
        kind = declared.get("type")
        for option, value in declared.items():
            if option != "type" and value is not None and option not in _ALLOWED[kind]:
                raise FieldError("'type: %s' does not have it" % kind, (option,))
        if kind in ("sev", "sev-snp") and not declared.get("policy"):
            raise FieldError("'type: %s' needs it" % kind, ("policy",))

    @classmethod
    def write(cls, element, declared):
        kind = declared.get("type")
        if kind is not None and kind != element.get("type"):
            # What there is belongs to another kind.
            for child in list(element):
                element.remove(child)
            element.attrib.clear()
        return super().write(element, declared)
