# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs: what is declared becomes the definition, and the running guest where it can follow live."""
from __future__ import annotations

from functools import cached_property

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Enum, FieldError, Flag, Int, Mapping, Node, Raw, Size
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import recipe as recipes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import vm as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change, Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.ignition import Ignition
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.overlay import BaseXml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool import DEFAULT_POOL
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import (
    _vm_checks, _vm_customise, _vm_facts, _vm_host_devices, _vm_ignition, _vm_report, _vm_seed, _vm_spec,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._address_pools import with_slots
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Resource
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._claims import Claim, recorded
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._image_origin import contents_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_creation import plan_creation
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_power import (
    RUNNING, Power, method, power_state, steps,
)
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_removal import plan_removal, removable
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_update import plan_update
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._wait import WaitOptions
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.reservation import Reservation
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources.volume import Volume


class CloudInit(Model):
    """NoCloud's files: text as it is, or mappings."""

    keys = ()
    instance_id = Enum(choices=["name", "data"])
    user_data = Raw()
    vendor_data = Raw()
    meta_data = Mapping()
    network_config = Raw()

    @classmethod
    def check(cls, declared):
        for option in ("user_data", "vendor_data"):
            data = declared.get(option)
            if data is None or isinstance(data, dict):
                continue
            if not isinstance(data, str):
                raise FieldError("is neither a mapping nor text", (option,))
            # cloud-init would pass over anything else without a word.
            if not data.startswith(("#", "Content-Type:", "MIME-Version:")):
                raise FieldError("cloud-init does not know text that begins like this: begin with #cloud-config, "
                                 "another of its headers, or #!", (option,))
        cls._check_network(declared.get("network_config"))
        if declared.get("instance_id") and "instance-id" in (declared.get("meta_data") or {}):
            raise FieldError("there is an instance-id in meta_data; write one of them", ("instance_id",))

    @staticmethod
    def _check_network(config):
        """https://docs.cloud-init.io/en/latest/reference/network-config.html"""
        if config is None or isinstance(config, str):
            return
        if not isinstance(config, dict):
            raise FieldError("is neither a mapping nor text", ("network_config",))
        inner = config.get("network", config)
        version = inner.get("version") if isinstance(inner, dict) else None
        if version not in (1, 2):
            raise FieldError("needs 'version: 1' or 'version: 2'", ("network_config",))
        if version == 1 and not isinstance(inner.get("config"), (list, str)):
            raise FieldError("version 1 needs a list 'config'", ("network_config",))


class VmOptions(model.Vm):
    """The options of the module vm."""

    cloud_init = Node(CloudInit)
    customise = Node(recipes.VmRecipe)
    ignition = Ignition()
    base_xml = BaseXml()
    state = Enum(choices=["present", "running", "stopped", "paused", "saved", "absent"], default=RUNNING)
    autostart = Flag()
    adopt = Flag()
    apply = Enum(choices=["live", "next_boot", "restart"], default="live")
    shutdown_timeout = Int(minimum=1, default=120)
    force = Flag(default=False)
    volumes = Enum(choices=["keep", "delete"], default="keep")
    # What volumes was called in 0.1.0.
    remove_disks = Flag(default=False)
    wait = Node(WaitOptions)


class Vm(Resource):
    kind = "vm"
    model = VmOptions

    def __init__(self, declared):
        super().__init__(declared)
        self.short_name = self.name
        # Keys of VMs that an environment wants to be there, and ready, before this one.
        self.after = set()

    def fact(self, scene):
        return scene.world.domains.get(self.name)

    def power(self, handle):
        return Power(handle, self.declared["shutdown_timeout"], self.declared["force"])

    # What it stands on

    def brings(self, scene):
        if self.absent:
            return []
        return ([self._disk_volume(options) for options in self._image_volumes(scene)]
                + [Reservation(claim) for claim in self.claims(scene)]
                + [Reservation(claim, absent=True) for claim in self.withdrawn(scene)])

    def _disk_volume(self, options):
        volume = Volume.from_options(options)
        volume.of_vm = self.name
        return volume

    def _image_volumes(self, scene):
        for disk in self.declared.get("disks") or []:
            if disk.get("image"):
                pool, name = _vm_spec.volume_of(self.name, disk)
                origin = "copy_of" if disk.get("clone") == "full" else "image"
                options = {"name": name, "pool": pool, origin: disk["image"], "format": "qcow2", "state": "present"}
                if disk.get("size") is not None:
                    options["size"] = Size().describe(disk["size"])
                yield options

    def claims(self, scene):
        """The addresses this VM asks for; those of an undeclared list of interfaces stay as recorded."""
        fact = self.fact(scene)
        if "interfaces" not in self.declared:
            return recorded(fact) if fact is not None else []
        found, named = [], set()
        for item in self.interfaces(scene):
            if item.get("address"):
                # A network knows a name once: the VM's is that of its first interface there.
                name = "%s-%s" % (self.short_name, item.get("name") or item["mac"].replace(":", "-")) if item["network"] in named else self.short_name
                named.add(item["network"])
                found.append(Claim(self.name, item["network"], item["mac"], item["address"], name))
        return found

    def withdrawn(self, scene):
        """Recorded claims that the declaration no longer makes."""
        fact = self.fact(scene)
        kept = {(claim.network, claim.mac) for claim in self.claims(scene)}
        return [] if fact is None else [claim for claim in recorded(fact) if (claim.network, claim.mac) not in kept]

    def interfaces(self, scene):
        fact = self.fact(scene)
        declared = self.declared.get("interfaces") or []
        settled = _vm_spec.settled_interfaces(scene.environment, self.short_name, declared, None if fact is None else fact.xml)
        return with_slots(scene, self, declared, settled)

    def refuse_stop(self):
        return self.refusal("protected", "state: the VM '%s' is protected, no run stops or restarts it" % self.name,
                            "Say protect: false for it first, or leave its changes to its next start.")

    def needs(self, scene):
        keys = self.after | _vm_customise.needs(self, scene) | self.secrets()
        keys |= {("network", item["network"]) for item in self.declared.get("interfaces") or [] if item.get("network")}
        for disk in self.declared.get("disks") or []:
            speaks_of = _vm_spec.volume_of(self.name, disk)
            if speaks_of is not None:
                keys |= {("volume", "%s/%s" % speaks_of), ("pool", speaks_of[0])}
        if self.declared.get("cloud_init") is not None:
            keys.add(("pool", self.seed_pool))
        if self.ignition is not None and not self.ignition.is_path:
            keys.add(("pool", self.seed_pool))
        if not self.absent:
            keys |= {Reservation(claim).key for claim in self.claims(scene) + self.withdrawn(scene)}
        fact = self.fact(scene)
        if fact is not None:
            keys |= {("network", claim.network) for claim in recorded(fact)}
            keys |= {("network", source.get("network")) for source in fact.xml.findall("devices/interface/source")}
            keys |= self._made(fact)
        if self.absent:
            # Whatever else goes in this call goes after the VMs.
            keys |= {key for key, resource in scene.resources.items() if resource.absent and resource.kind != self.kind}
        return keys

    @staticmethod
    def _made(fact):
        return {("volume", "%(pool)s/%(volume)s" % made) for made in model.Vm.fields()["made"].read(fact.xml)}

    def takes_along(self, scene):
        fact = self.fact(scene)
        if not self.absent or not self.deletes_volumes or fact is None:
            return set()
        return {("volume", "%s/%s" % (pool, volume)) for volume, pool in removable(scene, fact).items()}

    @property
    def deletes_volumes(self):
        return self.declared["volumes"] == "delete" or self.declared["remove_disks"]

    def check(self, scene):
        _vm_checks.check(self, scene)

    # The seed

    @property
    def seed_pool(self):
        pools = [speaks_of[0] for speaks_of in (_vm_spec.volume_of(self.name, disk)
                                                for disk in self.declared.get("disks") or []) if speaks_of]
        return pools[0] if pools else DEFAULT_POOL

    @cached_property
    def seed(self):
        """The seed that the declaration asks for, or None."""
        declared = self.declared.get("cloud_init")
        if declared is None:
            return None
        return _vm_seed.Seed(self.name, self.short_name, self.name, self.seed_pool, declared)

    # What is done to its disk

    @cached_property
    def recipe(self):
        return recipes.said(self.declared.get("customise") or {})

    @cached_property
    def recipe_digest(self):
        return recipes.digest(self.recipe, {}, contents_of(self.recipe))

    # Ignition

    @cached_property
    def ignition(self):
        """The Ignition configuration that the declaration asks for, or None."""
        declared = self.declared.get("ignition")
        return None if declared is None else _vm_ignition.Ignition(self.name, self.seed_pool, declared)

    # The definition

    def effective(self, scene, place=None):
        """What the definition shall hold: the declaration with the engine's own facts."""
        place = place or _vm_spec.volume_place
        whole = {name: value for name, value in self.declared.items() if name in model.Vm.fields()}
        if whole.get("disks") is not None:
            whole["disks"] = _vm_spec.settled_disks(
                self.name, whole["disks"], lambda pool, volume: place(scene, pool, volume))
        if whole.get("interfaces") is not None:
            whole["interfaces"] = self.interfaces(scene)
        if whole.get("hostdevs"):
            whole["hostdevs"] = _vm_host_devices.settled(self, scene, whole["hostdevs"])
        return whole

    def own_facts(self, scene):
        """What our metadata in the definition remembers."""
        fact = self.fact(scene)
        made = {} if fact is None else {one["volume"]: one for one in model.Vm.fields()["made"].read(fact.xml)}
        for options in self._image_volumes(scene):
            made[options["name"]] = {"volume": options["name"], "pool": options["pool"]}
        own = {"claims": [claim.as_values() for claim in self.claims(scene)],
               "made": [made[name] for name in sorted(made)]}
        if scene.environment:
            own["environment"] = scene.environment
        if "cloud_init" in self.declared:
            own["seed"] = self.seed.digest if self.seed else None
        if fact is None and self.recipe:
            own["customised"] = self.recipe_digest
        if "ignition" in self.declared:
            own["ignition_digest"] = self.ignition.digest if self.ignition else None
        return own

    # The plan

    def plan(self, scene):
        plan = self.new_plan(scene)
        fact = self.fact(scene)
        if self.absent:
            if fact is not None:
                plan_removal(self, plan, scene, fact)
        elif fact is None:
            plan_creation(self, plan, scene)
        else:
            plan_update(self, plan, scene, fact)
        return plan

    def plan_power(self, plan, fact):
        """Plan the way from the present power state to the declared one."""
        if self.state == "present":
            return
        current = power_state(fact.handle)
        way = steps(current, self.state)
        if way:
            plan.changes.append(Change(("state",), current, self.state, None))
            for step in way:
                plan.act(step, method(self.power(fact.handle), step))

    def facts(self, scene):
        fact = self.fact(scene)
        return None if fact is None else dict(_vm_facts.vm_facts(fact), hostname=self.short_name)

    @classmethod
    def listing(cls, scene, options):
        return _vm_report.report(scene, options)
