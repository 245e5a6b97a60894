# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what an environment says about VMs to one declaration for each of them: bundles merged, groups counted out.

Plain data to plain data, on the standard library alone: the controller counts and places with the same code.
"""
from __future__ import annotations

import ipaddress
import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils._field_error import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._flavors import FLAVORS

# What only speaks of the list, and is no option of a VM.
GROUP_OPTIONS = ("count", "flavor", "profiles", "after", "placement")
_NUMBER = re.compile(r"\{n(?::0(\d))?\}")


class Entry:
    """One VM of an environment.

    :param index: its place in the list that the user wrote
    :param group: the name that the user wrote there
    :param options: its options, as the user could have written them for it alone
    :param placement: where it wants to be
    :ivar after: names of the VMs that come before it
    """

    def __init__(self, index, group, options, placement=None):
        self.index = index
        self.group = group
        self.options = options
        self.placement = placement or {}
        self.after = []

    @property
    def name(self):
        return self.options["name"]


def expanded(vms, profiles=None, flavors=None):
    """The entries of all VMs, in the order of the list; raises FieldError with the path under ``vms``."""
    entries, members = [], {}
    for index, declared in enumerate(vms or []):
        try:
            whole = merged(declared, profiles or {}, dict(FLAVORS, **(flavors or {})))
            placement = whole.pop("placement", None)
            found = [Entry(index, declared["name"], options, placement) for options in _counted(whole, declared.get("count"))]
        except FieldError as error:
            raise error.under("vms", index) from None
        members.setdefault(declared["name"], []).extend(entry.name for entry in found)
        entries.extend(found)
    _refuse_twins(entries)
    for entry in entries:
        entry.after = _predecessors(vms[entry.index], members, entry)
    _refuse_circles(entries)
    return entries


def merged(declared, profiles, flavors):
    """A VM's options over those of its profiles, the later ones over the earlier, and its flavor below them all."""
    bundles = []
    if declared.get("flavor"):
        bundles.append(_bundle(flavors, declared["flavor"], "flavor", ("flavor",)))
    for index, name in enumerate(declared.get("profiles") or []):
        bundles.append(_bundle(profiles, name, "profile", ("profiles", index)))
    whole = {}
    for bundle in bundles + [declared]:
        whole = _over(whole, bundle)
    return {name: value for name, value in whole.items() if name == "placement" or name not in GROUP_OPTIONS}


def _bundle(known, name, what, option):
    if name not in known:
        raise FieldError("there is no %s '%s'; there are: %s" % (what, name, ", ".join(sorted(known)) or "none"), option)
    return known[name]


def _over(below, above):
    """Mappings merge by key, everything else is replaced."""
    whole = dict(below)
    for name, value in above.items():
        both = isinstance(value, dict) and isinstance(whole.get(name), dict)
        whole[name] = _over(whole[name], value) if both else value
    return whole


def _counted(options, count):
    if count is None:
        return [options]
    if int(count) < 0:
        raise FieldError("%s is less than the smallest value, 0" % count, ("count",))
    if int(count) > 1:
        _refuse_shared(options)
    return [_numbered(options, number) for number in range(1, int(count) + 1)]


def _refuse_shared(options):
    for index, interface in enumerate(options.get("interfaces") or []):
        if interface.get("mac"):
            raise FieldError("the VMs of a group cannot share a MAC: leave it out to have them derived",
                             ("interfaces", index, "mac"))


def _numbered(options, number):
    """The options of a group's VM: ``{n}`` in names is its number, and addresses count up from the first VM's."""
    name = str(options["name"])
    if not _NUMBER.search(name):
        name += "-{n}"
    whole = dict(options, name=_with_number(name, number))
    if whole.get("disks"):
        whole["disks"] = [dict(disk, **{option: _with_number(disk[option], number) for option in ("name", "volume") if disk.get(option)})
                          for disk in whole["disks"]]
    if whole.get("interfaces"):
        whole["interfaces"] = [_with_address(index, interface, number - 1) for index, interface in enumerate(whole["interfaces"])]
    return whole


def _with_number(text, number):
    return _NUMBER.sub(lambda found: "%0*d" % (int(found[1] or 1), number), str(text))


def _with_address(index, interface, further):
    if not interface.get("address"):
        return interface
    try:
        return dict(interface, address=str(ipaddress.ip_address(str(interface["address"])) + further))
    except ValueError:
        raise FieldError("'%s' is not an IP address, or there is none %d further" % (interface["address"], further),
                         ("interfaces", index, "address")) from None


def _refuse_twins(entries):
    seen = {}
    for entry in entries:
        if entry.name in seen:
            raise FieldError("'%s' stands more than once; give each a name of its own" % entry.name, ("vms", entry.index))
        seen[entry.name] = entry


def _predecessors(declared, members, entry):
    before = []
    for index, name in enumerate(declared.get("after") or []):
        known = members.get(name) or ([name] if any(name in names for names in members.values()) else None)
        if known is None:
            raise FieldError("there is no VM and no group '%s' in this environment" % name, ("vms", entry.index, "after", index))
        before.extend(known)
    return before


def _refuse_circles(entries):
    waiting = {entry.name: set(entry.after) for entry in entries}
    while waiting:
        free = [name for name, before in waiting.items() if not before & set(waiting)]
        if not free:
            index = next(entry.index for entry in entries if entry.name in waiting)
            raise FieldError("these VMs wait for each other: %s" % ", ".join(sorted(waiting)), ("vms", index, "after"))
        for name in free:
            del waiting[name]
