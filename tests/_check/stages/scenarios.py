# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole stories, across modules, roles and hosts."""
from __future__ import annotations

import concurrent.futures
import os


def command_for(session, path) -> list:
    if path.suffix == ".yml":
        return session.lab.playbook("-i", session.lab.inventory, path)
    return [session.core / "bin/python", path] if path.suffix == ".py" else [path]


def stories(session, folder) -> list:
    wanted = session.options.only
    found = [path for path in sorted(folder.glob("*")) if path.is_file() and (path.suffix in (".yml", ".py") or os.access(path, os.X_OK))]
    return [path for path in found if not wanted or path.stem in wanted]


def run(session) -> None:
    """the playbooks and programs in tests/scenarios, in the same lab; those in own_lab beside them, in labs of their own"""
    folder = session.collection / "tests/scenarios"
    lanes = [stories(session, folder), stories(session, folder / "own_lab")]
    if not any(lanes):
        return
    session.lab.up()

    def one_after_the_other(lane) -> None:
        for path in lane:
            session.check(path.stem, command_for(session, path), env=session.lab.environment(), cwd=session.collection)

    with concurrent.futures.ThreadPoolExecutor(len(lanes)) as pool:
        list(pool.map(one_after_the_other, lanes))
