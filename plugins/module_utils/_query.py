# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter and shape results with JMESPath, https://jmespath.org."""
from __future__ import annotations

try:
    import jmespath
except ImportError:
    jmespath = None

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Failure, Refusal


def search(expression, data):
    if jmespath is None:
        raise Failure("missing_library", "The option 'query' needs python3-jmespath on the compute host",
                      hint="Install it there, or leave 'query' out.")
    try:
        return jmespath.search(expression, data)
    except jmespath.exceptions.JMESPathError as error:
        raise Refusal("invalid_option", "query: %s" % error) from None
