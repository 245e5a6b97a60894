# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Storage pools: defined, built, started; removed without ever touching what is in them."""
from __future__ import annotations

import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FIXED, LIVE
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import pool as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._activity import ActiveResource, ActivityOptions
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._refresh import refresh


class PoolOptions(model.Pool, ActivityOptions):
    """The options of the module pool."""


class Pool(ActiveResource):
    kind = "pool"
    model = PoolOptions

    def existing(self, scene):
        return scene.world.pools

    def with_defaults(self, scene):
        given = {name: value for name, value in self.declared.items() if value is not None}
        return dict({"type": "dir"}, **given)

    def check(self, scene):
        fact = self.fact(scene)
        if self.absent:
            self._check_removal(scene)
        elif fact is None:
            self._check_new()
            self._check_path(scene)
        else:
            self._check_kept(fact)
            if self.declared.get("path") not in (None, fact.xml.findtext("target/path")):
                self._check_path(scene)

    def _check_removal(self, scene):
        if self.fact(scene) is None:
            return
        place = "devices/disk/source[@pool='%s']" % self.name
        for name, domain in sorted(scene.world.domains.items()):
            if domain.xml.find(place) is not None and scene.will_exist("vm", name, scene.world.domains):
                raise self.refusal("pool_in_use", "state: the pool '%s' cannot go, the VM '%s' finds its disks through it"
                                   % (self.name, name), "Remove the VM first.")
        # Without its pool, a volume that a VM needs is no longer known as such.
        usage = scene.world.usage
        needed = {vm for volume in scene.world.volumes(self.name).values()
                  for vm in usage.vms(volume.xml.findtext("target/path") or "") if not scene.goes("vm", vm)}
        if needed:
            raise self.refusal("pool_in_use", "state: the pool '%s' cannot go, VMs have their disks in it: %s"
                               % (self.name, ", ".join(sorted(needed))), "Remove these first, or in the same call.")

    def _check_new(self):
        if not self.declared.get("path"):
            raise self.refusal("missing_option", "path: the new pool '%s' needs a directory" % self.name,
                               "Write for example path: /var/lib/libvirt/images")

    def _check_kept(self, fact):
        for change in self.model.compare(self.declared, fact.xml):
            if change.how == FIXED:
                raise self.refusal("fixed_option", "%s: the pool '%s' has '%s', which cannot become '%s'"
                                   % (".".join(change.path), self.name, change.before, change.after),
                                   "Remove the pool first (its contents stay), or give the new one another name.")

    def _check_path(self, scene):
        """libvirt has one pool for a directory at most."""
        paths = {name: fact.xml.findtext("target/path") for name, fact in scene.world.pools.items()}
        paths.update((name, resource.declared.get("path") or paths.get(name))
                     for (kind, name), resource in scene.resources.items() if kind == self.kind)
        for name, path in sorted(paths.items()):
            if name != self.name and path == self.declared["path"]:
                raise self.refusal("path_in_use", "path: '%s' is the directory of the pool '%s' already" % (path, name),
                                   "Use that pool, or name another directory.")

    def define(self, scene, text):
        return scene.hypervisor.connection.storagePoolDefineXML(text, 0)

    def start(self, handle):
        # Building a directory pool makes the directory, and what is in it stays. Pools of other types, which can only
        # have been made elsewhere, are never built: that could format what they stand on.
        if _xml.parse(handle.XMLDesc(0)).get("type") == "dir":
            handle.build(0)
        handle.create(0)

    def apply_live(self, plan, scene, fact, changes):
        """libvirt sets permissions when it builds a pool, which it does not do while the pool is active."""
        follow = [change for change in changes if change.how == LIVE]
        if not follow or scene.hypervisor.is_remote or fact.xml.get("type") != "dir":
            return changes
        recorded = {change.path for change in self.model.compare(self.declared, fact.xml)}
        plan.changes.extend(change for change in follow if change.path not in recorded)
        plan.act("set permissions", lambda: set_permissions(fact, self.declared["permissions"]))
        return [change for change in changes if change.how != LIVE]

    def summary(self, declared):
        return "%s %s" % (declared["type"], declared["path"])

    def facts(self, scene):
        fact = self.fact(scene)
        return None if fact is None else pool_facts(fact)

    @classmethod
    def listing(cls, scene, _options):
        return [pool_facts(fact) for _name, fact in sorted(scene.world.pools.items())]


def set_permissions(fact, wanted):
    path = fact.live_xml.findtext("target/path")
    accounts = [wanted.get(option) for option in ("owner", "group")]
    os.chown(path, *(-1 if account is None else account for account in accounts))
    if wanted.get("mode") is not None:
        os.chmod(path, int(wanted["mode"], 8))
    refresh(fact.handle)


def pool_facts(fact):
    """What users learn about a pool; sizes in bytes."""
    values = model.Pool.describe(model.Pool.read(fact.xml))
    source = fact.live_xml if fact.active else fact.xml
    sizes = {option: int(_path.get(source, option) or 0) for option in ("capacity", "allocation", "available")}
    return dict(values, state="active" if fact.active else "inactive", autostart=fact.autostart,
                persistent=fact.persistent, **sizes)
