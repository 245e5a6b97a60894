# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates over their whole life: renewed in time, revoked for good, repaired after a run that was cut short."""
from __future__ import annotations

import datetime

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _x509
from ansible_collections.tinycloud.libvirt.plugins.module_utils._engine import Engine
from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import Registry
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.certificates import Certificates

HOST = {"name": "host1", "addresses": ["host1", "192.0.2.11"]}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "pki"


@pytest.fixture
def years(monkeypatch):
    """Let time go by."""
    really = _x509.now

    def later(count):
        monkeypatch.setattr(_x509, "now", lambda: really() + datetime.timedelta(days=365 * count))

    return later


def keep(folder, check_mode=False, **options):
    resource = Certificates.from_options(dict(options, directory=str(folder)))
    engine = Engine(None, Registry(str(folder.parent / "registry")), Executor(check_mode=check_mode))
    return engine.reconcile([resource]).plan


def changed(plan):
    return [".".join(change.path) for resource in plan.resources for change in resource.changes]


def serial(folder, name):
    return _x509.Certificate((folder / name / "cert.pem").read_bytes()).serial


def revoked(folder):
    return [one.serials for one in _x509.RevocationList.bundle((folder / "crl.pem").read_bytes())]


def test_made_once_and_only_when_wanted(folder):
    assert changed(keep(folder, check_mode=True, servers=[HOST], clients=["joe"])) == ["authority", "servers.host1", "clients.joe", "revoked"]
    assert not folder.exists()
    keep(folder, servers=[HOST], clients=["joe"])
    assert changed(keep(folder, servers=[HOST], clients=["joe"])) == []


def test_other_addresses_are_another_certificate(folder):
    keep(folder, servers=[HOST], clients=["joe"])
    assert changed(keep(folder, servers=[dict(HOST, addresses=["192.0.2.11", "HOST1"])], clients=["joe"])) == ["servers.host1"]
    assert changed(keep(folder, servers=[dict(HOST, addresses=["fd00::1"])], clients=["joe"])) == ["servers.host1"]
    assert changed(keep(folder, servers=[dict(HOST, addresses=["fd00:0::1"])], clients=["joe"])) == []


def test_renewed_before_the_end(folder, years):
    keep(folder, servers=[HOST], days=397)
    years(1)
    assert changed(keep(folder, servers=[HOST], renew_before=20)) == []
    assert changed(keep(folder, servers=[HOST], renew_before=40)) == ["servers.host1"]


def test_the_authority_gets_a_successor_and_both_are_trusted(folder, years):
    keep(folder, clients=["joe"])
    first = (folder / "clients/joe/cert.pem").read_bytes()
    years(9.95)
    assert changed(keep(folder, clients=["joe"])) == ["authority", "clients.joe", "revoked"]
    new, old = _x509.Certificate.bundle((folder / "cacert.pem").read_bytes())
    assert _x509.Certificate(first).is_of(old)
    assert not _x509.Certificate(first).is_of(new)
    years(10.1)
    keep(folder, clients=["joe", "ann"])
    assert len(_x509.Certificate.bundle((folder / "cacert.pem").read_bytes())) == 2


def test_who_is_revoked_stays_so_under_every_authority(folder, years):
    keep(folder, clients=["joe"])
    early = serial(folder, "clients/joe")
    years(9.95)
    keep(folder, clients=["joe"])
    late = serial(folder, "clients/joe")
    assert changed(keep(folder, revoked=["joe"])) == ["revoked"]
    assert revoked(folder) == [[late], [early]]
    keep(folder)
    assert revoked(folder) == [[], []]


def test_a_run_that_was_cut_short_is_finished(folder):
    keep(folder, clients=["joe"])
    for lost in ("clients/joe/key.pem", "clients/joe/cert.pem", "crl.pem"):
        (folder / lost).unlink()
        assert changed(keep(folder, clients=["joe"])), lost
        assert changed(keep(folder, clients=["joe"])) == []


def test_an_authority_without_its_key_is_not_replaced(folder):
    keep(folder, clients=["joe"])
    for key in (folder / "private").glob("cakey-*"):
        key.unlink()
    with pytest.raises(Refusal, match="without its key"):
        keep(folder, clients=["joe"])


@pytest.mark.parametrize("options, sentence", [
    ({"clients": ["joe"], "revoked": ["joe"]}, "revoked: 'joe' cannot both"),
    ({"clients": ["host1"], "servers": [HOST]}, "clients: 'host1' is the name of a server too"),
    ({"authority": {"common_name": "a=b"}}, "authority.common_name: 'a=b' is not a name"),
    ({"days": 0}, "days: 0 is less"),
    ({"days": 20}, "renew_before: 30 days before its end a certificate of 20 days"),
])
def test_contradictions_are_refused(folder, options, sentence):
    with pytest.raises(Refusal, match=sentence):
        keep(folder, **options)
    assert not folder.exists()
