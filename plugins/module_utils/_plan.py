# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is going to be done: per resource its actions and the differences they remove, in the user's terms."""
from __future__ import annotations

CREATE = "create"
UPDATE = "update"
DELETE = "delete"
_SYMBOL = {CREATE: "+", UPDATE: "~", DELETE: "-"}


class Action:
    """One step towards the declared state: ``title`` says it to people, ``run`` (no arguments) does it."""

    def __init__(self, title, run):
        self.title = title
        self.run = run


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
        self.summary = ""
        self.changes = []
        self.pending = []
        self.actions = []
        self.notes = []

    def act(self, title, run):
        self.actions.append(Action(title, run))

    @property
    def changed(self):
        return bool(self.actions)

    @property
    def before(self):
        return _nested((change.path, change.before) for change in self.changes)

    @property
    def after(self):
        return _nested((change.path, change.after) for change in self.changes)

    @property
    def line(self):
        """``~ vm db  memory 1GiB -> 2GiB (restart), + disk db-data (live)``"""
        said = [self.summary] if self.verb in (CREATE, DELETE) else [_say(change) for change in self.changes]
        return ("%s %s %s  %s" % ((_SYMBOL[self.verb],) + self.key + (", ".join(filter(None, said)),))).rstrip()

    def as_result(self):
        return {
            "resource": self.key[0], "name": self.key[1], "action": self.verb if self.changed else "none",
            "changes": [{"field": ".".join(change.path), "before": change.before, "after": change.after,
                         "how": change.how} for change in self.changes],
        }


class Plan:
    """The plans of all resources of a call."""

    def __init__(self, resources):
        self.resources = list(resources)

    @property
    def changed(self):
        return any(resource.changed for resource in self.resources)

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
            for need in resource.needs & set(known):
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
        by_name = [("%s %s" % resource.key, resource) for resource in changing]
        return {"before": {name: resource.before for name, resource in by_name},
                "after": {name: resource.after for name, resource in by_name}}


def _nested(pairs):
    """Values by their paths as nested mappings; what is not there is left out."""
    tree = {}
    for path, value in pairs:
        if not path or value is None:
            continue
        place = tree
        for part in path[:-1]:
            place = place.setdefault(part, {})
        place[path[-1]] = value
    return tree


def _say(change):
    label = " ".join(change.path)
    how = " (%s)" % change.how if change.how else ""
    if isinstance(change.before, dict) or isinstance(change.after, dict):
        return "%s %s%s" % ("+" if change.before is None else "-" if change.after is None else "~", label, how)
    if change.before is None:
        return "%s %s%s" % (label, change.after, how)
    if change.after is None:
        return "- %s%s" % (label, how)
    return "%s %s -> %s%s" % (label, change.before, change.after, how)
