# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs in processes of their own that end, as by a power cut, at the n-th thing they do: nothing is simulated, what was done is done.

A thing is a call of libvirt (its begin and its end), and what changes files or begins a program, as Python's audit events tell. How often a job
is looked at until it ends is no two times the same: a call right after a pause is no further thing. A run that is to die has no handlers, no
`finally`, no child that outlives it by design.
"""
from __future__ import annotations

import importlib
import inspect
import multiprocessing
import os
import signal
import sys
import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils._engine import Engine
from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import Hypervisor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import Registry

KILLED = 137
FAILED = 3
_EVENTS = {"os.rename", "os.remove", "os.link", "os.truncate", "os.chmod", "os.chown", "os.mkdir", "os.rmdir", "subprocess.Popen", "fcntl.flock"}


class Life:
    """So many things are still done; None for all.

    :param victim: the process that ends then, if it is not this one
    """

    def __init__(self, left, victim=None):
        self.left = left
        self.victim = victim
        self.done = 0
        self.paused = False

    def step(self):
        if self.done == self.left:
            if self.victim is None:
                os._exit(KILLED)
            os.kill(self.victim, signal.SIGKILL)
        self.done += 1

    def watch(self, event, _arguments):
        if event in _EVENTS:
            self.step()

    def pause(self, seconds, sleep=time.sleep):
        # Python's subprocess pauses as well, as often as a program takes.
        self.paused = inspect.currentframe().f_back.f_globals["__name__"].startswith("ansible_collections.")
        sleep(seconds)


def _watched(life):
    class Mortal(Hypervisor):
        def call(self, method, *arguments):
            if life.paused:
                life.paused = False
                return super().call(method, *arguments)
            life.step()
            answer = super().call(method, *arguments)
            life.step()
            return answer
    return Mortal


def _live(uri, is_remote, registry, controller, declared, life, answers):
    resources = [getattr(importlib.import_module(module), name).from_options(options) for module, name, options in declared]
    connection = _watched(life)(uri)
    if is_remote:
        type(connection).is_remote = True
    sys.addaudithook(life.watch)
    time.sleep = life.pause
    try:
        Engine(connection, Registry(registry), Executor(), controller=controller).reconcile(resources)
    except Failure as failure:
        if life.victim is None:
            raise
        print(failure.message)
        os._exit(FAILED)
    answers.send(life.done)
    answers.close()


def run(host, *resources, left=None, victim=None):
    """One run, as its own process: how many things it did, or None where that was before its end.

    :param resources: (class, options)
    :param left: how many things it has time for
    :param victim: the process that is killed then, if not the run itself
    """
    spawn = multiprocessing.get_context("spawn")
    receiver, sender = spawn.Pipe(duplex=False)
    declared = [(kind.__module__, kind.__name__, dict({"state": "present"}, **options)) for kind, options in resources]
    given = (host.uri, host.connected.is_remote, host.registry.directory, host.controller, declared, Life(left, victim), sender)
    process = spawn.Process(target=_live, args=given)
    process.start()
    sender.close()
    process.join(120)
    assert process.exitcode in (0, FAILED if victim else KILLED), process.exitcode
    return receiver.recv() if process.exitcode == 0 else None


def moments(total, number):
    """So many moments, spread over a run: its first and last things among them."""
    return sorted({round(one * (total - 1) / (number - 1)) for one in range(number)})
