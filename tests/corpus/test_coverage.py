# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of libvirt's own examples the models know."""
from __future__ import annotations

import measure
import pytest
from kinds import KINDS
from reasons import REASONS, begins

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@every_kind
def test_all_examples_of_the_pinned_version_are_used(kind):
    assert len(kind.documents) == kind.files


@every_kind
def test_the_floor_is_reached(kind):
    found = measure.coverage(kind)
    assert found.percent >= kind.floor, f"{kind.name}: {found.percent:.1f} % of the paths are modelled; missing: {', '.join(found.missing)}"


@pytest.mark.parametrize("kind, begin", [(kind, begin) for kind in KINDS for begin in REASONS.get(kind.name, {})], ids=str)
def test_reasons_are_for_what_is_not_reached(kind, begin):
    found = measure.coverage(kind)
    assert any(begins(path, begin) for path in found.missing), f"no example has {begin}, or options reach it"
    reached = [path for path in found.modelled if begins(path, begin)]
    assert not reached, f"options reach {', '.join(reached)}"
