# SPDX-License-Identifier: GPL-3.0-or-later
"""Any definition becomes any other, as far as that is declared, in one step, and what nobody declared stays in it."""
from __future__ import annotations

import measure
import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies
from kinds import KINDS
from mutations import PLAIN

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._field import FIXED

UNKNOWN = "<unknown xmlns:other='urn:somebody:else' colour='blue'><other:deep>1</other:deep></unknown>"
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
often = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def two(data, kind):
    """A declaration (all that a model reads of one example, or a part of it), and another example with something unknown in it."""
    # As libvirt writes them, who fills in what an author left out: an architecture, say.
    written = [name for name in sorted(kind.documents) if "xmlout/" in name or "-latest" in name]
    documents = strategies.sampled_from(written or sorted(kind.documents))
    one, other = kind.documents[data.draw(documents)], _xml.copy(kind.documents[data.draw(documents)])
    values = kind.model.read(one)
    assume(not kind.model.compare(values, one))
    # Nothing becomes one of another architecture, format or type.
    kinds_of = [field for name, field in kind.model.fields().items() if field.change == FIXED and field.path and name not in ("name", "uuid")]
    assume(all(field.read(one) == field.read(other) for field in kinds_of))
    kept = data.draw(strategies.sets(strategies.sampled_from(sorted(values))))
    kept |= {companion for option, companion in kind.together if option in kept}
    other.append(_xml.parse(UNKNOWN))
    return {name: value for name, value in values.items() if name in kept}, other


@every_kind
@often
@given(data=strategies.data())
def test_any_definition_becomes_as_declared_at_once(kind, data):
    declared, tree = two(data, kind)
    kind.model.write(tree, declared)
    assert kind.model.compare(declared, tree) == []
    once = measure.facts(tree)
    assert measure.facts(kind.model.write(tree, declared)) == once
    assert measure.facts(tree.find("unknown")) == measure.facts(_xml.parse(UNKNOWN))


@every_kind
@often
@given(data=strategies.data())
def test_what_is_not_declared_is_left_alone(kind, data):
    declared, tree = two(data, kind)
    # What looks at more than its own place may have to follow another: current memory, say, the maximum.
    fields = {name: field for name, field in kind.model.fields().items() if field.path and {type(field).read.__module__, type(field).write.__module__} <= PLAIN}
    declared = {name: value for name, value in declared.items() if name in fields}
    places = {fields[name].path.partition("/")[0] for name in declared}
    alone = [name for name, field in fields.items() if field.path.partition("/")[0] not in places]
    before = kind.model.read(tree)
    after = kind.model.read(kind.model.write(tree, declared))
    assert {name: after.get(name) for name in alone} == {name: before.get(name) for name in alone}


@every_kind
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=strategies.data())
def test_what_was_normalised_is_normal(kind, data):
    """Keys and values alike: what is told of a definition, once accepted, stays as it is."""
    tree = kind.documents[data.draw(strategies.sampled_from(sorted(kind.documents)))]
    told = kind.model.options(kind.model.describe(kind.model.read(tree)))
    fields = kind.model.fields()
    for name, value in told.items():
        try:
            normal = fields[name].normalise(value)
        except ValueError:
            # It cannot be written as an option: see test_rebuild.
            continue
        assert fields[name].normalise(fields[name].describe(normal)) == normal
