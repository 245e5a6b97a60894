# SPDX-License-Identifier: GPL-3.0-or-later
"""What libvirt tells with dots in the names, as mappings and lists."""
from __future__ import annotations

import threading

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _lanes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_asked import nested


@pytest.mark.parametrize("flat, tree", [
    ({}, {}),
    ({"cpu.time": 5, "cpu.user": 3}, {"cpu": {"time": 5, "user": 3}}),
    ({"net.count": 2, "net.0.name": "a", "net.1.rx.bytes": 1}, {"net": [{"name": "a"}, {"rx": {"bytes": 1}}]}),
    ({"net.count": 0}, {"net": []}),
    ({"if.count": 1, "if.0.addr.count": 1, "if.0.addr.0.addr": "::1"}, {"if": [{"addr": [{"addr": "::1"}]}]}),
    ({"os.pretty-name": "Debian"}, {"os": {"pretty_name": "Debian"}}),
    ({f"fs.{number}.name": number for number in range(12)}, {"fs": [{"name": number} for number in range(12)]}),
])
def test_dotted_names_become_a_tree(flat, tree):
    assert nested(flat) == tree


class Connection:
    """Stands in for a hypervisor's."""

    def __init__(self, _uri):
        self.closed = False

    def close(self):
        self.closed = True


def test_what_never_answers_is_left_behind(monkeypatch):
    monkeypatch.setattr(_lanes, "Hypervisor", Connection)
    never = threading.Event()
    questions = {number: (lambda hypervisor, number=number: number) for number in range(30)}
    questions.update({f"stuck {number}": (lambda hypervisor: never.wait()) for number in range(6)})
    questions.update({number: (lambda hypervisor, number=number: number) for number in range(30, 60)})
    try:
        assert _lanes.ask("", questions, 0.2) == {number: number for number in range(60)}
    finally:
        never.set()


def test_even_where_everything_hangs_there_is_an_end(monkeypatch):
    monkeypatch.setattr(_lanes, "Hypervisor", Connection)
    never = threading.Event()
    try:
        assert _lanes.ask("", {number: (lambda hypervisor: never.wait()) for number in range(50)}, 0.05) == {}
    finally:
        never.set()


def test_no_question_needs_no_connection():
    assert _lanes.ask("nowhere:///", {}, 1) == {}
