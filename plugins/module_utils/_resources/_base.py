# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every kind of resource answers to the engine, and the scene in which it is asked."""
from __future__ import annotations

import copy

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._plan import ResourcePlan
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._world import World


class Scene:
    """What is (``world``) and what is declared (``resources``, by key), at one moment.

    :param memory: facts that outlast the scene within a call (a fetched checksum list, say)
    :ivar asked: the resources that the user declared, without those that they bring
    :param environment: the Environment that declares them, if any
    """

    def __init__(self, hypervisor, registry, resources, environment=None, memory=None):
        self.hypervisor = hypervisor
        self.registry = registry
        self.environment = environment and environment.name
        self.adopts = bool(environment and environment.adopts)
        self.memory = {"controller": {}} if memory is None else memory
        self.world = World(hypervisor)
        self._made = {}
        self.asked = resources
        self.resources = {}
        for resource in resources:
            self._add(resource)
        for resource in environment.further(self) if environment else []:
            self._add(resource)

    def again(self, **others):
        """The same scene, looked at once more (for actions); ``others`` replaces what it holds."""
        scene = copy.copy(self)
        vars(scene).update(dict({"world": World(self.hypervisor), "_made": {}}, **others))
        return scene

    def once(self, name, make):
        """What ``make(scene)`` finds over all resources: an index, say, made when first asked for."""
        if name not in self._made:
            self._made[name] = make(self)
        return self._made[name]

    def _add(self, resource):
        if resource.key in self.resources:
            raise Refusal("duplicate_resource", "%s '%s' is declared more than once" % resource.key, resource.key,
                          "Give each %s a name of its own." % resource.kind)
        self.resources[resource.key] = resource
        for brought in resource.brings(self):
            self._add(brought)

    def declared(self, kind, name):
        """The declaration of a resource that shall exist, or None."""
        resource = self.resources.get((kind, name))
        return None if resource is None or resource.absent else resource

    def will_exist(self, kind, name, existing):
        """Whether a resource exists after this plan; ``existing`` holds those that exist now."""
        resource = self.resources.get((kind, name))
        return not resource.absent if resource is not None else name in existing

    def goes(self, kind, name):
        """Whether this call removes a resource, by its own declaration or along with another one."""
        resource = self.resources.get((kind, name))
        if resource is not None:
            return resource.absent
        return any((kind, name) in other.takes_along(self) for other in self.resources.values())


class Resource:
    """A declared resource: policy over a model.

    :cvar kind: the word in options, results and messages
    :cvar model: the model of its options (fields without a path are policy's own)
    :cvar named_by: the option that holds its name
    :param declared: canonical values of what the user gave
    """

    kind = None
    model = None
    named_by = "name"

    def __init__(self, declared):
        self.declared = declared
        self.name = declared[self.named_by]
        self.key = (self.kind, self.name)

    @classmethod
    def from_options(cls, options, *where):
        """A resource from what the user wrote; ``where`` is the path of the option that holds it."""
        try:
            return cls(cls.model.normalise(options))
        except FieldError as error:
            error = error.under(*where)
            raise Refusal("invalid_option", "%s: %s" % (error.option_path, error.message),
                          (cls.kind, str(options.get(cls.named_by)))) from None

    @property
    def state(self):
        return self.declared.get("state")

    @property
    def absent(self):
        return self.state == "absent"

    def refusal(self, code, message, hint=None):
        return Refusal(code, message, self.key, hint)

    def remote_refusal(self, scene, why):
        """The refusal of what needs the compute host's own file system; ``why`` is half a sentence that names the option."""
        return self.refusal("remote_uri", "%s, and '%s' is on another machine" % (why, scene.hypervisor.uri),
                            "Run the task on the compute host itself, with uri: qemu:///system.")

    def brings(self, scene):
        """Resources that this one declares along the way (a VM its disks' volumes)."""
        return []

    def takes_along(self, scene):
        """Keys of further resources that go where this one goes."""
        return set()

    def needs(self, scene):
        """Keys of the resources this one is built on."""
        return set()

    def secrets(self):
        """Keys of the secrets that its declaration refers to: without their values nothing that they open can be made or started."""
        return {("secret", name) for name in self.model.referred(self.declared, "secret")}

    def check(self, scene):
        """Refuse, before anything is touched, what cannot come true; raises Refusal."""

    def new_plan(self, scene):
        return ResourcePlan(self.key, self.needs(scene))

    def plan(self, scene):
        """The ResourcePlan that makes the world as declared."""
        raise NotImplementedError

    def facts(self, scene):
        """What the module returns about the resource (None where it does not exist)."""
        raise NotImplementedError

    @classmethod
    def listing(cls, scene, options):
        """Facts of everything of this kind on the host, for the info module."""
        raise NotImplementedError
