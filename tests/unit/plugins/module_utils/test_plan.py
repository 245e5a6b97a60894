# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan says, and in which order it can be done."""
from __future__ import annotations

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import CREATE, DELETE, UPDATE, Plan, ResourcePlan


def resource(kind, name, verb=UPDATE, needs=(), changes=(), pending=(), summary="", acts=True):
    plan = ResourcePlan((kind, name), needs)
    plan.verb, plan.summary = verb, summary
    plan.changes, plan.pending = list(changes), list(pending)
    if acts:
        plan.act("do it", lambda: None)
    return plan


MEMORY = Change(("memory",), "1GiB", "2GiB", "restart")
DISK = Change(("disks", "db-data"), None, {"volume": "db-data"}, "live")
GONE = Change(("interfaces", "back"), {"network": "back"}, None, "live")


def test_the_lines_of_the_design():
    plan = Plan([
        resource("vm", "db", changes=[MEMORY, DISK], pending=[MEMORY]),
        resource("vm", "web-2", CREATE, summary="2 vcpus, 1GiB, debian-12, front"),
        resource("vm", "same", acts=False),
    ])
    assert plan.lines == [
        "~ vm db  memory 1GiB -> 2GiB (restart), + disks db-data (live)",
        "+ vm web-2  2 vcpus, 1GiB, debian-12, front",
        "Plan: 1 to add, 1 to change, 0 to destroy; 1 waits for a restart.",
    ]


def test_lines_without_words():
    assert resource("vm", "a", DELETE).line == "- vm a"
    assert resource("vm", "a", changes=[GONE]).line == "~ vm a  - interfaces back (live)"
    assert resource("vm", "a", changes=[Change(("cpu",), {"mode": "x"}, {"mode": "y"}, None)]).line == "~ vm a  ~ cpu"


def test_what_waits_alone_is_no_change():
    plan = Plan([resource("vm", "a", pending=[MEMORY], acts=False)])
    assert not plan.changed
    assert plan.totals == "Plan: 0 to add, 0 to change, 0 to destroy; 1 waits for a restart."
    assert plan.diff() == {"before": {}, "after": {}}


def test_a_diff_holds_what_changes_by_its_paths():
    plan = Plan([resource("vm", "a", changes=[MEMORY, DISK, GONE, Change(("cpu", "mode"), "x", "y", None)]),
                 resource("vm", "b", changes=[MEMORY], acts=False)])
    alone = {"before": {"memory": "1GiB", "interfaces": {"back": {"network": "back"}}, "cpu": {"mode": "x"}},
             "after": {"memory": "2GiB", "disks": {"db-data": {"volume": "db-data"}}, "cpu": {"mode": "y"}}}
    assert plan.diff() == {side: {"vm a": values} for side, values in alone.items()}


@pytest.mark.parametrize("verb, action", [(CREATE, "create"), (UPDATE, "update"), (DELETE, "delete")])
def test_a_result_is_small_and_plain(verb, action):
    assert resource("vm", "a", verb, changes=[MEMORY]).as_result() == {
        "resource": "vm", "name": "a", "action": action,
        "changes": [{"field": "memory", "before": "1GiB", "after": "2GiB", "how": "restart"}],
    }
    assert resource("vm", "a", verb, acts=False).as_result()["action"] == "none"


def test_what_one_is_built_on_comes_first_and_goes_last():
    pool, volume, vm, network = ("pool", "p"), ("volume", "v"), ("vm", "m"), ("network", "n")
    needs = {volume: {pool}, vm: {volume, network, ("image", "not in this call")}}

    def plan(verbs):
        return Plan([resource(*key, verb=verbs.get(key, CREATE), needs=needs.get(key, ())) for key in (vm, volume, pool, network)])

    assert plan({}).waits_for == {pool: set(), network: set(), volume: {pool}, vm: {volume, network}}
    assert plan(dict.fromkeys((pool, volume, vm, network), DELETE)).waits_for == {
        vm: set(), volume: {vm}, network: {vm}, pool: {volume}}
    # The VM lets go of its network before that goes, and gets its volume after that comes.
    assert plan({network: DELETE, vm: UPDATE}).waits_for == {pool: set(), volume: {pool}, vm: {volume}, network: {vm}}


def test_lines_of_what_was_not_or_will_not_be():
    changes = [Change(("restart",), None, "for memory", None), Change(("title",), "Shop", None, "live")]
    assert resource("vm", "a", changes=changes).line == "~ vm a  restart for memory, - title (live)"
