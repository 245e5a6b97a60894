# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every model can do: normalise a declaration, read, write and compare an element.

A declaration is a plain dict of canonical values that holds just what the user gave:
a missing key is left alone, None removes or returns to libvirt's default.
"""
from __future__ import annotations

import functools

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Field, FieldError, Node, Nodes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._places import Places


class Change:
    """One difference between what is declared and what is.

    ``before`` and ``after`` are in the user's terms; ``declared`` and ``element`` are what the engine acts on.
    ``how`` and ``by`` are the field's: the way a running object takes it.
    """

    def __init__(self, path, before, after, how, declared=None, element=None, by=None):
        self.path = tuple(path)
        self.before = before
        self.after = after
        self.how = how
        self.declared = declared
        self.element = element
        self.by = by

    def under(self, *parents):
        return Change(parents + self.path, self.before, self.after, self.how, self.declared, self.element, self.by)

    def __repr__(self):
        return "Change(%s: %r -> %r, %s)" % (".".join(self.path), self.before, self.after, self.how)


class Model:
    tag = None
    # What tells items of a list apart, the first that an item has; several fields together where one does not tell.
    keys = ("name",)
    # Attributes that libvirt demands, or that tell what an element is: as here where nothing else is said.
    implied = {}

    @classmethod
    @functools.cache
    def fields(cls):
        """Every declared field by its option's name, parents' first; not to be changed."""
        found = {}
        for base in reversed(cls.__mro__):
            found.update((field.name, field) for field in vars(base).values() if isinstance(field, Field))
        return found

    @classmethod
    def in_xml(cls):
        """The fields that are in the XML, not only in the policy."""
        return [field for field in cls.fields().values() if field.path is not None or isinstance(field, Node)]

    @classmethod
    @functools.cache
    def _places(cls):
        return Places(cls.in_xml())

    @classmethod
    def arguments(cls):
        """The Ansible argument spec of this model's options."""
        return {name: field.spec() for name, field in cls.fields().items() if field.option}

    @classmethod
    def normalise(cls, declared):
        fields = cls.fields()
        values = {}
        for name, value in declared.items():
            try:
                values[name] = None if value is None else fields[name].normalise(value)
            except FieldError as error:
                raise error.under(name) from None
        cls.check(values)
        return values

    @classmethod
    def with_defaults(cls, declared):
        """The declaration over the defaults of its options, at every depth."""
        whole = {}
        for name, field in cls.fields().items():
            value = declared.get(name, field.argument.get("default"))
            if isinstance(field, Nodes) and value is not None:
                value = [field.model.with_defaults(item) for item in value]
            elif isinstance(field, Node) and value is not None:
                value = field.model.with_defaults(value)
            if name in declared or value is not None:
                whole[name] = value
        return whole

    @classmethod
    def check(cls, declared):
        """Refuse combinations that no single field can see; raises FieldError."""

    @classmethod
    def referred(cls, declared, kind):
        """The names of resources of a kind that a declaration refers to, however deep."""
        found = set()
        for name, field in cls.fields().items():
            value = declared.get(name)
            if value is None:
                continue
            if isinstance(field, Node):
                found |= field.model.referred(value, kind)
            elif isinstance(field, Nodes):
                found.update(*(field.model.referred(item, kind) for item in value))
            elif field.refers == kind:
                found.add(value)
        return found

    @classmethod
    def _key(cls, values):
        """(the names of the first key that all have a value, these values); empty where there is none."""
        for key in cls.keys:
            names = parts(key)
            found = [values.get(name) for name in names]
            if None not in found:
                return names, found
        return (), []

    @classmethod
    def identity(cls, values):
        """The first of the keys that has a value: what tells two items of a list apart."""
        _names, found = cls._key(values)
        return found[0] if len(found) == 1 else "-".join(map(str, found)) or None

    @classmethod
    def mark(cls, values):
        """The identity as libvirt will know it: two items with the same one cannot be told apart."""
        fields = cls.fields()
        names, found = cls._key(values)
        return (names[-1], *(fields[name].format(value) for name, value in zip(names, found))) if names else None

    @classmethod
    def counts(cls, element):
        """Whether a list element is the user's business (False for what the engine itself put there)."""
        return True

    @classmethod
    def goes(cls, element):
        """Whether a list element that is not declared is to go (False for what libvirt may have made by itself)."""
        return True

    @classmethod
    def reach(cls, values, usual):
        """How a whole item of a list comes to, or goes from, a running object."""
        return usual

    @classmethod
    def match(cls, declared, elements):
        """The element that a declared item speaks of: the first key found in both decides."""
        return next((found for found in (cls._match_by(key, declared, elements) for key in cls.keys) if found is not None), None)

    @classmethod
    def _match_by(cls, key, declared, elements):
        fields = [cls.fields()[name] for name in parts(key)]
        if any(declared.get(field.name) is None for field in fields):
            return None
        return next((element for element in elements if all(_has(element, field, declared[field.name]) for field in fields)), None)

    @classmethod
    def pairs(cls, declared, elements):
        """(declared item, its element or None) for each declared item, and the elements that are left.

        All are matched by the first key before any is by the second: no item takes what bears another's name.
        """
        left, found = list(elements), [None] * len(declared)
        for key in cls.keys:
            for index, item in enumerate(declared):
                if found[index] is None:
                    found[index] = cls._match_by(key, item, left)
                    if found[index] is not None:
                        left.remove(found[index])
        return list(zip(declared, found)), left

    @classmethod
    def read(cls, element):
        """Every field that has a value in the element."""
        return cls._places().read(element)

    @classmethod
    def write(cls, element, declared):
        """Edit the element in place, in the order of the fields: declared fields only, all else stays.

        What null is content with stays as well: libvirt would only invent another value.
        """
        for name, field in cls.fields().items():
            if name not in declared or (field.path is None and not isinstance(field, Node)):
                continue
            if declared[name] is not None or not field.is_content(element):
                field.write(element, declared[name])
        for attribute, usual in cls.implied.items():
            if attribute not in element.attrib:
                element.set(attribute, usual)
        return element

    @classmethod
    def build(cls, declared):
        """A new element from nothing."""
        return cls.write(_xml.new(cls.tag), declared)

    @classmethod
    def describe(cls, values):
        """A declaration in the user's terms, smallest form first seen in examples; secrets are left out."""
        fields = cls.fields()
        return {name: None if value is None else fields[name].describe(value)
                for name, value in values.items() if name in fields and not fields[name].secret}

    @classmethod
    def options(cls, told):
        """What a user would write to get what is told in the user's terms: only options, no empty ones, and no secrets."""
        fields = cls.fields()
        written = {name: _options(fields[name], value) for name, value in told.items()
                   if name in fields and fields[name].option and not fields[name].secret}
        return {name: value for name, value in written.items() if value not in (None, [], {})}

    @classmethod
    def differing(cls, declared, actual):
        """Names of the declared fields whose value is another one in ``actual`` (both as dicts)."""
        fields = cls.fields()
        return [name for name, value in declared.items()
                if (value is not None or actual.get(name) is not None)
                and (value is None or actual.get(name) is None or not fields[name].same(value, actual[name]))]

    @classmethod
    def compare(cls, declared, element, live=False):
        """The changes that would make the element as declared; ``live`` reads a running object's XML."""
        changes = []
        fields = cls.fields()
        for name, value in declared.items():
            field = fields[name]
            if (live and not field.live) or (field.path is None and not isinstance(field, Node)):
                continue
            changes.extend(change.under(name) for change in _field_changes(field, value, element, live))
        return changes


