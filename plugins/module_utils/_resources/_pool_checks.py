# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What speaks against a pool as it is declared: said before anything is touched."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FIXED, LIVE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.pool_types import missing, pool_type, strangers
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _pool_contents

_EXAMPLES = {
    "path": "path: /srv/pool", "source.hosts": "source: {hosts: [{name: storage.example.org}]}",
    "source.devices": "source: {devices: [{path: /dev/sdb}]}, of iSCSI the target's name",
    "source.directory": "source: {directory: /exports/pool}", "source.adapter": "source: {adapter: {type: scsi_host, name: scsi_host1}}",
    "source.initiator": "source: {initiator: 'iqn.2026-01.org.example:host1'}",
}
# Debian's and Fedora's words for the packages are the same.
_PACKAGE = "libvirt-daemon-driver-storage-%s"


def given(declared, option):
    """The value of an option in dotted form, or None."""
    value = declared
    for part in option.split("."):
        value = (value or {}).get(part)
    return value


def refuse_foreign_options(pool, scene):
    """Refuse what means nothing to a pool of its type: libvirt would forget it without a word."""
    name = pool.type(scene)
    kind = pool_type(name)
    for option in strangers(name, pool.declared):
        raise pool.refusal("not_for_this_type", "%s: a pool of type %s (%s) has none" % (option, name, kind.what), "Leave it out, or see to the type.")
    if pool.declared.get("build") and not kind.builds and not kind.holds_files:
        raise pool.refusal("not_for_this_type", "build: there is nothing to build for a pool of type %s" % name, "Leave it out.")
    if pool.declared.get("overwrite") and not kind.overwrites:
        raise pool.refusal("not_for_this_type", "overwrite: building a pool of type %s overwrites nothing" % name, "Leave it out.")
    _refuse_derived_path(pool, scene, kind)


def _refuse_derived_path(pool, scene, kind):
    fact, path = pool.fact(scene), pool.declared.get("path")
    if not kind.derived_path or not path:
        return
    name = given(pool.declared, "source.name") or (fact.xml.findtext("source/name") if fact is not None else None) or pool.name
    if path != kind.derived_path % name:
        raise pool.refusal("fixed_option", "path: the volumes of '%s' are found in %s, wherever else is said" % (name, kind.derived_path % name),
                           "Leave path out.")


def refuse_incomplete(pool, scene):
    kind = pool.type(scene)
    option = missing(kind, pool.declared)
    if option == "path" and kind == "dir":
        raise pool.refusal("missing_option", "path: the new pool '%s' needs a directory" % pool.name, "Write for example path: /var/lib/libvirt/images")
    if option:
        raise pool.refusal("missing_option", "%s: the new pool '%s' of type %s needs it" % (option, pool.name, kind),
                           "Write for example %s" % _EXAMPLES[option])


def refuse_unsupported(pool, scene):
    """Refuse a type, or a format of its source, that this host's libvirt was installed or built without."""
    kind = pool.type(scene)
    try:
        capabilities = _xml.parse(scene.hypervisor.connection.getStoragePoolCapabilities(0))
    except HypervisorError as error:
        # libvirt's test driver cannot be asked, and takes every type.
        if error.code != "no_support":
            raise
        return
    found = next((one for one in capabilities.iterfind("pool") if one.get("type") == kind), None)
    if found is None or found.get("supported") != "yes":
        known = [one.get("type") for one in capabilities.iterfind("pool") if one.get("supported") == "yes"]
        raise pool.refusal("unsupported_type", "type: this host's libvirt has no storage backend for %s, only for %s" % (kind, ", ".join(known)),
                           "Install the package %s there, if its distribution has it, and restart libvirt's daemon." % (_PACKAGE % kind))
    wanted = given(pool.declared, "source.format")
    formats = [value.text for value in found.iterfind("poolOptions/enum[@name='sourceFormatType']/value")]
    if wanted and wanted not in formats:
        raise pool.refusal("unsupported_format", "source.format: a pool of type %s cannot be '%s' on this host" % (kind, wanted),
                           "Write one of %s." % ", ".join(formats))


def refuse_fixed(pool, fact):
    for change in pool.model.compare(pool.declared, fact.xml):
        if change.how == FIXED:
            raise pool.refusal("fixed_option", "%s: the pool '%s' has '%s', which cannot become '%s'"
                               % (".".join(change.path), pool.name, change.before, change.after),
                               "Remove the pool first (its contents stay), or give the new one another name.")


def refuse_taken_path(pool, scene):
    """libvirt has one pool for a directory at most."""
    if not pool_type(pool.type(scene)).holds_files:
        return
    paths = {name: fact.xml.findtext("target/path") for name, fact in scene.world.pools.items()
             if pool_type(fact.xml.get("type")).holds_files}
    paths.update((name, resource.declared.get("path") or paths.get(name))
                 for (kind, name), resource in scene.resources.items() if kind == pool.kind)
    for name, path in sorted(paths.items()):
        if name != pool.name and path == pool.declared["path"]:
            raise pool.refusal("path_in_use", "path: '%s' is the directory of the pool '%s' already" % (path, name),
                               "Use that pool, or name another directory.")


def refuse_stop(pool, scene, fact):
    """Refuse to stop what running VMs need: they would lose their disks, or the pool would not stop.

    Files of a directory are there without it.
    """
    stops = pool.state == "inactive" or pool.declared.get("apply") == "restart" and _restarts(pool, scene, fact)
    if not fact.active or not stops or fact.xml.get("type") == "dir":
        return
    running = sorted({vm for vm in _needed_by(pool, scene) if scene.world.domains[vm].active})
    if running:
        raise pool.refusal("pool_in_use", "%s: the pool '%s' cannot stop, running VMs have their disks in it: %s"
                           % ("state" if pool.state == "inactive" else "apply", pool.name, ", ".join(running)), "Stop these first.")


def _restarts(pool, scene, fact):
    changes = pool.model.compare(pool.terms(scene, fact.live_xml), fact.live_xml, live=True)
    return any(change.how != LIVE for change in changes)


def _needed_by(pool, scene):
    """Names of the VMs with disks in a pool that stay after this call."""
    usage = scene.world.usage
    return {vm for volume in scene.world.volumes(pool.name).values()
            for vm in usage.vms(volume.xml.findtext("target/path") or "") if not scene.goes("vm", vm)}


def refuse_removal(pool, scene, fact):
    place = "devices/disk/source[@pool='%s']" % pool.name
    for name, domain in sorted(scene.world.domains.items()):
        if domain.xml.find(place) is not None and scene.will_exist("vm", name, scene.world.domains):
            raise pool.refusal("pool_in_use", "state: the pool '%s' cannot go, the VM '%s' finds its disks through it" % (pool.name, name),
                               "Remove the VM first.")
    # Without its pool, a volume that a VM needs is no longer known as such.
    needed = _needed_by(pool, scene)
    if needed:
        raise pool.refusal("pool_in_use", "state: the pool '%s' cannot go, VMs have their disks in it: %s" % (pool.name, ", ".join(sorted(needed))),
                           "Remove these first, or in the same call.")
    if pool.declared.get("delete_contents"):
        _pool_contents.refuse(pool, scene, fact)
