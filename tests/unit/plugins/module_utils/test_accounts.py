# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""/etc/passwd and its kin, edited as text."""
from __future__ import annotations

import pytest
from hypothesis import given, strategies

from ansible_collections.tinycloud.libvirt.plugins.module_utils import _crypt
from ansible_collections.tinycloud.libvirt.plugins.module_utils._model.accounts import Accounts

PASSWD = "root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\nold:x:1000:1000::/home/old:/bin/sh\n"
GROUP = "root:x:0:\nadm:x:4:old\nwww-data:x:33:\nold:x:1000:\nspare:x:1001:\n"
SHADOW = "root:*:19000:0:99999:7:::\nwww-data:*:19000:0:99999:7:::\nold:$6$a$b:19000:0:99999:7:::\n"
GSHADOW = "root:*::\nadm:*::old\nold:!::\n"
NAMES = strategies.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)


def accounts(shadow=SHADOW, gshadow=GSHADOW):
    return Accounts(PASSWD, GROUP, shadow, gshadow, day=20000)


def test_a_new_user_has_a_group_and_a_home_of_its_own():
    found = accounts()
    assert found.ensure_user({"name": "ops", "groups": ["adm", "fresh"], "comment": "O"}, "/bin/bash")
    # 1001 is a group's number already.
    assert found.passwd.text == PASSWD + "ops:x:1002:1002:O:/home/ops:/bin/bash\n"
    assert "adm:x:4:old,ops\n" in found.group.text
    assert "ops:x:1002:\n" in found.group.text
    assert "fresh:x:1003:ops\n" in found.group.text
    assert "ops:!:20000:0:99999:7:::\n" in found.shadow.text
    assert "adm:*::old,ops\n" in found.gshadow.text
    assert found.owner("ops") == (1002, 1002, "/home/ops")


def test_a_user_that_is_there_changes_only_as_said():
    found = accounts()
    assert not found.ensure_user({"name": "old", "shell": "/bin/zsh", "groups": ["adm"]}, "/bin/bash")
    assert found.passwd.text == PASSWD.replace("/home/old:/bin/sh", "/home/old:/bin/zsh")
    assert found.group.text == GROUP
    assert found.shadow.text == SHADOW


def test_passwords_are_set_and_locked():
    found = accounts()
    found.set_password("root", "$6$x$y")
    assert found.shadow.find("root")[:3] == ["root", "$6$x$y", "20000"]
    for _time in range(2):
        found.lock("old")
    assert found.shadow.find("old")[1] == "!$6$a$b"


def test_a_guest_without_shadow():
    found = accounts(shadow=None, gshadow=None)
    found.ensure_user({"name": "ops"}, "/bin/ash")
    assert found.passwd.find("ops")[1] == "!"
    found.set_password("ops", "$6$x$y")
    assert found.passwd.find("ops")[1] == "$6$x$y"
    found.lock("ops")
    assert found.passwd.find("ops")[1] == "!$6$x$y"


def test_a_password_where_shadow_lacks_the_user():
    found = accounts(shadow="")
    found.lock("root")
    assert found.shadow.find("root")[1] == "!"


@given(strategies.lists(strategies.fixed_dictionaries({"name": NAMES}, optional={"groups": strategies.lists(NAMES, max_size=3)}), max_size=6))
def test_numbers_are_never_shared_and_saying_it_again_changes_nothing(users):
    found = accounts()
    for user in users:
        found.ensure_user(user, "/bin/sh")
    for table, place in ((found.passwd, 2), (found.group, 2)):
        numbers = [row[place] for row in table.rows]
        assert len(numbers) == len(set(numbers))
    before = [table.text for table in (found.passwd, found.group, found.shadow, found.gshadow)]
    again = [found.ensure_user(user, "/bin/sh") for user in users]
    assert not any(again)
    assert [table.text for table in (found.passwd, found.group, found.shadow, found.gshadow)] == before
    for user in users:
        for group in user.get("groups") or []:
            assert user["name"] in found.group.find(group)[3].split(",")


# https://www.akkadia.org/drepper/SHA-crypt.txt
@pytest.mark.parametrize("password, salt, expected", [
    ("Hello world!", "saltstring",
     "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1"),
])
def test_passwords_are_hashed_as_every_distribution_reads_them(password, salt, expected):
    assert _crypt.hashed(password, salt) == expected
    assert _crypt.hashed(password) != _crypt.hashed(password)
    salted = _crypt.hashed(password)
    assert _crypt.hashed(password, salted.split("$")[2]) == salted
