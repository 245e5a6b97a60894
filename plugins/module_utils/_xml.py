# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""XML text <-> trees: the only place that knows lxml."""
from __future__ import annotations

import traceback

try:
    from lxml import etree
except ImportError:
    etree = None
    LXML_IMPORT_ERROR = traceback.format_exc()
else:
    LXML_IMPORT_ERROR = None
    etree.register_namespace("tinycloud", "urn:tinycloud:libvirt")
    etree.register_namespace("qemu", "http://libvirt.org/schemas/domain/qemu/1.0")
    etree.register_namespace("dnsmasq", "http://libvirt.org/schemas/network/dnsmasq/1.0")


def parse(text):
    """The root element of a document; entities and the network are out of reach."""
    parser = etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True)
    return etree.fromstring(text.encode(), parser)


def parsed(text):
    """The root element of what a user wrote; raises ValueError with one line about it."""
    try:
        return parse(text)
    except etree.XMLSyntaxError as error:
        raise ValueError(error.msg) from None


def new(tag, attributes=None):
    return etree.Element(tag, attributes or {})


def text(element):
    """Readable XML of an element."""
    return etree.tostring(element, pretty_print=True, encoding="unicode")


def copy(element):
    return parse(text(element))


def canonical(element):
    """The same text for trees that mean the same (attribute order and white space do not count)."""
    return etree.tostring(copy(element), method="c14n").decode()


def validate(element, schema):
    """What a RELAX NG schema file has against the tree, as a list of sentences."""
    grammar = etree.RelaxNG(etree.parse(schema))
    if grammar.validate(element):
        return []
    return [str(entry.message) for entry in grammar.error_log]
