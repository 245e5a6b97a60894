# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flavors that every environment knows, as bundles of a VM's options; an environment's own ones go over them."""
from __future__ import annotations

FLAVORS = {
    "m1.nano": {"vcpus": 1, "memory": "256MiB"},
    "m1.tiny": {"vcpus": 1, "memory": "512MiB"},
    "m1.small": {"vcpus": 1, "memory": "2GiB"},
    "m1.medium": {"vcpus": 2, "memory": "4GiB"},
    "m1.large": {"vcpus": 4, "memory": "8GiB"},
    "m1.xlarge": {"vcpus": 8, "memory": "16GiB"},
    "c1.small": {"vcpus": 2, "memory": "2GiB"},
    "c1.medium": {"vcpus": 4, "memory": "4GiB"},
    "c1.large": {"vcpus": 8, "memory": "8GiB"},
    "c1.xlarge": {"vcpus": 16, "memory": "16GiB"},
    "r1.small": {"vcpus": 1, "memory": "8GiB"},
    "r1.medium": {"vcpus": 2, "memory": "16GiB"},
    "r1.large": {"vcpus": 4, "memory": "32GiB"},
    "r1.xlarge": {"vcpus": 8, "memory": "64GiB"},
}
