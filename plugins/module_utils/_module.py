# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the engine meets Ansible: arguments in, result or failure out. Nothing else here speaks Ansible's module API."""
from __future__ import annotations

import contextlib
import sys

from ansible.module_utils.basic import AnsibleModule, _load_params, missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.respawn import has_respawned, probe_interpreters_for_module, respawn_module

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _hypervisor, _query, _xml
from ansible_collections.tinycloud.libvirt.plugins.module_utils._engine import Engine
from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._given import given
from ansible_collections.tinycloud.libvirt.plugins.module_utils._misfit import misfit
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import SYSTEM_DIRECTORY, Registry, directory_for
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources._standing import Standing

CONNECTION_OPTIONS = {"uri": {"type": "str"}}
# Where an action plugin tells of the controller: no option, since nobody writes it into a task.
_TOLD = "_controller"
INFO_OPTIONS = {"name": {"type": "list", "elements": "str", "aliases": ["names"]}, "query": {"type": "str"}}

_FOR_GUESTS = ("cloud_init", "customise", "stdin", "variables")


def without_seeds(arguments):
    """Arguments to be shown and logged: what a seed, a recipe or a command's input holds is for its guest only, and may be secret."""
    if isinstance(arguments, list):
        return [without_seeds(one) for one in arguments]
    if not isinstance(arguments, dict):
        return arguments
    return {name: "(not shown)" if name in _FOR_GUESTS and value else without_seeds(value)
            for name, value in arguments.items()}


class _Arguments(AnsibleModule):
    """Ansible's own words on wrong arguments, with a code for programs as every failure has; seeds are not echoed.

    ``no_log`` would mask a seed's every value, wherever it stands in a result.
    """

    def _load_params(self):
        super()._load_params()
        self.controller = self.params.pop(_TOLD, {})

    def _log_invocation(self):
        whole, self.params = self.params, without_seeds(self.params)
        try:
            super()._log_invocation()
        finally:
            self.params = whole

    def exit_json(self, **said):
        super().exit_json(**dict(said, invocation={"module_args": without_seeds(self.params)}))

    def fail_json(self, msg, **said):
        if "failure" not in said:
            msg = misfit(self.argument_spec, _load_params()) or msg
            said["failure"] = {"code": "invalid_option", "message": msg}
        super().fail_json(msg, **dict(said, invocation={"module_args": without_seeds(self.params)}))


class HostModule:
    """One call: checked arguments (``declared`` holds just what the task gave), work, an answer.

    :param library: a Python binding that the work needs: (package, the error of importing it or None)
    :param defaults: whether what the task does not say has the spec's default
    """

    def __init__(self, options, *libraries, defaults=True):
        self.ansible = _Arguments(argument_spec=options, supports_check_mode=True)
        for library, error in libraries:
            self._require(library, error)
        # AnsibleModule fills what was omitted and what was null alike with None; only the raw arguments tell.
        self.declared = given(options, _load_params(), self.ansible.params, defaults)

    def _require(self, library, error):
        if error is None:
            return
        if not has_respawned():
            interpreter = probe_interpreters_for_module(["/usr/bin/python3", "/usr/libexec/platform-python"], library)
            if interpreter and interpreter != sys.executable:
                respawn_module(interpreter)
        hint = "Install it on the compute host; the role tinycloud.libvirt.compute_host does."
        self.ansible.fail_json(msg="%s. %s" % (missing_required_lib("python3-" + library), hint), exception=error,
                               failure={"code": "missing_library", "message": "python3-%s is missing" % library, "hint": hint})

    def answer(self, work):
        """Run ``work()`` and exit with what it returns, or with the failure it raises."""
        try:
            result = work()
        except Failure as failure:
            said = failure.message.rstrip(".") + "." + (" " + failure.hint if failure.hint else "")
            if failure.resource and "'%s'" % failure.resource[1] not in said:
                said = "%s '%s': %s" % (failure.resource + (said,))
            self.ansible.fail_json(msg=said, changed=failure.changed, failure=failure.as_result(), **failure.returned)
        self.ansible.exit_json(**result)

    def bundles(self, option, spec):
        """Checked arguments of each entry of an option that maps names to mappings of options."""
        # Of a bundle nothing is required, and what it does not say is not its business.
        spec = {name: {key: value for key, value in entry.items() if key not in ("required", "default")}
                for name, entry in spec.items()}
        bundles = {}
        for name, raw in (self.declared.get(option) or {}).items():
            checked = ArgumentSpecValidator(spec).validate(raw) if isinstance(raw, dict) else None
            if checked is None or checked.error_messages:
                said = ["is not a mapping"] if checked is None else checked.error_messages
                self.ansible.fail_json(msg="%s.%s: unsupported or wrong: %s" % (option, name, "; ".join(said)))
            bundles[name] = given(spec, raw, checked.validated_parameters, defaults=False)
        return bundles

    def reconcile(self, resource):
        """Make one resource of the host itself, which libvirt has no part in, as declared."""
        registry = Registry(SYSTEM_DIRECTORY)
        return Engine(None, registry, Executor(check_mode=self.ansible.check_mode)).reconcile([resource])


