# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory of certificates: a small authority, servers and clients, each renewed before it expires.

An authority that nears its end gets a successor. The file of authorities then holds both, newest first, so that servers
go on trusting those who still have a certificate of the old one.
"""
from __future__ import annotations

import contextlib
import datetime
import json
import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _x509
from ansible_collections.tinycloud.libvirt.plugins.module_utils._durable import write_whole
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, FieldError, Int, Name, Node, Nodes, Text, Texts
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change, Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import CREATE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Resource

AUTHORITIES, REVOKED, ISSUED = "cacert.pem", "crl.pem", "private/issued.json"
_DEFAULTS = {"days": 397, "renew_before": 30}
_AUTHORITY_DEFAULTS = {"common_name": "tinycloud", "days": 3650}


class Authority(Model):
    common_name = Text(pattern="[^/,=]{1,64}", meaning="a name of up to 64 characters without / , =")
    days = Int(minimum=1, maximum=36500)


class Server(Model):
    name = Name(required=True)
    addresses = Texts("address", required=True)


class CertificatesOptions(Model):
    directory = Text(pattern="/.*", meaning="an absolute path", required=True)
    authority = Node(Authority)
    days = Int(minimum=1, maximum=36500)
    renew_before = Int(minimum=0, maximum=36500)
    servers = Nodes(Server)
    clients = Texts("client")
    revoked = Texts("revoked")

    @classmethod
    def check(cls, declared):
        days, early = declared.get("days") or _DEFAULTS["days"], declared.get("renew_before") or _DEFAULTS["renew_before"]
        if early >= days:
            raise FieldError("%d days before its end a certificate of %d days is not even made" % (early, days), ("renew_before",))
        servers = {server["name"] for server in declared.get("servers") or []}
        wanted = servers | set(declared.get("clients") or [])
        for name in declared.get("revoked") or []:
            if name in wanted:
                raise FieldError("'%s' cannot both have a certificate and be refused" % name, ("revoked",))
        for name in declared.get("clients") or []:
            if name in servers:
                raise FieldError("'%s' is the name of a server too; give one of them another" % name, ("clients",))


class Certificates(Resource):
    kind = "certificates"
    model = CertificatesOptions
    named_by = "directory"

    def __init__(self, declared):
        super().__init__(dict(declared, name=declared["directory"]))
        self._days = declared.get("days") or _DEFAULTS["days"]
        early = declared.get("renew_before")
        self._early = datetime.timedelta(days=_DEFAULTS["renew_before"] if early is None else early)

    # -- what there is

    def _path(self, name):
        return os.path.join(self.name, name)

    def _text(self, name):
        with contextlib.suppress(FileNotFoundError), open(self._path(name), "rb") as file:
            return file.read()
        return None

    def _write(self, name, text, mode):
        path = self._path(name)
        os.makedirs(os.path.dirname(path), mode=0o700 if mode == 0o600 else 0o755, exist_ok=True)
        write_whole(path, text, mode)

    def _authorities(self):
        return _x509.Certificate.bundle(self._text(AUTHORITIES) or b"")

    @staticmethod
    def _key_file(authority):
        return "private/cakey-%x.pem" % authority.serial

    def _issued(self):
        """(authority's serial number, its own) of all certificates ever made, by name: what is revoked is known by these."""
        return json.loads(self._text(ISSUED) or b"{}")

    def _subjects(self):
        """(kind, name, addresses) of every certificate that is declared."""
        for server in self.declared.get("servers") or []:
            yield "servers", server["name"], server["addresses"]
        for name in self.declared.get("clients") or []:
            yield "clients", name, []

    def _is_late(self, thing):
        return thing.expires - self._early <= _x509.now()

    # -- what is to be done

    def check(self, scene):
        for authority in self._authorities():
            if not self._text(self._key_file(authority)):
                raise self.refusal("missing_key", "directory: %s has an authority without its key %s"
                                   % (self.name, self._key_file(authority)), "Bring the key back, or begin in an empty directory.")

    def plan(self, scene):
        plan = self.new_plan(scene)
        authorities = self._authorities()
        renewed = not authorities or self._is_late(authorities[0])
        if not authorities:
            plan.verb, plan.summary = CREATE, "authority '%s'" % self._common_name
        if renewed:
            self._say(plan, ("authority",), authorities[0] if authorities else None)
            plan.act("make an authority", self._make_authority)
        for kind, name, addresses in self._subjects():
            present = self._text("%s/%s/cert.pem" % (kind, name))
            found = present and _x509.Certificate(present)
            if renewed or not found or self._is_stale(found, authorities[0], addresses, kind, name):
                self._say(plan, (kind, name), found)
                plan.act("issue a certificate for %s" % name, lambda subject=(kind, name, addresses): self._issue(*subject))
        if renewed or self._lists_are_stale(authorities):
            plan.changes.append(Change(("revoked",), None, sorted(self.declared.get("revoked") or []), LIVE))
            plan.act("write the list of revoked certificates", self._write_lists)
        return plan

    def _say(self, plan, path, found):
        plan.changes.append(Change(path, "valid until %s" % found.expires.date() if found else None,
                                   "(known after apply)", LIVE))

    @property
    def _common_name(self):
        return (self.declared.get("authority") or {}).get("common_name") or _AUTHORITY_DEFAULTS["common_name"]

    def _is_stale(self, found, authority, addresses, kind, name):
        return (self._is_late(found) or not found.is_of(authority) or found.addresses != _x509.canonical(addresses)
                or not self._text("%s/%s/key.pem" % (kind, name)))

    def _revoked_serials(self, authority):
        issued = self._issued()
        return sorted(serial for name in self.declared.get("revoked") or [] for by, serial in issued.get(name, [])
                      if by == authority.serial)

    def _lists_are_stale(self, authorities):
        lists = _x509.RevocationList.bundle(self._text(REVOKED) or b"")
        return len(lists) != len(authorities) or any(
            not one.is_of(authority) or one.serials != self._revoked_serials(authority)
            for one, authority in zip(lists, authorities))

    # -- doing it

    def _make_authority(self):
        key = _x509.new_key()
        days = (self.declared.get("authority") or {}).get("days") or _AUTHORITY_DEFAULTS["days"]
        pem = _x509.authority(self._common_name, key, days)
        valid = [old for old in self._authorities() if old.expires > _x509.now()]
        # The key first: the other way round, a run that is cut short would leave an authority that lost it.
        self._write(self._key_file(_x509.Certificate(pem)), _x509.key_pem(key), 0o600)
        self._write(AUTHORITIES, pem + b"".join(old.pem for old in valid), 0o644)

    def _key(self, authority):
        return _x509.load_key(self._text(self._key_file(authority)))

    def _issue(self, kind, name, addresses):
        authority, key, issued = self._authorities()[0], _x509.new_key(), self._issued()
        pem = _x509.issue(name, _x509.canonical(addresses), key, authority, self._key(authority), self._days)
        issued[name] = issued.get(name, []) + [(authority.serial, _x509.Certificate(pem).serial)]
        self._write(ISSUED, json.dumps(issued, indent=1, sort_keys=True).encode(), 0o600)
        self._write("%s/%s/key.pem" % (kind, name), _x509.key_pem(key), 0o600)
        self._write("%s/%s/cert.pem" % (kind, name), pem, 0o644)

    def _write_lists(self):
        lists = [_x509.revocation_list(self._revoked_serials(authority), authority, self._key(authority))
                 for authority in self._authorities()]
        self._write(REVOKED, b"".join(lists), 0o644)

    def facts(self, scene):
        authorities = self._authorities()
        held = [(kind, name, self._text("%s/%s/cert.pem" % (kind, name))) for kind, name, _addresses in self._subjects()]
        return {
            "directory": self.name,
            "authorities": [one.expires.isoformat() for one in authorities],
            "expires": {name: _x509.Certificate(pem).expires.isoformat() for _kind, name, pem in held if pem},
        }
