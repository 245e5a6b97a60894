# SPDX-License-Identifier: GPL-3.0-or-later
"""Every defect in tests/defects.md has the test that it names."""
from __future__ import annotations

import house
import pytest

ROWS = [[cell.strip() for cell in line.strip("| \n").split(" | ")] for line in (house.ROOT / "tests/defects.md").read_text("utf-8").splitlines()
        if line.startswith("| ")][1:]


@pytest.mark.parametrize("defect, test, where", ROWS)
def test_a_defect_has_its_test(defect, test, where):
    text = (house.ROOT / where).read_text("utf-8")
    name = test.strip("`")
    assert f"def {name}(" in text or f"- name: {name}\n" in text, f"{defect}: there is no {name} in {where}"
