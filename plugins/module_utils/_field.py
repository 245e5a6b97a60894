# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every kind of field can do, and the ways in which a change reaches a running object."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path

LIVE = "live"
REPLUG = "replug"
RESTART = "restart"
FIXED = "fixed"

KNOWN_AFTER_APPLY = "(known after apply)"


class Field:
    """One fact of a model.

    :param path: its place under the model's element; None for an option that is not in the XML.
    :param change: how a change reaches a running object: LIVE (at once), REPLUG (by unplugging the device and plugging it in
        again), RESTART (at the next start) or FIXED (never; it takes a new object).
    :param by: for LIVE fields of devices, the name of the call that does it, where that is not an update of the device.
        Policy knows the calls by these names.
    :param live: False where the running object's XML has no reading of it.
    :param unset: what libvirt fills in where nothing is written; null is content with it.
    :param generated: libvirt (or the engine) invents a value where nothing is written; null is content with any.
    :param refers: the kind of resource whose name this is.
    :param option: False for a fact that users read but cannot set.
    :param secret: never shown, not even to whoever declared it.
    :param since: the first version of libvirt that knows it, where that is newer than the oldest supported one.
    :param argument: further entries of the Ansible argument spec (choices, aliases, no_log ...).
    """

    type = "str"
    # Whether there is no value where nothing stands at the path: so it is, unless a kind of field reads in a way of its own.
    reads_path_only = True
    # What is read where nothing stands at the path.
    absent = None

    def __init_subclass__(cls):
        if not {"read", "place", "found"}.isdisjoint(vars(cls)):
            cls.reads_path_only = vars(cls).get("reads_path_only", False)

    def __init__(self, path=None, change=RESTART, by=None, live=True, required=False, unset=None, generated=False,
                 option=True, refers=None, secret=False, since=None, **argument):
        self.path = path
        self.change = change
        self.by = by
        self.live = live
        self.required = required
        self.unset = unset
        self.generated = generated
        self.option = option
        self.refers = refers
        self.secret = secret
        self.since = since
        self.argument = argument
        self.name = None

    def __set_name__(self, owner, name):
        # A trailing underscore keeps an option's name clear of Python's own words (for_ is the option "for").
        self.name = name.rstrip("_")

    def spec(self):
        """This field's entry of the Ansible argument spec."""
        entry = dict(self.argument, type=self.type)
        if self.secret:
            entry["no_log"] = True
        if self.required:
            entry["required"] = True
        return entry

    def needs(self, value):
        """The first version of libvirt that knows the value, where that is newer than the oldest supported one."""
        return self.since

    def normalise(self, value):
        """The canonical form of what the user wrote; raises FieldError."""
        return value

    def parse(self, text):
        """The canonical form of what libvirt wrote."""
        return text

    def format(self, value):
        """The text libvirt reads."""
        return str(value)

    def same(self, declared, actual):
        return declared == actual

    def same_live(self, declared, actual):
        """Whether a running object shows what was declared (libvirt may have expanded it at the start)."""
        return self.same(declared, actual)

    def is_default(self, actual):
        """Whether nothing needs doing where the user wrote null."""
        return self.generated or actual is None or actual == (False if self.unset is None else self.unset)

    def is_content(self, element):
        """The same, asked of the element: for fields whose default depends on what stands beside them."""
        return self.is_default(self.read(element))

    def reach(self, element):
        """How a change reaches the running object that the element shows: ``change``, unless it depends on what is there."""
        return self.change

    def describe(self, value):
        """The value in the user's own terms."""
        return value

    def shown(self, before, after):
        """How a change reads; that a secret is another one is all there is to say of it."""
        if self.secret:
            return (None if before is None else "(secret)",
                    None if after is None else "(secret)" if before is None else "(another secret)")
        return (None if before is None else self.describe(before), None if after is None else self.describe(after))

    def places(self):
        """The paths at one of which something has to stand for a value to be there; None where only reading tells."""
        return [self.path] if self.reads_path_only else None

    def read(self, element):
        text = _path.get(element, self.path)
        return None if text is None else self.parse(text)

    def write(self, element, value):
        if value is None:
            _path.drop(element, self.path)
        else:
            _path.put(element, self.path, self.format(value))
