# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who needs which file: the VMs that read or write it, the volumes that stand on it."""
from __future__ import annotations

from collections import namedtuple

# target: the disk's name in the guest (vda); depth: 0 where the guest writes to this very file.
Use = namedtuple("Use", "vm handle running target depth")


class Usage:
    """
    :param domains: facts of the domains
    :param volumes: (pool's name, fact) of every volume that can be seen
    :param resolve: the real path behind one that may lead over symbolic links
    """

    def __init__(self, domains, volumes, resolve=str):
        self._resolve = resolve
        self._paths, self._names, self._below, self._above, self._uses = {}, {}, {}, {}, {}
        for pool, fact in volumes:
            self._note_volume(pool, fact)
        for domain in domains:
            self._note_domain(domain)

    def _note_volume(self, pool, fact):
        path = self._resolve(fact.xml.findtext("target/path") or "")
        self._paths[pool, fact.name] = path
        self._names[path] = (pool, fact.name)
        below = fact.xml.findtext("backingStore/path")
        if below:
            below = self._resolve(below)
            self._below[path] = below
            self._above.setdefault(below, []).append((pool, fact.name))

    def _note_domain(self, domain):
        # What only the next start uses needs its files no less than what runs.
        for xml, running in ((domain.live_xml, True), (domain.xml, False)):
            if xml is None:
                continue
            for place in ("os/kernel", "os/initrd", "os/loader", "os/nvram"):
                self._note_use(domain, running, None, [xml.findtext(place)])
            for disk in xml.iterfind("devices/disk"):
                target = disk.find("target")
                name = None if target is None else target.get("dev")
                self._note_use(domain, running, name, self._layers(disk))
                for mirror in disk.iterfind("mirror"):
                    self._note_use(domain, running, name, self._layers(mirror))

    def _layers(self, element):
        """The files of a disk, the one that is written first."""
        layers = []
        while element is not None:
            source = element.find("source")
            if source is not None:
                by_name = self._paths.get((source.get("pool"), source.get("volume")))
                layers.append(by_name or source.get("file") or source.get("dev") or source.get("name"))
            element = element.find("backingStore")
        return layers

    def _note_use(self, domain, running, target, layers):
        layers = [self._resolve(layer) for layer in layers if layer]
        # A domain that does not run has just its topmost file in the definition: the volumes know what is below.
        while layers and self._below.get(layers[-1]) not in [None] + layers:
            layers.append(self._below[layers[-1]])
        for depth, layer in enumerate(layers):
            use = Use(domain.name, domain.handle, running, target, depth)
            noted = self._uses.setdefault(layer, [])
            if not any(one[:1] + one[3:] == use[:1] + use[3:] for one in noted):
                noted.append(use)

    def volume_at(self, path):
        """(pool, name) of the volume at a path, or None."""
        return self._names.get(self._resolve(path))

    def uses(self, path):
        """Every Use of a file, through whatever stands on it."""
        return self._uses.get(self._resolve(path), [])

    def vms(self, path):
        return sorted({use.vm for use in self.uses(path)})

    def children(self, path):
        """(pool, name) of the volumes that stand directly on a file."""
        return sorted(self._above.get(self._resolve(path), []))

    def chain(self, path):
        """The paths of what a volume stands on, nearest first."""
        found, here = [], self._below.get(self._resolve(path))
        while here is not None and here not in found:
            found.append(here)
            here = self._below.get(here)
        return found

    def same_file(self, one, other):
        return self._resolve(one) == self._resolve(other)
