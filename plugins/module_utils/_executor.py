# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a plan: what depends on nothing unfinished runs at once, in lanes; in check mode nothing runs."""
from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure


class Executor:
    """The one place where check mode decides.

    :param lanes: how many resources are worked on at once (libvirt starts ~2x cores of VMs at a time best)
    """

    def __init__(self, check_mode=False, lanes=4):
        self.check_mode = check_mode
        self.lanes = lanes
        self.acted = False

    def run(self, plan):
        """Do all actions; after a failure nothing new is begun, what runs is waited for, and it is raised.

        :returns: whether anything was done
        """
        if self.check_mode or not plan.acting:
            return False
        waits_for = plan.waits_for
        todo = {resource.key: resource for resource in plan.resources}
        done, failures, running = set(), [], {}
        with ThreadPoolExecutor(max_workers=self.lanes) as pool:
            while todo or running:
                ready = [] if failures else [key for key in todo if waits_for[key] <= done]
                idle = [key for key in ready if not todo[key].actions]
                if idle:
                    # What waits for these waits for all that they wait for.
                    done.update(idle)
                    for key in idle:
                        del todo[key]
                    continue
                for key in ready:
                    if todo[key].disrupts and self._is_enough_away(plan, running.values()):
                        continue
                    running[pool.submit(self._work_off, todo.pop(key))] = key
                if not running:
                    break
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    key = running.pop(future)
                    done.add(key)
                    failure = future.exception()
                    if isinstance(failure, Failure):
                        failures.append(failure.about(key))
                    elif failure is not None:
                        raise failure
        if failures:
            raise failures[0]
        if todo:
            raise Failure("dependency_cycle", "These resources wait for each other: %s"
                          % ", ".join("%s %s" % key for key in sorted(todo)))
        return True

    @staticmethod
    def _is_enough_away(plan, running):
        away = sum(resource.disrupts for resource in plan.resources if resource.key in running)
        return plan.max_unavailable is not None and away >= plan.max_unavailable

    def wait(self, waiting):
        """Call what waits for the result of the plan; in check mode there is nothing to wait for."""
        if not self.check_mode:
            waiting()

    def _work_off(self, resource):
        for action in resource.actions:
            try:
                self.step(resource, action)
            except Failure as failure:
                self.acted = self.acted or (action.counts and not failure.undone)
                raise
            self.acted = self.acted or action.counts

    def step(self, _resource, action):
        """One action: between two of these, a run may be cut short."""
        action.run()
