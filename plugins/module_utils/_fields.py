# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of fields: what a value may be, how libvirt writes it, how two values compare, how users read it.

A field is declared once, with its place in the XML (:mod:`_path` syntax) and the way a change of it
reaches a running object. The argument spec, reading, writing, comparing and describing follow from it.
Only the standard library is used here, so that argument specs exist where no binding is installed.
"""
from __future__ import annotations

import ipaddress
import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._field import FIXED, KNOWN_AFTER_APPLY, LIVE, REPLUG, RESTART, Field
from ansible_collections.tinycloud.libvirt.plugins.module_utils._field_error import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._sizes import UNITS, describe_size, size_in_bytes, unit_in_bytes

# What declares fields imports this module alone.
__all__ = ["FIXED", "KNOWN_AFTER_APPLY", "LIVE", "REPLUG", "RESTART", "Field", "FieldError"]


class Text(Field):
    """Free text, optionally bound to a pattern."""

    # The characters of XML, https://www.w3.org/TR/xml/#charsets, but for the carriage return, which it does not keep.
    _storable = re.compile("[\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")

    def __init__(self, path=None, pattern=None, meaning=None, **options):
        super().__init__(path, **options)
        self.pattern = pattern
        self.meaning = meaning

    def normalise(self, value):
        value = str(value).replace("\r\n", "\n")
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise FieldError("'%s' is not %s" % (value, self.meaning))
        if not value.strip():
            raise FieldError("there is no text in it; write null to remove what is there")
        if not self._storable.fullmatch(value):
            raise FieldError("%r holds control characters, which libvirt cannot store" % value)
        return value


class AbsolutePath(Text):
    """The path of a file, a directory or a socket of the host."""

    def __init__(self, path=None, **options):
        super().__init__(path, pattern="/.+", meaning="an absolute path", **options)


class Name(Text):
    """A name that is safe as a libvirt object, a file and a host name part."""

    def __init__(self, path=None, **options):
        super().__init__(path, pattern=r"(?!\.)(?!.*\.\.)[A-Za-z0-9_.+:@-]{1,200}",
                         meaning="a name: use letters, digits and . _ - + : @, without '/', '..' or a leading dot",
                         **options)


class Known(Text):
    """The name of something that others may have made: any that libvirt takes."""

    def __init__(self, path=None, **options):
        super().__init__(path, pattern=r"[^/\n]+", meaning="the name of what libvirt knows: it has no '/' in it", **options)


class Int(Field):
    type = "int"

    def __init__(self, path=None, minimum=None, maximum=None, **options):
        super().__init__(path, **options)
        self.minimum = minimum
        self.maximum = maximum

    def normalise(self, value):
        value = int(value)
        if self.minimum is not None and value < self.minimum:
            raise FieldError("%d is less than the smallest value, %d" % (value, self.minimum))
        if self.maximum is not None and value > self.maximum:
            raise FieldError("%d is more than the largest value, %d" % (value, self.maximum))
        return value

    def parse(self, text):
        return int(text)


class Switch(Field):
    """A boolean that libvirt writes as a pair of words."""

    type = "bool"

    def __init__(self, path=None, words=("yes", "no"), **options):
        super().__init__(path, **options)
        self.words = words

    def parse(self, text):
        return text == self.words[0]

    def format(self, value):
        return self.words[0] if value else self.words[1]


class Presence(Field):
    """A boolean that libvirt writes as an element that is there or not."""

    type = "bool"
    reads_path_only = True
    absent = False

    def read(self, element):
        return _path.find(element, self.path) is not None

    def write(self, element, value):
        if value:
            _path.ensure(element, self.path)
        else:
            _path.drop(element, self.path)


class Enum(Field):
    """One of a set of words; ``aka`` maps what libvirt may write instead onto the user's word.

    :param newer: the first version of libvirt that knows a word, where that is newer than the oldest supported one
    """

    def __init__(self, path=None, choices=(), aka=None, newer=None, **options):
        super().__init__(path, choices=list(choices), **options)
        self.aka = aka or {}
        self.newer = newer or {}

    def needs(self, value):
        return self.newer.get(value, self.since)

    def parse(self, text):
        return self.aka.get(text, text)


class Mac(Field):
    _pattern = re.compile(r"([0-9a-f]{2}:){5}[0-9a-f]{2}")

    def normalise(self, value):
        text = str(value).strip().lower().replace("-", ":")
        if not self._pattern.fullmatch(text):
            raise FieldError("'%s' is not a MAC address: write six pairs of hexadecimal digits, 02:00:00:aa:bb:cc" % value)
        if int(text[:2], 16) & 1:
            raise FieldError("'%s' is a multicast address; the first octet of a MAC must be even" % value)
        return text

    def parse(self, text):
        return text.lower()


class Address(Field):
    """An IPv4 or IPv6 address."""

    def normalise(self, value):
        try:
            return str(ipaddress.ip_address(str(value).strip()))
        except ValueError:
            raise FieldError("'%s' is not an IP address" % value) from None

    def parse(self, text):
        try:
            return str(ipaddress.ip_address(text))
        except ValueError:
            return text


class Size(Field):
    """A size with its unit: bytes inside; written in ``unit``, rounded up as libvirt rounds it."""

    reads_path_only = True

    def __init__(self, path=None, unit="B", grain=1, **options):
        super().__init__(path, **options)
        self.unit = unit
        self.grain = grain

    def normalise(self, value):
        try:
            wanted = size_in_bytes(value)
        except ValueError as error:
            raise FieldError(str(error)) from None
        if wanted <= 0:
            raise FieldError("the size '%s' must be larger than nothing" % value)
        step = max(self.grain, UNITS[self.unit])
        return -(-wanted // step) * step

    def read(self, element):
        node = _path.find(element, self.path)
        if node is None or not (node.text or "").strip():
            return None
        return int(node.text) * unit_in_bytes(node.get("unit", self.unit))

    def write(self, element, value):
        if value is None:
            _path.drop(element, self.path)
            return
        node = _path.ensure(element, self.path)
        node.set("unit", "bytes" if self.unit == "B" else self.unit)
        node.text = str(value // UNITS[self.unit])

    def describe(self, value):
        return None if value is None else describe_size(value)


class Quantity(Size):
    """A size that libvirt writes as a bare number of its unit, in an attribute or as text."""

    reads_path_only = True

    def read(self, element):
        text = _path.get(element, self.path)
        return int(text) * UNITS[self.unit] if (text or "").strip() else None

    def write(self, element, value):
        Field.write(self, element, None if value is None else value // UNITS[self.unit])


class Texts(Field):
    """A list of words, each in an element (or attribute) of its own; order does not count."""

    type = "list"
    reads_path_only = True
    absent = []

    def spec(self):
        return dict(super().spec(), elements="str")

    def read(self, element):
        place, attribute = _path.split(self.path)
        return [_path.own(found, attribute) for found in _path.find_all(element, place)]

    def write(self, element, value):
        place, attribute = _path.split(self.path)
        _path.remove_all(element, _path.find_all(element, place), prune=not value)
        for text in value or []:
            _path.set_own(_path.append(element, place), attribute, text)

    def same(self, declared, actual):
        return sorted(declared) == sorted(actual)

    def is_default(self, actual):
        return super().is_default(actual or None)


class Words(Field):
    """A list of words, out of a set if there is one (no XML of its own)."""

    type = "list"

    def __init__(self, choices=None, **options):
        super().__init__(elements="str", **(dict(options, choices=list(choices)) if choices else options))


class Mapping(Field):
    """A mapping that only policy understands (no XML of its own)."""

    type = "dict"


class Raw(Field):
    """Anything: a mapping, a list or text that only policy understands."""

    type = "raw"


class Flag(Field):
    """A boolean that only policy understands."""

    type = "bool"


class Node(Field):
    """One sub-object, described by a model of its own; ``path`` None keeps its fields in the parent's element.

    :param change: how a change of any of its fields reaches a running object; None leaves that to each of them
    """

    type = "dict"
    reads_path_only = True

    def __init__(self, model, path=None, change=None, **options):
        super().__init__(path, change=change or RESTART, **options)
        self.model = model
        self.changes_whole = change is not None

    def spec(self):
        return dict(super().spec(), options=self.model.arguments())

    def normalise(self, value):
        return self.model.normalise(value)

    def describe(self, value):
        return None if value is None else self.model.describe(value)

    def is_content(self, element):
        if self.path is None and not self.generated:
            return all(field.is_content(element) for field in self.model.fields().values())
        return super().is_content(element)

    def places(self):
        if self.path is not None or not self.reads_path_only:
            return super().places()
        inner = [field.places() for field in self.model.in_xml()]
        return None if None in inner else [place for places in inner for place in places]

    def place(self, element):
        """The element that holds the sub-object's fields, or None."""
        return element if self.path is None else _path.find(element, self.path)

    def read(self, element):
        place = self.place(element)
        values = None if place is None else self.model.read(place)
        # Of what has no element of its own there is nothing, where there is nothing in it.
        return None if self.path is None and not any(values.values()) else values

    def same(self, declared, actual):
        return actual is not None and not self.model.differing(declared, actual)

    def write(self, element, value):
        if value is None and self.path is None:
            self.model.write(element, dict.fromkeys(self.model.fields()))
        elif value is None:
            _path.drop(element, self.path)
        else:
            self.model.write(element if self.path is None else _path.ensure(element, self.path), value)


