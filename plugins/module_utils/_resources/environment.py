# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An environment: many declarations in one call, with names of its own on the host."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError, Name, Node, Nodes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._wait import WaitOptions
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.image import Image
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.network import Network
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.pool import Pool
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.secret import Secret
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.vm import Vm
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume

KINDS = {"secrets": Secret, "pools": Pool, "images": Image, "networks": Network, "volumes": Volume, "vms": Vm}
# Pools and images are the host's, for all its environments; these are the environment's own.
_SCOPED = ("secrets", "networks", "volumes", "vms")
_SEPARATOR = "."


class EnvironmentOptions(Model):
    """Lists of the single modules' own options."""

    name = Name(required=True)
    secrets = Nodes(Secret.model, no_log=False)
    pools = Nodes(Pool.model)
    images = Nodes(Image.model)
    networks = Nodes(Network.model)
    volumes = Nodes(Volume.model)
    vms = Nodes(Vm.model)
    wait = Node(WaitOptions)

    @classmethod
    def check(cls, declared):
        if _SEPARATOR in declared["name"]:
            raise FieldError("'%s' has a dot, which parts an environment's name from its resources'" % declared["name"],
                             ("name",))
        for plural in _SCOPED:
            for index, item in enumerate(declared.get(plural) or []):
                if _SEPARATOR in item["name"]:
                    raise FieldError("'%s' has a dot, which parts an environment's name from its resources'"
                                     % item["name"], (plural, index, "name"))
                if item["name"].startswith("/"):
                    raise FieldError("'%s' is a path of the host; in an environment, write a name" % item["name"], (plural, index, "name"))


class Environment:
    """
    :param options: what the user wrote
    """

    model = EnvironmentOptions

    def __init__(self, options):
        try:
            self.declared = EnvironmentOptions.normalise(options)
        except FieldError as error:
            raise Refusal("invalid_option", "%s: %s" % (error.option_path, error.message),
                          ("environment", str(options.get("name")))) from None
        self.name = self.declared["name"]

    def scoped(self, name):
        """A resource's name on the host: ``shop.db``."""
        return self.name + _SEPARATOR + name

    def resources(self):
        """The declared resources under their names on the host."""
        own = {(KINDS[plural].kind, item["name"]) for plural in _SCOPED for item in self.declared.get(plural) or []}
        found = []
        for plural, kind in KINDS.items():
            for item in self.declared.get(plural) or []:
                resource = kind(self._placed(kind.model, item, own, (kind.kind, item["name"]) in own))
                resource.short_name = item["name"]
                found.append(resource)
        return found

    def _placed(self, model, declared, own, rename):
        """The declaration with the names of what the environment has itself, as they are on the host."""
        placed = {}
        for name, field in model.fields().items():
            if name not in declared:
                continue
            value = declared[name]
            if isinstance(field, Nodes) and value is not None:
                value = [self._placed(field.model, item, own, False) for item in value]
            elif isinstance(field, Node) and value is not None:
                value = self._placed(field.model, value, own, False)
            elif (rename and name == "name") or (field.refers and (field.refers, value) in own):
                value = self.scoped(value)
            placed[name] = value
        return placed

    def facts(self, scene):
        """Facts of the declared resources, in lists of their kinds."""
        declared = {plural: [] for plural in KINDS}
        for resource in self.resources():
            plural = next(name for name, kind in KINDS.items() if isinstance(resource, kind))
            facts = scene.resources[resource.key].facts(scene)
            if facts is not None:
                declared[plural].append(facts)
        return declared
