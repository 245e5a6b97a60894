# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts for VMs: filters say where one can go, weighers where it should, and every pick takes its room before the next.

The same question has the same answer: VMs are placed in their order, and equal hosts go by name. What stands stays.
"""
from __future__ import annotations

import importlib

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._filters import FILTERS
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._state import found_companies
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._weighers import WEIGHERS


def chosen(option, names, known):
    """Objects of the named classes: ours by their short names, a user's own by their Python path."""
    found = []
    for name in names:
        found.append((known[name] if name in known else _imported(option, name, known))())
    return found


def _imported(option, path, known):
    module, dot, name = path.rpartition(".")
    hint = "There are: %s. One of your own is named by its Python path, package.module.Class." % ", ".join(known)
    if not dot:
        raise Refusal("invalid_option", "%s: there is no '%s'" % (option, path), hint=hint)
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise Refusal("invalid_option", "%s: '%s' cannot be imported: %s" % (option, path, error), hint=hint) from None


class Placement:
    """
    :ivar assignments: {name of a VM: name of its host}
    :ivar unplaced: {name of a VM: {name of a host: (name of the filter, what it says)}}
    """

    def __init__(self):
        self.assignments = {}
        self.unplaced = {}


class Scheduler:
    """
    :param filters: names of filters, all of ours if None
    :param weighers: {name of a weigher: its multiplier or None}, over ours with their own multipliers
    """

    def __init__(self, hosts, filters=None, weighers=None):
        self.hosts = sorted(hosts, key=lambda host: host.name)
        self._by_name = {host.name: host for host in self.hosts}
        wanted = dict.fromkeys(WEIGHERS)
        wanted.update(weighers or {})
        filters = chosen("filters", FILTERS if filters is None else filters, FILTERS)
        self._lasting = [one for one in filters if getattr(one, "lasting", False)]
        self._fleeting = [one for one in filters if not getattr(one, "lasting", False)]
        self._weighers = []
        for weigher, multiplier in zip(chosen("weighers", wanted, WEIGHERS), wanted.values()):
            multiplier = getattr(weigher, "multiplier", 1.0) if multiplier is None else float(multiplier)
            if multiplier:
                self._weighers.append((weigher, multiplier))
        self._known = {}

    def place(self, vms, standing=None):
        """
        :param vms: the Wanted, in the order in which they choose
        :param standing: {name of a VM: name of the host that has it already}
        """
        standing = {name: host for name, host in (standing or {}).items() if host in self._by_name}
        found_companies(vms)
        _keep_distance_mutually(vms)
        placement = Placement()
        for vm in vms:
            if vm.name in standing:
                self._put(placement, vm, self._by_name[standing[vm.name]], counted=True)
        for vm in vms:
            if vm.name not in standing:
                self._choose(placement, vm)
        return placement

    def _put(self, placement, vm, host, counted=False):
        placement.assignments[vm.name] = host.name
        host.take(vm, counted)
        if vm.company is not None:
            vm.company.take(vm, host)

    def _choose(self, placement, vm):
        able, against = self._able(vm)
        if able:
            self._put(placement, vm, self._best(vm, able))
        else:
            placement.unplaced[vm.name] = against

    def _able(self, vm):
        """Hosts that can take it, and what speaks against each of the others."""
        if vm.kind not in self._known:
            self._known[vm.kind] = self._asked(self._lasting, vm, self.hosts)
        able, against = self._known[vm.kind]
        able, further = self._asked(self._fleeting, vm, able)
        return able, dict(against, **further)

    @staticmethod
    def _asked(filters, vm, hosts):
        able, against = [], {}
        for host in hosts:
            for one in filters:
                reason = one.reason(vm, host)
                if reason is not None:
                    against[host.name] = (one.name, reason)
                    break
            else:
                able.append(host)
        return able, against

    def _best(self, vm, hosts):
        """Each weigher's weights count from 0 for the least to 1 for the most; where all are equal it has nothing to say."""
        scores = [0.0] * len(hosts)
        for weigher, multiplier in self._weighers:
            weights = [weigher.weight(vm, host) for host in hosts]
            least, most = min(weights), max(weights)
            if most > least:
                factor = multiplier / (most - least)
                scores = [score + factor * (weight - least) for score, weight in zip(scores, weights)]
        return hosts[scores.index(max(scores))]


def _keep_distance_mutually(vms):
    """Who is to be apart from somebody is somebody that one is to be apart from."""
    by_label = {}
    for vm in vms:
        for label in vm.labels:
            by_label.setdefault(label, []).append(vm)
    wished = [(vm, label) for vm in vms for label in sorted(vm.apart)]
    for vm, label in wished:
        for other in by_label.get(label, ()):
            if not other.apart & vm.labels:
                other.apart |= {vm.name}
