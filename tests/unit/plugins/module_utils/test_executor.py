# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a plan: in order, in lanes, not at all in check mode, and to a clean stop when something fails."""
from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import CREATE, DELETE, Plan, ResourcePlan

SECONDS = 10


class Log(list):
    """Plans whose actions note that they ran."""

    def resource(self, name, *needs, verb=CREATE, runs=None):
        plan = ResourcePlan(("r", name), {("r", need) for need in needs})
        plan.verb = verb
        plan.act("run", runs or (lambda: self.append(name)))
        return plan


def test_check_mode_runs_nothing_and_waits_for_nothing():
    log = Log()
    executor = Executor(check_mode=True)
    assert executor.run(Plan([log.resource("a")])) is False
    executor.wait(lambda: log.append("waited"))
    assert log == []
    assert not executor.acted


def test_what_comes_after_something_unchanged_comes_after_what_that_waits_for():
    log = Log()
    quiet = ResourcePlan(("r", "api"), {("r", "db")})
    assert Executor().run(Plan([log.resource("web", "api"), quiet, log.resource("db")]))
    assert log == ["db", "web"]


def test_a_plan_without_changes_runs_nothing():
    assert Executor().run(Plan([ResourcePlan(("r", "a"))])) is False


def test_waiting_happens_where_things_happen():
    log = Log()
    Executor().wait(lambda: log.append("waited"))
    assert log == ["waited"]


@settings(deadline=None)
@given(strategies.integers(1, 8), strategies.data())
def test_every_action_runs_once_and_in_order(count, data):
    log, resources, verbs = Log(), [], {}
    for number in range(count):
        needs = data.draw(strategies.sets(strategies.integers(0, number - 1))) if number else set()
        verbs[number] = data.draw(strategies.sampled_from([CREATE, DELETE]))
        resources.append(log.resource(number, *needs, verb=verbs[number]))
    if any(verbs[need] != verbs[resource.key[1]] for resource in resources for _kind, need in resource.needs):
        return
    executor = Executor(lanes=data.draw(strategies.integers(1, 4)))
    assert executor.run(Plan(data.draw(strategies.permutations(resources)))) is True
    assert sorted(log) == list(range(count))
    assert executor.acted
    for resource in resources:
        for _kind, need in resource.needs:
            if verbs[need] == DELETE:
                assert log.index(need) > log.index(resource.key[1])
            else:
                assert log.index(need) < log.index(resource.key[1])


def test_independent_resources_run_side_by_side():
    meeting = threading.Barrier(3)
    log = Log()
    resources = [log.resource(name, runs=lambda: meeting.wait(SECONDS)) for name in "abc"]
    assert Executor(lanes=3).run(Plan(resources)) is True


def test_lanes_bound_what_runs_at_once():
    log, at_once, most, guard = Log(), [0], [0], threading.Lock()

    def run():
        with guard:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        threading.Event().wait(0.01)
        with guard:
            at_once[0] -= 1

    Executor(lanes=2).run(Plan([log.resource(name, runs=run) for name in "abcdef"]))
    assert most[0] <= 2


def test_after_a_failure_nothing_new_begins_and_what_runs_is_waited_for():
    log, failed = Log(), threading.Event()

    def fail():
        failed.set()
        raise Failure("broken", "It broke")

    def slow():
        assert failed.wait(SECONDS)
        threading.Event().wait(0.05)
        log.append("slow")

    resources = [log.resource("fails", runs=fail), log.resource("slow", runs=slow), log.resource("after", "fails"), log.resource("later", "slow")]
    with pytest.raises(Failure) as error:
        Executor(lanes=2).run(Plan(resources))
    assert (error.value.code, error.value.resource) == ("broken", ("r", "fails"))
    assert log == ["slow"]


def test_a_mistake_of_ours_is_not_hidden():
    log = Log()
    with pytest.raises(ZeroDivisionError):
        Executor().run(Plan([log.resource("a", runs=lambda: 1 / 0)]))


def test_the_steps_of_one_resource_stop_at_the_first_that_fails():
    log = Log()
    plan = log.resource("a")
    plan.act("fail", lambda: (nothing for nothing in ()).throw(Failure("broken", "It broke")))
    plan.act("never", lambda: log.append("never"))
    executor = Executor()
    with pytest.raises(Failure):
        executor.run(Plan([plan]))
    assert log == ["a"]
    assert executor.acted


@pytest.mark.parametrize("undone", [True, False])
def test_an_action_that_took_back_what_it_did_changed_nothing(undone):
    failure = Failure("broken", "It broke")
    failure.undone = undone
    plan = Log().resource("a", runs=lambda: (nothing for nothing in ()).throw(failure))
    executor = Executor()
    with pytest.raises(Failure):
        executor.run(Plan([plan]))
    assert executor.acted is not undone


def test_what_waits_for_itself_is_said():
    log = Log()
    with pytest.raises(Failure) as error:
        Executor().run(Plan([log.resource("a", "b"), log.resource("b", "a"), log.resource("c")]))
    assert error.value.code == "dependency_cycle"
    assert "r a, r b" in error.value.message
    assert log == ["c"]


def test_what_only_looks_is_done_and_is_no_change():
    looked = []
    looking = ResourcePlan(("pool", "p"))
    looking.look("refresh", lambda: looked.append("p"))
    for check_mode, seen in ((True, []), (False, ["p"])):
        executor = Executor(check_mode)
        executor.run(Plan([looking]))
        assert looked == seen
        assert not executor.acted
    assert not looking.changed
