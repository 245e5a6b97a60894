# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every filter of hosts is."""
from __future__ import annotations


class Filter:
    """
    :cvar lasting: whether the answer is the same for all VMs of one kind, whatever was placed before
    """

    name = None
    lasting = False

    def reason(self, vm, host):
        """What speaks against it, or None."""
        raise NotImplementedError


def listed(names):
    return ", ".join(sorted(names)) or "none"


def together(vm):
    """What is said of room that is asked for by more than the VM itself."""
    return "" if vm.company is None or len(vm.company.members) == 1 else " together with its company"
