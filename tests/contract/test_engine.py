# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine from end to end on libvirt's test driver: look, refuse, plan, run, look again."""
from __future__ import annotations

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils._engine import Engine
from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import Hypervisor, HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import Registry
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm import Vm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume

NAMES = ("p", "n", "default/d", "v")


class House:
    """Everything that one call may declare, on a hypervisor that pretends."""

    def __init__(self, uri, folder):
        self.hypervisor = Hypervisor(uri)
        self.registry = Registry(str(folder / "registry"))
        self.folder = folder

    def resources(self, present=True):
        def kept(state):
            return state if present else "absent"
        # The order in which they are declared is not the order in which they are made.
        return [
            Vm.from_options({"name": "v", "type": "qemu", "state": kept("running"), "apply": "live", "shutdown_timeout": 9, "force": False,
                             "volumes": "keep", "remove_disks": False, "disks": [{"volume": "d"}], "interfaces": [{"network": "n"}]}),
            Volume.from_options({"name": "d", "size": "1GiB", "state": kept("present")}),
            Network.from_options({"name": "n", "subnet": "10.77.1.0/24", "state": kept("active")}),
            Pool.from_options({"name": "default", "path": str(self.folder), "state": kept("active")}),
        ]

    def reconcile(self, resources, check_mode=False):
        return Engine(self.hypervisor, self.registry, Executor(check_mode)).reconcile(resources).plan

    def there(self):
        world = Engine(self.hypervisor, self.registry, Executor()).look([]).world
        return sorted(world.pools), sorted(world.networks), sorted(world.volumes("default")), sorted(world.domains)


@pytest.fixture
def house(test_uri, tmp_path):
    house = House(test_uri, tmp_path)
    yield house
    house.hypervisor.close()


def test_a_whole_house_is_built_and_torn_down_in_order(house):
    planned = house.reconcile(house.resources(), check_mode=True)
    assert house.there() == ([], [], [], [])
    assert house.registry.all("pool") == {}
    built = house.reconcile(house.resources())
    assert planned.diff() == built.diff()
    assert planned.lines == built.lines
    assert built.totals == "Plan: 4 to add, 0 to change, 0 to destroy."
    assert house.there() == (["default"], ["n"], ["d"], ["v"])
    assert not house.reconcile(house.resources()).changed
    planned = house.reconcile(house.resources(present=False), check_mode=True)
    assert house.there() == (["default"], ["n"], ["d"], ["v"])
    torn_down = house.reconcile(house.resources(present=False))
    assert planned.diff() == torn_down.diff()
    assert torn_down.totals == "Plan: 0 to add, 0 to change, 4 to destroy."
    assert house.there() == ([], [], [], [])
    assert not house.reconcile(house.resources(present=False)).changed


def test_a_converged_run_only_reads(house):
    house.reconcile(house.resources())
    before = house.hypervisor.calls
    house.reconcile(house.resources())
    # A listing of each kind, and at most six facts of each of four objects.
    assert house.hypervisor.calls - before <= 4 + 4 * 6


def test_one_refusal_stops_the_call_before_anything_is_touched(house):
    resources = house.resources()
    resources.append(Vm.from_options({"name": "w", "state": "running", "disks": [{"volume": "none"}], "force": False}))
    with pytest.raises(Failure) as refused:
        house.reconcile(resources)
    assert refused.value.code == "unknown_volume"
    assert not refused.value.changed
    assert house.there() == ([], [], [], [])


def test_what_is_declared_twice_is_refused(house):
    with pytest.raises(Failure) as refused:
        house.reconcile(house.resources() + house.resources()[2:3])
    assert refused.value.code == "duplicate_resource"
    assert house.there() == ([], [], [], [])


class Stubborn(Resource):
    """Something that never takes what is applied."""

    kind = "stubborn"
    begun = 0

    def plan(self, scene):
        plan = self.new_plan(scene)
        plan.changes = [Change(("colour",), "red", "blue", None)]
        plan.act("paint", self._paint)
        return plan

    def _paint(self):
        self.begun += 1


def test_what_did_not_take_is_a_failure(house):
    stubborn = Stubborn({"name": "s"})
    with pytest.raises(Failure) as failed:
        house.reconcile([stubborn])
    assert failed.value.code == "not_converged"
    assert failed.value.changed
    assert "colour is red instead of blue" in failed.value.message
    assert stubborn.begun == 1
    assert house.reconcile([stubborn], check_mode=True).changed
    assert stubborn.begun == 1


def test_errors_come_by_libvirts_code(house):
    with pytest.raises(HypervisorError) as error:
        house.hypervisor.connection.networkLookupByName("none")
    assert error.value.code == "no_network"
    with pytest.raises(HypervisorError) as error:
        house.hypervisor.connection.networkDefineXML("<network")
    assert error.value.code == "xml_detail"


def test_a_driver_without_storage_has_no_pools(house, monkeypatch):
    def unsupported(method, *arguments):
        if getattr(method, "__name__", "").startswith(("listAllStoragePools", "listAllNetworks")):
            arguments = ("this is no flag",)
        try:
            return Hypervisor.call(house.hypervisor, method, *arguments)
        except TypeError:
            raise failure from None

    with pytest.raises(HypervisorError) as caught:
        house.hypervisor.connection.listAllSecrets(0)
    failure = caught.value
    assert failure.code == "no_support"
    monkeypatch.setattr(house.hypervisor, "call", unsupported)
    assert house.hypervisor.pools() == house.hypervisor.networks() == []
