# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module is in the action group, documented, and tested in the lab."""
from __future__ import annotations

import ast

import house
import pytest
import yaml

TARGETS = house.ROOT / "tests/integration/targets"
ATTRIBUTES = {"check_mode", "diff_mode", "idempotent", "platform", "action_group"}


def texts(path):
    """The constants of a file that hold text, by name, read without importing it."""
    assignments = (node for node in ast.walk(house.parsed(path)) if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant))
    return {node.targets[0].id: node.value.value for node in assignments if isinstance(node.value.value, str)}


def blocks(module):
    """DOCUMENTATION, EXAMPLES and RETURN of a module."""
    found = texts(house.MODULES / f"{module}.py")
    return {name: yaml.safe_load(found[name]) for name in ("DOCUMENTATION", "EXAMPLES", "RETURN") if name in found}


def attributes(documentation):
    """The attributes that a module states, itself or by a documentation fragment of ours."""
    found = dict(documentation.get("attributes", {}))
    for fragment in documentation.get("extends_documentation_fragment", []):
        namespace, collection, name, *part = fragment.split(".")
        if (namespace, collection) == ("tinycloud", "libvirt"):
            text = texts(house.PLUGINS / "doc_fragments" / f"{name}.py")[(part or ["documentation"])[0].upper()]
            found = {**yaml.safe_load(text).get("attributes", {}), **found}
    return found


def group():
    runtime = yaml.safe_load((house.ROOT / "meta/runtime.yml").read_text("utf-8"))
    return runtime["action_groups"]["libvirt"]


def says_it_is_in_the_group(module):
    return attributes(blocks(module)["DOCUMENTATION"]).get("action_group", {}).get("support") == "full"


def test_the_action_group_is_complete():
    assert sorted(group()) == [module for module in house.modules() if says_it_is_in_the_group(module)]


@pytest.mark.parametrize("module", house.modules())
def test_module_has_a_target(module):
    """A target of its own; an _info module may be tested in the target of what it describes, and what is done to a VM with one guest."""
    own = TARGETS / module / "tasks/main.yml"
    if own.exists():
        return
    siblings = [module.removesuffix("_info"), module.split("_")[0] + "_verbs"]
    tasks = "".join(path.read_text("utf-8") for sibling in siblings for path in sorted((TARGETS / sibling / "tasks").glob("*.yml")))
    assert f"tinycloud.libvirt.{module}:" in tasks, f"No integration target for {module}"


@pytest.mark.parametrize("module", house.modules())
def test_module_is_documented(module):
    found = blocks(module)
    assert set(found) >= {"DOCUMENTATION", "EXAMPLES", "RETURN"}
    assert found["DOCUMENTATION"]["module"] == module
    missing = ATTRIBUTES - set(attributes(found["DOCUMENTATION"]))
    assert not missing, f"attributes that are not stated: {sorted(missing)}"


@pytest.mark.parametrize("module", house.modules())
def test_examples_use_full_names(module):
    for task in blocks(module)["EXAMPLES"]:
        used = [key for key in task if "." in key]
        assert used, f"an example of {module} uses no module by its full name: {task.get('name')}"


@pytest.mark.parametrize("role", sorted(path.name for path in (house.ROOT / "roles").glob("*")))
def test_role_states_its_arguments(role):
    specs = house.ROOT / "roles" / role / "meta/argument_specs.yml"
    assert specs.exists(), f"The role {role} has no meta/argument_specs.yml"
    entry_points = yaml.safe_load(specs.read_text("utf-8"))["argument_specs"]
    wrong = [
        option for spec in entry_points.values() for option in spec.get("options", {})
        if not option.startswith((f"{role}_", f"__{role}_"))
    ]
    assert not wrong, f"Variables of the role {role} start with its name: {wrong}"
