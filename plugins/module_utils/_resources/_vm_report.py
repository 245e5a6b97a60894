# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module vm_info tells of the VMs that are asked for; what costs more only where it is asked for."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import Mapping, Words
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import vm as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _vm_asked, _vm_facts, _vm_policy, _vm_spec
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._claims import recorded
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._vm_power import power_state


class Wanted(Model):
    """Which VMs, and what of them."""

    keys = ()
    labels = Mapping()
    state = Words(["running", "paused", "stopped", "saved"])
    gather = Words(["chains", "guest", "spec", "statistics"], default=["spec"])


def report(scene, options):
    """Facts of the VMs that match, by name."""
    names, groups = options.get("name"), options.get("gather") or []
    chosen = [fact for name, fact in sorted(scene.world.domains.items()) if (names is None or name in names) and _matches(fact, options)]
    counters = _vm_asked.counters(scene, chosen) if "statistics" in groups else {}
    guests = _vm_asked.guests(scene, chosen) if "guest" in groups else {}
    found = []
    for fact in chosen:
        try:
            found.append(_facts(scene, fact, groups, counters.get(fact.name, {}), guests.get(fact.name)))
        except HypervisorError as error:
            # Somebody removed it meanwhile.
            if error.code != "no_domain":
                raise
    return found


def _facts(scene, fact, groups, counted, guest):
    facts = _vm_facts.vm_facts(fact)
    if "statistics" in groups:
        _count(facts, fact, counted)
    if "guest" in groups:
        facts["guest"] = guest
        _add_addresses(facts, guest or {})
    if "chains" in groups:
        for disk, element in zip(facts["disks"], _vm_facts.disk_elements(fact)):
            disk["chain"] = [_layer(scene, path) for path in _vm_spec.chain_of(scene, element)]
    if "spec" in groups:
        facts["spec"] = spec(fact)
    return facts


def _matches(fact, options):
    labels = options.get("labels") or {}
    if labels:
        there = model.Vm.read(fact.xml).get("labels") or {}
        if any(there.get(name) != str(word) for name, word in labels.items()):
            return False
    states = options.get("state")
    return not states or power_state(fact.handle) in states


def _count(facts, fact, counted):
    """What libvirt counts, beside what it is counted of."""
    cpu, balloon = counted.get("cpu"), counted.get("balloon")
    sizes = ("current", "maximum", "rss", "available", "usable", "unused")
    facts["statistics"] = {
        "cpu": cpu and {name: cpu[name] / 1e9 for name in ("time", "user", "system") if name in cpu},
        "memory": balloon and {name: balloon[name] * 1024 for name in sizes if name in balloon},
        "answered": bool(counted.get("answered")) or not fact.active,
    }
    by_target = {one.get("name"): one for kind in ("block", "net") for one in counted.get(kind) or []}
    for kind, elements in (("disks", _vm_facts.disk_elements(fact)), ("interfaces", _vm_facts.interface_elements(fact))):
        for one, element in zip(facts[kind], elements):
            target = element.find("target")
            said = None if target is None else by_target.get(target.get("dev"))
            one["statistics"] = said and {name: value for name, value in said.items() if name != "name"}


def _add_addresses(facts, guest):
    """Where no DHCP server of libvirt's knows an address, the guest may."""
    said = {one.get("hwaddr"): [address["addr"] for address in one.get("addr") or []] for one in guest.get("if") or []}
    for interface in facts["interfaces"]:
        interface["addresses"] += [one for one in said.get(interface.get("mac"), []) if one not in interface["addresses"]]
    facts["address"] = _vm_facts.first_address(facts)


def _layer(scene, path):
    """One file or volume of a disk's chain."""
    at = scene.world.usage.volume_at(path)
    if at is not None:
        volume = scene.world.volumes(at[0])[at[1]].xml
        return {"path": path, "pool": at[0], "volume": at[1], "format": volume.find("target/format").get("type"),
                "size": int(volume.findtext("capacity")), "allocation": int(volume.findtext("allocation"))}
    if scene.hypervisor.is_remote or not os.path.exists(path):
        return {"path": path}
    return {"path": path, "allocation": os.stat(path).st_blocks * 512}


def spec(fact):
    """What the module vm would be given to get this VM: nothing changes where it is."""
    options = model.Vm.options(model.Vm.describe(model.Vm.worth_telling(model.Vm.read(fact.xml))))
    # A VM made of it is without what this one is without.
    options.update((name, None) for name in _vm_policy.FURNITURE if name not in options and model.Vm.fields()[name].is_content(fact.xml))
    asked = {claim.mac: claim.address for claim in recorded(fact)}
    for interface in options.get("interfaces", []):
        if asked.get(interface.get("mac")):
            interface["address"] = asked[interface["mac"]]
    return dict(options, state=power_state(fact.handle), autostart=fact.autostart)
