# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people read of a run: a line for each resource, and the sums."""
from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible import context

from ansible_collections.tinycloud.libvirt.plugins.callback.plan import CallbackModule

ADDED = {"resource": "vm", "name": "web-3", "action": "create", "changes": []}
CHANGED = {"resource": "vm", "name": "db", "action": "update", "changes": []}


class Screen:
    def __init__(self):
        self.lines = []

    def display(self, text, color=None, **_more):
        self.lines.append(text)


@pytest.fixture
def told():
    callback = CallbackModule()
    callback._display = Screen()
    return callback


def result(*plan, host="host1", check=False, action="tinycloud.libvirt.environment", waiting=(), **more):
    said = {"plan": list(plan), "summary": [f"{one['action']} {one['name']}" for one in plan] + ["Plan: sums"],
            "restart_required": [{"resource": one, "fields": ["memory"]} for one in waiting], **more}
    return SimpleNamespace(_result=said, _host=SimpleNamespace(get_name=lambda: host),
                           _task=SimpleNamespace(action=action, resolved_action=action, check_mode=check))


def test_a_plan_over_hosts_and_tasks_has_one_sum(told):
    told.v2_runner_on_ok(result(ADDED, CHANGED, check=True, waiting=["vm db"]))
    told.v2_runner_on_ok(result(dict(ADDED, name="web-4"), dict(ADDED, name="web-5"), check=True, host="host2"))
    told.v2_playbook_on_stats(None)
    assert told._display.lines == [
        "  create web-3  [host1]", "  update db  [host1]", "  create web-4  [host2]", "  create web-5  [host2]",
        "Plan: 3 to add, 1 to change, 0 to destroy, 1 waits for restart",
    ]


def test_what_was_done_is_said_as_such_and_loops_item_by_item(told):
    told.v2_runner_item_on_ok(result(ADDED))
    told.v2_runner_item_on_ok(result(dict(ADDED, action="delete"), waiting=["vm a", "vm b"]))
    told.v2_runner_on_ok(result(results=[{}]))
    # The same two wait in the next task, too.
    told.v2_runner_on_ok(result(waiting=["vm a", "vm b"]))
    told.v2_playbook_on_stats(None)
    assert told._display.lines[-1] == "Done: 1 added, 0 changed, 1 destroyed, 2 wait for restart"


def test_other_collections_tasks_and_plays_without_ours_are_not_told(told):
    told.v2_runner_on_ok(result(ADDED, action="community.general.terraform"))
    read_only = result(action="tinycloud.libvirt.host_info")
    read_only._result = {"host": {}}
    told.v2_runner_on_ok(read_only)
    told.v2_playbook_on_stats(None)
    assert told._display.lines == []


def test_seeing_whether_a_plan_is_still_good_is_not_told_twice(told, monkeypatch):
    agreed = {"invocation": {"module_args": {"plan_in": "/srv/plan.json"}}}
    monkeypatch.setattr(context, "CLIARGS", {"check": False})
    told.v2_runner_on_ok(result(ADDED, check=True, **agreed))
    told.v2_runner_on_ok(result(ADDED, **agreed))
    told.v2_playbook_on_stats(None)
    assert told._display.lines == ["  create web-3  [host1]", "Done: 1 added, 0 changed, 0 destroyed"]
    monkeypatch.setattr(context, "CLIARGS", {"check": True})
    told.v2_runner_on_ok(result(ADDED, check=True, **agreed))
    assert told._display.lines[-1] == "  create web-3  [host1]"
