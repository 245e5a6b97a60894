# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account files of a Unix: /etc/passwd, /etc/shadow, /etc/group as text, and what becomes of them.

No program of the guest is needed, so that this works for any distribution and architecture.
"""
from __future__ import annotations

FIRST_UID = 1000
_LAST_UID = 60000
_LOCKED = "!"


class Table:
    """Lines of colon-separated fields, the name first; what cannot be understood stays as it is."""

    def __init__(self, text):
        self.rows = [line.split(":") for line in text.splitlines() if line.strip()]

    def find(self, name):
        return next((row for row in self.rows if row[0] == name), None)

    @property
    def text(self):
        return "".join(":".join(row) + "\n" for row in self.rows)


class Accounts:
    """
    :param shadow: None where the guest keeps its passwords in passwd
    :param day: today, in days since 1970, for the date of a password's change
    """

    def __init__(self, passwd, group, shadow, gshadow, day):
        self.passwd = Table(passwd)
        self.group = Table(group)
        self.shadow = None if shadow is None else Table(shadow)
        self.gshadow = None if gshadow is None else Table(gshadow)
        self.day = str(day)

    def uid(self, name):
        """The number of a user, None where there is none of that name."""
        return self._number(self.passwd, name)

    def gid(self, name):
        return self._number(self.group, name)

    @staticmethod
    def _number(table, name):
        if name.isdigit():
            return int(name)
        row = table.find(name)
        return int(row[2]) if row else None

    def owner(self, name):
        """(uid, gid, home) of a user that is there."""
        row = self.passwd.find(name)
        return int(row[2]), int(row[3]), row[5]

    def _free(self, wanted):
        """A number that neither a user nor a group has, the same for both."""
        taken = {int(row[2]) for table in (self.passwd, self.group) for row in table.rows if len(row) > 2 and row[2].isdigit()}
        return wanted if wanted is not None else next(number for number in range(FIRST_UID, _LAST_UID) if number not in taken)

    def ensure_user(self, user, shell):
        """Make the user, or bring what is declared of one that is there up to date; returns whether it is new."""
        name = user["name"]
        row = self.passwd.find(name)
        new = row is None
        if new:
            number = self._free(user.get("uid"))
            self.ensure_group(name, number)
            row = [name, "x", str(number), str(self.gid(name)), "", "/home/%s" % name, shell]
            self.passwd.rows.append(row)
            if self.shadow is not None:
                self.shadow.rows.append([name, _LOCKED, self.day, "0", "99999", "7", "", "", ""])
            else:
                row[1] = _LOCKED
        for place, option in ((2, "uid"), (4, "comment"), (5, "home"), (6, "shell")):
            if user.get(option) is not None:
                row[place] = str(user[option])
        for group in user.get("groups") or []:
            self.join(name, group)
        return new

    def ensure_group(self, name, number=None):
        if self.group.find(name) is None:
            taken = {row[2] for row in self.group.rows if len(row) > 2}
            number = self._free(None) if number is None or str(number) in taken else number
            self.group.rows.append([name, "x", str(number), ""])
            if self.gshadow is not None:
                self.gshadow.rows.append([name, _LOCKED, "", ""])

    def join(self, name, group):
        """Make the user a member of the group; a group that is missing is made."""
        self.ensure_group(group)
        for table in filter(None, (self.group, self.gshadow)):
            row = table.find(group)
            if row is not None:
                members = [one for one in row[3].split(",") if one]
                row[3] = ",".join(members + [name] * (name not in members))

    def set_password(self, name, hashed):
        if self.shadow is None:
            self.passwd.find(name)[1] = hashed
            return
        row = self.shadow.find(name)
        if row is None:
            row = [name, "", "", "0", "99999", "7", "", "", ""]
            self.shadow.rows.append(row)
        row[1], row[2] = hashed, self.day
        self.passwd.find(name)[1] = "x"

    def lock(self, name):
        """No password lets anybody in; what was one can be given back by removing the mark."""
        row = self.passwd.find(name) if self.shadow is None else self.shadow.find(name)
        if row is None:
            self.set_password(name, _LOCKED)
        elif not row[1].startswith(_LOCKED):
            row[1] = _LOCKED + row[1]
