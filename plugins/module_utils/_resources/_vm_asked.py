# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What running VMs say of themselves: counters of QEMU and its host, and what the guest agent tells. Those that hang are left out."""
from __future__ import annotations

import re

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _lanes
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError, constant, flags
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._guest_agent import CONNECTED

# libvirt itself gives a guest agent five seconds.
_SECONDS = 6
# Some drivers read CPU time from the host; QEMU's asks QEMU where it has no cgroup.
_FROM_QEMU = ("DOMAIN_STATS_CPU_TOTAL", "DOMAIN_STATS_BALLOON", "DOMAIN_STATS_BLOCK")
# A QEMU that has not answered libvirt for so long is not asked once more.
_HANGS_MILLISECONDS = 1000


def nested(flat):
    """``{"net.count": 1, "net.0.rx.bytes": 5}`` -> ``{"net": [{"rx": {"bytes": 5}}]}``"""
    tree = {}
    for name, value in flat.items():
        place = tree
        *above, last = name.replace("-", "_").split(".")
        for part in above:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                break
        else:
            place[last] = value
    return _with_lists(tree)


def _with_lists(tree):
    if not isinstance(tree, dict):
        return tree
    tree = {name: _with_lists(value) for name, value in tree.items()}
    if tree and all(re.fullmatch("[0-9]+", name) for name in tree if name != "count"):
        return [tree[name] for name in sorted((name for name in tree if name != "count"), key=int)]
    return tree


def _asked(scene, facts, question):
    """Answers of the facts' domains by name; those of hung or vanished ones are missing."""
    def about(uuid):
        return lambda hypervisor: question(hypervisor, hypervisor.connection.lookupByUUIDString(uuid))

    answers = _lanes.ask(scene.hypervisor.uri, {fact.name: about(fact.uuid) for fact in facts}, _SECONDS)
    return {name: nested(answer) for name, answer in answers.items() if not isinstance(answer, HypervisorError)}


def counters(scene, facts):
    """CPU time, traffic of interfaces and disks, and memory of active domains by name; ``answered`` where QEMU did."""
    active = [fact for fact in facts if fact.active]
    if not active:
        return {}
    connection = scene.hypervisor.connection
    listed = connection.domainListGetStats([fact.handle for fact in active], constant("DOMAIN_STATS_INTERFACE"), 0)
    found = {domain.name(): nested(said) for domain, said in listed}
    for fact in active:
        found.setdefault(fact.name, {})["cpu"] = {"time": _cpu_time(fact.handle)}
    for name, said in _asked(scene, active, _ask_qemu).items():
        found[name].update(said)
    return found


def _cpu_time(handle):
    try:
        return handle.info()[4]
    except HypervisorError as error:
        if error.code != "no_domain":
            raise
        return 0


def _ask_qemu(hypervisor, domain):
    state, _details, milliseconds = domain.controlInfo(0)
    if state == constant("DOMAIN_CONTROL_OCCUPIED") and milliseconds > _HANGS_MILLISECONDS:
        return {}
    nowait = constant("CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT")
    said = hypervisor.connection.domainListGetStats([domain], flags(*_FROM_QEMU), nowait)[0][1]
    return dict(said, answered=True)


def guests(scene, facts):
    """What the guest agents of running domains tell, by the domains' names."""
    def is_connected(fact):
        return fact.active and fact.live_xml.find(CONNECTED) is not None

    return _asked(scene, [fact for fact in facts if is_connected(fact)], lambda _hypervisor, domain: domain.guestInfo(0, 0))
