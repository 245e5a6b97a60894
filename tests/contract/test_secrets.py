# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets of our own libvirtd."""
from __future__ import annotations

import base64
import concurrent.futures
import uuid

import pytest
from storage import Host, deaths

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.secret import TYPES
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _value_digest
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.secret import Secret

PHRASE = "correct horse battery staple"


@pytest.fixture
def host(daemon, daemon_uri, tmp_path, monkeypatch):
    # Slow on purpose, but not here.
    monkeypatch.setattr(_value_digest, "_ROUNDS", 1000)
    for secret in daemon.listAllSecrets():
        secret.undefine()
    return Host(daemon_uri, tmp_path)


def secret(**options):
    return Secret.from_options(dict({"name": "s", "state": "present"}, **options))


def converge(host, **options):
    """(diff, facts) of a run, which check mode foretells and a second one does not repeat."""
    foretold = host.run(secret(**options), check_mode=True).plan.diff()
    outcome = host.run(secret(**options))
    assert outcome.plan.diff() == foretold
    again = host.run(secret(**options))
    assert not again.plan.changed
    return foretold, again.scene.resources["secret", options.get("name", "s")].facts(again.scene)


def listing(host):
    scene = host.run().scene
    return Secret.listing(scene, {})


@pytest.mark.parametrize("usage", TYPES)
def test_a_secret_of_each_type_lives(host, daemon, usage):
    diff, facts = converge(host, type=usage, value=PHRASE, description="for tests")
    assert diff["after"]["secret s"] == {"type": usage, "description": "for tests", "value": "(not shown)"}
    assert (facts["name"], facts["type"], facts["private"], facts["ephemeral"]) == ("s", usage, False, False)
    assert daemon.secretLookupByUUIDString(facts["uuid"]).value() == PHRASE.encode()
    assert [one["name"] for one in listing(host)] == ["s"]
    converge(host, state="absent")
    assert listing(host) == []
    assert host.records("secret") == {}


@pytest.mark.parametrize("private", [False, True])
def test_a_changed_value_is_noticed_and_never_shown(host, daemon, private):
    _diff, facts = converge(host, type="ceph", private=private, value=PHRASE)
    diff, after = converge(host, value="another one")
    assert diff == {"before": {"secret s": {"value": "(another one, not shown)"}}, "after": {"secret s": {"value": "(not shown)"}}}
    assert after == facts
    diff, _facts = converge(host, value_base64=base64.b64encode(b"\0\1\2").decode())
    assert "value" in diff["after"]["secret s"]
    if not private:
        handle = daemon.secretLookupByUUIDString(facts["uuid"])
        assert handle.value() == b"\0\1\2"
        handle.setValue(b"by another hand")
        assert converge(host, value=PHRASE)[0]["before"]


def test_a_private_value_is_kept_nowhere(host):
    converge(host, type="volume", private=True, value=PHRASE)
    kept = b"".join(path.read_bytes() for path in host.folder.parent.rglob("*") if path.is_file())
    assert PHRASE.encode() not in kept
    assert base64.b64encode(PHRASE.encode()) not in kept
    host.run(secret(name="t", type="volume", private=True, value=PHRASE))
    digests = {record["digest"] for record in host.registry.all("secret-digest").values()}
    assert len(digests) == 2


def test_without_its_digest_a_private_value_is_set_again(host):
    _diff, facts = converge(host, type="volume", private=True, value=PHRASE)
    host.registry.forget("secret-digest", facts["uuid"])
    diff, _facts = converge(host, value=PHRASE)
    assert diff["after"] == {"secret s": {"value": "(not shown)"}}


def test_what_becomes_private_stays_so(host):
    converge(host, type="volume", value=PHRASE)
    diff, facts = converge(host, private=True, value=PHRASE)
    assert diff["after"] == {"secret s": {"private": True}}
    assert facts["private"]
    for back in (False, None):
        with pytest.raises(Failure) as refused:
            host.run(secret(private=back))
        assert refused.value.code == "fixed_option"


