# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Storage pools: defined, built, started; removed without ever touching what is in them."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _path
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import FIXED
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model import pool as model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._activity import ActiveResource, ActivityOptions


class PoolOptions(model.Pool, ActivityOptions):
    """The options of the module pool."""


class Pool(ActiveResource):
    kind = "pool"
    model = PoolOptions

    def existing(self, scene):
        return scene.world.pools

    def with_defaults(self, scene):
        return dict({"type": "dir"}, **self.declared)

    def check(self, scene):
        fact = self.fact(scene)
        if self.absent:
            return
        if fact is None:
            self._check_new()
            return
        for change in self.model.compare(self.declared, fact.xml):
            if change.how == FIXED:
                raise self.refusal("fixed_option", "%s: the pool '%s' has '%s', which cannot become '%s'"
                                   % (".".join(change.path), self.name, change.before, change.after),
                                   "Remove the pool first (its contents stay), or give the new one another name.")

    def _check_new(self):
        if not self.declared.get("path"):
            raise self.refusal("missing_option", "path: the new pool '%s' needs a directory" % self.name,
                               "Write for example path: /var/lib/libvirt/images")

    def define(self, scene, text):
        return scene.hypervisor.connection.storagePoolDefineXML(text, 0)

    def start(self, handle):
        # Building a directory pool only makes the directory; what is in it stays.
        handle.build(0)
        handle.create(0)

    def summary(self, declared):
        return "%s %s" % (declared["type"], declared["path"])

    def facts(self, scene):
        fact = self.fact(scene)
        return None if fact is None else pool_facts(fact)

    @classmethod
    def listing(cls, scene, _options):
        return [pool_facts(fact) for _name, fact in sorted(scene.world.pools.items())]


def pool_facts(fact):
    """What users learn about a pool; sizes in bytes."""
    values = model.Pool.describe(model.Pool.read(fact.xml))
    source = fact.live_xml if fact.active else fact.xml
    sizes = {option: int(_path.get(source, option) or 0) for option in ("capacity", "allocation", "available")}
    return dict(values, state="active" if fact.active else "inactive", autostart=fact.autostart,
                persistent=fact.persistent, **sizes)
