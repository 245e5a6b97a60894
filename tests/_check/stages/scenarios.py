# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole stories, across modules, roles and hosts."""
from __future__ import annotations

import os


def command_for(session, path) -> list:
    if path.suffix == ".yml":
        return session.lab.playbook("-i", session.lab.inventory, path)
    return [session.core / "bin/python", path] if path.suffix == ".py" else [path]


def run(session) -> None:
    """the playbooks and programs in tests/scenarios, in the same lab"""
    folder = session.collection / "tests/scenarios"
    wanted = session.options.only
    found = [path for path in sorted(folder.glob("*")) if path.is_file() and (path.suffix in (".yml", ".py") or os.access(path, os.X_OK))]
    chosen = [path for path in found if not wanted or path.stem in wanted]
    if not chosen:
        return
    session.lab.up()
    for path in chosen:
        session.check(path.stem, command_for(session, path), env=session.lab.environment(), cwd=session.collection)
