# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An environment: many declarations in one call, with names of its own on the host."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _groups, _plan_file
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import (
    Enum, FieldError, Flag, Int, Mapping, Name, Node, Nodes, Text, Words,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _prune
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._wait import WaitOptions, wait_for_one
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
_PRESENT, _ABSENT, _STOPPED, _RUNNING = "present", "absent", "stopped", "running"
_DOTTED = "'%s' has a dot, which parts an environment's name from its resources'"


class GroupOptions(Vm.model):
    """A VM, or a group of VMs, of an environment."""

    count = Int(minimum=0)
    flavor = Text()
    profiles = Words()
    after = Words()
    placement = Mapping()


class EnvironmentOptions(Model):
    """Lists of the single modules' own options, and what is said of them all."""

    name = Name(required=True)
    state = Enum(choices=[_PRESENT, _RUNNING, _STOPPED, _ABSENT], default=_PRESENT)
    prune = Flag(default=False)
    prune_volumes = Flag(default=False)
    adopt = Flag(default=False)
    max_unavailable = Int(minimum=1)
    secrets = Nodes(Secret.model, no_log=False)
    pools = Nodes(Pool.model)
    images = Nodes(Image.model)
    networks = Nodes(Network.model)
    volumes = Nodes(Volume.model)
    flavors = Mapping()
    profiles = Mapping()
    vms = Nodes(GroupOptions)
    only = Words()
    wait = Node(WaitOptions)
    plan_out = Text(pattern="/.*", meaning="an absolute path")
    plan_in = Text(pattern="/.*", meaning="an absolute path")

    @classmethod
    def check(cls, declared):
        if _SEPARATOR in declared["name"]:
            raise FieldError(_DOTTED % declared["name"], ("name",))
        for plural in _SCOPED:
            for index, item in enumerate(declared.get(plural) or []):
                if _SEPARATOR in item["name"]:
                    raise FieldError(_DOTTED % item["name"], (plural, index, "name"))
                if item["name"].startswith("/"):
                    raise FieldError("'%s' is a path of the host; in an environment, write a name" % item["name"], (plural, index, "name"))


class Environment:
    """
    :param options: what the user wrote, without any defaults
    """

    model = EnvironmentOptions

    def __init__(self, options):
        self._resources = []
        try:
            entries = _groups.expanded(options.get("vms"), options.get("profiles"), options.get("flavors"))
            only = options.get("only")
            self._entries = [entry for entry in entries if only is None or entry.name in only]
            declared = EnvironmentOptions.normalise({name: value for name, value in options.items() if name != "vms"})
            self.declared = EnvironmentOptions.with_defaults(declared)
            self.declared["vms"] = [self._vm(entry) for entry in self._entries]
        except FieldError as error:
            raise Refusal("invalid_option", "%s: %s" % (error.option_path, error.message),
                          ("environment", str(options.get("name")))) from None
        self.name = self.declared["name"]
        self.adopts = self.declared["adopt"]

    @staticmethod
    def _vm(entry):
        try:
            if _SEPARATOR in entry.name:
                raise FieldError(_DOTTED % entry.name, ("name",))
            return Vm.model.with_defaults(Vm.model.normalise(entry.options))
        except FieldError as error:
            raise error.under("vms", entry.index) from None

    @staticmethod
    def bundle_arguments():
        """The argument spec of a flavor and of a profile."""
        alone = ("name", "count", "flavor", "profiles", "after")
        return {name: entry for name, entry in GroupOptions.arguments().items() if name not in alone}

    @property
    def is_absent(self):
        return self.declared["state"] == _ABSENT

    @property
    def keeps_volumes(self):
        return not self.declared["prune_volumes"]

    def scoped(self, name):
        """A resource's name on the host: ``shop.db``."""
        return self.name + _SEPARATOR + name

    def short(self, name):
        """A name as the user knows it: ``db``, or as it is where it is no resource's of this environment."""
        before, slash, last = name.rpartition("/")
        mine = last.startswith(self.name + _SEPARATOR)
        return before + slash + last[len(self.name) + 1:] if mine else self._shorten_first(name)

    def _shorten_first(self, name):
        """The same for what is within a network: ``shop.front/02:00:...``."""
        return name[len(self.name) + 1:] if "/" in name and name.startswith(self.name + _SEPARATOR) else name

    def resources(self, standing=None):
        """The declared resources under their names on the host.

        :param standing: the Standing that knows what the environment has there already
        """
        listed = {(KINDS[plural].kind, item["name"]) for plural in _SCOPED for item in self.declared.get(plural) or []}

        def is_own(kind, name):
            scoped = any(KINDS[plural].kind == kind for plural in _SCOPED)
            return (kind, name) in listed or (scoped and standing is not None and standing.has(kind, self.scoped(name)))

        found = []
        for plural, kind in KINDS.items():
            for item in self.declared.get(plural) or []:
                placed = self._placed(kind.model, item, is_own, plural in _SCOPED)
                placed = self._in_whole(kind, placed)
                if placed is not None:
                    resource = kind(placed)
                    resource.short_name = item["name"]
                    found.append(resource)
        self._order(found)
        self._resources = found
        return found

    def _in_whole(self, kind, declared):
        """A resource's declaration in view of the state of the whole; None where it is none of its business then."""
        if self.is_absent:
            if kind in (Secret, Pool, Image) or kind is Volume and self.keeps_volumes:
                return None
            kept = {name: declared[name] for name in ("name", "pool", "protect") if name in declared}
            gone = kind.model.with_defaults(dict(kept, state=_ABSENT))
            return dict(gone, remove_disks=not self.keeps_volumes) if kind is Vm else gone
        if kind is Vm and declared["state"] != _ABSENT and self.declared["state"] != _PRESENT:
            return dict(declared, state=self.declared["state"])
        return declared

    def _order(self, resources):
        by_name = {resource.short_name: resource for resource in resources if resource.kind == Vm.kind}
        for entry in self._entries:
            by_name[entry.name].after = {by_name[name].key for name in entry.after if name in by_name}

    def _placed(self, model, declared, is_own, rename):
        """The declaration with the names of what the environment has itself, as they are on the host."""
        placed = {}
        for name, field in model.fields().items():
            if name not in declared:
                continue
            value = declared[name]
            if isinstance(field, Nodes) and value is not None:
                value = [self._placed(field.model, item, is_own, False) for item in value]
            elif isinstance(field, Node) and value is not None:
                value = self._placed(field.model, value, is_own, False)
            elif (rename and name == "name") or (field.refers and value is not None and is_own(field.refers, value)):
                value = self.scoped(value)
            placed[name] = value
        return placed

    def further(self, scene):
        """Resources that nobody declared now, but that the environment has, where the whole concerns them."""
        if self.is_absent or self.declared["prune"]:
            yield from _prune.leaving(scene, self.keeps_volumes)
        elif self.declared["state"] != _PRESENT:
            for name in _prune.undeclared_vms(scene):
                yield Vm(Vm.model.with_defaults({"name": name, "state": self.declared["state"]}))

    def arrange(self, plan, scene):
        """Order and pace of the plan, and names as the user knows them."""
        plan.max_unavailable = self.declared.get("max_unavailable")
        awaited = {key for resource in scene.resources.values() if resource.kind == Vm.kind for key in resource.after}
        for resource_plan in plan.resources:
            resource_plan.told = self.short
            resource = scene.resources[resource_plan.key]
            if resource_plan.changed and not resource.absent and (
                    resource.key in awaited or resource_plan.disrupts and plan.max_unavailable):
                self._settle(resource_plan, resource, scene)
        if self.is_absent or self.declared["prune"]:
            plan.notes.extend(_prune.notes(scene))

    def confirm(self, plan):
        """Before anything is done: the plan that was agreed on is the one to run, and who wants to look at it finds it in a file."""
        if self.declared.get("plan_in"):
            _plan_file.check(self.declared["plan_in"], self.name, plan)
        if self.declared.get("plan_out"):
            _plan_file.write(self.declared["plan_out"], self.name, plan)

    def _settle(self, plan, vm, scene):
        """What comes after a VM, or is taken away next, waits until it is well."""
        wait = vm.declared.get("wait", self.declared.get("wait"))
        if wait and vm.state in (_RUNNING, _PRESENT):
            plan.act("wait until it is ready", lambda: wait_for_one(scene.again(), vm, wait))

    def facts(self, scene):
        """Facts of the declared resources, in lists of their kinds, and in short what later plays need."""
        declared = {plural: [] for plural in KINDS}
        for resource in self._resources:
            plural = next(name for name, kind in KINDS.items() if isinstance(resource, kind))
            facts = scene.resources[resource.key].facts(scene)
            if facts is not None:
                declared[plural].append(facts)
        return dict(declared, outputs=self._outputs(declared))

    def _outputs(self, declared):
        """What is where, by the user's names."""
        return {
            "vms": {vm["hostname"]: {
                "name": vm["name"], "state": vm["state"], "address": vm["address"],
                "addresses": {one["name"]: one["addresses"] for one in vm["interfaces"] if one.get("name") and one["addresses"]},
            } for vm in declared["vms"]},
            "networks": {self.short(one["name"]): {"name": one["name"], "bridge": one.get("bridge"), "subnet": one.get("subnet")}
                         for one in declared["networks"]},
            "volumes": {self.short(one["name"]): {"name": one["name"], "pool": one["pool"], "path": one["path"]}
                        for one in declared["volumes"]},
        }
