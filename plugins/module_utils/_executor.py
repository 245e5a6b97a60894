# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a plan: what depends on nothing unfinished runs at once, in lanes; in check mode nothing runs."""
from __future__ import annotations

from collections import defaultdict, deque
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _progress
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
        queue, by_key = _Queue(plan.waits_for), {resource.key: resource for resource in plan.resources}
        failures, running = [], {}
        with ThreadPoolExecutor(max_workers=self.lanes) as pool:
            while True:
                for resource in [] if failures else self._next(queue, by_key, running.values(), plan.max_unavailable):
                    running[pool.submit(self._work_off, resource)] = resource.key
                if not running:
                    break
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    key = running.pop(future)
                    queue.through(key)
                    failure = future.exception()
                    if isinstance(failure, Failure):
                        failures.append(failure.about(key))
                    elif failure is not None:
                        raise failure
        if failures:
            raise failures[0]
        if queue.left:
            raise Failure("dependency_cycle", "These resources wait for each other: %s"
                          % ", ".join("%s %s" % key for key in sorted(queue.left)))
        return True

    def _next(self, queue, by_key, running, max_unavailable):
        """The resources that are worked on next: those whose turn it is, as far as there are lanes."""
        found, held = [], []
        away = sum(by_key[key].disrupts for key in running)
        while queue.ready and len(running) + len(found) < self.lanes:
            resource = by_key[queue.ready.popleft()]
            if not resource.actions:
                queue.through(resource.key)
            elif resource.disrupts and max_unavailable is not None and away >= max_unavailable:
                held.append(resource.key)
            else:
                away += resource.disrupts
                found.append(resource)
        queue.ready.extendleft(reversed(held))
        return found

    def wait(self, waiting):
        """Call what waits for the result of the plan; in check mode there is nothing to wait for."""
        if not self.check_mode:
            waiting()

    def _work_off(self, resource):
        for action in resource.actions:
            try:
                with _progress.going(resource.title, action.title):
                    self.step(resource, action)
            except Failure as failure:
                self.acted = self.acted or (action.counts and not failure.undone)
                raise
            self.acted = self.acted or action.counts

    def step(self, _resource, action):
        """One action: between two of these, a run may be cut short."""
        action.run()


class _Queue:
    """Whose turn it is: those for which all that they wait for is through.

    :param waits_for: for each key the keys that come first
    :ivar ready: keys whose turn it is
    :ivar left: keys that are not through
    """

    def __init__(self, waits_for):
        self.left = {key: set(first) for key, first in waits_for.items()}
        self.ready = deque(key for key, first in self.left.items() if not first)
        self._followers = defaultdict(list)
        for key, first in waits_for.items():
            for one in first:
                self._followers[one].append(key)

    def through(self, key):
        del self.left[key]
        for follower in self._followers[key]:
            self.left[follower].remove(key)
            if not self.left[follower]:
                self.ready.append(follower)
