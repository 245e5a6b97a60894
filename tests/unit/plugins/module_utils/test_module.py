# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module tells of its arguments."""
from __future__ import annotations

from ansible_collections.tinycloud.libvirt.plugins.module_utils._module import without_seeds


def test_seeds_are_not_shown():
    seed = {"user_data": {"password": "secret"}}
    arguments = {"name": "shop", "cloud_init": seed, "vms": [{"name": "db", "cloud_init": seed}, {"name": "web", "cloud_init": None}]}
    assert without_seeds(arguments) == {
        "name": "shop", "cloud_init": "(not shown)",
        "vms": [{"name": "db", "cloud_init": "(not shown)"}, {"name": "web", "cloud_init": None}]}
    assert arguments["cloud_init"] is seed


def test_what_a_command_reads_is_not_shown():
    arguments = {"name": "web", "argv": ["chpasswd"], "stdin": "root:secret", "variables": {"TOKEN": "secret"}}
    assert without_seeds(arguments) == {"name": "web", "argv": ["chpasswd"], "stdin": "(not shown)", "variables": "(not shown)"}
