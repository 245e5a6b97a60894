# SPDX-License-Identifier: GPL-3.0-or-later
"""No option that no test knows: changed behind our back in libvirt's examples, or given by a test that names it."""
from __future__ import annotations

import collections
import functools
import pathlib
import re

import pytest
from kinds import KINDS
from mutations import declared_fields
from test_mutation import tried

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _fields
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.environment import KINDS as RESOURCES

TESTS = pathlib.Path(__file__).resolve().parents[1]
FOLDERS = ("contract", "corpus", "integration", "scenarios", "unit")
# Tests of all fields alike, made from the declarations: they name what their authors had in mind, not what is tried.
GENERAL = {"test_every_field.py", "test_every_option.py"}


@functools.cache
def named() -> list[set[str]]:
    """The words that each test names as a key: ``name:``, ``name=``, ``"name"``. The files of an integration target are one test."""
    found = collections.defaultdict(set)
    for path in (path for folder in FOLDERS for path in (TESTS / folder).rglob("*") if path.suffix in (".py", ".yml")):
        if path.name not in GENERAL:
            target = path.relative_to(TESTS).parts[:3] if "targets" in path.parts else path
            found[target] |= set(re.findall(r"\b([a-z][a-z0-9_]*)(?=['\"]?\s*[:=]|['\"])", path.read_text("utf-8")))
    return list(found.values())


def options(model, above=()):
    """(path, field) of all options that hold a value."""
    for name, field in model.fields().items():
        if field.option and isinstance(field, (_fields.Node, _fields.Nodes)):
            yield from options(field.model, (*above, name))
        elif field.option:
            yield (*above, name), field


@functools.cache
def changed() -> set:
    """The fields that mutations of libvirt's examples were noticed by."""
    return {field for kind in KINDS for path, field in declared_fields(kind.model) if field and path in tried(kind).noticed}


@pytest.mark.parametrize("kind", sorted(RESOURCES))
def test_every_option_is_exercised(kind):
    missing = {
        ".".join(path) for path, field in options(RESOURCES[kind].model)
        if field not in changed() and not any(set(path[-2:]) <= words for words in named())
    }
    assert not missing, f"No test names these options of {kind}, and no example of libvirt's has them: {', '.join(sorted(missing))}"
