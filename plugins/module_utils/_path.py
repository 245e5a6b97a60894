# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Places in an XML tree, and editing them without disturbing what stands beside them.

A path is ``a/b/@attribute``, ``a/b`` (the text of ``b``), ``a[@type='x']/b``, ``@attribute`` or ``.``.
Works on any ElementTree-like element (lxml's or the standard library's).
"""
from __future__ import annotations

import re

# A step may hold slashes of a namespace or of a predicate's value.
_STEPS = re.compile(r"(?:\{[^}]*\}|\[[^\]]*\]|[^/])+")
_STEP = re.compile(r"(?P<tag>[^\[]+)(?:\[@(?P<key>[\w-]+)='(?P<value>[^']*)'\])?")


def split(path):
    """The element's path ('' for the element itself) and the attribute's name or None."""
    place, _slash, last = path.rpartition("/")
    if last.startswith("@"):
        return place, last[1:]
    return ("" if path == "." else path), None


def steps(path):
    return _STEPS.findall(path)


def find(element, path):
    place, _attribute = split(path)
    return element.find(place) if place else element


def find_all(element, path):
    return element.findall(path)


def own(element, attribute):
    """An attribute of the element, or its text where no attribute is named."""
    return element.get(attribute) if attribute else element.text


def set_own(element, attribute, text):
    if attribute:
        element.set(attribute, text)
    else:
        element.text = text


def get(element, path):
    place, attribute = split(path)
    found = element.find(place) if place else element
    return None if found is None else own(found, attribute)


def _make(parent, step):
    parts = _STEP.fullmatch(step)
    child = parent.makeelement(parts["tag"], {parts["key"]: parts["value"]} if parts["key"] else {})
    parent.append(child)
    return child


def ensure(element, path):
    """The element at the path, with every missing step made."""
    place, _attribute = split(path)
    for step in steps(place):
        found = element.find(step)
        element = _make(element, step) if found is None else found
    return element


def append(element, path):
    """A new element at the path, beside any that stand there already."""
    *above, last = steps(path)
    return _make(ensure(element, "/".join(above)) if above else element, last)


def put(element, path, text):
    set_own(ensure(element, path), split(path)[1], text)


def _parents(root, child):
    trail = {kid: parent for parent in root.iter() for kid in parent}
    while child in trail:
        child = trail[child]
        yield child


def remove(child):
    """Take an element out of its tree (lxml elements only know their parent)."""
    child.getparent().remove(child)


def drop(element, path):
    """Remove what the path names, and the steps it leaves empty."""
    place, attribute = split(path)
    found = element.find(place) if place else element
    if found is None:
        return
    if attribute is None:
        take(element, found)
    else:
        found.attrib.pop(attribute, None)
        _prune([found] + list(_parents(element, found)))


def take(element, child):
    """Take an element out of a tree, with the steps it leaves empty."""
    above = list(_parents(element, child))
    if above:
        above[0].remove(child)
        _prune(above)


def remove_all(element, children, prune):
    """Take elements out of a tree; with the steps that they leave empty, if nothing is to come in their stead."""
    for child in children:
        if prune:
            take(element, child)
        else:
            remove(child)


def _prune(steps):
    for node, parent in zip(steps, steps[1:]):
        if len(node) or node.attrib or (node.text or "").strip():
            return
        parent.remove(node)
