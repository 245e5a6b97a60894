# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions that may never be answered, because a QEMU or a guest hangs: asked side by side, and not waited for too long."""
from __future__ import annotations

import queue
import threading
import time

from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import Hypervisor, HypervisorError

LANES = 4
# Each lane that is stuck holds a thread of libvirt's too, which has 20 for everybody: it is replaced, but not without end.
_MOST_LANES = 10
_LOOK_AGAIN_SECONDS = 0.02


class _Lane(threading.Thread):
    """Asks one question after the other on a connection of its own: libvirt answers only a few calls of one at a time.

    A thread that got no answer is left behind; it ends with the process.
    """

    def __init__(self, uri, questions, answers):
        super().__init__(daemon=True)
        self._uri = uri
        self._questions = questions
        self._answers = answers
        self.asked_at = time.monotonic()

    def run(self):
        hypervisor = None
        try:
            hypervisor = Hypervisor(self._uri)
            while True:
                key, question = self._questions.get_nowait()
                self.asked_at = time.monotonic()
                self._answers[key] = self._ask(question, hypervisor)
        except queue.Empty:
            pass
        except HypervisorError as error:
            # There is no second connection to be had: then there are no answers either.
            self._answers.setdefault(None, error)
        finally:
            if hypervisor is not None:
                hypervisor.close()

    @staticmethod
    def _ask(question, hypervisor):
        try:
            return question(hypervisor)
        except HypervisorError as error:
            return error

    def is_stuck(self, seconds):
        return self.is_alive() and time.monotonic() - self.asked_at > seconds


def ask(uri, questions, seconds):
    """Answers by key: what the question returned, or the HypervisorError it ended with; none where none came in time.

    :param questions: functions of a Hypervisor, by key
    :param seconds: how long one may take
    """
    waiting, answers, lanes = queue.Queue(), {}, []
    for item in questions.items():
        waiting.put(item)
    going = []
    while going or (not waiting.empty() and len(lanes) < _MOST_LANES):
        if len(going) < LANES and not waiting.empty() and len(lanes) < _MOST_LANES:
            lanes.append(_Lane(uri, waiting, answers))
            lanes[-1].start()
        time.sleep(_LOOK_AGAIN_SECONDS if len(going) == LANES else 0)
        going = [lane for lane in lanes if lane.is_alive() and not lane.is_stuck(seconds)]
    return {key: answer for key, answer in list(answers.items()) if key is not None}