class Nodes(Field):
    """A list of sub-objects, each matched by its model's keys, never by position. A given list is the whole list."""

    type = "list"
    reads_path_only = True
    absent = []

    def __init__(self, model, path=None, **options):
        super().__init__(path, **options)
        self.model = model

    def spec(self):
        return dict(super().spec(), elements="dict", options=self.model.arguments())

    def normalise(self, value):
        items = []
        for index, item in enumerate(value):
            try:
                items.append(self.model.normalise(item))
            except FieldError as error:
                raise error.under(index) from None
        marks = [self.model.mark(item) for item in items]
        for index, mark in enumerate(marks):
            if mark is not None and mark in marks[:index]:
                raise FieldError("'%s' stands more than once; give each a %s of its own"
                                 % (self.model.identity(items[index]), mark[0]), (index,))
        return items

    def describe(self, value):
        return [self.model.describe(item) for item in value or []]

    def is_default(self, actual):
        return super().is_default(actual or None)

    def found(self, element):
        """The elements of the list that are the user's business."""
        return [found for found in _path.find_all(element, self.path) if self.model.counts(found)]

    def read(self, element):
        return [self.model.read(found) for found in self.found(element)]

    def pairs(self, declared, element):
        """(declared item, its element or None) for each declared item, and the elements that are to go."""
        matched, left = self.model.pairs(declared or [], self.found(element))
        return matched, [found for found in left if self.model.goes(found)]

    def write(self, element, value):
        matched, undeclared = self.pairs(value, element)
        _path.remove_all(element, undeclared, prune=not value)
        for item, found in matched:
            self.model.write(_path.append(element, self.path) if found is None else found, item)
