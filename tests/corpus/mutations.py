# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody else could change in a document: each value into another that the examples have at such a place, or away."""
from __future__ import annotations

import collections
import dataclasses

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _field, _fields, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model, parts

# A path is changed in so many contexts, in each at so many places, and there into so many other values.
CONTEXTS = 6
PLACES = 2
VALUES = 2
# Where fields are read and written as their path says.
PLAIN = {_field.__name__, _fields.__name__}


@dataclasses.dataclass(frozen=True)
class Place:
    """
    :param path: as in measure.facts
    :param steps: positions of children, from the root to the element
    :param attribute: None for the element's text
    """

    document: str
    path: str
    steps: tuple
    attribute: str | None

    def changed(self, tree, value):
        """The tree with another value there; None takes it away."""
        tree = _xml.copy(tree)
        element = tree
        for step in self.steps:
            element = element[step]
        if self.attribute is None and value is None and not element.attrib:
            element.getparent().remove(element)
        elif self.attribute is None:
            element.text = value
        elif value is None:
            del element.attrib[self.attribute]
        else:
            element.set(self.attribute, value)
        return tree


def values_of(element, path="", steps=(), context=""):
    """(path, context, steps, attribute, value) of every value; only in the same context can values stand in for each other."""
    context += "/" + element.get("type", "")
    for name, value in element.attrib.items():
        yield f"{path}/@{name}".lstrip("/"), context if name != "type" else context.rpartition("/")[0], steps, name, value
    children = [(index, child) for index, child in enumerate(element) if isinstance(child.tag, str)]
    if steps and not children and ((element.text or "").strip() or not element.attrib):
        yield path, context, steps, None, element.text or ""
    for index, child in children:
        yield from values_of(child, f"{path}/{child.tag}".lstrip("/"), (*steps, index), context)


def mutations(documents, paths):
    """(place, its value, another one), a few for each of the paths."""
    places, values = collections.defaultdict(list), collections.defaultdict(set)
    for name, tree in documents.items():
        for path, context, steps, attribute, value in values_of(tree):
            if path in paths:
                values[path, context].add(value)
                places[path, context].append((Place(name, path, steps, attribute), value))
    contexts = collections.Counter()
    for key, found in places.items():
        contexts[key[0]] += 1
        if contexts[key[0]] > CONTEXTS:
            continue
        for place, value in found[::max(1, len(found) // PLACES)][:PLACES]:
            others = sorted(values[key] - {value, ""})[:VALUES]
            for other in [None, *(others or [invented(value)])]:
                yield place, value, other


def invented(value):
    """Another value for what has the same in all examples; libvirt's schema says whether it could be."""
    return str(int(value) + 1) if value.isdigit() else f"{value}2"


def plain_fields(model):
    """Names of fields by their path, where the declaration says all; and the names of those that are read in a way of their own.

    None is among the names of a path where the declaration does not: at keys of lists, and at and below what is read otherwise.
    """
    found, places, own = collections.defaultdict(set), set(), set()
    for path, field in declared_fields(model):
        if field is None or not {type(field).read.__module__, type(field).write.__module__} <= PLAIN:
            places.add(path)
            own.add(field and field.name)
        else:
            found[path].add(field.name)
    for path in found:
        if any(path == one or path.startswith(f"{one}/") for one in places):
            found[path].add(None)
    return found, own


def declared_fields(model, path=""):
    """(path, field) of a model and the models in it; None for keys of lists, and for sub-objects that are written in a way of their own."""
    for field in model.fields().values():
        if field.path is None and not isinstance(field, _fields.Node):
            continue
        place = "/".join(part for part in (path, field.path) if part)
        # What tells the items of a list apart: another of these is another item.
        keys = [name for key in (*field.model.keys, *getattr(field.model, "traits", ())) for name in parts(key)] if isinstance(field, _fields.Nodes) else ()
        if isinstance(field, (_fields.Node, _fields.Nodes)):
            yield from declared_fields(field.model, place)
            if type(field).write.__module__ not in PLAIN or field.model.write.__func__ is not Model.write.__func__:
                yield place, None
            yield from ((f"{place}/{path_of(field.model, key)}", None) for key in keys)
        else:
            yield place, field


def path_of(model, option):
    """Where in a model's element an option of an option is, by its dotted name."""
    above, _dot, rest = option.partition(".")
    field = model.fields()[above]
    return f"{field.path}/{path_of(field.model, rest)}" if rest else field.path
