# SPDX-License-Identifier: GPL-3.0-or-later
"""Reservations that name a VM become what the network's DHCP server knows it by."""
from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network import Network as Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._network_vms import with_vms
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.network import Network

OURS = "<metadata><t:tinycloud xmlns:t='urn:tinycloud:libvirt' environment='shop'/></metadata>"
CARD = "<interface type='network'><mac address='%s'/><source network='%s'/></interface>"


def domain(name, *cards, metadata=""):
    text = "<domain><name>%s</name>%s<devices>%s</devices></domain>" % (name, metadata, "".join(CARD % card for card in cards))
    return SimpleNamespace(name=name, xml=_xml.parse(text))


class Scene:
    def __init__(self, *domains, declared=None, gone=()):
        self.world = SimpleNamespace(domains={one.name: one for one in domains})
        self._declared = declared or {}
        self._gone = gone

    def declared(self, _kind, name):
        return self._declared.get(name)

    def goes(self, _kind, name):
        return name in self._gone


def known(scene, *reservations):
    network = Network.from_options({"name": "front", "subnet": "10.20.0.0/24", "reservations": list(reservations)})
    return with_vms(network, scene, network.declared)["reservations"]


WEB = domain("web", ("02:00:00:00:00:01", "front"), ("02:00:00:00:00:02", "back"))
ASKED = {"vm": "web", "address": "10.20.0.5"}


def test_a_vm_is_known_by_its_card_in_the_network():
    assert known(Scene(WEB), ASKED) == [{"mac": "02:00:00:00:00:01", "name": "web", "address": "10.20.0.5"}]


def test_the_name_may_be_another_one():
    assert known(Scene(WEB), dict(ASKED, name="www", lease_time="2h")) == [
        {"mac": "02:00:00:00:00:01", "name": "www", "address": "10.20.0.5", "lease_time": "2h"}]


def test_an_environments_vm_goes_by_its_short_name():
    scene = Scene(domain("shop.web", ("02:00:00:00:00:03", "front"), metadata=OURS))
    assert known(scene, dict(ASKED, vm="shop.web")) == [{"mac": "02:00:00:00:00:03", "name": "web", "address": "10.20.0.5"}]


@pytest.mark.parametrize("scene", [Scene(), Scene(domain("web", ("02:00:00:00:00:02", "back"))), Scene(WEB, gone=["web"])])
def test_who_is_not_there_is_known_by_name(scene):
    assert known(scene, ASKED) == [{"name": "web", "address": "10.20.0.5"}]


def test_what_the_same_call_declares_counts_before_what_is():
    cards = [{"network": "front", "mac": "02:00:00:00:00:09"}, {"network": "back", "mac": "02:00:00:00:00:08"}]
    vm = SimpleNamespace(declared={"interfaces": cards}, short_name="web", interfaces=lambda _scene: cards)
    assert known(Scene(WEB, declared={"web": vm}), ASKED)[0]["mac"] == "02:00:00:00:00:09"
    silent = SimpleNamespace(declared={}, short_name="web")
    assert known(Scene(WEB, declared={"web": silent}), ASKED)[0]["mac"] == "02:00:00:00:00:01"


@pytest.mark.parametrize("reservations, code", [
    ([ASKED, {"mac": "02:00:00:00:00:01", "address": "10.20.0.6"}], "invalid_option"),
    ([ASKED, {"mac": "02:00:00:00:00:07", "name": "web", "address": "10.20.0.6"}], "invalid_option"),
    ([dict(ASKED, vm="twin")], "ambiguous_vm"),
])
def test_what_cannot_be_told_is_refused(reservations, code):
    twin = domain("twin", ("02:00:00:00:00:04", "front"), ("02:00:00:00:00:05", "front"))
    with pytest.raises(Refusal) as refused:
        known(Scene(WEB, twin), *reservations)
    assert refused.value.code == code
    assert refused.value.message.startswith("reservations[")


@pytest.mark.parametrize("item, option", [
    (dict(ASKED, mac="02:00:00:00:00:01"), "reservations[0].mac"),
    (dict(ASKED, client_id="0:3"), "reservations[0].client_id"),
    ({"vm": "web", "address": "fd00::5"}, "reservations[0].vm"),
])
def test_a_vm_says_it_alone(item, option):
    with pytest.raises(FieldError) as refused:
        Model.normalise({"name": "front", "reservations": [item]})
    assert refused.value.option_path == option
