# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan in a file: made in one run, looked at by people, and done by another run only if nothing has moved since."""
from __future__ import annotations

import json
import os

from ansible_collections.tinycloud.libvirt.plugins.module_utils._failure import Refusal

_VERSION = 1


def content(name, plan):
    """All that a plan says."""
    return {"version": _VERSION, "environment": name, "summary": plan.lines, "plan": [resource.as_result() for resource in plan.changing]}


def write(path, name, plan):
    """Write the file so that it is there whole or not at all."""
    draft = path + ".draft"
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(content(name, plan), file, indent=2, sort_keys=True)
        os.replace(draft, path)
    except OSError as error:
        raise Refusal("plan_file", "plan_out: '%s' cannot be written: %s" % (path, error.strerror), ("environment", name)) from None


def check(path, name, plan):
    """Refuse a plan that is another one than that of the file; one of which nothing is left to do has been done."""
    if not plan.changed:
        return
    try:
        with open(path, encoding="utf-8") as file:
            wanted = json.load(file)
        known = wanted["version"], wanted["environment"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refusal("plan_file", "plan_in: '%s' is no plan that can be read: %s" % (path, error), ("environment", name)) from None
    # What is compared has gone through JSON, as the file has.
    now = json.loads(json.dumps(content(name, plan)))
    if known != (_VERSION, name) or wanted["plan"] != now["plan"]:
        moved = sorted(set(now["summary"]) ^ set(wanted.get("summary") or ()))
        raise Refusal("plan_moved", "plan_in: what there is to do is not what '%s' says any more: %s" % (path, "; ".join(moved) or "its details differ"),
                      ("environment", name), "Make a new plan with plan_out, and look at it.")
