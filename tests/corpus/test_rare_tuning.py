# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the machine itself whose values libvirt's examples do not vary: its schema takes what is written, and it reads back."""
from __future__ import annotations

import pytest
from kinds import KINDS

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FieldError

VM = next(kind for kind in KINDS if kind.name == "vm")
BASE = {"name": "vm", "type": "qemu", "os_type": "hvm", "memory": "1GiB"}
# The schema of the pinned version is older than it.
NOT_IN_SCHEMA = {"launch_security"}


@pytest.mark.parametrize("options, written", [
    ({"boot": {"acpi_tables": [{"type": "raw", "path": "/srv/a.dat"}, {"type": "raw", "path": "/srv/b.dat"}]}},
     {"os/acpi/table": "/srv/a.dat", "os/acpi/table/@type": "raw"}),
    ({"qemu": {"arguments": ["-set", "device.ua-root.serial=1"], "environment": {"TRACE": "on", "EMPTY": None}, "add_capabilities": ["a", "b"],
               "remove_capabilities": ["c"], "deprecation": "reject",
               "overrides": [{"alias": "ua-root", "properties": [{"name": "x", "type": "unsigned", "value": "1"}, {"name": "y", "type": "remove"}]}]}},
     {"{http://libvirt.org/schemas/domain/qemu/1.0}commandline/{http://libvirt.org/schemas/domain/qemu/1.0}env[@name='TRACE']/@value": "on",
      "{http://libvirt.org/schemas/domain/qemu/1.0}deprecation/@behavior": "reject"}),
    ({"loader": {"path": "/srv/code.fd", "type": "pflash", "read_only": True},
      "nvram": {"path": "/srv/vars.fd", "template": "/srv/template.fd", "template_format": "raw"}}, {"os/nvram/@templateFormat": "raw"}),
    ({"nvram_address": {"type": "drive", "controller": 0, "bus": 0, "target": 0, "unit": 1}}, {"devices/nvram/address/@unit": "1"}),
    ({"boot": {"bootloader": "/usr/bin/pygrub", "bootloader_args": "--append single"}},
     {"bootloader": "/usr/bin/pygrub", "bootloader_args": "--append single"}),
    ({"clock": {"offset": "utc", "adjustment": "reset", "timers": [
        {"name": "tsc", "mode": "paravirt", "frequency": 10}, {"name": "rtc", "track": "guest", "tickpolicy": "catchup",
                                                               "catchup": {"threshold": 1, "slew": 2, "limit": 3}}]}},
     {"clock/@adjustment": "reset", "clock/timer[@name='tsc']/@mode": "paravirt", "clock/timer[@name='rtc']/catchup/@limit": "3"}),
    ({"cpu": {"numa": {"cells": [{"id": 0, "cpus": "0", "memory": "1GiB"}],
                       "latencies": [{"initiator": 0, "target": 0, "type": "read", "value": 5}],
                       "bandwidths": [{"initiator": 0, "target": 0, "type": "write", "value": "1GiB"}]}}},
     {"cpu/numa/cell/@memory": "1048576", "cpu/numa/interconnects/latency/@type": "read",
      "cpu/numa/interconnects/bandwidth/@unit": "KiB", "cpu/numa/interconnects/bandwidth/@type": "write"}),
    ({"cputune": {"emulator_period": 2000, "emulator_quota": 1000}}, {"cputune/emulator_period": "2000", "cputune/emulator_quota": "1000"}),
    ({"features": {"aia": "aplic", "capabilities": {"policy": "deny", "allowed": {"mknod": True, "chown": False}}, "ccf_assist": True,
                   "cfpc": "workaround", "hap": False, "htm": True, "ibs": "broken", "ioapic": "kvm", "nested_hv": True, "privnet": True,
                   "ras": False, "sbbc": "fixed", "smm": {"state": True, "tseg": "48MiB"}, "tb_cache": "100MiB", "unknown_msrs": "ignore",
                   "viridian": True, "vmcoreinfo": True, "xen": {"e820_host": True, "passthrough": {"state": True, "mode": "sync_pt"}}}},
     {"features/aia/@value": "aplic", "features/capabilities/@policy": "deny", "features/capabilities/mknod/@state": "on",
      "features/capabilities/chown/@state": "off", "features/ccf-assist/@state": "on", "features/cfpc/@value": "workaround",
      "features/hap/@state": "off", "features/htm/@state": "on", "features/ibs/@value": "broken", "features/ioapic/@driver": "kvm",
      "features/nested-hv/@state": "on", "features/ras/@state": "off", "features/sbbc/@value": "fixed", "features/smm/tseg": "49152",
      "features/tcg/tb-cache": "100", "features/msrs/@unknown": "ignore", "features/vmcoreinfo/@state": "on",
      "features/xen/e820_host/@state": "on", "features/xen/passthrough/@mode": "sync_pt"}),
    ({"features": {"hyperv": {"avic": True, "stimer": {"state": True, "direct": False}, "tlbflush": {"state": True, "direct": True, "extended": False}}}},
     {"features/hyperv/avic/@state": "on", "features/hyperv/stimer/direct/@state": "off", "features/hyperv/tlbflush/direct/@state": "on",
      "features/hyperv/tlbflush/extended/@state": "off"}),
    ({"fw_cfg": [{"name": "opt/org.example/a", "value": "1"}, {"name": "opt/org.example/b", "file": "/srv/b"}]},
     {"sysinfo[@type='fwcfg']/entry[@name='opt/org.example/a']": "1", "sysinfo[@type='fwcfg']/entry[@name='opt/org.example/b']/@file": "/srv/b"}),
    ({"type": "lxc", "os_type": "exe", "init": {"path": "/sbin/init", "args": ["b", "a"], "env": {"TERM": "linux"}, "dir": "/root", "user": "tester",
                                                "group": "+1000"}},
     {"@type": "lxc", "os/type": "exe", "os/init": "/sbin/init", "os/initarg": "b", "os/initenv[@name='TERM']": "linux", "os/initdir": "/root",
      "os/inituser": "tester", "os/initgroup": "+1000"}),
    ({"keywrap": {"aes": True, "dea": False}}, {"keywrap/cipher[@name='aes']/@state": "on", "keywrap/cipher[@name='dea']/@state": "off"}),
    ({"launch_security": {"type": "tdx", "policy": 1, "mr_config_id": "YQ==", "mr_owner": "Yg==", "mr_owner_config": "Yw=="}},
     {"launchSecurity/@type": "tdx", "launchSecurity/policy": "0x0001", "launchSecurity/mrConfigId": "YQ==", "launchSecurity/mrOwner": "Yg==",
      "launchSecurity/mrOwnerConfig": "Yw=="}),
    ({"max_memory": {"size": "4GiB", "slots": 2}}, {"maxMemory": "4194304", "maxMemory/@slots": "2"}),
    ({"perf": {"cmt": True, "page_faults": False}}, {"perf/event[@name='cmt']/@enabled": "yes", "perf/event[@name='page_faults']/@enabled": "no"}),
    ({"smbios": "host"}, {"os/smbios/@mode": "host"}),
    ({"sysinfo": {"bios": {"vendor": "v", "version": "1", "date": "01/31/2030", "release": "1.0"},
                  "system": {"manufacturer": "m", "product": "p", "version": "1", "serial": "ds=nocloud", "sku": "s", "family": "f"},
                  "base_boards": [{"manufacturer": "m", "product": "p", "version": "1", "serial": "s", "asset": "a", "location": "l"}, {"serial": "t"}],
                  "chassis": {"manufacturer": "m", "version": "1", "serial": "s", "asset": "a", "sku": "k"}, "oem_strings": ["one", "two"]}},
     {"os/smbios/@mode": "sysinfo", "sysinfo/bios/entry[@name='release']": "1.0", "sysinfo/system/entry[@name='serial']": "ds=nocloud",
      "sysinfo/baseBoard/entry[@name='location']": "l", "sysinfo/chassis/entry[@name='sku']": "k", "sysinfo/oemStrings/entry": "one"}),
])
def test_options_of_the_machine_are_written(options, written):
    declared = VM.model.normalise({**BASE, **options})
    tree = VM.model.build(declared)
    VM.furnish(tree)
    assert {path: _path.get(tree, path) for path in written} == written
    assert NOT_IN_SCHEMA & set(options) or VM.mistakes(tree) == []
    assert VM.model.compare(declared, tree) == []
    assert VM.model.write(tree, {name: None for name in options if name not in BASE}) is tree
    assert VM.model.compare({name: None for name in options if name not in BASE}, tree) == []


