# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A value that an option cannot take, said with the path of the option."""
from __future__ import annotations


class FieldError(ValueError):
    """A value that a field cannot take: ``option`` is the path of the option, the text is one sentence."""

    def __init__(self, message, option=()):
        super().__init__(message)
        self.message = message
        self.option = tuple(option)

    def under(self, *parents):
        """The same error, seen from the option that contains this one."""
        return FieldError(self.message, tuple(parents) + self.option)

    @property
    def option_path(self):
        text = ""
        for part in self.option:
            if isinstance(part, int):
                text += "[%d]" % part
            else:
                text += ("." if text else "") + str(part)
        return text
