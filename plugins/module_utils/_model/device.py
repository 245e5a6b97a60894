# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What devices other than disks and interfaces have in common: a name, and how they are told apart without one."""
from __future__ import annotations

import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import REPLUG, RESTART, Nodes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.alias import Alias
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.device_address import device_address

_PCI_BUSES = ("pci-root", "pci-bridge", "pcie-to-pci-bridge", "dmi-to-pci-bridge")


def _at(values, path):
    """The value of an option of an option, by its dotted path."""
    for step in path.split("."):
        values = (values or {}).get(step)
    return values


def has_pci_slots(guest):
    """Whether a guest takes devices of the older PCI, too: PCI Express has a place for them behind a bridge only."""
    return any(controller.get("model") in _PCI_BUSES for controller in guest.findall("devices/controller[@type='pci']"))


class Part(Model):
    """One of a list below ``<devices>``.

    :cvar hot: whether it comes to, and goes from, a running guest
    :cvar replugs: whether a change of it is worth to be unplugged and plugged in again for
    """

    hot = False
    replugs = False
    restated = ()

    @classmethod
    def is_hot(cls, values):
        """Whether this one comes and goes while the guest runs."""
        return cls.hot

    @classmethod
    def fits(cls, guest):
        """Whether a running guest has a place for one more."""
        return True

    @classmethod
    def reach(cls, values, usual):
        return usual if cls.is_hot(values) else RESTART

    @classmethod
    def is_implied(cls, values):
        """Whether libvirt adds such a device by itself: it is told apart from the user's, and never taken away."""
        return False

    @classmethod
    def goes(cls, element):
        return not cls.is_implied(cls.read(element))

    @classmethod
    def compare(cls, declared, element, live=False):
        changes = super().compare(declared, element, live)
        if cls.replugs and cls.is_hot(cls.read(element)):
            for change in changes:
                change.how = REPLUG if change.how == RESTART else change.how
        return changes


class Device(Part):
    """A device of a list. It is known by its name; one that others made has none, and is known by what it is.

    :cvar traits: the options that say what it is: a device with others is another device
    """

    keys = ("name",)
    traits = ()

    # The running guest has no use for it: its own aliases stay until it starts anew.
    name = Alias("alias/@name", live=False)
    device_address = device_address(RESTART)

    @classmethod
    def normalise(cls, declared):
        values = super().normalise(declared)
        if "name" not in values:
            values["name"] = cls.usual_name(values)
        return values

    @classmethod
    def usual_name(cls, values):
        """The name of one that is given none: what it is, in words."""
        words = [cls.tag] + [str(_at(values, trait)) for trait in cls.traits if _at(values, trait) is not None]
        return re.sub("[^A-Za-z0-9_-]+", "-", "-".join(words)).strip("-")

    @classmethod
    def identity(cls, values):
        return values.get("name") or cls.usual_name(values)

    @classmethod
    def pairs(cls, declared, elements):
        """By name first. The others among those without one, by their traits: the one that is most alike."""
        found, left = [None] * len(declared), list(elements)
        for index, item in enumerate(declared):
            if item.get("name") is not None:
                found[index] = cls._match_by("name", item, left)
                if found[index] is not None:
                    left.remove(found[index])
        nameless = [(element, cls.read(element)) for element in left if cls.fields()["name"].read(element) is None]
        alike = [(cls._likeness(item, actual), index, element) for index, item in enumerate(declared) if found[index] is None
                 for element, actual in nameless if cls._is_such(item, actual)]
        for _likeness, index, element in sorted(alike, key=lambda one: -one[0]):
            if found[index] is None and element in left:
                found[index] = element
                left.remove(element)
        return list(zip(declared, found)), left

    @classmethod
    def match(cls, declared, elements):
        return cls.pairs([declared], elements)[0][0][1]

    @classmethod
    def _is_such(cls, declared, actual):
        wanted = [(trait, _at(declared, trait)) for trait in cls.traits]
        return all(value is None or cls._trait(trait).same(value, _at(actual, trait)) for trait, value in wanted)

    @classmethod
    def _trait(cls, path):
        model, (*above, last) = cls, path.split(".")
        for step in above:
            model = model.fields()[step].model
        return model.fields()[last]

    @classmethod
    def _likeness(cls, declared, actual):
        return len(declared) - len(cls.differing(declared, actual))

    @classmethod
    def options(cls, told):
        written = super().options(told)
        # That it has no name is part of what it is.
        return written if "name" in written else dict(written, name=None)


class Devices(Nodes):
    """A list of devices below ``<devices>``."""

    reads_path_only = True
    absent = None

    def __init__(self, model, path=None, **options):
        super().__init__(model, path or "devices/" + model.tag, **options)

    def read(self, element):
        return super().read(element) or None

    def worth_telling(self, values):
        """Those that libvirt would not have added by itself."""
        return [item for item in values if not self.model.is_implied(item)]