def parts(key):
    """The names of the fields that a key is made of."""
    return key if isinstance(key, tuple) else (key,)


def _has(element, field, declared):
    actual = field.read(element)
    return actual is not None and field.same(declared, actual)


def _options(field, told):
    if isinstance(field, Nodes):
        return [field.model.options(item) for item in told or []]
    return field.model.options(told) if isinstance(field, Node) and told is not None else told


def _field_changes(field, value, element, live):
    if isinstance(field, Nodes):
        return _list_changes(field, value, element, live)
    if isinstance(field, Node) and value is not None:
        place = field.place(element)
        changes = field.model.compare(value, _xml.new("nothing") if place is None else place, live)
        if field.changes_whole:
            for change in changes:
                change.how, change.by = field.reach(element), field.by
        return changes
    actual = field.read(element)
    if value is None:
        if field.is_content(element):
            return []
    elif actual is not None and (field.same_live if live else field.same)(value, actual):
        return []
    return [Change((), *field.shown(actual, value), field.reach(element), value, element, field.by)]


def _list_changes(field, value, element, live):
    matched, undeclared = field.pairs(value, element)
    changes = []
    for item, found in matched:
        label = str(field.model.identity(item))
        if found is None:
            changes.append(Change((label,), None, field.model.describe(item), field.model.reach(item, field.change), item))
        else:
            for change in field.model.compare(item, found, live):
                change = change.under(label)
                change.declared, change.element = item, found
                changes.append(change)
    for found in undeclared:
        actual = field.model.read(found)
        changes.append(Change((str(field.model.identity(actual)),), field.model.describe(actual), None,
                              field.model.reach(actual, field.change), None, found))
    return changes
