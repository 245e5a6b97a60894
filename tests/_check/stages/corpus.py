# SPDX-License-Identifier: GPL-3.0-or-later
"""The models against libvirt's own examples of XML and its schemas."""
from __future__ import annotations


def run(session) -> None:
    """pytest on tests/corpus: coverage, rebuilding, mutation; the page on coverage"""
    options = {"cwd": session.collection, "env": session.environment(session.core)}
    python = session.core / "bin/python"
    session.must("corpus", [python, "tests/corpus/source.py"], **options)
    session.pytest("corpus", session.core, ["tests/corpus"])
    session.check("coverage page", [python, "tests/tools/coverage_docs.py", "--check"], **options)
