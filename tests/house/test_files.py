# SPDX-License-Identifier: GPL-3.0-or-later
"""Licence headers."""
from __future__ import annotations

import house

# These cannot carry a comment, are made by a tool, or are the licence itself.
BARE = {"LICENSE", "changelogs/changelog.yaml", "CHANGELOG.rst", "CHANGELOG.md"}
BARE_SUFFIXES = {".json", ".md", ".png", ".pub", ".rst", ".svg", ".xml"}
SKIPPED = {".git", ".ansible", "__pycache__", ".ruff_cache", ".hypothesis", "output", ".pytest_cache"}


def files():
    found = (path for path in house.ROOT.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in found if not SKIPPED & set(path.relative_to(house.ROOT).parts) and path.suffix != ".pyc")


def text(path):
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def test_every_file_states_its_licence():
    wrong = [
        house.name(path) for path in files()
        if house.name(path) not in BARE and path.suffix not in BARE_SUFFIXES
        # An empty file has nothing to license.
        and text(path) and "SPDX-License-Identifier: GPL-3.0-or-later" not in "\n".join(text(path).splitlines()[:12])
    ]
    assert not wrong, f"No SPDX header: {wrong}"
