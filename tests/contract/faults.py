# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs in processes of their own that end, as by a power cut, at the n-th thing they do: nothing is simulated, what was done is done.

A thing is a call of libvirt (its begin and its end), and what changes files or begins a program, as Python's audit events tell. A run that is
to die has no handlers, no `finally`, no child that outlives it by design.
"""
from __future__ import annotations

import importlib
import multiprocessing
import os
import sys

from ansible_collections.tinycloud.libvirt.plugins.module_utils._engine import Engine
from ansible_collections.tinycloud.libvirt.plugins.module_utils._executor import Executor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import Hypervisor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._registry import Registry

KILLED = 137
_EVENTS = {"os.rename", "os.remove", "os.link", "os.truncate", "os.chmod", "os.chown", "os.mkdir", "os.rmdir", "subprocess.Popen", "fcntl.flock"}


class Life:
    """So many things are still done; None for all."""

    def __init__(self, left):
        self.left = left
        self.done = 0

    def step(self):
        if self.done == self.left:
            os._exit(KILLED)
        self.done += 1

    def watch(self, event, _arguments):
        if event in _EVENTS:
            self.step()


def _watched(life):
    class Mortal(Hypervisor):
        def call(self, method, *arguments):
            life.step()
            answer = super().call(method, *arguments)
            life.step()
            return answer
    return Mortal


def _live(uri, registry, declared, left, answers):
    resources = [getattr(importlib.import_module(module), name).from_options(options) for module, name, options in declared]
    life = Life(left)
    connection = _watched(life)(uri)
    sys.addaudithook(life.watch)
    Engine(connection, Registry(registry), Executor()).reconcile(resources)
    answers.send(life.done)
    answers.close()


def run(host, *resources, left=None):
    """One run, as its own process: how many things it did, or None where it was killed before its end.

    :param resources: (class, options)
    :param left: how many things it has time for
    """
    spawn = multiprocessing.get_context("spawn")
    receiver, sender = spawn.Pipe(duplex=False)
    declared = [(kind.__module__, kind.__name__, dict({"state": "present"}, **options)) for kind, options in resources]
    process = spawn.Process(target=_live, args=(host.uri, host.registry.directory, declared, left, sender))
    process.start()
    sender.close()
    process.join(120)
    assert process.exitcode in (0, KILLED), process.exitcode
    return receiver.recv() if process.exitcode == 0 else None


def moments(total, number):
    """So many moments, spread over a run: its first and last things among them."""
    return sorted({round(one * (total - 1) / (number - 1)) for one in range(number)})
