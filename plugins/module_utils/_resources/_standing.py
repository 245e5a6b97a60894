# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an environment has on the host already: its resources may refer to that by its short name, listed in this call or not."""
from __future__ import annotations

from functools import cache

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import ours

_ENVIRONMENT = ours.Environment()
# Where the object itself says whose it is; of everything else a record does.
_LOOKUPS = {"network": "networkLookupByName", "vm": "lookupByName"}


class Standing:
    """Asked by one name at a time: most calls list all that they speak of, and then this costs nothing.

    :param environment: the environment's name
    """

    def __init__(self, hypervisor, registry, environment):
        self._hypervisor = hypervisor
        self._registry = registry
        self._environment = environment
        self.has = cache(self._has)

    def _has(self, kind, name):
        """Whether the environment has a resource under a name of the host."""
        if kind in _LOOKUPS:
            definition = self._hypervisor.definition(_LOOKUPS[kind], name)
            return definition is not None and _ENVIRONMENT.read(_xml.parse(definition)) == self._environment
        return any(record["name"] == name and record.get("environment") == self._environment
                   for record in self._registry.all(kind).values() if "name" in record)
