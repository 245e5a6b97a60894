# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How things fail: one structured error from the deepest layer to the module's result."""
from __future__ import annotations


class Failure(Exception):
    """Something could not be done.

    :param code: a stable word for programs: ours (``invalid_option`` ...) or libvirt's own error in lower case
        without ``VIR_ERR_`` (``operation_invalid`` ...), see https://libvirt.org/html/libvirt-virterror.html
    :param message: one sentence that names the option or the resource
    :param resource: (kind, name) of what it is about
    :param hint: what to do about it
    :cvar changed: whether something had been done before it failed
    :cvar undone: whether the action that failed has taken back all that it did
    :cvar returned: further results of the module, of what was done all the same
    """

    changed = False
    undone = False
    returned = {}

    def __init__(self, code, message, resource=None, hint=None):
        super().__init__(message)
        self.code = code
        self.message = message
        self.resource = resource
        self.hint = hint

    def about(self, resource):
        """The same failure, said of a resource if none was named yet."""
        self.resource = self.resource or resource
        return self

    def as_result(self):
        result = {"code": self.code, "message": self.message}
        if self.resource:
            result["resource"] = "%s %s" % self.resource
        if self.hint:
            result["hint"] = self.hint
        return result


class Refusal(Failure):
    """Bad input, or a wish that cannot be met: said before anything is touched."""
