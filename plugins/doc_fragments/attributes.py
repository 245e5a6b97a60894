# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes of every module, and what is special to those that change something and those that only read."""
from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
attributes:
  idempotent:
    description: A second run with the same options changes nothing.
    support: full
  platform:
    description: Where the module runs.
    platforms: posix
    support: full
  action_group:
    description: Use C(group/tinycloud.libvirt.libvirt) in C(module_defaults) to set common options.
    support: full
    membership: [tinycloud.libvirt.libvirt]
"""
    CHANGING = r"""
attributes:
  check_mode:
    description: The same plan is made and shown, and not run.
    support: full
  diff_mode:
    description: Differences are shown in the terms of the task's own options.
    support: full
"""
    READING = r"""
attributes:
  check_mode:
    description: Nothing is changed in either mode.
    support: full
  diff_mode:
    description: Nothing is changed.
    support: N/A
"""