def test_definitions_change_in_place(host):
    _diff, before = converge(host, type="volume", value=PHRASE, description="one")
    _diff, after = converge(host, description="two", ephemeral=True)
    assert after == dict(before, description="two", ephemeral=True)
    _diff, after = converge(host, description=None, ephemeral=False)
    assert after == dict(before, description=None)
    assert not host.run(secret(value=PHRASE)).plan.changed


def test_names_are_of_a_type(host):
    host.run(secret(type="ceph", value=PHRASE))
    host.run(secret(type="iscsi", value=PHRASE))
    assert not host.run(secret(type="ceph", value=PHRASE)).plan.changed
    with pytest.raises(Failure) as refused:
        host.run(secret(value=PHRASE))
    assert refused.value.code == "ambiguous_name"
    with pytest.raises(Failure) as refused:
        host.run(secret(name="new", value=PHRASE))
    assert refused.value.code == "missing_option"
    host.run(secret(type="ceph", state="absent"))
    assert [one["type"] for one in listing(host)] == ["iscsi"]


def test_a_secret_that_was_made_elsewhere_is_not_ours(host, daemon):
    identity = str(uuid.uuid4())
    daemon.secretDefineXML("<secret private='yes'><uuid>%s</uuid><usage type='volume'><volume>/srv/a b</volume></usage></secret>" % identity)
    _diff, facts = converge(host, name="/srv/a b", value=PHRASE)
    assert facts["uuid"] == identity
    assert host.records("secret") == {}
    # One without a usage has no name to be declared by.
    daemon.secretDefineXML("<secret><description>bare</description></secret>")
    assert [one["name"] for one in listing(host)] == [None, "/srv/a b"]


def test_what_is_needed_stays(host, daemon):
    _diff, facts = converge(host, type="volume", value=PHRASE)
    daemon.defineXML(
        "<domain type='qemu'><name>guest</name><memory unit='MiB'>64</memory><os><type>hvm</type></os><devices>"
        "<disk type='file'><source file='/srv/x'><encryption format='luks'><secret type='passphrase' uuid='%s'/></encryption></source>"
        "<target dev='vda'/></disk></devices></domain>" % facts["uuid"])
    assert listing(host)[0]["used_by"] == ["the VM 'guest'"]
    with pytest.raises(Failure) as refused:
        host.run(secret(state="absent"))
    assert refused.value.code == "secret_in_use"
    assert "'guest'" in refused.value.message


def test_no_name_holds_a_value(host):
    with pytest.raises(Failure) as refused:
        host.run(secret(type="ceph", value="web"), host.pool(name="web-1", path="/srv/web-1"))
    assert refused.value.code == "secret_in_a_name"
    assert "web" not in refused.value.message
    assert listing(host) == []


@pytest.mark.parametrize("before, wanted", [
    ({"state": "absent"}, {"type": "volume", "private": True, "value": PHRASE}),
    ({"type": "volume", "value": "old"}, {"private": True, "value": PHRASE, "description": "new"}),
    ({"type": "volume", "private": True, "value": "old"}, {"value": PHRASE}),
    ({"type": "volume", "private": True, "value": "old"}, {"state": "absent"}),
])
def test_a_run_that_is_killed_anywhere_is_finished_by_the_next(host, before, wanted):
    def set_up():
        host.run(secret(state="absent"))
        host.run(secret(**before))

    def found():
        return listing(host), host.records("secret"), sorted(host.registry.all("secret-digest"))
    set_up()
    host.run(secret(**wanted))
    undisturbed = found()
    for _death in deaths(host, lambda: secret(**wanted), set_up, least=2):
        assert found() == undisturbed
        assert not host.run(secret(**wanted)).plan.changed


def test_runs_beside_each_other_end_in_one_secret(host):
    def run(_number):
        other = Host(host.uri, host.folder.parent)
        other.run(secret(type="volume", private=True, value=PHRASE))
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(run, range(12)))
    assert [one["name"] for one in listing(host)] == ["s"]
    assert host.records("secret") == {"s": "complete"}
    assert not host.run(secret(value=PHRASE)).plan.changed
