# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts for clients that come over the network: those that are declared, and no more of ours."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _sasl
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, Nodes, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change, Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _value_digest
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Resource

_HIDDEN = "(secret)"


class Account(Model):
    keys = ("name",)
    name = Text(pattern=r"[A-Za-z0-9._-]{1,64}", meaning="an account's name: use letters, digits and . _ -", required=True)
    password = Text(secret=True, required=True)


class SaslAccountsOptions(Model):
    # Nothing that a user could say: a host has one database.
    name = Text(option=False)
    accounts = Nodes(Account, required=True)


def _identity(name):
    return "sasl/%s" % name


class SaslAccounts(Resource):
    """All of the host's accounts that are ours are one resource, since what is listed no more goes."""

    kind = "sasl_accounts"
    model = SaslAccountsOptions

    @classmethod
    def from_options(cls, options, *where):
        return super().from_options(dict(options, name=_sasl.APPLICATION), *where)

    @property
    def _wanted(self):
        return {account["name"]: account["password"] for account in self.declared["accounts"]}

    def _ours(self, scene):
        return set(scene.registry.all(self.kind))

    def _there(self):
        return _sasl.accounts() if _sasl.is_installed() else set()

    def check(self, scene):
        if self._wanted and not _sasl.is_installed():
            raise self.refusal("missing_program", "accounts: there is no saslpasswd2 on this host",
                               "Install sasl2-bin (Debian), cyrus-sasl-lib (Fedora, RHEL) or cyrus-sasl (SUSE); "
                               "the role tinycloud.libvirt.compute_host does.")
        strange = sorted((set(self._wanted) & self._there()) - self._ours(scene))
        if strange:
            raise self.refusal("not_ours", "accounts: '%s' was made by somebody else" % strange[0],
                               "Choose another name, or remove it first: saslpasswd2 -f %s -a libvirt -d %s" % (_sasl.DATABASE, strange[0]))

    def plan(self, scene):
        plan = self.new_plan(scene)
        there, ours, wanted = self._there(), self._ours(scene), self._wanted
        for name, password in sorted(wanted.items()):
            known = name in there
            if not (known and _value_digest.is_noted(scene, _identity(name), password.encode())):
                plan.changes.append(Change((name,), _HIDDEN if known else None, "(another secret)" if known else _HIDDEN, LIVE))
                plan.act("set the password of '%s'" % name, lambda name=name, password=password: self._put(scene, name, password))
        for name in sorted(ours - set(wanted)):
            if name in there:
                plan.changes.append(Change((name,), _HIDDEN, None, LIVE))
            plan.act("remove '%s'" % name, lambda name=name, known=name in there: self._drop(scene, name, known))
        return plan

    def _put(self, scene, name, password):
        # First the record: what a run that is cut short here has made is known as ours.
        scene.registry.put(self.kind, name, COMPLETE)
        _value_digest.forget(scene, _identity(name))
        _sasl.put(name, password)
        _value_digest.note(scene, _identity(name), password.encode())

    def _drop(self, scene, name, known):
        if known:
            _sasl.drop(name)
        _value_digest.forget(scene, _identity(name))
        scene.registry.forget(self.kind, name)

    def facts(self, scene):
        return {"database": _sasl.DATABASE, "realm": _sasl.realm(), "accounts": sorted(self._there() & self._ours(scene))}