class VirtModule(HostModule):
    """A call that speaks with libvirt."""

    def __init__(self, options, defaults=True):
        super().__init__(dict(CONNECTION_OPTIONS, **options), ("libvirt", _hypervisor.LIBVIRT_IMPORT_ERROR),
                         ("lxml", _xml.LXML_IMPORT_ERROR), defaults=defaults)
        self.uri = self.declared.pop("uri", None)

    def answer(self, work):
        """Run ``work(hypervisor)``."""
        def connected():
            with contextlib.closing(_hypervisor.Hypervisor(self.uri)) as hypervisor:
                return work(hypervisor)

        super().answer(connected)

    def engine(self, hypervisor, environment=None):
        return Engine(hypervisor, Registry(directory_for(hypervisor.uri)),
                      Executor(check_mode=self.ansible.check_mode), environment, self.ansible.controller)


def run_resource(kind):
    """The whole code of a module for one resource: an environment of one."""
    module = VirtModule(kind.model.arguments())

    def work(hypervisor):
        resource = kind.from_options(module.declared)
        outcome = module.engine(hypervisor).reconcile([resource])
        return dict(result_of(outcome), **{kind.kind: resource.facts(outcome.scene)})

    module.answer(work)


def run_host_resource(kind, *libraries):
    """The whole code of a module for one resource of the host itself."""
    module = HostModule(kind.model.arguments(), *libraries)

    def work():
        resource = kind.from_options(module.declared)
        outcome = module.reconcile(resource)
        return dict(result_of(outcome), **{kind.kind: resource.facts(outcome.scene)})

    module.answer(work)


def run_environment(kind):
    """The whole code of the module environment: one connection, one plan, many resources."""
    # Without defaults: they would go over what a profile says.
    module = VirtModule(kind.model.arguments(), defaults=False)
    for option in ("flavors", "profiles"):
        module.declared[option] = module.bundles(option, kind.bundle_arguments())

    def work(hypervisor):
        environment = kind(module.declared)
        engine = module.engine(hypervisor, environment)
        outcome = engine.reconcile(environment.resources(Standing(hypervisor, engine.registry, environment.name)), environment.declared.get("wait"))
        return dict(result_of(outcome), **environment.facts(outcome.scene))

    module.answer(work)


def result_of(outcome):
    """What every changing module returns."""
    plan, is_environment = outcome.plan, outcome.scene.environment is not None
    diff = plan.diff(named=is_environment)
    if is_environment and plan.changed:
        # Ansible prints this below the difference; of many resources the lines are what people read.
        diff["prepared"] = "\n".join(plan.lines)
    # For the action plugin.
    left = outcome.scene.memory["controller"].get("file", {}).get("left")
    result = dict({"uploads": plan.uploads} if plan.uploads else {}, **({"left": left} if left else {}))
    return dict(result, **{
        "changed": plan.changed,
        "diff": diff,
        "plan": [resource.as_result() for resource in plan.changing],
        "summary": plan.lines,
        "restart_required": [{"resource": resource.title,
                              "fields": [".".join(change.path) for change in resource.pending]}
                             for resource in plan.resources if resource.pending],
        "notes": [note for resource in plan.resources for note in resource.notes] + plan.notes,
    })


def run_info(kind, plural, options=None):
    """The whole code of an info module: facts of the named resources, or of all, shaped by ``query``."""
    module = VirtModule(dict(INFO_OPTIONS, **(options or {})))

    def work(hypervisor):
        wanted = module.declared.get("name")
        scene = module.engine(hypervisor).look([])
        found = kind.listing(scene, module.declared)
        facts = [one for one in found if wanted is None or one["name"] in wanted]
        query = module.declared.get("query")
        return {"changed": False, plural: _query.search(query, facts) if query else facts}

    module.answer(work)
