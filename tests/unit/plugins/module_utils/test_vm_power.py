# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of ways between power states: every pair, and that each way really ends where it should."""
from __future__ import annotations

import itertools

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
