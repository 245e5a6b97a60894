# SPDX-License-Identifier: GPL-3.0-or-later
"""Which model stands for which of libvirt's examples. A new kind is one entry here; a new field needs none."""
from __future__ import annotations

import dataclasses
import functools
import pathlib

import source
from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool import Pool
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.secret import Secret
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.vm import Vm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.volume import Volume
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_policy


@dataclasses.dataclass(frozen=True)
class Kind:
    """
    :param model: its root is ``<tag>``
    :param schema: libvirt's own, below src/conf/schemas
    :param folders: of examples, below tests
    :param files: how many of them libvirt's schema accepts, in the version that is pinned
    :param floor: how much of their paths, in per cent, has to be modelled
    :param given_back: how many of them, in per cent, have to be such that what is read of them can be written as options
    :param valid: how many of them, in per cent, the schema has to accept after they were made anew from what is read
    :param furnish: what stands in each definition beside what the model says
    :param together: options that policy takes only together with another one
    """

    name: str
    model: type
    schema: str
    folders: tuple
    files: int
    floor: int
    given_back: int
    valid: int
    furnish: object = None
    together: tuple = ()

    @functools.cached_property
    def documents(self) -> dict:
        """The trees by file name; left out is what libvirt's own schema refuses (examples of mistakes)."""
        tests = source.folder() / "tests"
        found = {}
        for path in sorted(path for folder in self.folders for path in (tests / folder).glob("*.xml")):
            try:
                tree = _xml.parse(path.read_text("utf-8").partition("?>\n")[2] or path.read_text("utf-8"))
            except _xml.etree.XMLSyntaxError:
                continue
            if tree.tag == self.model.tag and not self.mistakes(tree):
                found[str(path.relative_to(tests))] = tree
        return found

    @functools.cached_property
    def _grammar(self):
        return _xml.etree.RelaxNG(_xml.etree.parse(str(source.folder() / "src/conf/schemas" / self.schema)))

    def mistakes(self, tree) -> list[str]:
        """What libvirt's schema has against a tree."""
        return [] if self._grammar.validate(tree) else [entry.message for entry in self._grammar.error_log]

    def made(self, tree):
        """A definition from nothing that says what the model reads of the tree."""
        made = self.model.build(self.model.read(tree))
        if self.furnish:
            self.furnish(made)
        return made

    def file(self, name: str) -> pathlib.Path:
        return source.folder() / "tests" / name


KINDS = [
    Kind(
        "vm", Vm, "domain.rng", files=2308, floor=90, given_back=88, valid=95,
        folders=("qemuxmlconfdata", "genericxml2xmlindata", "genericxml2xmloutdata", "qemuhotplugtestdomains", "domainschemadata",
                 "qemumemlockdata"),
        furnish=_vm_policy.furnish,
    ),
    Kind(
        "network", Network, "network.rng", files=138, floor=98, given_back=95, valid=95,
        folders=("networkxml2xmlin", "networkxml2xmlout", "networkxml2confdata", "networkxml2xmlupdateout", "networkxml2firewalldata"),
        together=(("further_subnets", "subnet"),),
    ),
    Kind(
        "pool", Pool, "storagepool.rng", files=77, floor=98, given_back=95, valid=95,
        folders=("storagepoolxml2xmlin", "storagepoolxml2xmlout", "storagepoolschemadata"),
    ),
    Kind("secret", Secret, "secret.rng", files=7, floor=100, given_back=100, valid=100, folders=("secretxml2xmlin",)),
    Kind(
        "volume", Volume, "storagevol.rng", files=48, floor=95, given_back=75, valid=100,
        folders=("storagevolxml2xmlin", "storagevolxml2xmlout", "storagevolschemadata"),
    ),
]
