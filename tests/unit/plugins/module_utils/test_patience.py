# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked again, and what is not."""
from __future__ import annotations

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _hypervisor
from ansible_collections.tinycloud.libvirt.plugins.module_utils._hypervisor import HypervisorError
from ansible_collections.tinycloud.libvirt.plugins.module_utils._resources import _patience

libvirt = pytest.importorskip("libvirt")


class Answers:
    """A call with a list of answers; libvirt's errors by their numbers."""

    def __init__(self, *answers):
        self.left = list(answers)

    def __call__(self):
        answer = self.left.pop(0)
        if isinstance(answer, str):
            return answer
        raise HypervisorError(_Error(answer))


class _Error(libvirt.libvirtError):
    def __init__(self, number):
        super().__init__("refused")
        self.err = (number, 0, "refused")


@pytest.fixture(autouse=True)
def no_time(monkeypatch):
    monkeypatch.setattr(_patience, "_PAUSE", 0)


def test_what_passes_by_itself_is_asked_again():
    call = Answers(_hypervisor.constant("ERR_INTERNAL_ERROR"), _hypervisor.constant("ERR_INTERNAL_ERROR"), "made")
    assert _patience.asked_again(call, 60) == "made"


@pytest.mark.parametrize("code, seconds, left", [("ERR_NO_STORAGE_VOL", 60, 1), ("ERR_INTERNAL_ERROR", -1, 1)])
def test_what_does_not_is_said_at_once(code, seconds, left):
    call = Answers(_hypervisor.constant(code), "made")
    with pytest.raises(HypervisorError):
        _patience.asked_again(call, seconds)
    assert len(call.left) == left
