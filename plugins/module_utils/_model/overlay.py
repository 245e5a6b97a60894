# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Raw XML laid over a definition, for what has no option: merged in place, remembered, and taken out again."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    Field, FieldError, Node, Nodes, Presence, Text,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.ours import NAMESPACE, OURS
from ansible_collections.tinycloud.libvirt.plugins.module_utils._sizes import UNITS

# What tells elements of the same kind apart, outside of the devices.
_KEYS = ("name", "id", "vcpu", "vcpus", "iothread", "dev", "nodeset", "port", "cell")


def given_xml(value, root):
    """The tree of what a user wrote; raises FieldError."""
    try:
        tree = _xml.parsed(str(value))
    except ValueError as error:
        raise FieldError("is no XML: %s" % error) from None
    if tree.tag == root:
        return tree
    whole = _xml.new(root)
    whole.append(tree)
    return whole


class Overlay(Field):
    """A ``<domain>`` with just what is to be in the definition, or one element of it."""

    def __init__(self):
        super().__init__(OURS + "/{%s}xml" % NAMESPACE)

    def normalise(self, value):
        tree = given_xml(value, "domain")
        if tree.attrib:
            raise FieldError("the attribute '%s' of <domain> has an option of its own, or none" % sorted(tree.attrib)[0])
        if not len(tree):
            raise FieldError("there is nothing in it; write null to remove what is there")
        return _xml.text(_xml.copy(tree)).strip()

    def read(self, element):
        recorded = super().read(element)
        if recorded is None or element.get("id") is not None:
            # A running domain shows much of it otherwise; it was started with what it remembers.
            return recorded
        tree = _xml.parse(recorded)
        lost = [wish for wish in tree if not _has(element, wish)]
        for wish in lost:
            tree.remove(wish)
        return _xml.text(tree).strip() if len(tree) else "<domain/>"

    def write(self, element, value):
        recorded = super().read(element)
        if recorded is not None:
            _take_out(element, _xml.parse(recorded))
        super().write(element, value)
        if value is not None:
            _put_in(element, _xml.parse(value))


def refuse_modelled(text, model):
    """What has an option is set by the option; raises FieldError."""
    tree = _xml.parse(text)
    for option, place, attribute, whole in _places(model, "", ""):
        for found in tree.findall(place) if place else [tree]:
            if whole or (found.get(attribute) is not None if attribute else (found.text or "").strip()):
                raise FieldError("<%s%s> has an option of its own: set '%s' instead"
                                 % (place, " %s=…" % attribute if attribute else "", option))
    if tree.find(OURS) is not None:
        raise FieldError("the metadata of this collection are not for others to write")


def _places(model, above, option):
    """(option, element, attribute, whether the element as a whole is the option's) of every fact of a model."""
    for name, field in model.fields().items():
        if not field.option:
            continue
        path = "/".join(part for part in (above, field.path) if part)
        if isinstance(field, Node):
            yield from _places(field.model, path, option + name + ".")
        elif field.path is not None and not isinstance(field, Overlay):
            place, attribute = _path.split(path)
            whole = isinstance(field, (Nodes, Presence)) or (field.type in ("bool", "list", "dict") and not attribute)
            yield option + name, place.rstrip("/."), attribute, whole


def _has(parent, wish):
    return any(_holds(found, wish) for found in parent.findall(wish.tag))


def _holds(found, wish):
    """Whether an element has everything that the wish has, whatever else it has."""
    if _bytes(wish) is not None:
        return _bytes(found) == _bytes(wish)
    return (all(found.get(name) == value for name, value in wish.attrib.items())
            and _words(wish) in ("", _words(found)) and all(_has(found, child) for child in wish))


def _words(element):
    return (element.text or "").strip()


def _bytes(element):
    """libvirt writes sizes in a unit of its own."""
    unit, words = element.get("unit"), _words(element)
    return int(words) * UNITS[unit] if unit in UNITS and words.isdigit() else None


def _put_in(parent, tree):
    for wish in tree:
        if _has(parent, wish):
            continue
        found = _counterpart(parent, wish, tree)
        if found is None:
            parent.append(_xml.copy(wish))
            continue
        for name, value in wish.attrib.items():
            found.set(name, value)
        if _words(wish):
            found.text = wish.text
        _put_in(found, wish)


def _counterpart(parent, wish, tree):
    """The element that the wish changes; None where it adds one. Devices are added."""
    if parent.tag == "devices":
        return None
    alike = parent.findall(wish.tag)
    key = next((key for key in _KEYS if wish.get(key) is not None), None)
    if key is not None:
        return next((one for one in alike if one.get(key) == wish.get(key)), None)
    # There is one of each kind right below the domain; deeper, several are several.
    return alike[0] if len(alike) == 1 and (parent.tag == "domain" or len(tree.findall(wish.tag)) == 1) else None


def _take_out(parent, tree):
    for wish in tree:
        found = _laid(parent, wish)
        if found is None:
            continue
        if parent.tag == "devices" or _words(wish) and not len(wish):
            parent.remove(found)
            continue
        for name, value in wish.attrib.items():
            if found.get(name) == value:
                found.attrib.pop(name)
        _take_out(found, wish)
        if not (len(found) or found.attrib or _words(found)):
            parent.remove(found)


def _laid(parent, wish):
    """What was laid there; of a device that somebody changed since, the one that is most like it."""
    alike = parent.findall(wish.tag)
    found = next((one for one in alike if _holds(one, wish)), None)
    if found is None and alike and parent.tag == "devices":
        found = max(alike, key=lambda one: len(set(one.attrib.items()) & set(wish.attrib.items())))
    elif found is None and len(alike) == 1 and len(wish):
        # Something in it has changed, the rest is there.
        found = alike[0]
    return found


class BaseXml(Text):
    """A whole definition that a new VM starts from."""

    def normalise(self, value):
        tree = given_xml(value, "domain")
        if tree.find("os") is None:
            raise FieldError("is no definition of a domain: there is no <os> in it")
        return _xml.text(tree)
