# SPDX-License-Identifier: GPL-3.0-or-later
"""The source as the rules of the house see it: files, their imports, their roles."""
from __future__ import annotations

import ast
import functools
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLUGINS = ROOT / "plugins"
MODULE_UTILS = PLUGINS / "module_utils"
MODULES = PLUGINS / "modules"


def python_files(*folders: str) -> list[pathlib.Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name(path: pathlib.Path) -> str:
    return str(path.relative_to(ROOT))


@functools.cache
def parsed(path: pathlib.Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def imported(path: pathlib.Path) -> set[str]:
    """Dotted names that a file imports, wherever in the file; relative ones with their dots."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found |= {module} | {f"{module}.{alias.name}" for alias in node.names}
    return found


def imports(path: pathlib.Path, package: str) -> bool:
    return any(dotted == package or dotted.startswith(package + ".") for dotted in imported(path))


def modules() -> list[str]:
    return sorted(path.stem for path in MODULES.glob("*.py") if not path.stem.startswith("_"))
