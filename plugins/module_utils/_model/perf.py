# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events of the host's CPU that are counted for a VM, https://libvirt.org/formatdomain.html#performance-monitoring-events"""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, Field, FieldError

EVENTS = ("cmt", "mbmt", "mbml", "cpu_cycles", "instructions", "cache_references", "cache_misses", "branch_instructions",
          "branch_misses", "bus_cycles", "stalled_cycles_frontend", "stalled_cycles_backend", "ref_cpu_cycles", "cpu_clock",
          "task_clock", "page_faults", "context_switches", "cpu_migrations", "page_faults_min", "page_faults_maj",
          "alignment_faults", "emulation_faults")


class Perf(Field):
    """Events by name, each counted or not."""

    type = "dict"
    reads_path_only = True
    absent = {}

    def __init__(self):
        super().__init__("perf/event", change=LIVE)

    def normalise(self, value):
        for name, one in value.items():
            if name not in EVENTS:
                raise FieldError("there is no such event; there are: %s" % ", ".join(EVENTS), (name,))
            if not isinstance(one, bool):
                raise FieldError("is either true or false, not '%s'" % one, (name,))
        return dict(value)

    def read(self, element):
        return {event.get("name"): event.get("enabled") == "yes" for event in _path.find_all(element, self.path)}

    def is_default(self, actual):
        return not any(actual.values())

    def same(self, declared, actual):
        # Not to be counted is the same as not to be there.
        return {name for name, one in declared.items() if one} == {name for name, one in actual.items() if one}

    def write(self, element, value):
        for event in _path.find_all(element, self.path):
            _path.take(element, event)
        for name, one in sorted((value or {}).items()):
            event = _path.append(element, self.path)
            event.set("name", name)
            event.set("enabled", "yes" if one else "no")
