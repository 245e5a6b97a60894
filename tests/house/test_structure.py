# SPDX-License-Identifier: GPL-3.0-or-later
"""The floors of the house: who may import what, and how large a file may grow."""
from __future__ import annotations

import ast

import house
import pytest

DOORS = {
    "libvirt": "plugins/module_utils/_hypervisor.py",
    "guestfs": "plugins/module_utils/_appliance.py",
    "lxml": "plugins/module_utils/_xml.py",
}
LONGEST = 400
PURE = ("ansible", "libvirt", "guestfs", "lxml")


@pytest.mark.parametrize("package", sorted(DOORS))
def test_each_foreign_library_has_one_door(package):
    found = [house.name(path) for path in house.python_files("plugins") if house.imports(path, package)]
    assert set(found) <= {DOORS[package]}, f"{package} is imported by {found}: only {DOORS[package]} may."


def test_models_are_pure():
    wrong = {
        house.name(path): package
        for path in house.python_files("plugins/module_utils/_model") for package in PURE if house.imports(path, package)
    }
    assert not wrong, f"A model states facts and imports neither libvirt nor Ansible: {wrong}"


def test_fields_need_the_standard_library_only():
    path = house.MODULE_UTILS / "_fields.py"
    wrong = [package for package in PURE if path.exists() and house.imports(path, package)]
    assert not wrong


def test_only_the_executor_knows_check_mode():
    """A second gate would be a second plan: what check mode says must be what would run."""
    wrong = []
    for path in house.python_files("plugins/module_utils", "plugins/modules"):
        if path.name == "_executor.py":
            continue
        conditions = [node.test for node in ast.walk(house.parsed(path)) if isinstance(node, (ast.If, ast.IfExp, ast.While))]
        wrong += [f"{house.name(path)}:{test.lineno}" for test in conditions if "check_mode" in ast.dump(test)]
    assert not wrong, f"Conditions on check mode outside of _executor.py: {wrong}"


def test_no_file_holds_two_ideas():
    lengths = {house.name(path): len(path.read_text("utf-8").splitlines()) for path in house.python_files("plugins", "tests", "roles")}
    # Documentation is data, and generated in part: a module counts by its code.
    for path in house.MODULES.glob("*.py"):
        lengths[house.name(path)] -= documentation_lines(path)
    long = {name: length for name, length in lengths.items() if length > LONGEST}
    assert not long, f"Longer than {LONGEST} lines, split them: {long}"


def documentation_lines(path):
    blocks = [node for node in house.parsed(path).body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)]
    return sum(node.end_lineno - node.lineno + 1 for node in blocks)


def test_errors_are_caught_by_name():
    wrong = []
    for path in house.python_files("plugins", "tests", "roles"):
        for node in ast.walk(house.parsed(path)):
            if isinstance(node, ast.ExceptHandler):
                caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                if any(kind is None or getattr(kind, "id", "") in {"Exception", "BaseException"} for kind in caught):
                    wrong.append(f"{house.name(path)}:{node.lineno}")
    assert not wrong, f"These would hide mistakes of ours: {wrong}"


def test_packages_are_marked():
    """AnsiballZ copies a package only with its __init__.py, which must be empty."""
    folders = {path.parent for path in house.python_files("plugins/module_utils")} - {house.MODULE_UTILS}
    wrong = [house.name(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists() or (folder / "__init__.py").read_text("utf-8")]
    assert not wrong, f"An empty __init__.py is missing in: {wrong}"


def test_private_names():
    wrong = [path.name for path in house.MODULE_UTILS.iterdir() if not path.name.startswith("_")]
    assert not wrong, f"Only names with a leading underscore: nobody outside may build on {wrong}"
