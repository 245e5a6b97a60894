# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of libvirt's own examples the models know."""
from __future__ import annotations

import measure
import pytest
from kinds import KINDS

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@every_kind
def test_all_examples_of_the_pinned_version_are_used(kind):
    assert len(kind.documents) == kind.files


@every_kind
def test_the_floor_is_reached(kind):
    found = measure.coverage(kind)
    assert found.percent >= kind.floor, f"{kind.name}: {found.percent:.1f} % of the paths are modelled; missing: {', '.join(found.missing)}"
