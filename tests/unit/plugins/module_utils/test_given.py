# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Omitted, null and given are three things, at every depth, as AnsibleModule really hands arguments on."""
from __future__ import annotations

import copy
import json

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from hypothesis import given as examples
from hypothesis import strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils._given import given
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.environment import EnvironmentOptions

SPEC = {
    "name": {"type": "str", "required": True},
    "title": {"type": "str", "aliases": ["label"]},
    "state": {"type": "str", "default": "running"},
    "cpu": {"type": "dict", "options": {"mode": {"type": "str"}, "model": {"type": "str"}}},
    "disks": {"type": "list", "elements": "dict", "options": {
        "volume": {"type": "str"}, "cache": {"type": "str", "aliases": ["caching"]}, "tune": {"type": "dict", "options": {"iops": {"type": "int"}}}}},
}
OMITTED = "__omit_place_holder__0123456789abcdef"


def said(raw, spec=None):
    spec = SPEC if spec is None else spec
    checked = ArgumentSpecValidator(spec).validate(raw)
    assert not checked.error_messages
    return given(spec, raw, checked.validated_parameters)


@pytest.mark.parametrize("raw, expected", [
    ({}, {}),
    ({"title": None}, {"title": None}),
    ({"label": "t"}, {"title": "t"}),
    ({"label": None}, {"title": None}),
    ({"title": OMITTED}, {}),
    ({"state": "stopped"}, {"state": "stopped"}),
    ({"cpu": None}, {"cpu": None}),
    ({"cpu": {}}, {"cpu": {}}),
    ({"cpu": {"mode": None}}, {"cpu": {"mode": None}}),
    ({"cpu": {"mode": OMITTED, "model": "x"}}, {"cpu": {"model": "x"}}),
    ({"cpu": '{"mode": "maximum"}'}, {"cpu": {"mode": "maximum"}}),
    ({"cpu": "mode=maximum"}, {"cpu": {"mode": "maximum"}}),
    ({"disks": None}, {"disks": None}),
    ({"disks": []}, {"disks": []}),
    ({"disks": [{"volume": "v"}, {"volume": "w", "caching": None}]}, {"disks": [{"volume": "v"}, {"volume": "w", "cache": None}]}),
    ({"disks": [{"tune": {}}, {"tune": None}, {"tune": {"iops": "7"}}]}, {"disks": [{"tune": {}}, {"tune": None}, {"tune": {"iops": 7}}]}),
    ({"disks": [{"volume": OMITTED}]}, {"disks": [{}]}),
    ({"disks": ['{"volume": "v"}', {"volume": None}]}, {"disks": [{"volume": "v"}, {"volume": None}]}),
])
def test_what_the_task_said(raw, expected):
    assert said(dict(raw, name="n")) == dict({"name": "n", "state": "running"}, **expected)


SCALARS = strategies.one_of(strategies.none(), strategies.sampled_from(["a", "b"]))
NAMES = strategies.sampled_from(["volume", "cache"])


@examples(strategies.lists(strategies.dictionaries(NAMES, SCALARS)), strategies.dictionaries(strategies.sampled_from(["mode", "model"]), SCALARS))
def test_nothing_is_added_and_nothing_is_lost(disks, cpu):
    raw = {"name": "n", "state": "x", "disks": disks, "cpu": cpu}
    assert said(raw) == raw
    # Written as JSON, null cannot be told from what was left out.
    as_text = said(dict(raw, cpu=json.dumps(cpu)))["cpu"]
    assert as_text == {name: value for name, value in cpu.items() if value is not None}


def test_defaults_can_stay_unsaid():
    spec = EnvironmentOptions.arguments()
    raw = {"name": "e", "vms": [{"name": "v", "memory": None, "wait": {"for": ["ssh"]}}]}
    typed = ArgumentSpecValidator(spec).validate(copy.deepcopy(raw)).validated_parameters
    assert given(spec, raw, typed, defaults=False) == raw


def test_defaults_of_suboptions_are_said():
    raw = {"name": "e", "vms": [{"name": "v", "memory": None}], "pools": None}
    assert said(raw, EnvironmentOptions.arguments()) == {
        "name": "e", "pools": None, "state": "present", "prune": False, "prune_volumes": False, "adopt": False,
        "vms": [{"name": "v", "memory": None, "state": "running", "apply": "live", "shutdown_timeout": 120, "force": False, "volumes": "keep",
                 "remove_disks": False}],
    }
