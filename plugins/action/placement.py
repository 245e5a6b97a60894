# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Places VMs on the controller: it only looks at what hosts have told, and touches none of them."""
from __future__ import annotations

from ansible.plugins.action import ActionBase

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement import _quota
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._demand import Demand, bytes_of
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._scheduler import Scheduler
from ansible_collections.tinycloud.libvirt.plugins.module_utils._placement._state import Host

_SIZES = ("reserved_memory", "reserved_disk")
_HOST = {
    "facts": {"type": "dict", "required": True},
    "enabled": {"type": "bool"}, "zone": {"type": "str"}, "tags": {"type": "list", "elements": "str"},
    "tenants": {"type": "list", "elements": "str"}, "max_instances": {"type": "int"}, "failures": {"type": "int"}, "busy": {"type": "int"},
    "cpu_ratio": {"type": "float"}, "memory_ratio": {"type": "float"}, "disk_ratio": {"type": "float"},
    "reserved_vcpus": {"type": "int"}, "reserved_memory": {"type": "str"}, "reserved_disk": {"type": "str"},
}
_LIST = {"type": "list", "elements": "dict"}
_SPEC = {
    "name": {"type": "str", "required": True},
    "hosts": {"type": "list", "elements": "dict", "required": True, "options": dict(_HOST, name={"type": "str", "required": True})},
    "vms": _LIST, "profiles": {"type": "dict"}, "flavors": {"type": "dict"},
    "pools": _LIST, "images": _LIST, "networks": _LIST, "volumes": _LIST,
    "spanning_networks": {"type": "list", "elements": "str"},
    "filters": {"type": "list", "elements": "str"}, "weighers": {"type": "dict"},
    "quota": {"type": "dict"}, "restrictions": {"type": "dict"},
    "prune": {"type": "bool", "default": False}, "prune_volumes": {"type": "bool", "default": False},
}


class ActionModule(ActionBase):
    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        _valid, options = self.validate_argument_spec(_SPEC)
        try:
            result.update(placed(options), changed=False)
        except Refusal as refusal:
            result.update(failed=True, msg=" ".join(filter(None, (refusal.message.rstrip(".") + ".", refusal.hint))), failure=refusal.as_result())
        return result


def placed(options):
    hosts = options["hosts"]
    demand = Demand(options, {host["name"]: host["facts"] for host in hosts})
    leaving = _quota.Leaving(options["prune"], options["prune_volumes"])
    _quota.check(demand, options["quota"] or {}, options["restrictions"] or {}, leaving)
    scheduler = Scheduler([_host(host) for host in hosts], options["filters"], options["weighers"])
    placement = scheduler.place(demand.wanted(), demand.standing())
    if placement.unplaced:
        raise Refusal("no_valid_host", "%s" % "; ".join(_told(name, against) for name, against in placement.unplaced.items()),
                      hint="Make room, add hosts, or ask for less.")
    return {
        "assignments": placement.assignments, "needs": demand.needs(placement.assignments), "usage": _quota.usage(demand, leaving),
        "hosts": {host.name: {"vcpus": host.vcpus, "memory": host.memory, "instances": host.instances} for host in scheduler.hosts},
    }


def _host(said):
    settings = {name: value for name, value in said.items() if name not in ("name", "facts")}
    for name in _SIZES:
        if settings.get(name) is not None:
            settings[name] = bytes_of("hosts." + name, settings[name], 0)
    return Host(said["name"], said["facts"], settings)


def _told(name, against):
    return "no host can take the VM '%s': %s" % (name, ", ".join(
        "%s (%s: %s)" % (host, filtered, reason) for host, (filtered, reason) in sorted(against.items())))
