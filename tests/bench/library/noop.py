# SPDX-FileCopyrightText: tinycloud.libvirt contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module costs that takes a payload and does nothing with it."""
from __future__ import annotations

from ansible.module_utils.basic import AnsibleModule


def main():
    AnsibleModule(argument_spec={"payload": {"type": "dict"}}).exit_json(changed=False)


main()
