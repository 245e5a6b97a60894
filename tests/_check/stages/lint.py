# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading without running: linters, generated documentation, rules of the house."""
from __future__ import annotations

import machine


def scripts(session) -> list[str]:
    """Every shell script, known by its first line: not all have a suffix."""
    found = []
    for path in sorted(session.collection.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with open(path, "rb") as opened:
                first = opened.readline(80)
            if first.startswith(b"#!") and (b"/sh" in first or b"bash" in first):
                found.append(str(path.relative_to(session.collection)))
    return found


def run(session) -> None:
    """ansible-lint (production), ruff, shellcheck, generated documentation, rules of the house"""
    machine.install(session, ("shellcheck",))
    tools = session.tools
    options = {"cwd": session.collection, "env": session.environment(tools)}
    session.check("ansible-lint", [tools / "bin/ansible-lint", "--profile", "production", "--offline", "--nocolor"], **options)
    session.check("ruff", [tools / "bin/ruff", "check", "--no-cache", "."], **options)
    session.check("shellcheck", ["shellcheck", *scripts(session)], **options)
    session.check("generated documentation", [tools / "bin/python", "tests/tools/spec_docs.py", "--check"], **options)
    session.pytest("house", tools, ["tests/house"])
