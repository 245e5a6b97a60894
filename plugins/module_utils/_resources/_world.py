# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is: everything on the host, read in bulk, once, when first asked for."""
from __future__ import annotations

import os
from functools import cached_property

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._usage import Usage


class Fact:
    """An object as it stands: ``xml`` is what the next start uses, ``live_xml`` what runs now (or None)."""

    def __init__(self, found):
        self._found = found
        self.handle = found.handle
        self.active = found.active
        self.persistent = found.persistent
        self.autostart = found.autostart

    @cached_property
    def xml(self):
        return _xml.parse(self._found.text)

    @cached_property
    def live_xml(self):
        return _xml.parse(self._found.live_text) if self._found.live_text else None

    @property
    def name(self):
        return self.xml.findtext("name")

    @property
    def uuid(self):
        return self.xml.findtext("uuid")


def _by_name(found):
    facts = [Fact(one) for one in found]
    return {fact.name: fact for fact in facts}


class World:
    """A snapshot; make a new one to look again."""

    def __init__(self, hypervisor):
        self.hypervisor = hypervisor
        self._volumes = {}

    @cached_property
    def pools(self):
        return _by_name(self.hypervisor.pools())

    @cached_property
    def networks(self):
        return _by_name(self.hypervisor.networks())

    @cached_property
    def domains(self):
        return _by_name(self.hypervisor.domains())

    @cached_property
    def secrets(self):
        """Secrets by UUID: the one name that every one of them has."""
        return {fact.uuid: fact for fact in map(Fact, self.hypervisor.secrets())}

    def volumes(self, pool):
        """The volumes of a pool by name; none where the pool is missing or inactive."""
        if pool not in self._volumes:
            fact = self.pools.get(pool)
            self._volumes[pool] = _by_name(self.hypervisor.volumes(fact.handle)) if fact and fact.active else {}
        return self._volumes[pool]

    def volume_now(self, pool, name):
        """One volume as it is at this moment, or None: for actions, whose plan may have made it."""
        found = self.hypervisor.volume(pool, name)
        return None if found is None else Fact(found)

    @cached_property
    def usage(self):
        """Who needs which file, over all pools that are active and all domains."""
        volumes = [(pool, fact) for pool in self.pools for fact in self.volumes(pool).values()]
        return Usage(self.domains.values(), volumes, str if self.hypervisor.is_remote else os.path.realpath)
