# SPDX-License-Identifier: GPL-3.0-or-later
"""What a model reads of a document, it can make from nothing, and users can write."""
from __future__ import annotations

import collections

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from kinds import KINDS

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@every_kind
def test_nothing_that_is_read_gets_lost(kind):
    wrong = []
    for name, tree in kind.documents.items():
        values = kind.model.read(tree)
        again = kind.model.read(kind.model.build(values))
        wrong += [f"{name}: {one} {values[one]!r} became {again.get(one)!r}" for one in values if values[one] != again.get(one)]
    assert not wrong, "\n".join(wrong[:20])


def refusals(kind):
    """Why what documents say could not be given back as options, by their names."""
    found = {}
    validator = ArgumentSpecValidator(kind.model.arguments())
    for name, tree in kind.documents.items():
        options = kind.model.options(kind.model.describe(kind.model.read(tree)))
        wrong = validator.validate(options).error_messages
        try:
            wrong = wrong or kind.model.compare(kind.model.normalise(options), tree)
        except FieldError as error:
            wrong = [f"{error.option_path}: {error.message}"]
        if wrong:
            found[name] = str(wrong[0])
    return found


@every_kind
def test_what_is_read_can_be_given_back(kind):
    """As the info modules' spec: accepted, and nothing to change."""
    found = refusals(kind)
    most = [f"{number} x {reason}" for reason, number in collections.Counter(found.values()).most_common(20)]
    percent = 100 - 100 * len(found) / len(kind.documents)
    assert percent >= kind.given_back, f"{percent:.1f} % of the documents can be given back, but not\n" + "\n".join(most)


@every_kind
def test_what_is_made_from_nothing_is_valid(kind):
    wrong = {name: kind.mistakes(kind.made(tree)) for name, tree in kind.documents.items()}
    wrong = {name: mistakes for name, mistakes in wrong.items() if mistakes}
    percent = 100 - 100 * len(wrong) / len(kind.documents)
    assert percent >= kind.valid, f"libvirt's schema accepts {percent:.1f} %, but not\n" + "\n".join(f"{name}: {wrong[name]}" for name in list(wrong)[:20])
