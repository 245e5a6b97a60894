# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is going to be done: per resource its actions and the differences they remove, in the user's terms."""
from __future__ import annotations

import re

CREATE = "create"
UPDATE = "update"
DELETE = "delete"
_SYMBOL = {CREATE: "+", UPDATE: "~", DELETE: "-"}


class Action:
    """One step towards the declared state: ``title`` says it to people, ``run`` (no arguments) does it.

    :ivar counts: False for a step that only looks: it changes nothing
    """

    def __init__(self, title, run, counts=True):
        self.title = title
        self.run = run
        self.counts = counts


class ResourcePlan:
    """The difference of one resource: nothing to do where it has no actions.

    :param key: (kind, name)
    :param needs: keys of the resources this one is built on
    :param pending: changes that are recorded but wait for the next start of the VM (or network)
    """

    def __init__(self, key, needs=()):
        self.key = key
        self.needs = set(needs)
        self.verb = UPDATE
        # Whether it takes a running guest away for a while.
        self.disrupts = False
        # How its texts are told to the user: names without what an environment puts in front.
        self.told = str
        # Files of the controller that its actions need.
        self.uploads = []
        self.summary = ""
        self.changes = []
        self.pending = []
        self.actions = []
        self.notes = []

    def act(self, title, run):
        self.actions.append(Action(title, run))

    def look(self, title, run):
        """Have a step run that changes nothing, in check mode as little as any."""
        self.actions.append(Action(title, run, counts=False))

    @property
    def changed(self):
        return any(action.counts for action in self.actions)

    @property
    def before(self):
        return _nested((map(self.told, change.path), self._said(change.before)) for change in self.changes)

    @property
    def after(self):
        return _nested((map(self.told, change.path), self._said(change.after)) for change in self.changes)

    @property
    def title(self):
        """``vm db``"""
        return "%s %s" % (self.key[0], self.told(self.key[1]))

    def _said(self, value):
        """A value with its names as the user writes them."""
        if isinstance(value, dict):
            return {name: self._said(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._said(one) for one in value]
        return self.told(value) if isinstance(value, str) else value

    @property
    def line(self):
        """``~ vm db  memory 1GiB -> 2GiB (restart), + disk db-data (live)``"""
        brief = re.sub(r"[^\s,]+", lambda word: self.told(word[0]), self.summary)
        said = [brief] if self.verb in (CREATE, DELETE) else [self._say(change) for change in self.changes]
        return ("%s %s  %s" % (_SYMBOL[self.verb], self.title, ", ".join(filter(None, said)))).rstrip()

    def as_result(self):
        return {
            "resource": self.key[0], "name": self.told(self.key[1]), "action": self.verb if self.changed else "none",
            "changes": [{"field": ".".join(map(self.told, change.path)), "before": self._said(change.before),
                         "after": self._said(change.after), "how": change.how} for change in self.changes],
        }

    def _say(self, change):
        label = " ".join(map(self.told, change.path))
        how = " (%s)" % change.how if change.how else ""
        before, after = self._said(change.before), self._said(change.after)
        if isinstance(before, dict) or isinstance(after, dict):
            return "%s %s%s" % ("+" if before is None else "-" if after is None else "~", label, how)
        if before is None:
            return "%s %s%s" % (label, after, how)
        if after is None:
            return "- %s%s" % (label, how)
        return "%s %s -> %s%s" % (label, before, after, how)


class Plan:
    """The plans of all resources of a call."""

    def __init__(self, resources):
        self.resources = list(resources)
        # How many running guests may be away at once; None is any number.
        self.max_unavailable = None
        # Remarks on the whole.
        self.notes = []

    @property
    def changed(self):
        return any(resource.changed for resource in self.resources)

    @property
    def acting(self):
        return any(resource.actions for resource in self.resources)

    @property
    def changing(self):
        return [resource for resource in self.resources if resource.changed]

    def now_waits(self, again):
        """Take over what another look, after the run, says of restarts and notes: a guest may not have followed."""
        looked_at = {resource.key: resource for resource in again.resources}
        for resource in self.resources:
            if resource.key in looked_at:
                seen = looked_at[resource.key]
                resource.pending = seen.pending
                resource.notes += [note for note in seen.notes if note not in resource.notes]

    @property
    def uploads(self):
        return sorted({file for resource in self.resources for file in resource.uploads})

    @property
    def lines(self):
        return [resource.line for resource in self.changing] + [self.totals]

    @property
    def totals(self):
        count = {verb: sum(resource.verb == verb for resource in self.changing) for verb in _SYMBOL}
        text = "Plan: %d to add, %d to change, %d to destroy" % (count[CREATE], count[UPDATE], count[DELETE])
        waiting = sum(bool(resource.pending) for resource in self.resources)
        return text + ("; %d waits for a restart." % waiting if waiting else ".")

    @property
    def waits_for(self):
        """For each resource key the keys whose plans must be through first.

        What a resource is built on comes before it, except where that is being removed: then it comes after.
        """
        known = {resource.key: resource for resource in self.resources}
        first = {key: set() for key in known}
        for resource in self.resources:
            for need in [need for need in resource.needs if need in known]:
                if known[need].verb == DELETE:
                    first[need].add(resource.key)
                else:
                    first[resource.key].add(need)
        return first

    def diff(self, named=True):
        """Ansible's before/after of everything that changes, keyed by resource.

        :param named: False for a call about one resource: where nothing else changes, its fields stand alone
        """
        changing = self.changing
        if not named and len(changing) == 1:
            return {"before": changing[0].before, "after": changing[0].after}
        by_name = [(resource.title, resource) for resource in changing]
        return {"before": {name: resource.before for name, resource in by_name},
                "after": {name: resource.after for name, resource in by_name}}


def _nested(pairs):
    """Values by their paths as nested mappings; what is not there is left out."""
    tree = {}
    for path, value in pairs:
        path = tuple(path)
        if not path or value is None:
            continue
        place = tree
        for part in path[:-1]:
            place = place.setdefault(part, {})
        place[path[-1]] = value
    return tree
