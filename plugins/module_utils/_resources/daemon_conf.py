# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of libvirt's daemons: what is declared is kept so, and what was there before comes back when it is not."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._conf_file import ConfFile, SettingError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._fields import LIVE, Mapping, Text
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model._base import Change, Model
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import COMPLETE, INTENDED
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._base import Resource


class DaemonConfOptions(Model):
    name = Text(pattern=r"[a-z][a-z-]*\.conf", meaning="the name of a file in /etc/libvirt, such as qemu.conf", required=True)
    settings = Mapping(required=True)


class DaemonConf(Resource):
    kind = "daemon_conf"
    model = DaemonConfOptions

    def _file(self):
        return ConfFile(self.name)

    def _is_managed(self, scene):
        """Whether there is anything to take care of: a file that nobody set anything in need not even exist."""
        return bool(self.declared["settings"] or self._before(scene))

    def _wanted(self):
        return {name: None if value is None else ConfFile.canonical(value)
                for name, value in self.declared["settings"].items()}

    def _before(self, scene):
        """What the settings that are ours were before they were: null where there was none."""
        return (scene.registry.get(self.kind, self.name) or {}).get("before", {})

    def check(self, scene):
        for name, value in self.declared["settings"].items():
            if isinstance(value, dict):
                raise self.refusal("invalid_option", "settings.%s: a mapping is no value of %s" % (name, self.name),
                                   "Write text, a number, true or false, or a list of texts.")
        if not self._is_managed(scene):
            return
        if not ConfFile.is_known(self.name):
            raise self.refusal("unknown_file", "name: libvirt on this host has no file %s" % self.name,
                               "/usr/share/augeas/lenses describes those that it has.")
        try:
            self._file().verify({name: value for name, value in self._wanted().items() if value is not None})
        except SettingError as error:
            what = ("does not take '%s' there" % error.value if error.known
                    else "knows no such setting in %s, or not with such a value" % self.name)
            raise self.refusal("invalid_option", "settings.%s: libvirt %s" % (error.setting, what),
                               "The comments in /etc/libvirt/%s explain every setting." % self.name) from None

    def plan(self, scene):
        plan = self.new_plan(scene)
        if not self._is_managed(scene):
            return plan
        file, before, wanted = self._file(), self._before(scene), self._wanted()
        actual = file.settings()
        given_up = {name: value for name, value in before.items() if name not in wanted}
        differing = {name: value for name, value in dict(given_up, **wanted).items() if actual.get(name) != value}
        for name, value in sorted(differing.items()):
            plan.changes.append(Change((name,), actual.get(name), value, LIVE))
        ours = {name: before.get(name, actual.get(name)) for name in wanted}
        if differing or ours != before:
            # First the record: a run that is cut short here still knows what to bring back.
            plan.act("remember what was there", lambda: scene.registry.put(
                self.kind, self.name, INTENDED, before=dict(before, **ours)))
        if differing:
            plan.act("write %s" % file.path, lambda: file.write(differing))
        if ours != before:
            plan.act("note what is managed", lambda: self._note(scene, ours))
        return plan

    def _note(self, scene, ours):
        if ours:
            scene.registry.put(self.kind, self.name, COMPLETE, before=ours)
        else:
            scene.registry.forget(self.kind, self.name)

    def facts(self, scene):
        settings = self._file().settings() if ConfFile.is_known(self.name) else None
        return {"name": self.name, "settings": settings, "managed": sorted(self._before(scene))}