@pytest.mark.parametrize("options, option, sentence", [
    ({"qemu": {"environment": {"A=B": "c"}}}, "qemu.environment.A=B", "is no name of a variable: use letters, digits and _"),
    ({"qemu": {"overrides": [{"alias": "ua-a", "properties": [{"name": "x", "type": "bool"}]}]}}, "qemu.overrides[0].properties[0].value",
     "goes with any type but remove"),
    ({"shmems": [{"name": "s", "msi": False, "vectors": 2}]}, "shmems[0].vectors", "goes with 'msi: true' only"),
    ({"clock": {"offset": "utc", "timezone": "Europe/Vienna"}}, "clock.timezone", "goes with 'offset: timezone' only"),
    ({"clock": {"offset": "absolute"}}, "clock.start", "'offset: absolute' needs it"),
    ({"clock": {"timers": [{"name": "rtc", "frequency": 5}]}}, "clock.timers[0].frequency", "only the timer tsc has it"),
    ({"features": {"apic": False, "apic_eoi": True}}, "features.apic_eoi", "goes with an APIC only"),
    ({"features": {"hyperv": {"mode": "passthrough", "vapic": True}}}, "features.hyperv.vapic", "'mode: passthrough' takes all that the host has"),
    ({"features": {"capabilities": {"allowed": {"mknod": "maybe"}}}}, "features.capabilities.allowed.mknod", "is either true or false"),
    ({"cputune": {"vcpupins": [{"vcpu": 0, "cpuset": "3-1"}]}}, "cputune.vcpupins[0].cpuset", "'3-1' is not a range of numbers below 16384"),
    ({"cputune": {"emulatorpin": "all"}}, "cputune.emulatorpin", "'all' is not a set of numbers: write them like 0-3,8 or 0-7,^5"),
    ({"cputune": {"emulatorpin": "1,^1"}}, "cputune.emulatorpin", "'1,^1' leaves no number over"),
    ({"cputune": {"vcpuscheds": [{"vcpus": "0", "scheduler": "fifo"}]}}, "cputune.vcpuscheds[0].priority", "'scheduler: fifo' needs it"),
    ({"cputune": {"emulatorsched": {"scheduler": "batch", "priority": 1}}}, "cputune.emulatorsched.priority", "only fifo and rr have one"),
    ({"cputune": {"period": 5}}, "cputune.period", "5 is less than the smallest value, 1000"),
    ({"numatune": {"memory": {"placement": "auto", "nodeset": "0"}}}, "numatune.memory.nodeset", "'placement: auto' has them chosen"),
    ({"memtune": {"hard_limit": "2GiB", "swap_hard_limit": "1GiB"}}, "memtune.swap_hard_limit", "counts memory and swap together"),
    ({"memory_backing": {"hugepages": False, "pages": [{"size": "2MiB"}]}}, "memory_backing.pages", "goes with 'hugepages: true' only"),
    ({"blkiotune": {"weight": 5}}, "blkiotune.weight", "5 is less than the smallest value, 10"),
    ({"iothreads": 2, "iothreadids": [{"id": 1}]}, "iothreadids", "lists 1 threads, and iothreads is 2"),
    ({"iothreadids": [{"id": 1, "thread_pool_min": 5, "thread_pool_max": 4}]}, "iothreadids[0].thread_pool_min", "5 is more than thread_pool_max, 4"),
    ({"throttlegroups": [{"group_name": "a", "total_iops_sec_max": 5}]}, "throttlegroups[0].total_iops_sec_max", "a burst goes beyond a lasting bound"),
    ({"cpu": {"numa": {"cells": [{"id": 0, "memory": "512MiB"}]}}}, "cpu.numa.cells", "have 512MiB of memory together, and the VM has 1GiB"),
    ({"cpu": {"numa": {"cells": [{"id": 0, "cpus": "0-1", "memory": "512MiB"}, {"id": 1, "cpus": "1", "memory": "512MiB"}]}}},
     "cpu.numa.cells[1].cpus", "virtual CPU 1 is in cell 0 already"),
    ({"sysinfo": {"base_boards": [{}]}}, "sysinfo.base_boards[0]", "says nothing; give it at least one of: manufacturer"),
    ({"fw_cfg": [{"name": "etc/a", "value": "1"}]}, "fw_cfg[0].name", "'etc/a' is not a name: begin with opt/"),
    ({"fw_cfg": [{"name": "opt/a", "value": "b,file=/etc/shadow"}]}, "fw_cfg[0].value", "'b,file=/etc/shadow' is not text without a comma"),
    ({"fw_cfg": [{"name": "opt/a"}]}, "fw_cfg[0].value", "give it a value or the path of a file, one of them"),
    ({"launch_security": {"type": "sev"}}, "launch_security.policy", "'type: sev' needs it"),
    ({"launch_security": {"type": "s390-pv", "policy": 1}}, "launch_security.policy", "'type: s390-pv' does not have it"),
    ({"perf": {"speed": True}}, "perf.speed", "there is no such event; there are: cmt, "),
    ({"perf": {"cmt": "often"}}, "perf.cmt", "is either true or false, not 'often'"),
    ({"seclabels": [{"type": "static", "model": "dac"}]}, "seclabels[0].label", "'type: static' needs it"),
    ({"seclabels": [{"type": "none", "baselabel": "x"}]}, "seclabels[0].baselabel", "goes with 'type: dynamic' only"),
    ({"init": {"path": "/sbin/init", "env": {"1A": "x"}}}, "init.env", "'1A' is not the name of a variable"),
    ({"genid": "yes"}, "genid", "'yes' is not 'auto' or a UUID"),
    ({"nvram": {"path": "/srv/v.fd", "network": {"protocol": "nbd", "hosts": [{"name": "a"}]}}}, "nvram.network", "the variables are in a file or on other"),
])
def test_what_cannot_be_is_refused_by_one_sentence(options, option, sentence):
    with pytest.raises(FieldError) as error:
        VM.model.normalise({**BASE, **options})
    assert error.value.option_path == option
    assert error.value.message.startswith(sentence)
