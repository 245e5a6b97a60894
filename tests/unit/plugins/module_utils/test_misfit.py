# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the wrong shape are told in a sentence that names them."""
from __future__ import annotations

import pytest

from ansible_collections.tinycloud.libvirt.plugins.module_utils._misfit import misfit

SPEC = {
    "name": {"type": "str"},
    "dhcp": {"type": "dict", "options": {"start": {"type": "str"}, "end": {"type": "str"}}},
    "disks": {"type": "list", "elements": "dict", "aliases": ["disk"], "options": {
        "image": {"type": "str"}, "iotune": {"type": "dict", "options": {"read_iops_sec": {"type": "int"}}}}},
}


@pytest.mark.parametrize("raw, said", [
    ({"dhcp": True}, "dhcp: a mapping goes here, not 'True'; its options are end, start"),
    ({"disks": ["tiny"]}, "disks[0]: a mapping goes here, not 'tiny'; its options are image, iotune"),
    ({"disk": [{"image": "a"}, "tiny"]}, "disks[1]: a mapping goes here, not 'tiny'; its options are image, iotune"),
    ({"disks": "tiny"}, "disks[0]: a mapping goes here, not 'tiny'; its options are image, iotune"),
    ({"disks": [{"iotune": 5}]}, "disks[0].iotune: a mapping goes here, not '5'; its options are read_iops_sec"),
    ({"disks": [{"iotune": None}, {"image": "a"}], "dhcp": {"start": "a"}, "name": "n"}, None),
    ({"disks": None, "dhcp": None}, None),
    ({}, None),
])
def test_a_misfit_is_named(raw, said):
    assert misfit(SPEC, raw) == said
