# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody else changes one value of a document: the comparison says which, and writing what was declared puts it back."""
from __future__ import annotations

import collections
import functools

import measure
import pytest
from kinds import KINDS
from mutations import mutations, plain_fields

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml

# Where the examples have them, there is no device that could have them.
NOWHERE = {"devices/memballoon/address/@cssid", "devices/memballoon/address/@ssid"}
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def said(values):
    """Values without sub-objects that say nothing: there or not, they are the same."""
    if isinstance(values, list):
        return [said(one) for one in values]
    return {name: said(one) for name, one in values.items() if one != {}} if isinstance(values, dict) else values


class Tried:
    """Every mutation of a kind's documents, tried once: what was noticed, and what went wrong."""

    def __init__(self, kind) -> None:
        self.kind, self.model = kind, kind.model
        self.plain, self.own = plain_fields(kind.model)
        self.of = functools.cache(self._of)
        self.tried, self.noticed, self.wrong = set(), set(), []
        for place, before, after in mutations(kind.documents, measure.coverage(kind).modelled):
            problem = self.problem(place, before, after)
            if problem:
                self.wrong.append(f"{place.document}: {place.path} {before!r} -> {after!r}: {problem}")

    def _of(self, document):
        """What is read of a document, and what of its facts comes back; nothing where its devices cannot be told apart."""
        tree = self.kind.documents[document]
        declared = self.model.read(tree)
        return declared, collections.Counter() if self.model.compare(declared, tree) else measure.facts(self.model.build(declared))

    def problem(self, place, before, after):
        tree = self.kind.documents[place.document]
        declared, carried = self.of(place.document)
        # Not told apart from another of its list, or not carried here; or a change that libvirt would not have let through.
        if not carried[place.path, measure.canonical(before)]:
            return None
        other = place.changed(tree, after)
        if self.kind.mistakes(other):
            return None
        self.tried.add(place.path)
        if said(self.model.read(other)) == said(declared):
            return None
        self.noticed.add(place.path)
        return self.verdict(place, declared, tree, other)

    def verdict(self, place, declared, tree, other):
        changes = self.model.compare(declared, other)
        names = self.plain.get(place.path, {None})
        if not changes:
            # What is read in a way of its own may say the same in another place as well.
            return None if None in names else "not noticed"
        # What is read in a way of its own may look at this as well.
        found = [change.path[-1] for change in changes if change.path[-1] in names or change.path[-1] not in self.own]
        if None not in names and (len(found) != 1 or found[0] not in names):
            return f"{changes} instead of a change of {' or '.join(names)}"
        restored = self.model.write(_xml.copy(other), declared)
        if self.model.compare(declared, restored):
            return f"not restored: {self.model.compare(declared, restored)}"
        if None not in names and measure.facts(restored) != measure.facts(self.model.write(_xml.copy(tree), declared)):
            return "more or less than this was restored"
        once = measure.facts(restored)
        return None if measure.facts(self.model.write(restored, declared)) == once else "a second time changes something"


tried = functools.cache(Tried)


@every_kind
def test_one_change_is_noticed_as_that_and_undone(kind):
    wrong = tried(kind).wrong
    assert not wrong, f"{len(wrong)} changes:\n" + "\n".join(wrong[:30])


@every_kind
def test_a_change_of_each_field_was_noticed(kind):
    found = tried(kind)
    missed = found.tried - found.noticed
    # Attributes that no field names follow from others, as a disk's type does from what its data is.
    assert not (missed - NOWHERE) & set(found.plain), f"no change was noticed of {sorted(missed)}"
