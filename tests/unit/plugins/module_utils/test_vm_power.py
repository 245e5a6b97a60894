# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of ways between power states: every pair, and that each way really ends where it should."""
from __future__ import annotations

import itertools
import pathlib

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_power import PAUSED, RUNNING, SAVED, STOPPED, Power, method, steps

STATES = (RUNNING, PAUSED, STOPPED, SAVED)
# What each step makes of each state it may be taken in.
EFFECTS = {
    "start": {STOPPED: RUNNING, SAVED: RUNNING}, "start_paused": {STOPPED: PAUSED, SAVED: PAUSED}, "resume": {PAUSED: RUNNING},
    "suspend": {RUNNING: PAUSED}, "save": {RUNNING: SAVED, PAUSED: SAVED}, "shut_down": {RUNNING: STOPPED}, "discard_saved": {SAVED: STOPPED},
}


@pytest.mark.parametrize("current, wanted", list(itertools.product(STATES, STATES)))
def test_every_way_leads_where_it_should(current, wanted):
    way = steps(current, wanted)
    if (current, wanted) == (STOPPED, SAVED):
        assert way is None
        return
    state = current
    for step in way:
        state = EFFECTS[step][state]
    assert state == wanted
    assert bool(way) == (current != wanted)


@pytest.mark.parametrize("step", sorted(EFFECTS))
def test_every_step_can_be_taken(step):
    assert callable(method(Power(None, 1, False), step))


GUIDE = pathlib.Path(__file__).resolve().parents[4] / "docs/docsite/rst/guide_vm_states.rst"
# What the guide calls the steps.
WORDS = {
    "start": "starts", "start_paused": "starts paused", "resume": "resumes", "suspend": "pauses", "save": "saves its memory",
    "shut_down": "shuts down", "discard_saved": "loses its saved memory",
}


def table():
    """{(from, to): what the guide says}"""
    text = GUIDE.read_text("utf-8").partition(".. list-table::")[2].partition("\n* *")[0]
    rows = [[cell.strip(" -`") for cell in row.splitlines() if cell.strip()] for row in text.split("   * -")[1:]]
    return {(row[0], state): said for row in rows[1:] for state, said in zip(rows[0][1:], row[1:])}


def said(before, after):
    if before == "missing":
        way = steps(STOPPED, STOPPED if after in ("present", "absent") else after)
        words = None if way is None else ["stays"] if after == "absent" else ["is made"] + [WORDS[step] for step in way]
    elif after == "absent":
        words = (["is pulled the plug of"] if before in (RUNNING, PAUSED) else []) + ["is removed"]
    else:
        way = steps(before, before if after == "present" else after)
        words = None if way is None else [WORDS[step] for step in way] or ["stays"]
    return "refused" if words is None else ", ".join(words)


def test_the_guide_says_every_way_as_it_is():
    ways = itertools.product(("missing",) + STATES, ("present", "absent") + STATES)
    assert table() == {way: said(*way) for way in ways}
