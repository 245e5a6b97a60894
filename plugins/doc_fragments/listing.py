# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the modules that list what there is."""
from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  name:
    description: Names to report; all, if omitted.
    type: list
    elements: str
    aliases: [names]
  query:
    description: A JMESPath expression that filters and shapes the list, see U(https://jmespath.org).
    type: str
"""
