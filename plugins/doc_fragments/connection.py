# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options that every module takes."""
from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  uri:
    description:
      - The libvirt connection, see U(https://libvirt.org/uri.html).
      - E(LIBVIRT_DEFAULT_URI) on the compute host is honoured; otherwise V(qemu:///system).
    type: str
requirements:
  - python3-libvirt (8.0 or later) on the compute host
  - python3-lxml on the compute host
"""
